#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The server dies at every crash point of a whole job: upload, submit, lease,
decide, consume, withdraw. The clients ask again with the same ids, as they must
after a lost answer. The end is that of the undisturbed run, each effect stands
once, the log verifies, and one more run changes nothing."""
import hashlib
import http.client
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "contract"))
from server import Directory, HERE, Server, Tap, command, decision, uuid7  # noqa: E402

DEFAULTS = json.load(open(os.path.join(HERE, "defaults.json"), encoding="utf-8"))
PAGE = b"a page of paper"


class Job:
    """What the clients know and keep over the death of the server."""
    def __init__(self, s):
        self.s, self.deaths = s, 0
        self.device = uuid7()
        self.ids = {name: uuid7() for name in ("consume", "withdraw")}
        self.decided = {}

    def call(self, *args):
        while True:
            try:
                return self.s.call(*args)
            except (OSError, http.client.HTTPException):
                status = self.s.process.wait()
                if status != -9:
                    raise RuntimeError("it ended %d: %s" % (status, self.s.logged()))
                self.deaths += 1
                self.s.env = {}
                self.s.log.close()
                self.s.start()

    def run(self):
        sha = hashlib.sha256(PAGE).hexdigest()
        self.call("PUT", "/v1/blobs/" + sha, "producer", PAGE)
        docs = [dict(DEFAULTS["agent"], external_id="a-1"),
                dict(DEFAULTS["receipts"], external_id="r-1"),
                dict(DEFAULTS["receipts"], external_id="r-2",
                     sources=DEFAULTS["receipts"]["sources"] + [{"id": "i", "media_type": "image/jpeg", "sha256": sha}])]
        one = self.call("POST", "/v1/proposals", "producer", docs[0]).json
        batch = self.call("POST", "/v1/proposals:batch", "producer", {"proposals": docs[1:]}).json
        self.withdraw(batch["results"][1]["answer"]["id"])
        for queue in ("agent", "receipts"):
            self.decide(queue)
        result = self.call("GET", "/v1/proposals/" + one["id"], "producer").json["result"]
        self.call("POST", "/v1/proposals/%s:consume" % one["id"], "producer",
                  {"id": self.ids["consume"], "digest": result["digest"]})

    def withdraw(self, proposal):
        self.call("POST", "/v1/proposals/%s:withdraw" % proposal, "producer",
                  {"id": self.ids["withdraw"], "reason": "sent twice"})

    def decide(self, queue):
        if queue not in self.decided:
            a = self.call("POST", "/v1/leases", "reviewer",
                          {"device": self.device, "queue": queue, "want": 1}).json
            lease = next(x for x in a["leases"] if "proposal" in x and x["proposal"]["queue"] == queue)
            self.decided[queue] = decision(lease, self.device, len(self.decided) + 1)
        self.call("POST", "/v1/decisions:batch", "reviewer",
                  {"device": self.device, "decisions": [self.decided[queue]]})

    def end(self):
        """What stands at the end, without what differs from run to run."""
        results = self.call("GET", "/v1/decisions?after=1:0", "producer").json["results"]
        feedback = self.call("GET", "/v1/feedback", "lead").json["rows"]
        leaves = self.call("GET", "/v1/log/entries", "auditor").json["entries"]
        types = [json.loads(e["leaf"])["type"] for e in leaves]
        return {
            "results": sorted((r["external_id"], r["state"], r["consumed"], r["result"]["number"]) for r in results),
            "feedback": sorted((r["external_id"], r["field"] or "", r["state"], r["n"]) for r in feedback),
            "leaves": {t: types.count(t) for t in sorted(set(types))},
            "headers": len(self.call("GET", "/v1/reviews", "supervisor").json["reviews"]),
        }


def play(directory, env):
    with Server(directory.copy(), directory.tokens, hooked=True, env=env) as s:
        job = Job(s)
        job.run()
        end = job.end()
        job.run()
        again = job.end()
        s.stop()
        r = command("verify", "--data", s.data, "--content")
        return job.deaths, end, again, r


def main():
    tap, directory = Tap(), Directory()
    try:
        log = os.path.join(directory.top, "passes")
        deaths, wanted, again, r = play(directory, {"COUNTERSIGN_CRASH_LOG": log})
        with open(log, encoding="ascii") as f:
            passes = [line.split()[1] for line in f]
        # The second run of the job is in the log too; its points are those of
        # calls that change nothing any more.
        tap.ok(deaths == 0 and again == wanted and r.returncode == 0, "undisturbed: %d passes of %d points"
               % (len(passes), len(set(passes))), wanted, again, r.stdout, r.stderr)
        tap.ok({"queue.commit.before", "queue.commit.after", "server.answer.before", "server.answer.after",
                "queue.blob.before", "queue.blob.after"} <= set(passes), "the points of commits and answers are passed",
               sorted(set(passes)))
        for n, name in enumerate(passes, 1):
            deaths, end, again, r = play(directory, {"COUNTERSIGN_CRASH": "#%d" % n})
            tap.ok(deaths == 1 and end == wanted and again == wanted and r.returncode == 0,
                   "dies at pass %d, %s" % (n, name), "deaths: %d" % deaths, "wanted: %s" % wanted,
                   "got: %s" % end, "again: %s" % again, r.stdout, r.stderr)
    finally:
        directory.remove()
    tap.end()


main()
