#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One byte of a decision, a feedback row, a leaf, a result, a state, a content
is changed in the database of a stopped server: verify names each."""
import json
import os
import shutil
import sqlite3

from server import Directory, HERE, Server, Tap, command, decision, uuid7

DEFAULTS = json.load(open(os.path.join(HERE, "defaults.json"), encoding="utf-8"))

# What is changed: a name, SQL with the new value, and a word the report must hold.
CHANGES = [
    ("a leaf", "UPDATE log_leaf SET leaf=replace(leaf,'reviewer-1','reviewer-2') WHERE n={leaf}", "{leaf}"),
    ("a decision's envelope", "UPDATE decision SET envelope=replace(envelope,'misread','mislaid') WHERE id='{decision}'", "{decision}"),
    ("a decision's verdict", "UPDATE decision SET verdict='stale' WHERE id='{decision}'", "{decision}"),
    ("a decision's content", "UPDATE decision_content SET document=replace(document,'9.50','8.50') WHERE decision='{decision}'", "{decision}"),
    ("a feedback row", "UPDATE feedback SET row=replace(row,'\"corrected\"','\"confirmed\"') WHERE n={feedback}", "feedback"),
    ("a proposal's document", "UPDATE revision SET document=CAST(replace(CAST(document AS TEXT),'Fern','Farn') AS BLOB) WHERE proposal='{proposal}'", "{proposal}"),
    ("a proposal's state", "UPDATE proposal SET state='approved' WHERE id='{proposal}'", "{proposal}"),
    ("a result", "UPDATE result SET document=replace(document,'9.50','7.50') WHERE proposal='{proposal}'", "{proposal}"),
]


def make(directory):
    """A directory with a few decisions; names of what will be touched."""
    names = {}
    with Server(directory.copy(), directory.tokens) as s:
        device = uuid7()
        for n in range(3):
            s.call("POST", "/v1/proposals", "producer", dict(DEFAULTS["receipts"], external_id="t-%d" % n))
        leases = s.call("POST", "/v1/leases", "reviewer",
                        {"device": device, "queue": "receipts", "want": 3}).json["leases"]
        d = decision(leases[1], device, 2, {"value": {"company": "Blue Fern Paper", "date": None, "total": "9.50"}},
                     outcome="correct", reasons=["misread"],
                     fields={"company": {"state": "confirmed"}, "date": {"state": "cannot_tell", "reason": "unreadable"},
                             "total": {"state": "corrected"}})
        a = s.call("POST", "/v1/decisions:batch", "reviewer", {"device": device, "decisions": [
            decision(leases[0], device, 1), d,
            decision(leases[2], device, 3, {"message": "no"}, outcome="reject", reasons=["unreadable"])]}).json
        assert [r["verdict"] for r in a["results"]] == ["accepted"] * 3, a
        rows = s.call("GET", "/v1/feedback", "lead").json["rows"]
        names = {"decision": d["id"], "proposal": leases[1]["proposal_id"], "leaf": a["results"][1]["leaf"],
                 "feedback": next(r["n"] for r in rows if r["decision"] == d["id"] and r["field"] == "total")}
        s.stop()
        return s.data, names


def main():
    tap, directory = Tap(), Directory()
    try:
        data, names = make(directory)
        r = command("verify", "--data", data, "--content")
        tap.ok(r.returncode == 0 and "integrity: intact" in r.stdout, "untouched: intact and complete", r.stdout, r.stderr)
        for what, sql, word in CHANGES:
            copy = data + "-changed"
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(data, copy)
            db = sqlite3.connect(os.path.join(copy, "countersign.db"))
            count = db.execute(sql.format(**names)).rowcount
            db.commit()
            db.close()
            r = command("verify", "--data", copy, "--content")
            tap.ok(count == 1 and r.returncode == 1 and word.format(**names) in r.stdout,
                   "%s is named" % what, "rows changed: %d" % count, r.returncode, r.stdout, r.stderr)
        shutil.rmtree(data + "-changed", ignore_errors=True)
    finally:
        directory.remove()
    tap.end()


main()
