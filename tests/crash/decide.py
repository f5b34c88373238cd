#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""decide -> push -> acknowledge with a death at every crash point of the desk's
side and of the server's: resumed, the decision has effect exactly once, and one
more run changes nothing."""
import json
import os
import shutil
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "real"))
from server import BUILD, SOURCE, Server  # noqa: E402
from tap import Tap  # noqa: E402

PRACTICE = os.path.join(SOURCE, "data", "practice")
HOOKED_DESK = os.path.join(BUILD, "tests", "hooked", "countersign")
HOOKED_SERVER = os.path.join(BUILD, "tests", "hooked", "countersignd")
ITEM = "practice-inv-03"
DECIDE = ["correct", ITEM, "--set", "total=197,54"]
tap = Tap()
check = tap.check


class World(Server):
    """A server and a store that can be put back to how they were."""

    def prepare(self):
        self.load(os.path.join(PRACTICE, "queues.json"))
        for name, role in (("producer-1", "producer"), ("reviewer-1", "reviewer"), ("auditor-1", "auditor")):
            self.token(name, role)
        self.start()
        self.run("producer-1", "submit", os.path.join(PRACTICE, "proposals.jsonl"))
        self.run("reviewer-1", "sync")
        self.stop()
        self.store = os.path.join(self.dir, "reviewer-1.store")
        for path in (self.data, self.store):
            shutil.copytree(path, path + ".first")

    def reset(self):
        self.stop()
        for path in (self.data, self.store):
            shutil.rmtree(path)
            shutil.copytree(path + ".first", path)

    def serve(self, crash=None, log=None):
        self.program = HOOKED_SERVER
        env = {"COUNTERSIGN_CRASH": crash or "", "COUNTERSIGN_CRASH_LOG": log or ""}
        self.start(env={k: v for k, v in env.items() if v})

    def desk(self, args, crash=None, log=None):
        env = self.env("reviewer-1")
        if crash:
            env["COUNTERSIGN_CRASH"] = crash
        if log:
            env["COUNTERSIGN_CRASH_LOG"] = log
        return subprocess.run([HOOKED_DESK, *args], env=env, text=True, capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=60)

    def sql(self, statement):
        out = subprocess.run(["sqlite3", "-readonly", os.path.join(self.data, "countersign.db"), statement],
                             text=True, capture_output=True, check=True)
        return out.stdout.strip()

    def end_state(self):
        return {
            "accepted": self.sql("SELECT count(*) FROM decision WHERE verdict='accepted'"),
            "decisions": self.sql("SELECT count(*) FROM decision"),
            "feedback": self.sql("SELECT count(*) FROM feedback"),
            "state": self.sql(f"SELECT state,result_number FROM proposal WHERE external_id='{ITEM}'"),
        }

    def resume(self):
        """What a person would do: start again, sync, decide what is still open."""
        if not self.process or self.process.poll() is not None:
            self.serve()
        self.desk(["sync"])
        if not int(self.sql("SELECT count(*) FROM decision")):
            self.desk(DECIDE)
        self.desk(["sync"])

    def problems(self, expected):
        """What differs from the undisturbed end, or from itself after one more run."""
        found = []
        state = self.end_state()
        if state != expected:
            found.append(f"end state {state}, expected {expected}")
        size = self.sql("SELECT count(*) FROM log_leaf")
        self.desk(["sync"])
        if self.sql("SELECT count(*) FROM log_leaf") != size:
            found.append("one more run changed the log")
        status = json.loads(self.desk(["status", "--json"]).stdout)
        if status["in_log"] != 1 or status["waiting"] or status["held"] or status["received"]:
            found.append(f"the desk's outbox says {status}")
        verify = self.run("auditor-1", "verify", "--content", check=False)
        if verify.returncode != 0:
            found.append(verify.stdout + verify.stderr)
        return found


def points(path):
    with open(path, encoding="utf-8") as f:
        return [line.split()[1] for line in f]


def undisturbed(world):
    log = os.path.join(world.dir, "points")
    world.serve(log=log + ".server")
    world.desk(DECIDE, log=log + ".desk")
    world.desk(["sync"])
    # The server's points from start to stop; those after the decision matter too.
    expected = world.end_state()
    world.stop()
    return expected, points(log + ".desk"), points(log + ".server")


def main():
    world = World()
    try:
        world.prepare()
        expected, desk, server = undisturbed(world)
        check(f"undisturbed: {expected}", expected["accepted"] == "1" and expected["feedback"] == "4", expected)
        check(f"{len(desk)} points of the desk and {len(server)} of the server are passed",
              len(desk) >= 10 and len(server) >= 6, (desk, server))
        died = {"desk": 0, "server": 0}
        bad = []
        for n, name in enumerate(desk, 1):
            world.reset()
            world.serve()
            ended = world.desk(DECIDE, crash=f"#{n}")
            died["desk"] += ended.returncode == -signal.SIGKILL
            world.resume()
            bad += [f"desk died at {n} {name}: {p}" for p in world.problems(expected)]
        check(f"the desk died at each of its {len(desk)} points", died["desk"] == len(desk), died)
        check("after each the decision has effect exactly once", not bad, "\n".join(bad))
        bad = []
        for n, name in enumerate(server, 1):
            world.reset()
            try:
                world.serve(crash=f"#{n}")
            except AssertionError:
                pass           # it died before it listened
            if world.process and world.process.poll() is None:
                world.desk(DECIDE)
            world.process.wait(20) if world.process.poll() is None and n <= len(server) - 2 else None
            if world.process.poll() is None:
                world.desk(["sync"])
            died["server"] += world.process.poll() == -signal.SIGKILL
            world.resume()
            bad += [f"server died at {n} {name}: {p}" for p in world.problems(expected)]
        check(f"the server died at {died['server']} of its {len(server)} points (the rest pass while it stops)",
              died["server"] >= len(server) - 4, died)
        check("after each the decision has effect exactly once", not bad, "\n".join(bad))
    finally:
        world.close()
    return tap.end()


sys.exit(main())
