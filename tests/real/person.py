# SPDX-License-Identifier: Apache-2.0
"""One scripted person at a real desk: reads the screen, presses keys, waits on
the screen, keeps a log of their own (one JSON line a decision)."""
import json
import os
import sys
import time

import page
from desk import Desk, DeskError

COLUMNS, ROWS = 120, 40
SAME_KEY_S = 0.16    # the desk drops a key that decided the item before this soon
QUIET_S = 0.03       # so long nothing is drawn before a screen is taken as whole
TURN, FIRST = 9, 4   # every ninth first check is escalated, beginning with the fourth
HERE = os.path.dirname(os.path.abspath(__file__))


class Person:
    """queues: truth.load(); argv, env: the desk; folder: where the log is kept."""

    def __init__(self, name, queues, argv, env, folder):
        self.name = name
        self.queues = queues
        self.argv = argv
        self.answer_file = os.path.join(folder, name + ".answer.json")
        editor = f"{sys.executable} {os.path.join(HERE, 'editor.py')}"
        self.env = dict(env, EDITOR=editor, VISUAL="", ANSWER_FILE=self.answer_file)
        self.log = open(os.path.join(folder, name + ".jsonl"), "a", encoding="utf-8")
        self.desk = None
        self.pressed = []
        self.first_checks = 0
        self.decided = 0
        self.last_key = ""
        self.arrived = 0.0

    # --- keys and waiting

    def press(self, key):
        """One key, or a text that is typed."""
        self.pressed.append(key)
        self.desk.send(key)

    def wait(self, what, predicate, seconds=30):
        return self.desk.wait(f"{self.name}: {what}", lambda d: predicate(d.lines()), seconds)

    def key(self, key, what, predicate):
        self.press(key)
        return self.wait(f"{what} after {key!r}", predicate)

    def lines(self):
        return self.desk.lines()

    # --- coming and going

    def sit_down(self):
        self.desk = Desk(self.argv, self.env, COLUMNS, ROWS)
        self.wait("the queues at home", lambda s: page.is_home(s) and "● online" in s[0]
                  and all(page.home_row(s, q.title) is not None for q in self.queues.values()))

    def leave(self):
        """Through the command line; what is held is sent on the way."""
        self.key(":", "the command line", lambda s: "Enter runs the command" in s[-1])
        self.press("quit\r")
        until = time.monotonic() + 20
        while self.desk.status is None and time.monotonic() < until:
            self.desk.pump(0.05)
        status, self.desk = self.desk.close(), None
        if status != 0:
            raise DeskError(f"{self.name}'s desk ended with {status}")

    def home(self):
        while not page.is_home(self.lines()):
            from_review = page.is_review(self.lines())
            self.key("q", "one screen back",
                     lambda s: page.is_home(s) or (from_review and page.is_list(s)))

    def go_to(self, what, row_of):
        """Moves the cursor to the row that row_of(lines) names. The screen may be
        drawn half when it is read, so both are waited for."""
        while True:
            target = self.wait(what, row_of)
            here = self.wait("a cursor", page.marked)
            if target == here:
                return
            self.key("j" if target > here else "k", f"the cursor moved to {what}",
                     lambda s: page.marked(s) not in (here, None))

    def enter(self, queue, key="\r"):
        self.home()
        self.go_to(queue.title, lambda s: page.home_row(s, queue.title))
        self.press(key)

    # --- choosing items

    def work(self, queue_name, count):
        """The next items of a queue as they come; how many were decided."""
        queue = self.queues[queue_name]
        self.enter(queue)
        for done in range(count):
            if not self.wait("an item", lambda s: page.is_review(s) or (
                    "nothing here waits" in s[-3] + s[-2] and "nothing")) is True:
                return done
            self.decide(queue)
        self.home()
        return count

    def pick(self, queue_name, wanted, count=1000):
        """Items of a queue from its list: wanted(external id, stage) says which."""
        queue = self.queues[queue_name]
        self.enter(queue, "l")
        self.wait("the list", page.is_list)
        done, denied = 0, set()
        while done < count and self.find(lambda i, s: wanted(i, s) and i not in denied):
            chosen = self.wait("the row", page.external_id_of_row)
            self.key("\r", f"{chosen} opened",
                     lambda s: page.external_id(s) == chosen or refused_to_open(s))
            if page.is_review(self.lines()):
                self.decide(queue)
                done += 1
            else:
                denied.add(chosen)
                self.note(who=self.name, denied=chosen, words=refused_to_open(self.lines()))
            self.desk.settle(QUIET_S)
            # the desk goes on in the queue
            self.wait("what follows", lambda s: page.is_review(s) or (
                page.is_list(s) and "reserving the next item" not in s[-3] + s[-2]))
            if page.is_review(self.lines()):
                self.key("q", "the list again", page.is_list)
        self.home()
        return done

    def find(self, wanted):
        """Puts the cursor of the list on an item that is wanted, from the top on."""
        self.press("g")
        self.wait("the top of the list", lambda s: page.place(s) and page.place(s)[0] < 2)
        while True:
            self.desk.settle(QUIET_S)
            here = [row for row, external_id, stage, mine in page.list_rows(self.lines())
                    if wanted(external_id, stage) and "decided by you" not in mine]
            if here:
                self.go_to("the item", lambda s: here[0])
                return True
            row, rows = self.wait("the head of the list", page.place)
            if row >= rows:
                return False
            self.key("\x06", "the next page", lambda s: page.place(s) not in ((row, rows), None))

    # --- deciding

    def decide(self, queue):
        self.desk.settle(QUIET_S)
        lines = self.lines()
        item = page.external_id(lines)
        record = {"who": self.name, "external_id": item, "queue": queue.name, "kind": queue.kind,
                  "stage": page.stage(lines), "fields": {}, "typed": {}, "taken": [],
                  "reasons": [], "note": None}
        self.pressed = []
        self.arrived = time.monotonic()
        started = time.time()
        self.look_for_hidden_text()
        if record["stage"] == "first":
            self.first_checks += 1
        if self.must_escalate(queue, item, record):
            self.give_reason(record, "escalate", "e", "unsure", "the second line must see this")
        elif queue.kind == "extraction":
            self.extraction(queue, item, record)
        elif queue.kind == "classification":
            self.classification(queue, item, record)
        else:
            self.approval(queue, item, record)
        record["keys"] = self.pressed
        record["presses"] = sum(len(k) for k in self.pressed)
        record["from"], record["to"] = started, time.time()
        self.note(**record)
        self.decided += 1

    def note(self, **entry):
        self.log.write(json.dumps(entry, ensure_ascii=False) + "\n")
        self.log.flush()

    def must_escalate(self, queue, item, record):
        if record["stage"] != "first":
            return False
        if queue.kind == "extraction" and not all(
                queue.can_be_typed(n, v) for n, v in queue.wrong_fields(item).items()):
            return True
        return self.first_checks % TURN == FIRST

    def look_for_hidden_text(self):
        if any(line.startswith(" ! hidden text:") for line in self.lines()):
            self.key("H", "hidden text", lambda s: not any("! hidden text:" in line for line in s))
            self.key("H", "the item again", lambda s: any("If you approve" in line or "is off:" in line
                                                          for line in s))

    def deciding_key(self, key):
        """The key that decides; the same key twice needs a person's pause."""
        if key == self.last_key:
            while time.monotonic() - self.arrived < SAME_KEY_S:
                self.desk.pump(SAME_KEY_S)
        self.last_key = key
        self.press(key)

    def send(self, record, outcome, key):
        """Presses what decides, and waits until the desk goes on."""
        item = record["external_id"]
        record["outcome"] = outcome
        self.deciding_key(key)
        self.wait(f"{item} recorded after {key!r}", lambda s: page.external_id(s) != item
                  or page.confirmation(s))
        expected = page.confirmation(self.lines())
        if expected:
            self.press(expected + "\r")
            self.wait("the confirmation", lambda s: s[-1].endswith("? all"))
            self.press("y")
            self.wait(f"{item} recorded", lambda s: page.external_id(s) != item)

    def approve(self, record):
        self.read_to_the_end("a")
        self.send(record, "approve", "a")

    def read_to_the_end(self, key):
        """Arguments must have been on the screen to their end."""
        while (page.off(self.lines(), key) or "").startswith("not all arguments"):
            before = self.lines()
            self.key(" ", "the next page of the arguments", lambda s: s != before)

    def give_reason(self, record, outcome, key, title, note=None):
        self.key(key, outcome, lambda s: page.under(s, outcome))
        digit, _ = page.reason_key(self.lines(), outcome, title)
        self.key(digit, title, lambda s: page.reason_key(s, outcome, title) == (digit, True))
        if note:
            self.press("m")
            self.wait("a line to write in", lambda s: "Enter done" in s[-1])
            if any(line.startswith(f" {page.MARK} message") for line in page.under(self.lines(), outcome)):
                self.press("\r")   # nothing for the producer
                self.wait("the note's line", lambda s: s[-1].endswith("? all"))
                self.press("m")
                self.wait("a line to write in", lambda s: "Enter done" in s[-1])
            self.press(note + "\r")
            self.wait("the note", lambda s: any(note in line for line in page.under(s, outcome))
                      and s[-1].endswith("? all"))
        record["reasons"], record["note"] = [title], note
        self.send(record, outcome, "y")

    # --- extraction

    def extraction(self, queue, item, record):
        wrong = queue.wrong_fields(item)
        lines = self.lines()
        titles = {name: queue.field_title(name) for name in queue.fields(item)}
        asked = {n for n, t in titles.items() if "ASKED" in page.field_words(lines, t)}
        record["asked"] = sorted(asked)
        if not wrong:
            record["fields"] = {name: "confirmed" for name in asked}
            self.approve(record)
            return
        self.key("c", "the form", lambda s: any("[ y send ]" in line for line in s))
        for name in sorted(titles, key=lambda n: page.field_row(lines, titles[n])):
            if name in wrong:
                if self.correct_field(titles[name], wrong[name]):
                    record["taken"].append(name)
                record["fields"][name] = "corrected"
                record["typed"][name] = wrong[name]
            elif name in asked:
                self.confirm_field(titles[name])
                record["fields"][name] = "confirmed"
        self.send(record, "correct", "y")

    def confirm_field(self, title):
        self.go_to(title, lambda s: page.field_row(s, title))
        self.key("=", f"{title} is right", lambda s: "✓ right" in page.field_words(s, title))

    def correct_field(self, title, value):
        """Takes the candidate that is right, or types; whether one was taken."""
        self.go_to(title, lambda s: page.field_row(s, title))
        self.desk.settle(QUIET_S)
        for digit, text in page.candidates(self.lines(), title).items():
            if text == value:
                self.key(digit, f"{title} taken", lambda s: "✎ " in page.field_words(s, title))
                return True
        self.type_text(title, value)
        return False

    def type_text(self, title, value):
        self.key("\r", "a line to write in", lambda s: "Enter done" in s[-1])
        self.press((value or "\x15") + "\r")
        self.wait(f"{title} as typed", lambda s: "Enter done" not in s[-1]
                  and "✎ " in page.field_words(s, title))

    # --- classification

    def classification(self, queue, item, record):
        truth = queue.truths[item]["label"]
        keys = page.label_keys(self.lines())
        matches = [k for k, label in keys.items() if page.shown(label, truth)
                   and sum(page.shown(label, other) for other in queue.labels) == 1]
        record["fields"] = {"label": "confirmed" if matches == ["a"] else "corrected"}
        if matches == ["a"]:
            self.approve(record)
            return
        record["typed"]["label"] = truth
        if matches:
            self.send(record, "correct", matches[0])
            return
        self.key("/", "the search", lambda s: page.under(s, "all labels"))
        self.press(truth)
        self.wait("the label", lambda s: any(page.shown(line.strip(" ▸").split("  ")[0], truth)
                                             for line in page.under(s, "all labels")[1:]))
        while not page.shown(page.searched(self.lines()) or "", truth):
            before = self.lines()
            self.key("\x0e", "the next label", lambda s: s != before)
        self.key("\r", "the label chosen", lambda s: any(f"y sends: {truth}" in line for line in s))
        self.send(record, "correct", "y")

    # --- approval

    def approval(self, queue, item, record):
        truth = queue.truths[item]
        decision = truth["correct_decision"]
        if decision == "approve":
            self.approve(record)
        elif decision == "correct":
            self.correct_arguments(truth, record)
        elif decision == "no_effect":
            self.give_reason(record, "reject", "x", "would have no effect")
        else:
            self.give_reason(record, "reject", "x", "must not happen")

    def correct_arguments(self, truth, record):
        arguments = truth["expected_arguments"]
        with open(self.answer_file, "w", encoding="utf-8") as f:
            json.dump(arguments, f, ensure_ascii=False, indent=1)
        self.press("c")
        self.wait("the changed arguments", lambda s: any("changed: w shows both" in line for line in s))
        self.read_to_the_end("y")
        # who sends the whole action answers for every argument of it
        record["fields"] = {name: "corrected" if name in truth["differing_arguments"] else "confirmed"
                            for name in sorted({*arguments, *truth["differing_arguments"]})}
        record["typed"] = {name: arguments.get(name) for name in truth["differing_arguments"]}
        self.send(record, "correct", "y")

    # --- the outbox

    def outbox(self):
        """What the outbox says of everything that was ever decided here."""
        self.home()
        self.key("!", "the outbox", page.is_outbox)
        states = self.wait("everything in the log", lambda s: page.is_outbox(s)
                           and page.outbox(s).get("in the log") and page.outbox(s))
        self.home()
        return states


def refused_to_open(lines):
    """The desk's words where an item of a list cannot be had."""
    if not page.is_list(lines):
        return None
    words = lines[-2].strip()
    return words if words and "reserving it" not in words and not words.startswith("cls-") else None
