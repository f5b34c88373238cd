#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The log as an outsider reads it: leaves, tree, proofs and signed checkpoints
recomputed by tests/vectors, which shares no code with the server."""
import base64
import json
import os

from server import Directory, HERE, Server, Tap, canon, decision, uuid7
import log as notes
import tree

DEFAULTS = json.load(open(os.path.join(HERE, "defaults.json"), encoding="utf-8"))


def work(s, device, count, first):
    """Submits and decides; returns the checkpoints met on the way."""
    met = []
    for n in range(count):
        s.call("POST", "/v1/proposals", "producer",
               dict(DEFAULTS["receipts"], external_id="p-%d-%d" % (first, n)))
        met.append(s.call("GET", "/v1/log/checkpoint", "auditor").bytes.decode())
        a = s.call("POST", "/v1/leases", "reviewer",
                   {"device": device, "queue": "receipts", "want": 1}).json
        d = decision(a["leases"][0], device, first + n + 1)
        met.append(s.call("POST", "/v1/decisions:batch", "reviewer",
                          {"device": device, "decisions": [d]}).json["checkpoint"])
    return met


def leaves_of(s):
    out = []
    while True:
        a = s.call("GET", "/v1/log/entries?start=%d&end=%d" % (len(out), len(out) + 7), "auditor")
        entries = a.json["entries"] if a.status == 200 else []
        if not entries:
            return out
        assert [e["index"] for e in entries] == list(range(len(out), len(out) + len(entries)))
        out += [e["leaf"].encode() for e in entries]


def b64(hashes):
    return [base64.b64encode(h).decode() for h in hashes]


def main():
    tap, directory = Tap(), Directory()
    try:
        with Server(directory.copy(), directory.tokens) as s:
            device = uuid7()
            met = work(s, device, 6, 0)
            s.stop()
            s.start()
            met += work(s, device, 6, 6)
            check(tap, s, met)
    finally:
        directory.remove()
    tap.end()


def check(tap, s, met):
    leaves = leaves_of(s)
    newest = s.call("GET", "/v1/log/checkpoint", "auditor").bytes.decode()
    origin, size, root = newest.split("\n")[:3]
    tap.ok(int(size) == len(leaves) and len(leaves) > 40, "the checkpoint covers every leaf", size, len(leaves))
    tap.ok(root == base64.b64encode(tree.root(leaves)).decode(), "its root is that of the leaves")
    tap.ok(all(canon(json.loads(x)) == x for x in leaves), "every leaf is canonical JSON")
    tap.ok(all(json.loads(x)["v"] == 1 for x in leaves), "every leaf says its version")
    seed = bytes.fromhex(open(os.path.join(s.data, "log.key"), encoding="ascii").read().strip())
    again = notes.checkpoint(origin, len(leaves), tree.root(leaves), seed)
    tap.ok(newest == again, "the signed note is the one that an independent signer makes", newest, again)
    public = notes.ed25519.public(seed)
    vkey = s.call("GET", "/v1/queues", "reviewer").json["log"]["vkey"]
    tap.ok(vkey == notes.vkey(origin, public), "the verifier key is the public one", vkey)
    bad = []
    for note in met:
        lines = note.split("\n")
        if lines[0] != origin or lines[2] != base64.b64encode(tree.root(leaves[:int(lines[1])])).decode():
            bad.append(note)
    tap.ok(met and not bad, "all %d checkpoints met on the way lie on one history" % len(met), *bad[:2])
    sizes = [int(n.split("\n")[1]) for n in met]
    tap.ok(sizes == sorted(sizes), "and their sizes only grow", sizes)
    wrong = []
    for m in range(1, len(leaves) + 1):
        for n in (m, m + 1, len(leaves) - 1, len(leaves)):
            if m <= n <= len(leaves):
                got = s.call("GET", "/v1/log/proof?from=%d&to=%d" % (m, n), "lead").json["consistency"]
                if got != (b64(tree.proof(m, leaves[:n])) if m < n else []):
                    wrong.append("%d %d" % (m, n))
    tap.ok(not wrong, "consistency of every size with the later ones", *wrong[:5])
    wrong = []
    for i in range(len(leaves)):
        for n in {i + 1, (i + len(leaves)) // 2 + 1, len(leaves)}:
            got = s.call("GET", "/v1/log/proof?index=%d&size=%d" % (i, n), "reviewer").json["inclusion"]
            if got != b64(tree.path(i, leaves[:n])):
                wrong.append("%d %d" % (i, n))
    tap.ok(not wrong, "inclusion of every leaf in several sizes", *wrong[:5])


main()
