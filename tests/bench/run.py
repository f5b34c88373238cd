#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `make bench` runs: each promise as a ratio against a yardstick that does
the bare minimum in the same run, turn by turn, on the same machine.

  F1  a key in a list of 1,000,000 headers, to the last byte of the answer,
      against a bare ncurses program that paints the same cells (bare_list.c).
  F2  a key that decides, to the last byte of the next item, against the same
      program that first makes one commit of the same rows (bare_commit.c).
  F3  start of the desk to its first item, over the same store, against a program
      with the same libraries that runs the same queries, parses that item and
      paints the same cells (bare_start.c).
  F8  private memory of the desk after F1.
  F9  bytes to the terminal for one line of scroll, against bare_list.
  F10 a key that scrolls a text of a million bytes (one line; Hangul; combining
      marks), against the same key in a short text.

Prints one line a promise (the worst of its cases, which are indented above it)
and ends with 1 if one is over its bar. The desk is the program that is
installed, offline, at a pseudo-terminal of its own; its store is in the build
tree, so that a commit costs what it costs on that disk."""
import argparse
import json
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "real"))
from server import BUILD, SOURCE, Server  # noqa: E402

BENCH = os.path.join(BUILD, "tests", "bench")
QUEUE = "practice-messages"
SIZES = ((80, 24), (160, 50))
F1_RATIO, F1_MS = 1.5, 16.0
F2_RATIO = 1.3
F3_RATIO = 1.5
F8_MIB = 24.0
F9_RATIO = 1.5
F10_RATIO = 2.0
LIST_PAUSE_MS = 8
# A key that decided does nothing for 150 ms; both programs are typed in turn.
DECIDE_PAUSE_MS = 90
REHEARSED = 10
# Decisions of one desk in a row: a device reserves at most 50 items.
ROUND = 45
STARTS = 15
FIRST_ITEM = "pattern-00"
WORDS = ("parcel", "refund", "delivery", "order", "please", "since", "friday", "driver", "street", "box", "again",
         "money", "change", "customer", "number", "waiting", "broken", "glass", "return", "label")


def proposal(n):
    """A message of about 900 characters; each n reads differently."""
    words = [WORDS[(n * 7 + i * i + i * (n + 3)) % len(WORDS)] for i in range(140)]
    text = " ".join(words).capitalize() + "."
    label = ("missing_parcel", "late_delivery", "damaged", "refund", "change_order")[n % 5]
    return {"external_id": f"pattern-{n:02}", "queue": QUEUE, "kind": "classification",
            "created_at": "2026-11-02T09:11:00.000Z", "model": {"name": "message sorter", "version": "1.4"},
            "safety_class": "assistive",
            "sources": [{"id": "text", "title": text[:48], "media_type": "text/plain", "text": text}],
            "proposed": {"label": label, "alternatives": [{"label": "other", "confidence": 0.11}], "confidence": 0.83},
            "signals": [{"name": "term:" + words[3], "value": 0.4, "weight": 0.8}], "confidence": 0.83}


def long_texts():
    """By the name of their queue; a document has at most 1 MiB."""
    line = " ".join(WORDS) + " "
    return {"a short text": line * 30, "one line": line * (1000000 // len(line)),
            "Hangul": "한글을 읽는 사람은 " * 38000, "combining marks": "a" + "\u0301" * 500000}


class Side:
    """What one of the two programs did: microseconds of each step, bytes in all."""

    def __init__(self):
        self.us, self.bytes = [], 0

    def add(self, result):
        self.us += result["us"]
        self.bytes += result["bytes"]

    def ms(self, percent):
        """Nearest rank."""
        return sorted(self.us)[-(-len(self.us) * percent // 100) - 1] / 1000

    def text(self):
        return f"p50 {self.ms(50):5.2f} p99 {self.ms(99):5.2f} ms"


class Case:
    """The same keys for both."""

    def __init__(self, name, size):
        self.name, self.desk, self.bare, self.unequal = f"{name} {size[0]}x{size[1]}", Side(), Side(), 0

    def add(self, result):
        self.desk.add(result["desk"])
        self.bare.add(result["bare"])
        self.unequal += result["unequal"]
        return self

    def ratio(self, percent):
        return self.desk.ms(percent) / self.bare.ms(percent)

    def print(self, more=""):
        n = len(self.desk.us)
        print(f"      {self.name:<13} desk {self.desk.text()}   bare {self.bare.text()}   ratio p50 {self.ratio(50):.2f} "
              f"p99 {self.ratio(99):.2f}   bytes {self.desk.bytes // n} / {self.bare.bytes // n}   n {n}{more}", flush=True)


class Bench:
    def __init__(self, headers, count, decisions, sizes=SIZES, desk=None, delay=None):
        self.headers, self.count, self.decisions, self.sizes = headers, count, decisions, sizes
        self.desk = desk or os.path.join(BUILD, "countersign")
        self.delay = delay
        os.makedirs(BENCH, exist_ok=True)
        tempfile.tempdir = BENCH
        self.server = Server()
        self.over = []

    # --- a desk with a store ---------------------------------------------------

    def prepare(self):
        """A few real reservations from a real server, then many made like them."""
        server = self.server
        server.load(os.path.join(SOURCE, "data", "practice", "queues.json"))
        server.token("producer-1", "producer")
        server.token("reviewer-1", "reviewer", QUEUE)
        server.start()
        path = os.path.join(server.dir, "proposals.jsonl")
        with open(path, "w", encoding="utf-8") as f:
            for n in range(5):
                f.write(json.dumps(proposal(n)) + "\n")
        server.run("producer-1", "submit", path)
        server.run("reviewer-1", "pull", QUEUE, "-n", "5")
        server.stop()
        server.url = "http://127.0.0.1:9"
        self.store = os.path.join(server.dir, "reviewer-1.store")
        self.run_tool("fill_store", self.store, QUEUE, str(self.headers), "0")
        # What a kernel does with pages just written does not belong to a key.
        os.sync()

    def env(self):
        env = self.server.env("reviewer-1")
        if self.delay:
            env["COUNTERSIGN_BENCH_DELAY"] = self.delay
        return env

    def run_tool(self, name, *args):
        return subprocess.run([os.path.join(BENCH, name), *args], env=self.env(), check=True, text=True,
                              stdout=subprocess.PIPE, stdin=subprocess.DEVNULL).stdout

    def keys(self, size, pause_ms, warm, phases, yardstick=None):
        bare = ["--", os.path.join(BENCH, "bare_list"), *yardstick] if yardstick is not None else []
        out = self.run_tool("keys", str(size[0]), str(size[1]), str(pause_ms), warm, *phases, "--", self.desk, *bare)
        return [json.loads(line) for line in out.splitlines()]

    # --- promises ----------------------------------------------------------------

    def promise(self, name, figures, bar, well, cases=()):
        if any(case.unequal for case in cases):
            print("      the yardstick did not paint the desk's cells: " +
                  ", ".join(f"{case.name} {case.unequal} times" for case in cases))
            well = False
        print(f"{name:<4}{figures}   bar {bar}   {'pass' if well else 'OVER'}", flush=True)
        if not well:
            self.over.append(name)

    def scroll(self):
        """F1, F8 and F9."""
        cases, memory = [], 0
        for size in self.sizes:
            # Home, the queue under the cursor, its list, and down until a line scrolls.
            warm = "jl" + "j" * (size[1] + 5)
            phases = [f"{key}:{self.count}" for key in "jk "]
            for name, r in zip(("down", "up", "page"), self.keys(size, LIST_PAUSE_MS, warm, phases, [])):
                cases.append(Case(name, size).add(r))
                cases[-1].print()
                memory = max(memory, r["private_kib"] / 1024)
        ratio, slowest = max(c.ratio(99) for c in cases), max(c.desk.ms(99) for c in cases)
        scrolled = max(c.desk.bytes / c.bare.bytes for c in cases if c.name.startswith(("down", "up")))
        self.promise("F1", f"key to full repaint, {self.headers:,} headers: p99 {ratio:.2f} x bare list, {slowest:.2f} ms",
                     f"{F1_RATIO} x and {F1_MS:.0f} ms", ratio <= F1_RATIO and slowest <= F1_MS, cases)
        self.promise("F8", f"private memory of the desk, {self.headers:,} headers: {memory:.1f} MiB", f"{F8_MIB:.0f} MiB",
                     memory <= F8_MIB)
        self.promise("F9", f"bytes for one line of scroll: {scrolled:.2f} x bare list", f"{F9_RATIO} x", scrolled <= F9_RATIO)

    def start(self):
        """F3."""
        cases = []
        for size in self.sizes:
            bare = [os.path.join(BENCH, "bare_start"), os.path.join(self.store, "store.db"), QUEUE]
            out = self.run_tool("cold", str(size[0]), str(size[1]), str(STARTS), "Practice: messages", "j\r",
                                FIRST_ITEM, "--", self.desk, "--", *bare)
            cases.append(Case("start", size).add(json.loads(out)))
            cases[-1].print()
        ratio = max(c.ratio(50) for c in cases)
        self.promise("F3", f"cold start to the first item, {self.headers:,} headers: p50 {ratio:.2f} x bare program, "
                     f"{max(c.desk.ms(50) for c in cases):.0f} ms", f"{F3_RATIO} x", ratio <= F3_RATIO, cases)

    def texts(self):
        """F10: a desk of its own, with one queue a text."""
        server, size = Server(), self.sizes[0]
        try:
            with open(os.path.join(SOURCE, "data", "practice", "queues.json"), encoding="utf-8") as f:
                queue = next(q for q in json.load(f)["queues"] if q["queue"] == QUEUE)
            names = list(long_texts())
            with open(os.path.join(server.dir, "queues.json"), "w", encoding="utf-8") as f:
                json.dump({"queues": [dict(queue, queue=f"text-{n}", title=f"{n} {name}")
                                      for n, name in enumerate(names)]}, f)
            server.load(os.path.join(server.dir, "queues.json"))
            server.token("producer-1", "producer")
            server.token("reviewer-1", "reviewer")
            server.start()
            with open(os.path.join(server.dir, "texts.jsonl"), "w", encoding="utf-8") as f:
                for n, text in enumerate(long_texts().values()):
                    doc = dict(proposal(n), queue=f"text-{n}")
                    doc["sources"][0].update(text=text, title="text")
                    f.write(json.dumps(doc, ensure_ascii=False) + "\n")
            server.run("producer-1", "submit", f.name)
            for n in range(len(names)):
                server.run("reviewer-1", "pull", f"text-{n}", "-n", "1")
            server.stop()
            server.url = "http://127.0.0.1:9"
            self.compare_texts(server, names, size)
        finally:
            server.close()

    def compare_texts(self, server, names, size):
        worst, short = 0, {}
        for n, name in enumerate(names):
            # A pane over the text and away again; then scrolling, where there is a second row.
            for what, warm, keys in (("a pane", "j" * (n + 1) + "\r", "ii"),
                                     ("scroll", "j" * (n + 1) + "\rvj", "jjjjkkkk")):
                if what == "scroll" and name == "combining marks":
                    continue
                case = Case(f"{what}, {name}", size)
                out = subprocess.run([os.path.join(BENCH, "keys"), *map(str, size), str(LIST_PAUSE_MS), warm,
                                      f"{keys}:{self.count // 2}", "--", self.desk], env=server.env("reviewer-1"),
                                     check=True, text=True, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL).stdout
                case.desk.add(json.loads(out)["desk"])
                short.setdefault(what, case.desk)
                ratio = case.desk.ms(50) / short[what].ms(50)
                worst = max(worst, ratio)
                print(f"      {case.name:<30} desk {case.desk.text()}   {ratio:.2f} x the short text", flush=True)
        self.promise("F10", f"a key in a text of a million bytes: p50 {worst:.2f} x the same key in a short one",
                     f"{F10_RATIO} x", worst <= F10_RATIO)

    def acts(self):
        db = sqlite3.connect(f"file:{self.store}/store.db?mode=ro", uri=True)
        found = db.execute("SELECT count(*) FROM act WHERE act = 0").fetchone()[0]
        db.close()
        return found

    def decide(self):
        """F2. The yardstick's database is a copy of the desk's store, made after a
        few decisions that are the pattern of its rows."""
        self.run_tool("fill_store", self.store, QUEUE, "0", str(REHEARSED))
        self.keys(self.sizes[0], 2 * DECIDE_PAUSE_MS, "j\r", [f"a:{REHEARSED}"])
        copy = self.store + ".bare"
        shutil.copytree(self.store, copy)
        report = os.path.join(self.server.dir, "commits")
        cases, typed = [], REHEARSED
        for size in self.sizes:
            case, commits, left = Case("decide", size), Side(), self.decisions
            while left:
                count = min(left, ROUND)
                for store in (self.store, copy):
                    self.run_tool("fill_store", store, QUEUE, "0", str(count))
                case.add(self.keys(size, DECIDE_PAUSE_MS, "j\r", [f"a:{count}"],
                                   [os.path.join(copy, "store.db"), QUEUE, report])[0])
                with open(report, encoding="utf-8") as f:
                    commits.us += json.load(f)
                left -= count
                typed += count
            case.print(f"   the bare commit alone {commits.text()}")
            cases.append(case)
        if self.acts() != typed:
            raise AssertionError(f"{self.acts()} decisions are in the store, {typed} were typed")
        self.promise("F2", f"decision durable and next item painted: p50 {max(c.ratio(50) for c in cases):.2f} x, "
                     f"p99 {max(c.ratio(99) for c in cases):.2f} x (bare FULL commit of the same rows, then the same cells, by one program)",
                     f"{F2_RATIO} x at p50", max(c.ratio(50) for c in cases) <= F2_RATIO, cases)

    def close(self):
        self.server.close()


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as f:
            return next(line.split(":", 1)[1].strip() for line in f if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.machine()


def file_system():
    return subprocess.run(["stat", "-f", "-c", "%T", BENCH], text=True, capture_output=True).stdout.strip()


def conditions(when):
    load = " ".join(f"{x:.2f}" for x in os.getloadavg())
    return f"{when}: load {load}"


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--headers", type=int, default=1000000)
    options.add_argument("--count", type=int, default=400, help="keys of each kind and size")
    options.add_argument("--decisions", type=int, default=180, help="of each size")
    options.add_argument("--only", choices=("F1", "F2", "F3", "F10"))
    options.add_argument("--desk", help="another program than countersign")
    given = options.parse_args()
    if not os.path.exists(os.path.join(BENCH, "keys")):
        print("bench: skipped, libvterm was not there when this tree was configured")
        return 0
    bench = Bench(given.headers, given.count, given.decisions, desk=given.desk)
    print(f"      {processor()}, {os.cpu_count()} processors, Linux {platform.release()}, {file_system()}, "
          f"SQLite {sqlite3.sqlite_version}; {conditions('start')}", flush=True)
    began = time.monotonic()
    try:
        if given.only != "F10":
            bench.prepare()
            print(f"      store of {os.path.getsize(os.path.join(bench.store, 'store.db')) >> 20} MiB made in "
              f"{time.monotonic() - began:.0f} s", flush=True)
        for name, run in (("F3", bench.start), ("F1", bench.scroll), ("F2", bench.decide), ("F10", bench.texts)):
            if given.only in (None, name):
                run()
    finally:
        bench.close()
    print(f"      {conditions('end')}; {time.monotonic() - began:.0f} s")
    if bench.over:
        print("OVER: " + " ".join(bench.over))
    return bool(bench.over)


if __name__ == "__main__":
    sys.exit(main())
