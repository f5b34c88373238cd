#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A person decides by keys at a real desk in a pseudo-terminal, and the desk is
killed at KILLS random moments (30; SEED repeats a run): right after the screen
said that a decision is recorded, right after the key, a while later, and while
it starts and sends what it held. The person starts it again each time. In the
end every decision that a screen had shown as recorded has effect exactly once on
the server, and none has it twice."""
import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "real"))
from server import Server  # noqa: E402

KILLS = int(os.environ.get("KILLS", "30"))
SEED = int(os.environ.get("SEED") or random.SystemRandom().randrange(1 << 32))
LABELS = ["card", "transfer", "refund", "account", "other"]
TITLE = "Letters"
SHOWN, KEY, LATER, START = "after recorded", "after the key", "a while later", "at the start"
MOMENTS = [SHOWN] * 5 + [KEY] * 3 + [LATER] * 2 + [START] * 2
count = failed = 0


def check(name, ok, detail=""):
    global count, failed
    count += 1
    failed += not ok
    print(f"{'ok' if ok else 'not ok'} {count} - {name}", flush=True)
    if not ok:
        for line in str(detail).splitlines()[:60]:
            print("# " + line)


def skip(why):
    print(f"1..1\nok 1 - kills # SKIP {why}")
    sys.exit(0)


# --- what is worked on

def queue():
    return {"queues": [{"queue": "letters", "title": TITLE, "kind": "classification",
                        "class": "assistive", "lease_s": 3600, "labels": LABELS}]}


def letter(n):
    label = LABELS[n % len(LABELS)]
    others = [x for x in LABELS if x != label]
    return {"external_id": f"letter-{n:05d}", "queue": "letters", "kind": "classification",
            "model": {"name": "letter model", "version": "1"}, "safety_class": "assistive",
            "sources": [{"id": "text", "media_type": "text/plain", "text": f"Letter {n} about a {label}."}],
            "proposed": {"label": label, "confidence": 0.5,
                         "alternatives": [{"label": x, "confidence": 0.1} for x in others]}}


def wanted(item):
    """(outcome, label, keys) of an item: approved, by digit, by search and y."""
    n = int(item.rsplit("-", 1)[1])
    labels = [LABELS[n % len(LABELS)]]
    labels += [x for x in LABELS if x != labels[0]]
    if n % 3 == 0:
        return "approve", labels[0], ["a"]
    if n % 3 == 1:
        return "correct", labels[2], ["2"]
    return "correct", labels[3], ["/", labels[3], "\r", "y"]


# --- the person

class Person:
    """Lives of a desk. said: {item: life} of what a screen showed as recorded."""

    def __init__(self, server, name, seed):
        self.server, self.name = server, name
        self.random = random.Random(seed)
        self.said, self.pressed = {}, set()
        self.lives, self.kills = 0, {m: 0 for m in MOMENTS}
        self.desk = None

    def start(self):
        from desk import Desk
        self.lives += 1
        self.desk = Desk([self.server.client], self.server.env(self.name))

    def recorded(self, item):
        """The screen went on, and says so below the next item or at home."""
        import page
        lines = self.desk.lines()
        if page.is_review(lines):
            return page.external_id(lines) != item and any(
                line.startswith(" last ") and "undo" in line for line in lines)
        return page.is_home(lines)

    def open(self):
        import page
        self.desk.wait("home", lambda d: page.is_home(d.lines())
                       and page.home_row(d.lines(), TITLE) is not None and "● online" in d.lines()[0])
        self.desk.send("j\r")
        self.desk.wait("an item", lambda d: page.is_review(d.lines()))

    def decide(self, kill=None):
        """Decides what is on the screen; kill: the moment of dying, or None."""
        import page
        self.desk.settle(0.02)
        self.desk.pump(0.16)          # the same key twice needs a pause
        item = self.desk.wait("an item", lambda d: page.external_id(d.lines()))
        outcome, label, keys = wanted(item)
        for key in keys[:-1]:
            self.desk.send(key)
            self.desk.settle(0.02)
        if len(keys) > 1:
            self.desk.wait("the label", lambda d: f"y sends: {label}" in d.text())
        self.pressed.add(item)
        self.desk.send(keys[-1])
        if kill == KEY:
            time.sleep(self.random.uniform(0, 0.006))
        else:
            self.desk.wait(f"{item} recorded", lambda d: self.recorded(item))
        if kill == LATER:
            until = time.monotonic() + self.random.uniform(0, 0.4)
            while time.monotonic() < until:
                self.desk.pump(0.01)
        if kill:
            self.kill(kill)
        if self.recorded(item):
            self.said[item] = self.lives

    def kill(self, moment):
        os.kill(self.desk.pid, signal.SIGKILL)
        while self.desk.status is None:   # what it wrote before is on the screen
            self.desk.pump(0.05)
        self.kills[moment] += 1

    def live(self, moment):
        """One life: some decisions, and death at that moment."""
        self.start()
        if moment == START:
            until = time.monotonic() + self.random.uniform(0, 0.3)
            while time.monotonic() < until:
                self.desk.pump(0.005)
            self.kill(moment)
        else:
            self.open()
            for _ in range(self.random.randrange(3)):
                self.decide()
            self.decide(moment)
        self.desk.close()

    def sync(self):
        self.server.run(self.name, "sync")


# --- judging

def effects(server):
    """{item: [(outcome, label) of each decision that counts]} of the server."""
    db = sqlite3.connect(f"file:{server.data}/countersign.db?mode=ro", uri=True)
    try:
        rows = db.execute(
            "SELECT p.external_id, d.verdict, p.result_number, "
            " (SELECT group_concat(json_extract(f.row, '$.outcome') || ' ' "
            "   || json_extract(f.row, '$.value')) FROM feedback f WHERE f.decision = d.id)"
            " FROM decision d JOIN proposal p ON p.id = d.proposal").fetchall()
    finally:
        db.close()
    found = {}
    for item, verdict, number, said in rows:
        found.setdefault(item, []).append((verdict, number, said))
    return found


def judge(said, pressed, found):
    """What is lost, doubled, or not what was pressed, as sentences."""
    lost = [f"{item}, recorded in life {life}, has no effect" for item, life in said.items()
            if item not in found]
    doubled = [f"{item}: {acts}" for item, acts in found.items() if len(acts) > 1]
    wrong = [f"{item}: {acts}" for item, acts in found.items()
             if acts[0] != ("accepted", 1, " ".join(wanted(item)[:2]))]
    unknown = [item for item in found if item not in pressed]
    return lost, doubled, wrong + unknown


# --- the tests

def prepare(server):
    os.makedirs(server.dir, exist_ok=True)
    names = {}
    for name, text in (("queues.json", json.dumps(queue())),
                       ("letters.jsonl", "\n".join(json.dumps(letter(n)) for n in range(KILLS * 3 + 40)))):
        names[name] = os.path.join(server.dir, name)
        with open(names[name], "w", encoding="utf-8") as f:
            f.write(text + "\n")
    server.load(names["queues.json"])
    for name, role in (("producer-1", "producer"), ("reviewer-1", "reviewer"),
                       ("reviewer-2", "reviewer"), ("auditor-1", "auditor")):
        server.token(name, role)
    server.start()
    server.run("producer-1", "submit", names["letters.jsonl"])


def killed(server):
    person = Person(server, "reviewer-1", SEED)
    while sum(person.kills.values()) < KILLS:
        person.live(person.random.choice(MOMENTS))
    person.start()
    person.open()
    person.desk.close()
    person.sync()
    lost, doubled, wrong = judge(person.said, person.pressed, effects(server))
    moments = ", ".join(f"{n} {m}" for m, n in person.kills.items())
    check(f"{sum(person.kills.values())} kills ({moments}): {len(person.said)} recorded, "
          f"{len(lost)} lost, {len(doubled)} doubled",
          len(person.said) >= KILLS // 2 and not lost and not doubled, "\n".join(lost + doubled))
    check("each has the answer that was pressed, once, and a result", not wrong, "\n".join(wrong))
    status = server.json("reviewer-1", "status")[0]
    check(f"the outbox: {status['in_log']} in the log", status["in_log"] == len(effects(server))
          and not any(status[k] for k in ("held", "waiting", "received", "refused")), status)
    done = server.run("auditor-1", "verify", "--content", check=False)
    check("the log is intact and complete", done.returncode == 0, done.stdout + done.stderr)


def planted(server):
    """A store that lost what the screen had said: it must be told."""
    person = Person(server, "reviewer-2", SEED)
    store = os.path.join(server.dir, "reviewer-2.store")
    person.live(SHOWN)
    person.sync()
    shutil.copytree(store, store + ".before")
    before = set(person.said)
    person.live(SHOWN)
    shutil.rmtree(store)
    os.rename(store + ".before", store)
    person.sync()
    mine = set(person.said) - before
    lost, doubled, _ = judge(person.said, person.pressed, effects(server))
    check(f"a store put back to before {len(mine)} decisions: {len(lost)} reported as lost",
          mine and len(lost) == len(mine) and not doubled, (mine, lost, doubled))
    twice = {"letter-00000": [("accepted", 1, "approve card")] * 2}
    check("a decision that counts twice is reported", len(judge({}, {"letter-00000"}, twice)[1]) == 1)


def main():
    try:
        import pyte  # noqa: F401
    except ImportError:
        skip("python3-pyte, which emulates the terminal, is not installed")
    print(f"# KILLS={KILLS} SEED={SEED}")
    server = Server()
    try:
        prepare(server)
        killed(server)
        planted(server)
        status = server.stop()
        check("the server stops when it is told to", status == 0, f"{status}\n{server.tail()}")
    except Exception as e:
        check("the person could work", False, f"{type(e).__name__}: {e}\n{server.tail()}")
    finally:
        server.close()
    print(f"1..{count}")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
