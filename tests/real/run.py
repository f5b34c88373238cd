#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Scripted people work the real queues at real desks; see README."""
import collections
import json
import os
import secrets
import subprocess
import sys
import time
import uuid

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from server import REAL, Server  # noqa: E402

ITEMS = {"receipts": 173, "invoices": 9, "support-intents": 1871, "support-ko": 375,
         "airline-agent": 150}
PEOPLE = {"producer-1": "producer", "reviewer-1": "reviewer", "reviewer-2": "reviewer",
          "supervisor-1": "supervisor", "lead-1": "lead", "auditor-1": "auditor"}
POLICIES = os.path.join(HERE, "policies.json")
LEAST = 60
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
    print(f"1..1\nok 1 - people # SKIP {why}")
    sys.exit(0)


# --- intake

def submit(server):
    """{created, duplicate, refused} of the five files together."""
    sums = collections.Counter()
    for queue in ITEMS:
        answer = server.json("producer-1", "submit", os.path.join(REAL, queue + ".jsonl"))[-1]
        sums.update({k: answer[k] for k in ("created", "duplicate", "refused")})
    return dict(sums)


def intake(server):
    total = sum(ITEMS.values())
    first = submit(server)
    check(f"five files: {first['created']} created, {first['refused']} refused",
          first == {"created": total, "duplicate": 0, "refused": 0}, first)
    again = submit(server)
    check(f"again: {again['duplicate']} duplicates",
          again == {"created": 0, "duplicate": total, "refused": 0}, again)
    blobs = sum(len(files) for _, _, files in os.walk(os.path.join(server.data, "blobs")))
    images = len(os.listdir(os.path.join(REAL, "images")))
    check(f"{images} page images are stored", blobs == images, blobs)


# --- what the people did

def leaves(server):
    found, more = [], True
    while more:
        status, page = server.call("auditor-1", "GET",
                                   f"/v1/log/entries?start={len(found)}&end={len(found) + 1000}")
        more = page["entries"] if status == 200 else []
        found += [json.loads(e["leaf"]) for e in more]
    return found


def looked_at(decided):
    items = {e["external_id"]: e for e in decided}
    queues = collections.Counter(e["queue"] for e in items.values())
    check(f"{len(items)} items decided by keys: " + ", ".join(f"{n} {q}" for q, n in sorted(queues.items())),
          len(items) >= LEAST and set(queues) == set(ITEMS), queues)
    kinds = collections.defaultdict(list)
    for e in decided:
        kinds[e["kind"]].append((e["presses"], e["presses"] - sum(len(k) for k in e["keys"] if len(k) > 1)))
    check("all three kinds: " + "; ".join(
        f"{k}: {sum(x[0] for x in p) / len(p):.1f} keys an item ({sum(x[1] for x in p) / len(p):.1f} "
        f"without typed text, {len(p)} items)" for k, p in sorted(kinds.items())), len(kinds) == 3, kinds)
    taken = sum(len(e["taken"]) for e in decided)
    typed = sum(len(e["typed"]) for e in decided if e["kind"] == "extraction")
    check(f"of {typed} corrected fields {taken} were candidates that the desk offered", taken > 0, taken)
    answers = collections.Counter((e["stage"], e["outcome"]) for e in decided)
    print("# " + ", ".join(f"{n} {s} {o}" for (s, o), n in sorted(answers.items())))
    reasons = collections.Counter(r for e in decided for r in e["reasons"])
    check(f"every way of answering was taken: {dict(reasons)}",
          {("first", o) for o in ("approve", "correct", "reject", "escalate")} <= set(answers)
          and {"sample", "second", "escalation"} <= {s for s, _ in answers}
          and reasons["would have no effect"] >= 3, answers)


def told_apart(log, decided):
    """High impact: two people; an escalation: somebody else, and an answer."""
    decisions = [x for x in log if x["type"] == "decision"]
    actors = collections.defaultdict(list)
    for leaf in decisions:
        actors[leaf["subject"]].append((leaf["stage"], leaf["actor"], leaf["outcome"], leaf["state"]))
    second = {s: a for s, a in actors.items() if any(x[0] == "second" for x in a)}
    alone = {s: a for s, a in second.items() if len({x[1] for x in a if x[2] != "escalate"}) < 2}
    check(f"{len(second)} second checks, each by another person", len(second) > 4 and not alone, alone)
    escalated = {s: a for s, a in actors.items() if any(x[2] == "escalate" for x in a)}
    unresolved = {s: a for s, a in escalated.items()
                  if a[-1][3] not in ("approved", "corrected", "rejected")
                  or not any(x[0] == "escalation" and x[1] == "supervisor-1" for x in a)}
    check(f"{len(escalated)} escalations, each resolved by the supervisor",
          len(escalated) > 4 and not unresolved, unresolved)
    check("each decision of the people's logs is in the server's log once",
          len(decisions) == len(decided) == len({(x["subject"], x["stage"], x["actor"])
                                                 for x in decisions}), len(decisions))


def uuid7():
    bits = int(time.time() * 1000) << 80 | 7 << 76 | secrets.randbits(12) << 64 \
        | 2 << 62 | secrets.randbits(62)
    return str(uuid.UUID(int=bits))


def consume(server, log, decided):
    """The producer takes every answer of an approval, and takes it once."""
    ids = {x["data"]["external_id"]: x["subject"] for x in log if x["type"] == "proposal"}
    items = sorted({e["external_id"] for e in decided if e["kind"] == "approval"})
    taken, wrong = 0, []
    for item in items:
        _, answer = server.call("producer-1", "GET", "/v1/proposals/" + ids[item])
        result = answer["result"] or {}
        path = f"/v1/proposals/{ids[item]}:consume"
        first, other = uuid7(), uuid7()
        tries = [server.call("producer-1", "POST", path, {"id": i, "digest": result.get("digest")})
                 for i in (first, first, other)]
        if result.get("state") not in ("approved", "corrected"):
            wrong += [(item, t) for t in tries if t[0] < 400]
            continue
        taken += 1
        known = tries[2][1].get("type", "").endswith("already_consumed")
        if not (tries[0][0] == tries[1][0] == 200 and tries[2][0] == 409 and known
                and tries[0][1]["replayed"] is False and tries[1][1]["replayed"] is True):
            wrong.append((item, tries))
    check(f"{taken} answers consumed once each, {len(items) - taken} not to be had",
          taken >= 8 and len(items) > taken and not wrong, "\n".join(map(str, wrong)))


# --- feedback

def differences(expected, got):
    a, b = expected.split(b"\n"), got.split(b"\n")
    return [f"line {n}:\n expected {x.decode()}\n got      {y.decode()}"
            for n, (x, y) in enumerate(zip(a, b), 1) if x != y][:5] or [f"{len(a)} and {len(b)} lines"]


def expect(folder, name, log, decided, queues):
    """Runs expected.py; (path of what it wrote, what it had to say)."""
    files = {}
    for part, entries in (("log", decided), ("leaves", log), ("queues", [queues])):
        files[part] = os.path.join(folder, f"{name}.{part}")
        with open(files[part], "w", encoding="utf-8") as f:
            f.writelines(json.dumps(e, ensure_ascii=False) + "\n" for e in entries)
    out = os.path.join(folder, name)
    made = subprocess.run([sys.executable, os.path.join(HERE, "expected.py"), REAL, POLICIES,
                           files["log"], files["queues"], files["leaves"], out],
                          capture_output=True, text=True)
    return out, made.stderr if made.returncode else ""


def planted(folder, log, decided, queues):
    """Logs that are wrong in one place are noticed."""
    typed = next(n for n, e in enumerate(decided) if e["typed"])
    field = next(iter(decided[typed]["typed"]))
    wrong = {
        "one left out": decided[1:],
        "one twice approved": [dict(e, outcome="approve") if n == typed else e
                               for n, e in enumerate(decided)],
        "one typed wrongly": [dict(e, typed=dict(e["typed"], **{field: "?"})) if n == typed else e
                              for n, e in enumerate(decided)],
        "by somebody else": [dict(decided[0], who="reviewer-9")] + decided[1:],
    }
    silent = [name for name, entries in wrong.items() if not expect(folder, "planted", log, entries, queues)[1]]
    check(f"{len(wrong)} planted contradictions are noticed", not silent, silent)


def feedback(server, folder, log, decided):
    queues = server.call("lead-1", "GET", "/v1/queues")[1]
    out, said = expect(folder, "feedback", log, decided, queues)
    check("truth and the people's own logs explain every decision", not said, said)
    planted(folder, log, decided, queues)
    for suffix, args in (("jsonl", []), ("csv", ["--csv"])):
        got = subprocess.run([server.client, "feedback", *args], env=server.env("lead-1"),
                             capture_output=True, stdin=subprocess.DEVNULL).stdout
        try:
            with open(f"{out}.{suffix}", "rb") as f:
                expected = f.read()
        except OSError:
            expected = b""
        check(f"feedback as {suffix}: {got.count(10)} lines, byte for byte as computed",
              len(got) > 0 and got == expected, "\n".join(differences(expected, got)))


def verify(server):
    done = server.run("auditor-1", "verify", "--content", "--json", check=False)
    check("verify --content: " + done.stdout.strip()[:150], done.returncode == 0,
          done.stdout + done.stderr)


def run(server):
    import people
    folder = os.path.join(server.dir, "people")
    server.load(os.path.join(REAL, "queues.json"), POLICIES)
    for name, role in PEOPLE.items():
        server.token(name, role)
    server.start()
    intake(server)
    people.work(server, REAL, folder)
    states = people.outboxes(server, REAL, folder)
    decided, _ = people.logs(folder)
    looked_at(decided)
    mine = collections.Counter(e["who"] for e in decided)
    check("every outbox on the screen: " + ", ".join(f"{n} {s}" for n, s in sorted(states.items())),
          all(states[n] == {"in the log": mine[n]} for n in people.NAMES), (states, mine))
    status = {n: server.json(n, "status")[0] for n in people.NAMES}
    check("and every status: all in the log", all(
        status[n]["in_log"] == mine[n] and not any(status[n][k] for k in ("held", "waiting", "received", "refused"))
        for n in people.NAMES), status)
    log = leaves(server)
    told_apart(log, decided)
    consume(server, log, decided)
    feedback(server, folder, log, decided)
    verify(server)
    tail = server.tail()
    status = server.stop()
    check("the server stops when it is told to", status == 0, f"{status}\n{tail}")


def main():
    if not os.path.exists(os.path.join(REAL, "queues.json")):
        skip("../shared/data/real is not there")
    try:
        import pyte  # noqa: F401
    except ImportError:
        skip("python3-pyte, which emulates the terminal, is not installed")
    server = Server()
    try:
        run(server)
    except Exception as e:
        check("the people could work", False, f"{type(e).__name__}: {e}\n{server.tail()}")
    finally:
        if not os.environ.get("KEEP"):
            server.close()
        else:
            server.stop()
            print(f"# kept {server.dir}")
    print(f"1..{count}")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
