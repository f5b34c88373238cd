#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A desk as witness. The server's data directory is put back to an older copy
behind everybody's back (same epoch): the next sync of a desk that has seen more
raises the alarm, sends nothing, and stays that way."""
import json
import os
import shutil
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "real"))
from server import SOURCE, Server  # noqa: E402
from tap import Tap  # noqa: E402

PRACTICE = os.path.join(SOURCE, "data", "practice")
tap = Tap()
check = tap.check


def rows(world, table):
    db = sqlite3.connect(os.path.join(world.data, "countersign.db"))
    n = db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    db.close()
    return n


def link(world):
    """What the desk says about its link, after trying."""
    r = world.run("reviewer-1", "sync", "--json", check=False)
    return r.returncode, r.stdout + r.stderr


def put_back(world, copy):
    world.stop()
    shutil.rmtree(world.data)
    shutil.copytree(copy, world.data)


def main():
    world = Server()
    try:
        world.load(os.path.join(PRACTICE, "queues.json"))
        for name, role in (("producer-1", "producer"), ("reviewer-1", "reviewer")):
            world.token(name, role)
        world.start()
        world.run("producer-1", "submit", os.path.join(PRACTICE, "proposals.jsonl"))
        world.run("reviewer-1", "sync")
        world.stop()
        old, new = world.data + ".old", world.data + ".new"
        shutil.copytree(world.data, old)
        world.start()
        world.run("reviewer-1", "reject", "practice-inv-05", "--reason", "unreadable")
        world.run("reviewer-1", "sync")
        check("a decision is in the log", rows(world, "decision") == 1)
        world.stop()
        shutil.copytree(world.data, new)

        put_back(world, old)
        world.start()
        code, said = link(world)
        check("an older copy of the same epoch: alarm", code != 0 and "ALARM" in said, (code, said))
        world.run("reviewer-1", "approve", "practice-inv-01", check=False)
        code, said = link(world)
        check("still after a restart of the desk", code != 0 and "ALARM" in said, (code, said))
        world.stop()
        check("nothing was sent to it", rows(world, "decision") == 0, rows(world, "decision"))
        put_back(world, new)
        world.start()
        code, said = link(world)
        check("the right directory alone does not end it: a person must look", code != 0, (code, said))
        status = json.loads(world.run("reviewer-1", "status", "--json", check=False).stdout)
        check("what was decided meanwhile waits", status["waiting"] + status["held"] <= 1
              and status["refused"] == 0, status)
        said = world.run("reviewer-1", "status", check=False).stdout
        check("status says what to do", "--alarm-seen" in said and "ALARM" in said, said)
        seen = world.run("reviewer-1", "sync", "--alarm-seen", check=False)
        check("once a person has looked, it goes on", seen.returncode == 0, seen.stdout + seen.stderr)
        world.run("reviewer-1", "approve", "practice-inv-01")
        check("and decisions take effect again", rows(world, "decision") == 2, rows(world, "decision"))
    finally:
        world.close()
    return tap.end()


sys.exit(main())
