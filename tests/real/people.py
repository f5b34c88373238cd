# SPDX-License-Identifier: Apache-2.0
"""Two reviewers and a supervisor at work, each in a process of their own with
their own desk, store and token. Three rounds: first checks and samples; second
checks and escalations; second checks of what the supervisor decided. Leaving
the desk sends what is held, so each round finds the answers of the one before."""
import glob
import json
import multiprocessing
import os
import traceback

import truth
from person import Person

# Chosen so that each way of answering is taken: all actions that would have no
# effect, changed arguments, labels that only the search finds, a total that is
# not on the document.
NO_EFFECT = {"apr-tau-air-t15r3-c1", "apr-tau-air-t20r1-c1", "apr-tau-air-t20r1-c2"}
CHANGED = {"apr-tau-air-t07r0-c1", "apr-tau-air-t25r3-c1", "apr-tau-air-t19r0-c2"}


def far_labels(queues, count):
    """Messages whose right label is none of the alternatives."""
    truths = queues["support-intents"].truths
    return sorted(i for i, t in truths.items() if t["rank_of_truth"] > 6)[:count]


def first_round(person):
    if person.name == "reviewer-1":
        person.work("airline-agent", 6)
        person.work("invoices", 9)
        person.work("support-ko", 10)
        person.pick("airline-agent", lambda i, s: i in NO_EFFECT and s == "first")
        person.work("support-intents", 6)
    elif person.name == "reviewer-2":
        person.work("receipts", 16)
        far = far_labels(person.queues, 2)
        person.pick("support-intents", lambda i, s: i in far and s == "first")
        person.work("support-intents", 8)
        person.pick("airline-agent", lambda i, s: i in CHANGED and s == "first")
        person.work("airline-agent", 6)
    else:
        person.pick("support-intents", lambda i, s: s == "sample", 2)
        person.pick("support-ko", lambda i, s: s == "sample", 1)


def second_round(person):
    if person.name == "supervisor-1":
        for queue in truth.QUEUES:
            person.pick(queue, lambda i, s: s == "escalation")
    else:
        person.pick("airline-agent", lambda i, s: s == "second")


def third_round(person):
    if person.name != "supervisor-1":
        person.pick("airline-agent", lambda i, s: s == "second")


ROUNDS = (first_round, second_round, third_round)
NAMES = ("reviewer-1", "reviewer-2", "supervisor-1")


def one(name, round_, real, argv, env, folder, result):
    """In a process of its own: a person's share of a round."""
    try:
        person = Person(name, truth.load(real), argv, env, folder)
        person.sit_down()
        round_(person)
        person.leave()
        result.put((name, person.decided, None))
    except BaseException:
        result.put((name, 0, traceback.format_exc()))


def work(server, real, folder):
    """All rounds; raises with the screen where somebody waited in vain."""
    context = multiprocessing.get_context("fork")
    os.makedirs(folder, exist_ok=True)
    for round_ in ROUNDS:
        result = context.Queue()
        running = [context.Process(target=one, args=(
            name, round_, real, [server.client], server.env(name), folder, result))
            for name in NAMES]
        for process in running:
            process.start()
        answers = [result.get() for _ in running]
        for process in running:
            process.join()
        broken = [text for _, _, text in answers if text]
        if broken:
            raise AssertionError("\n".join(broken))


def outboxes(server, real, folder):
    """{name: what the outbox on the screen counts}, after everything."""
    found = {}
    for name in NAMES:
        person = Person(name, truth.load(real), [server.client], server.env(name), folder)
        person.sit_down()
        found[name] = person.outbox()
        person.leave()
    return found


def logs(folder):
    """(decisions, items that could not be had) of everybody, in the order of
    each person's own log."""
    entries = []
    for path in sorted(glob.glob(os.path.join(folder, "*.jsonl"))):
        with open(path, encoding="utf-8") as f:
            entries += [json.loads(line) for line in f]
    return ([e for e in entries if "outcome" in e], [e for e in entries if "denied" in e])
