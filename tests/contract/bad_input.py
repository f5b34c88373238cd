#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Bad input of every kind at the desk's side: a clear sentence that names the
place, the documented exit code, and nothing lost."""
import http.server
import json
import os
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "real"))
from server import SOURCE, Server  # noqa: E402
from tap import Tap  # noqa: E402

PRACTICE = os.path.join(SOURCE, "data", "practice")
SECRET = re.compile("cst_[0-9a-f]{8}")
tap = Tap()
check = tap.check


def says(name, run, status, *words):
    """Ended so, and every word stands in what it said; no secret, one line."""
    text = run.stderr
    ok = run.returncode == status and all(w in text for w in words) and not SECRET.search(text + run.stdout)
    check(f"{name}: exit {status}, says {', '.join(words)}", ok,
          f"exit {run.returncode}\nstderr {text}\nstdout {run.stdout}")


class Nonsense(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>welcome</html>")

    do_POST = do_PUT = do_GET

    def log_message(self, *args):
        pass


def lines(server):
    """A file with bad lines between good ones."""
    with open(os.path.join(PRACTICE, "proposals.jsonl"), encoding="utf-8") as f:
        good = f.read().splitlines()
    twice = good[1].replace('"kind":', '"kind":"extraction","kind":', 1) if '"kind":' in good[1] \
        else good[1].replace('"kind": ', '"kind": "extraction", "kind": ', 1)
    unknown = json.loads(good[2])
    unknown.update(queue="no-such-queue", external_id="bad-queue")
    confidence = json.loads(good[3])
    confidence.update(external_id="bad-confidence")
    confidence["proposed"]["fields"]["total"]["confidence"] = 7
    bad = ['{"external_id":"cut', twice, "[1,2]", json.dumps(unknown), json.dumps(confidence),
           '{"external_id":"\\ud800"}', "\xff\xfe".encode("latin-1")]
    path = os.path.join(server.dir, "mixed.jsonl")
    with open(path, "wb") as f:
        for n, line in enumerate(good):
            f.write(line.encode() + b"\n")
            if n < len(bad):
                f.write((bad[n] if isinstance(bad[n], bytes) else bad[n].encode()) + b"\n")
        f.write(b"\n")
    return path, len(good), len(bad)


def malformed_lines(server):
    path, good, bad = lines(server)
    results = os.path.join(server.dir, "results.jsonl")
    run = server.run("producer-1", "submit", path, "--results", results, check=False)
    summary = json.loads(run.stdout)
    check("bad lines are left out, the rest is sent",
          summary == {"submitted": good + bad, "created": good, "duplicate": 0, "refused": bad}
          and run.returncode == 1, run.stdout + run.stderr)
    says("each bad line is named", run, 1, "line 2", "line 4", "line 6", "line 8", "line 10", "line 12",
         "line 14", "/kind", "no such queue", "/queue", "/proposed/fields/total/confidence", "byte")
    check("places are those of the line, not of the batch", "/proposals/" not in run.stderr, run.stderr)
    with open(results, encoding="utf-8") as f:
        rows = [json.loads(line) for line in f]
    check("one result an item", len(rows) == good + bad
          and sum(r["result"] == "refused" for r in rows) == bad, rows[:3])
    again = server.run("producer-1", "submit", path, check=False)
    check("again: all that is there is a duplicate", json.loads(again.stdout)["duplicate"] == good, again.stdout)


def tokens(server):
    env = server.env("reviewer-1")

    def run(*args, **change):
        return subprocess.run([server.client, *args], env=dict(env, **change), text=True,
                              capture_output=True, stdin=subprocess.DEVNULL, timeout=60)

    def file(name, text, mode=0o600):
        path = os.path.join(server.dir, name)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        os.chmod(path, mode)
        return path

    says("an unknown token", run("sync", COUNTERSIGN_TOKEN_FILE=file("wrong", "cst_" + "0" * 64)), 1, "unknown")
    says("a token file that others can read",
         run("sync", COUNTERSIGN_TOKEN_FILE=file("open", "cst_" + "0" * 64, 0o644)), 1, "chmod")
    says("a missing token file", run("sync", COUNTERSIGN_TOKEN_FILE=os.path.join(server.dir, "none")), 1, "none")
    says("what is no token", run("sync", COUNTERSIGN_TOKEN_FILE=file("not", "password")), 1, "token")
    bare = {k: v for k, v in env.items() if k != "COUNTERSIGN_TOKEN_FILE"}
    says("no token file named", subprocess.run([server.client, "sync"], env=bare, text=True, capture_output=True,
                                               stdin=subprocess.DEVNULL), 78, "--token-file", "COUNTERSIGN_TOKEN_FILE")
    says("no server named", subprocess.run(
        [server.client, "sync"], env={k: v for k, v in env.items() if k != "COUNTERSIGN_SERVER"}, text=True,
        capture_output=True, stdin=subprocess.DEVNULL), 78, "--server", "COUNTERSIGN_SERVER")
    says("plain http beyond this machine", run("sync", COUNTERSIGN_SERVER="http://192.0.2.1:8470"), 78, "http")
    config = os.path.join(server.dir, "config-home", "countersign")
    os.makedirs(config)
    with open(os.path.join(config, "config"), "w", encoding="utf-8") as f:
        f.write("[desk]\nserver = http://127.0.0.1:1\ncolour = red\n")
    says("an unknown entry of the configuration",
         run("status", XDG_CONFIG_HOME=os.path.join(server.dir, "config-home")), 78, "line 3")


def usage(server):
    says("an unknown command", server.run("reviewer-1", "aprove", "x", check=False), 2, "aprove")
    says("an unknown option", server.run("reviewer-1", "sync", "--fast", check=False), 2, "--fast")
    says("a missing value", server.run("reviewer-1", "pull", "practice-invoices", "-n", check=False), 2, "-n")
    says("a number out of range", server.run("reviewer-1", "pull", "practice-invoices", "-n", "999", check=False),
         2, "999", "50")
    says("an unknown item", server.run("reviewer-1", "approve", "no-such-item", check=False), 1, "no-such-item")
    says("a label that there is not",
         server.run("reviewer-1", "correct", "practice-msg-02", "--set", "label=unicorn", check=False), 1, "unicorn")
    says("a value that the form refuses",
         server.run("reviewer-1", "correct", "practice-inv-03", "--set", "total=a lot", check=False), 1, "total")
    says("a reason that there is not",
         server.run("reviewer-1", "reject", "practice-inv-03", "--reason", "mood", check=False), 1, "mood")
    says("a return without words", server.run("reviewer-1", "return", "practice-inv-03", check=False), 1, "message")
    says("the desk without a terminal", server.run("reviewer-1", "desk", check=False), 3, "terminal")


def stores(server):
    store = os.path.join(server.dir, "reviewer-1.store")
    newer = store + ".newer"
    shutil.copytree(store, newer)
    db = next(os.path.join(newer, n) for n in os.listdir(newer) if n.endswith(".db"))
    with sqlite3.connect(db) as c:
        c.execute("PRAGMA user_version=9999")
    says("a store of a newer version", server.run("reviewer-1", "sync", "--store", newer, check=False), 78, "newer")
    for name in os.listdir(newer):
        if name.endswith(("-wal", "-shm")):
            os.unlink(os.path.join(newer, name))
    with open(db, "r+b") as f:
        f.write(b"not a database at all")
    says("a file that is no store", server.run("reviewer-1", "sync", "--store", newer, check=False), 1, newer)
    os.chmod(newer, 0o777)
    says("a store that others can write", server.run("reviewer-1", "sync", "--store", newer, check=False), 1, newer)

    def small():
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, 1 << 16))

    full = subprocess.run([server.client, "approve", "practice-msg-03", "--offline"], env=server.env("reviewer-1"),
                          text=True, capture_output=True, preexec_fn=small, stdin=subprocess.DEVNULL, timeout=60)
    says("no space left", full, 1, "space")
    check("nothing was half recorded", json.loads(server.run("reviewer-1", "status", "--json").stdout)["waiting"] == 0)
    check("once there is room the same command works",
          server.run("reviewer-1", "approve", "practice-msg-03", check=False).returncode == 0)


def away(server):
    url = server.url
    server.run("reviewer-1", "pull", "practice-messages", "-n", "3")
    server.stop()
    says("the server is away", server.run("reviewer-1", "sync", check=False), 3, "reached")
    recorded = server.run("reviewer-1", "approve", "practice-msg-01", "--json", check=False)
    check("a decision is recorded all the same", recorded.returncode == 0
          and json.loads(recorded.stdout)["state"] == "waiting", recorded.stdout + recorded.stderr)
    server.start(port=int(url.rsplit(":", 1)[1]))
    server.run("reviewer-1", "sync")
    check("and sent when the server is back",
          json.loads(server.run("reviewer-1", "status", "--json").stdout)["waiting"] == 0)
    nonsense = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Nonsense)
    threading.Thread(target=nonsense.serve_forever, daemon=True).start()
    other = f"http://127.0.0.1:{nonsense.server_address[1]}"
    says("a server that answers nonsense", server.run("reviewer-1", "sync", "--server", other, check=False), 3)
    says("nonsense for submit", server.run("producer-1", "feedback", "--server", other, check=False), 3, "Countersign")
    nonsense.shutdown()


def main():
    server = Server()
    try:
        server.load(os.path.join(PRACTICE, "queues.json"))
        for name, role in (("producer-1", "producer"), ("reviewer-1", "reviewer"), ("reviewer-9", "reviewer")):
            server.token(name, role)
        server.ctl("token", "revoke", "--name", "reviewer-9")
        server.start()
        malformed_lines(server)
        says("a revoked token", server.run("reviewer-9", "sync", check=False), 1, "revoked")
        tokens(server)
        server.run("reviewer-1", "sync")
        usage(server)
        stores(server)
        away(server)
    finally:
        server.close()
    return tap.end()


sys.exit(main())
