#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The five real queues of ../shared/data/real over HTTP, images included:
everything is created, nothing refused; a second time everything is known."""
import glob
import hashlib
import json
import os

from server import Directory, HERE, SHARED, Server, Tap, done, uuid7

REAL = os.path.join(SHARED, "data", "real")
QUEUES = {"receipts": 173, "invoices": 9, "support-intents": 1871, "support-ko": 375, "airline-agent": 150}


def batches(lines):
    """At most 100 documents and 8 MiB each."""
    batch, size = [], 0
    for line in lines:
        if batch and (len(batch) == 100 or size + len(line) > (8 << 20) - 100):
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += len(line) + 1
    if batch:
        yield batch


def submit(s, queue):
    """Counts of what became of each line; the lines go out as they are."""
    counts = {"created": 0, "duplicate": 0, "refused": 0}
    with open(os.path.join(REAL, queue + ".jsonl"), "rb") as f:
        lines = [line.strip() for line in f if line.strip()]
    for batch in batches(lines):
        a = s.call("POST", "/v1/proposals:batch", "producer",
                   b'{"proposals":[' + b",".join(batch) + b"]}")
        for r in a.json["results"]:
            word = {201: "created", 200: "duplicate"}.get(r["status"], "refused")
            counts[word] += 1
    return counts


def images(s):
    """Uploads every image a line names; how many were stored."""
    stored = 0
    for path in sorted(glob.glob(os.path.join(REAL, "images", "*"))):
        with open(path, "rb") as f:
            data = f.read()
        a = s.call("PUT", "/v1/blobs/" + hashlib.sha256(data).hexdigest(), "producer", data)
        stored += a.status == 201
    return stored


def headers(s, queue):
    seen, after = [], ""
    while True:
        a = s.call("GET", "/v1/reviews?queue=%s&limit=500%s" % (queue, after), "reviewer").json
        seen += [h["external_id"] for h in a["reviews"]]
        if not a["more"]:
            return seen
        after = "&after=" + a["after"]


def main():
    tap = Tap()
    if not os.path.exists(os.path.join(REAL, "queues.json")):
        tap.skip("real queues", "../shared/data/real is not there")
        tap.end()
    directory = Directory()
    try:
        data = directory.copy()
        # The test queues have names in common with the real ones.
        os.rename(data, data + "-old")
        done("queue", "load", "--data", data, os.path.join(REAL, "queues.json"))
        tokens = {}
        for who, role in (("producer", "producer"), ("reviewer", "reviewer")):
            tokens[who] = done("token", "add", "--data", data, "--name", who + "-1", "--role", role).strip()
        with Server(data, tokens) as s:
            run(tap, s)
    finally:
        directory.remove()
    tap.end()


def run(tap, s):
    stored = images(s)
    tap.ok(stored == len(os.listdir(os.path.join(REAL, "images"))) == 27, "27 images are stored", stored)
    first = {q: submit(s, q) for q in QUEUES}
    tap.ok(first == {q: {"created": n, "duplicate": 0, "refused": 0} for q, n in QUEUES.items()},
           "2,578 created, 0 refused", first)
    again = {q: submit(s, q) for q in QUEUES}
    tap.ok(again == {q: {"created": 0, "duplicate": n, "refused": 0} for q, n in QUEUES.items()},
           "again: all duplicates", again)
    for q, n in QUEUES.items():
        seen = headers(s, q)
        with open(os.path.join(REAL, q + ".jsonl"), encoding="utf-8") as f:
            ids = {json.loads(line)["external_id"] for line in f}
        tap.ok(len(seen) == n and set(seen) == ids, "%s: %d headers, each proposal once" % (q, n), len(seen))
    picture(tap, s)


def picture(tap, s):
    """A reviewer takes the leases of receipts and sees the page image."""
    device, found = uuid7(), None
    a = s.call("POST", "/v1/leases", "reviewer", {"device": device, "queue": "receipts", "want": 20}).json
    for lease in a["leases"]:
        for source in lease["proposal"]["sources"]:
            if "sha256" in source:
                found = (lease, source)
    if not found:
        review = next(h["review"] for h in s.call("GET", "/v1/reviews?queue=receipts", "reviewer").json["reviews"]
                      if h["external_id"] in with_images())
        a = s.call("POST", "/v1/leases", "reviewer", {"device": device, "reviews": [review]}).json
        lease = next(x for x in a["leases"] if x["review"] == review)
        found = (lease, next(x for x in lease["proposal"]["sources"] if "sha256" in x))
    lease, source = found
    got = s.call("GET", "/v1/blobs/%s?proposal=%s" % (source["sha256"], lease["proposal_id"]), "reviewer")
    tap.ok(got.status == 200 and hashlib.sha256(got.bytes).hexdigest() == source["sha256"],
           "the page image of %s comes back byte by byte" % lease["proposal"]["external_id"], got.status)


def with_images():
    with open(os.path.join(REAL, "receipts.jsonl"), encoding="utf-8") as f:
        docs = [json.loads(line) for line in f]
    return {d["external_id"] for d in docs if any("sha256" in x for x in d["sources"])}


main()
