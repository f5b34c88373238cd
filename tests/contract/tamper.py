#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One byte changed with the sqlite3 shell behind the server's back: verify
names what was changed; an honest log passes."""
import json
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "real"))
from server import SOURCE, Server  # noqa: E402
from tap import Tap  # noqa: E402

PRACTICE = os.path.join(SOURCE, "data", "practice")
tap = Tap()
check = tap.check


def sql(data, statement):
    return subprocess.run(["sqlite3", os.path.join(data, "countersign.db"), statement],
                          text=True, capture_output=True, check=True).stdout.strip()


def verify(server, data):
    out = subprocess.run([server.program, "verify", "--data", data, "--content", "--json"],
                         text=True, capture_output=True, timeout=60)
    return out.returncode, json.loads(out.stdout)


def named(report, table, *ids):
    """A finding that names the table and one of the ids."""
    return any(f["table"] == table and (not ids or any(i and i in str(f["id"]) + str(f["column"]) for i in ids))
               for f in report["findings"])


def work(server):
    server.load(os.path.join(PRACTICE, "queues.json"))
    for name, role in (("producer-1", "producer"), ("reviewer-1", "reviewer"), ("auditor-1", "auditor")):
        server.token(name, role)
    server.start()
    server.run("producer-1", "submit", os.path.join(PRACTICE, "proposals.jsonl"))
    server.run("reviewer-1", "sync")
    server.run("reviewer-1", "correct", "practice-inv-03", "--set", "total=197,54")
    server.run("reviewer-1", "approve", "practice-msg-01")
    server.run("reviewer-1", "reject", "practice-act-03", "--reason", "no_effect")


def tampered(server, name, statement, table, *ids):
    copy = server.data + "-copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(server.data, copy)
    sql(copy, statement)
    status, report = verify(server, copy)
    check(f"{name}: found and named", status == 1 and not report["intact"] and named(report, table, *ids),
          json.dumps(report["findings"], indent=1))


def main():
    server = Server()
    try:
        work(server)
        online = server.run("auditor-1", "verify", "--content", check=False)
        check("an honest log passes over the wire", online.returncode == 0, online.stdout + online.stderr)
        check("it is checked with the server's content", "recomputed" in online.stdout, online.stdout)
        server.stop()
        status, report = verify(server, server.data)
        check("an honest data directory passes", status == 0 and report["intact"] and report["complete"]
              and report["content_checked"], report)
        sql(server.data, "PRAGMA wal_checkpoint(TRUNCATE)")
        decision = sql(server.data, "SELECT id FROM decision WHERE outcome='correct'")
        tampered(server, "a byte of a decision's content",
                 "UPDATE decision_content SET document=replace(document,'197,54','197,55')",
                 "decision", decision)
        tampered(server, "a byte of a decision's envelope",
                 "UPDATE decision SET envelope=replace(envelope,'\"correct\"','\"corrent\"') WHERE outcome='correct'",
                 "decision", decision)
        tampered(server, "the outcome of a decision",
                 "UPDATE decision SET outcome='approve' WHERE outcome='correct'", "decision", decision)
        tampered(server, "who decided",
                 "UPDATE decision SET principal='reviewer-9' WHERE outcome='correct'", "decision", decision)
        row = sql(server.data, "SELECT n FROM feedback WHERE row LIKE '%corrected%'")
        tampered(server, "a byte of a feedback row",
                 f"UPDATE feedback SET row=replace(row,'corrected','confirmed') WHERE decision='{decision}'",
                 "feedback", row)
        leaf = sql(server.data, "SELECT n FROM log_leaf WHERE leaf LIKE '%no_effect%' LIMIT 1")
        copy_name = "a byte of a leaf"
        copy = server.data + "-copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(server.data, copy)
        sql(copy, "UPDATE log_leaf SET leaf=replace(leaf,'no_effect','no_affect') WHERE n=" + leaf)
        status, report = verify(server, copy)
        check(f"{copy_name}: found, the leaf is named", status == 1
              and any(f.get("leaf") == int(leaf) and f["area"] == "leaf" for f in report["findings"]),
              json.dumps(report["findings"], indent=1))
        tampered(server, "deleted feedback rows", f"PRAGMA foreign_keys=OFF; DELETE FROM feedback WHERE decision='{decision}'",
                 "feedback", decision)
        tampered(server, "a proposal's state",
                 "UPDATE proposal SET state='approved' WHERE external_id='practice-inv-01'", "proposal")
        tampered(server, "a byte of a proposal",
                 "UPDATE revision SET document=replace(document,'886.80','986.80') WHERE document LIKE '%886.80%'",
                 "proposal")
    finally:
        server.close()
    return tap.end()


sys.exit(main())
