#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The program around the routes: start, stop, owner, refusals, exit codes,
deadlines, subcommands."""
import hashlib
import http.client
import json
import os
import shutil
import socket
import subprocess
import time

from server import Call, Directory, HERE, PATIENCE_S, Server, Tap, command, done


def stopping(tap, directory):
    """SIGTERM with long polls and idle connections in flight."""
    with Server(directory.copy(), directory.tokens) as s:
        cursor = s.call("GET", "/v1/queues", "reviewer").json["cursor"]
        polls = [Call(s, "GET", "/v1/changes?after=%s&wait=25" % cursor, "reviewer")
                 for _ in range(5)]
        idle = s.connect()
        s.call("GET", "/healthz", connection=idle)
        half = socket.create_connection(("127.0.0.1", s.port))
        half.sendall(b"GET /healthz HTTP/1.1\r\nHo")
        until = time.monotonic() + PATIENCE_S
        while threads_waiting(s) < 5 and time.monotonic() < until:
            time.sleep(0.01)
        start = time.monotonic()
        status = s.stop()
        took = time.monotonic() - start
        answers = [p.answer() for p in polls]
        tap.ok(status == 0 and took < 10, "SIGTERM ends it with 0 within 10 s", status, took, s.logged())
        tap.ok(all(a.status == 200 and a.json["changes"] == [] for a in answers),
               "five long polls got their answer", [a.status for a in answers])
        tap.ok("server.stopping" in s.logged() and "server.stopped unanswered=0" in s.logged(),
               "the log says so", s.logged())
        half.close()
        s.start()
        tap.ok(s.call("GET", "/healthz").status == 200, "and it starts again on the same directory")


def threads_waiting(s):
    """Connections of long polls the server has read and not answered: their
    sockets have nothing left to read (from /proc/net/tcp, rx_queue 0)."""
    want = ":%04X" % s.port
    with open("/proc/net/tcp", encoding="ascii") as f:
        rows = [line.split() for line in f]
    return sum(1 for r in rows[1:] if r[1].endswith(want) and r[3] == "01"
               and r[4].endswith(":00000000")) - 2


def owner(tap, directory):
    with Server(directory.copy(), directory.tokens) as s:
        second = command("serve", "--data", s.data, "--listen", "127.0.0.1:0")
        tap.ok(second.returncode == 4 and str(s.process.pid) in second.stderr,
               "a second server on the directory ends 4 and names the first", second)
        r = command("token", "list", "--data", s.data)
        tap.ok(r.returncode == 4, "so does a subcommand", r)
        busy = command("serve", "--data", directory.copy(), "--listen", "127.0.0.1:%d" % s.port)
        tap.ok(busy.returncode == 4 and "in use" in busy.stderr, "an address in use ends 4", busy)


def refusals(tap, directory):
    path = directory.copy()
    os.chmod(path, 0o777)
    r = command("serve", "--data", path, "--listen", "127.0.0.1:0")
    tap.ok(r.returncode == 78 and path in r.stderr, "a directory that others can write ends 78", r)
    os.chmod(path, 0o700)
    table = [
        ("no command", [], 2), ("no such command", ["frobnicate"], 2), ("half a command", ["queue"], 2),
        ("no --data", ["serve"], 2), ("unknown option", ["serve", "--frobnicate"], 2),
        ("option without value", ["serve", "--data"], 2),
        ("no number", ["serve", "--data", path, "--connections", "many"], 2),
        ("a word too much", ["token", "list", "--data", path, "x"], 2),
        ("no file", ["queue", "load", "--data", path], 2),
        ("a file that is not there", ["queue", "load", "--data", path, "/nonexistent.json"], 3),
        ("a directory that is not there", ["queue", "list", "--data", path + "-none"], 3),
        ("no address", ["serve", "--data", path, "--listen", "somewhere"], 78),
        ("no role", ["token", "add", "--data", path, "--name", "a", "--role", "king"], 1),
        ("neither name nor id", ["token", "revoke", "--data", path], 2),
        ("nobody of that name", ["token", "revoke", "--data", path, "--name", "nobody"], 1),
        ("no role given", ["token", "add", "--data", path, "--name", "a"], 2),
        ("help", ["--help"], 0), ("help of one", ["serve", "--help"], 0), ("version", ["--version"], 0),
    ]
    for name, args, status in table:
        r = command(*args)
        said = r.stdout if status == 0 else r.stderr
        tap.ok(r.returncode == status and said.strip() and "Traceback" not in said,
               "%s: ends %d with a sentence" % (name, status), r)


def loading(tap, directory):
    path = os.path.join(directory.top, "loading")
    bad = os.path.join(directory.top, "bad.json")
    r = command("queue", "load", "--data", path, os.path.join(HERE, "queues.json"), "--json")
    tap.ok(r.returncode == 0 and [q["loaded"] for q in json.loads(r.stdout)["queues"]] == ["new"] * 6,
           "queue load makes the directory and six queues", r)
    tap.ok(os.stat(path).st_mode & 0o777 == 0o700, "it belongs to its owner alone")
    r = command("queue", "load", "--data", path, os.path.join(HERE, "queues.json"))
    tap.ok(r.returncode == 0 and r.stdout.count("unchanged") == 6, "again: unchanged", r)
    overlay = os.path.join(directory.top, "overlay.json")
    with open(overlay, "w", encoding="utf-8") as f:
        json.dump({"queues": [{"queue": "intents", "thresholds": {"*": "0.80"}}]}, f)
    r = command("queue", "load", "--data", path, os.path.join(HERE, "queues.json"), "--overlay", overlay)
    tap.ok(r.returncode == 0 and "intents: changed" in r.stdout and r.stdout.count("unchanged") == 5,
           "an overlay changes one queue", r)
    for text, pointer in (('{"queues":[{"queue":"x","title":"X","kind":"sorting"}]}', "/queues/0/kind"),
                          ('{"queues":[{"queue":"x","queue":"y"}]}', "/queues/0/queue"),
                          ('{"things":[]}', "/queues"), ("[]", ""), ("{", "")):
        with open(bad, "w", encoding="utf-8") as f:
            f.write(text)
        r = command("queue", "load", "--data", path, bad)
        tap.ok(r.returncode == 1 and pointer in r.stderr, "not loaded: %s" % text, r)
    r = command("queue", "list", "--data", path)
    tap.ok(r.returncode == 0 and len(r.stdout.splitlines()) == 6, "queue list shows six", r)


def tokens(tap, directory):
    path = directory.copy()
    r = command("token", "add", "--data", path, "--name", "reviewer-7", "--role", "reviewer",
                "--role", "lead", "--queue", "receipts", "--queue", "intents", "--json")
    doc = json.loads(r.stdout)
    tap.ok(r.returncode == 0 and doc["token"].startswith("cst_") and len(doc["roles"]) == 4,
           "a token for two roles in two queues", r)
    into = os.path.join(directory.top, "token")
    r = command("token", "add", "--data", path, "--name", "reviewer-8", "--role", "reviewer",
                "--queue", "*", "--token-file", into)
    text = open(into, encoding="ascii").read()
    tap.ok(r.returncode == 0 and r.stdout == "" and len(text) == 69 and os.stat(into).st_mode & 0o777 == 0o600,
           "a token goes to a file of its own, and not to the terminal", r)
    listed = command("token", "list", "--data", path).stdout
    tap.ok("reviewer-7" in listed and doc["token"] not in listed and text.strip() not in listed,
           "the list tells no secret", listed)
    with open(os.path.join(path, "countersign.db"), "rb") as f:
        stored = f.read()
    for name in os.listdir(path):
        if name.startswith("countersign.db-"):
            with open(os.path.join(path, name), "rb") as f:
                stored += f.read()
    tap.ok(doc["token"].encode() not in stored and b"reviewer-7" in stored, "nor does the database hold it")
    with Server(path, {"a": doc["token"], "b": text.strip()}) as s:
        a = s.call("GET", "/v1/queues", "a")
        tap.ok(a.status == 200 and {q["queue"]: q["roles"] for q in a.json["queues"]}
               == {"receipts": ["reviewer", "lead"], "intents": ["reviewer", "lead"]}, "it opens what it says", a.bytes)
        tap.ok(s.call("GET", "/v1/queues", "b").status == 200, "and the one from the file works")
        tap.ok(doc["token"] not in s.logged(), "the server's log tells no secret", s.logged())
    r = done("token", "revoke", "--data", path, "--id", doc["id"])
    tap.ok("1 token revoked" in r, "revoked by id", r)


def deadlines(tap, directory):
    """A drip of one byte does not keep a connection."""
    with Server(directory.copy(), directory.tokens,
                options=["--header-deadline", "300", "--body-deadline", "300"]) as s:
        tap.ok(drips(s, b""), "headers that drip are cut off")
        tap.ok(drips(s, b"POST /v1/leases HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
                     + s.tokens["reviewer"].encode() + b"\r\nContent-Length: 1000\r\n\r\n"),
               "a body that drips is cut off")
        c = s.connect()
        s.call("GET", "/healthz", connection=c)
        c.sock.settimeout(PATIENCE_S)
        tap.ok(drips_on(c.sock), "so is the second request of a kept connection")
        tap.ok(s.call("GET", "/healthz").status == 200, "an honest client is served")


def crowding(tap, directory):
    """One address cannot take every connection."""
    with Server(directory.copy(), directory.tokens, options=["--per-address", "3"]) as s:
        held = [s.connect() for _ in range(3)]
        for c in held:
            s.call("GET", "/healthz", connection=c)
        with socket.create_connection(("127.0.0.1", s.port), timeout=PATIENCE_S) as c:
            try:
                closed = c.recv(1) == b""
            except ConnectionResetError:
                closed = True
        tap.ok(closed, "the fourth connection of an address is closed")
        ok = [s.call("GET", "/healthz", connection=c).status for c in held]
        tap.ok(ok == [200, 200, 200], "the first three go on", ok)
        held[0].close()
        until = time.monotonic() + PATIENCE_S
        served = False
        while not served and time.monotonic() < until:
            try:
                served = s.call("GET", "/healthz").status == 200
            except (OSError, http.client.HTTPException):
                time.sleep(0.02)
        tap.ok(served, "when one has gone the next is served")


def uploads(tap, directory):
    """A large blob goes through in pieces; one cut off leaves nothing behind."""
    with Server(directory.copy(), directory.tokens) as s:
        data = bytes(range(256)) * (20 << 12)   # 20 MiB
        name = hashlib.sha256(data).hexdigest()
        with socket.create_connection(("127.0.0.1", s.port), timeout=PATIENCE_S) as c:
            c.sendall(b"PUT /v1/blobs/%s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n"
                      % (name.encode(), s.tokens["producer"].encode(), len(data)))
            c.sendall(data[:1 << 20])
        a = s.call("PUT", "/v1/blobs/" + name, "producer", data)
        tap.ok(a.status == 201, "20 MiB are stored, after an upload that was cut off", a.status)
        a = s.call("PUT", "/v1/blobs/" + name, "producer", data)
        tap.ok(a.status == 200, "and known the second time", a.status)
        until = time.monotonic() + PATIENCE_S
        while len(files_of(s)) != 1 and time.monotonic() < until:
            time.sleep(0.02)
        tap.ok(files_of(s) == [name], "one file is there, named by its hash", files_of(s))


def files_of(s):
    return sorted(f for _, _, names in os.walk(os.path.join(s.data, "blobs")) for f in names)


def drips(s, head):
    with socket.create_connection(("127.0.0.1", s.port), timeout=PATIENCE_S) as c:
        c.sendall(head)
        return drips_on(c)


def drips_on(c):
    """Sends a byte now and then until the peer closes."""
    until = time.monotonic() + PATIENCE_S
    c.setblocking(False)
    while time.monotonic() < until:
        try:
            c.send(b"x")
            if c.recv(1) == b"":
                return True
        except BlockingIOError:
            pass
        except OSError:
            return True
        time.sleep(0.02)
    return False


def manual(tap, directory):
    """The manual names every command and every option that --help knows."""
    with open(os.path.join(HERE, "..", "..", "data", "countersignd.1"), encoding="utf-8") as f:
        text = f.read().replace("\\-", "-")
    commands = [line[2:18].split() for line in command("--help").stdout.splitlines()
                if line.startswith("  ") and line[2:3].strip()]
    tap.ok(len(commands) == 7, "--help lists seven commands", commands)
    for words in commands:
        section = text.split('.SS "countersignd ' + " ".join(words))
        options = [w.rstrip(",") for line in command(*words, "--help").stdout.splitlines()
                   if line.startswith("  -") for w in line.split() if w.startswith("--")]
        missing = [o for o in options if o != "--help"
                   and (len(section) != 2 or o not in section[1].split(".SS")[0])]
        tap.ok(options and not missing, "the manual tells %s" % " ".join(words), missing)


def unit(tap, _directory):
    """The systemd unit stays hardened; 1.5 is the bar."""
    if not shutil.which("systemd-analyze"):
        tap.skip("the unit is hardened", "systemd-analyze is not installed")
        return
    path = os.path.join(HERE, "..", "..", "data", "countersign.service")
    r = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=15", path],
                       capture_output=True, text=True, timeout=PATIENCE_S)
    tap.ok(r.returncode == 0, "the unit is hardened: exposure at most 1.5", r.stdout[-400:], r.stderr)


def port_file(tap, directory):
    path = os.path.join(directory.top, "port")
    with Server(directory.copy(), directory.tokens, options=["--port-file", path]) as s:
        until = time.monotonic() + PATIENCE_S
        while not os.path.exists(path) and time.monotonic() < until:
            time.sleep(0.01)
        text = open(path, encoding="ascii").read()
        tap.ok(text == "127.0.0.1:%d\n" % s.port, "the port file names the address", text)


def main():
    tap, directory = Tap(), Directory()
    try:
        for part in (stopping, owner, refusals, loading, tokens, deadlines, crowding, uploads, manual, unit, port_file):
            part(tap, directory)
    finally:
        directory.remove()
    tap.end()


main()
