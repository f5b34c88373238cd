# SPDX-License-Identifier: Apache-2.0
"""A real countersignd on a loopback port, for the scripts of this folder.

Nothing here shares code with the programs: canonical JSON, digests and the
Merkle tree come from tests/vectors, which was written from the RFCs.
"""
import hashlib
import http.client
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(1, os.path.join(HERE, "..", "vectors"))
import seed            # noqa: E402
from canon import canon  # noqa: E402

BUILD = os.environ.get("top_builddir", ".")
SHARED = os.environ.get("COUNTERSIGN_SHARED", os.path.join(HERE, "..", "..", "..", "shared"))
PATIENCE_S = 60   # until something that must happen has happened

TOKENS = {   # name in the cases: (principal, role, queue)
    "producer": ("producer-1", "producer", "*"),
    "producer2": ("producer-2", "producer", "*"),
    "reviewer": ("reviewer-1", "reviewer", "*"),
    "reviewer2": ("reviewer-2", "reviewer", "*"),
    "reviewer3": ("reviewer-3", "reviewer", "intents"),
    "lead": ("lead-1", "lead", "*"),
    "supervisor": ("supervisor-1", "supervisor", "*"),
    "supervisor2": ("supervisor-2", "supervisor", "*"),
    "auditor": ("auditor-1", "auditor", "*"),
    "revoked": ("reviewer-9", "reviewer", "*"),
}


def program(hooked=False):
    return os.path.join(BUILD, "tests/hooked/countersignd" if hooked else "countersignd")


def command(*args, hooked=False, **kw):
    """Runs a subcommand; the finished process with its output as text."""
    env = dict(os.environ, LC_ALL="C.UTF-8", **kw.pop("env", {}))
    return subprocess.run([program(hooked), *args], capture_output=True, text=True, env=env,
                          timeout=PATIENCE_S, **kw)


def done(*args, **kw):
    r = command(*args, **kw)
    if r.returncode != 0:
        raise RuntimeError("%s ended %d: %s" % (" ".join(args), r.returncode, r.stderr))
    return r.stdout


class Directory:
    """A data directory with the test queues and everybody's token, made once
    and copied for each server."""
    def __init__(self):
        self.top = tempfile.mkdtemp(prefix="countersign-contract-")
        self.path = os.path.join(self.top, "template")
        done("queue", "load", "--data", self.path, os.path.join(HERE, "queues.json"))
        self.tokens = {}
        for key, (name, role, queue) in TOKENS.items():
            out = done("token", "add", "--data", self.path, "--name", name, "--role", role,
                       "--queue", queue)
            self.tokens[key] = out.strip()
        done("token", "revoke", "--data", self.path, "--name", TOKENS["revoked"][0])
        self.count = 0

    def copy(self):
        self.count += 1
        path = os.path.join(self.top, "data-%d" % self.count)
        shutil.copytree(self.path, path)
        return path

    def remove(self):
        shutil.rmtree(self.top, ignore_errors=True)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.bytes = status, headers, body

    @property
    def json(self):
        return json.loads(self.bytes)


class Server:
    """countersignd serve on a free port. with Server(dir) as s: …"""
    def __init__(self, data, tokens=None, options=(), hooked=False, env=None):
        self.data, self.tokens = data, tokens or {}
        self.options, self.hooked, self.env = list(options), hooked, env or {}
        self.process = self.port = None
        self.clock_file = os.path.join(data, "..", os.path.basename(data) + ".clock")

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exc):
        self.kill()

    def start(self):
        env = dict(os.environ, LC_ALL="C.UTF-8", COUNTERSIGN_CLOCK_FILE=self.clock_file, **self.env)
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [program(self.hooked), "serve", "--data", self.data, "--listen", "127.0.0.1:0",
             *self.options], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.log, env=env)
        until = time.monotonic() + PATIENCE_S
        while True:
            for line in self.logged().splitlines():
                if " server.listening " in line:
                    self.port = int(line.split("address=127.0.0.1:")[1].split()[0])
                    return
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("countersignd did not start: " + self.logged())
            time.sleep(0.01)

    def logged(self):
        self.log.seek(0)
        return self.log.read().decode("utf-8", "replace")

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def wait(self):
        status = self.process.wait(PATIENCE_S)
        return status

    def stop(self):
        self.terminate()
        return self.wait()

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.log.close()

    def clock(self, offset_ms):
        """Moves the wall and the boot-time clock of a hooked server."""
        with open(self.clock_file + ".new", "w") as f:
            f.write(str(offset_ms))
        os.rename(self.clock_file + ".new", self.clock_file)

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)

    def call(self, method, path, token=None, body=None, headers=None, connection=None):
        """token: a name of TOKENS, a whole token, or None. body: a document,
        or bytes as they are."""
        headers = dict(headers or {})
        if token is not None:
            headers["Authorization"] = "Bearer " + self.tokens.get(token, token)
        if body is not None and not isinstance(body, (bytes, bytearray)):
            body = json.dumps(body, ensure_ascii=False).encode()
            headers.setdefault("Content-Type", "application/json")
        c = connection or self.connect()
        try:
            c.request(method, path, body=body, headers=headers)
            r = c.getresponse()
            return Answer(r.status, {k.lower(): v for k, v in r.getheaders()}, r.read())
        finally:
            if not connection:
                c.close()

    def raw(self, data, patience_s=PATIENCE_S):
        """Sends bytes, returns everything until the server closes."""
        got = b""
        with socket.create_connection(("127.0.0.1", self.port), timeout=patience_s) as s:
            try:   # the server may close before it has read everything
                s.sendall(data)
                s.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            try:
                while piece := s.recv(65536):
                    got += piece
            except ConnectionResetError:
                pass
        return got


class Call(threading.Thread):
    """A call under way: Call(server, "GET", path, …).answer() joins it."""
    def __init__(self, server, *args, **kw):
        super().__init__(daemon=True)
        self.result = self.error = None

        def work():
            try:
                self.result = server.call(*args, **kw)
            except Exception as e:   # handed to the test that joins
                self.error = e
        self.run = work
        self.start()

    def answer(self):
        self.join(PATIENCE_S)
        if self.error:
            raise self.error
        return self.result


# --- digests (tests/vectors: written from the RFCs, not from the programs) ------

def digest(v):
    return "sha256:" + hashlib.sha256(canon(v)).hexdigest()


def salted(salt_hex, v):
    return "sha256:" + hashlib.sha256(bytes.fromhex(salt_hex) + canon(v)).hexdigest()


def uuid7():
    return seed.uuid7(int(time.time() * 1000), secrets.token_bytes(10))


def decision(lease, device, seq, content=None, **members):
    """Envelope and content of a decision on a lease, with every digest."""
    hashed = dict({"value": None, "message": None, "note": None}, **(content or {}))
    salt = secrets.token_hex(16)
    out = {
        "id": uuid7(), "review": lease["review"], "revision": lease["revision"],
        "token": lease["token"], "outcome": "approve", "fields": {}, "reasons": [], "route": None,
        "shown": digest({"definition": lease["definition"], "proposal": lease["digest"],
                         "view": lease["view"]}),
        "policy": lease["policy"], "guide": lease["guide"], "checked_against": [],
        "opened_at": "2026-11-02T13:27:26.000Z", "decided_at": "2026-11-02T13:27:32.000Z",
        "active_ms": 6000, "panes": [], "blind": None, "amends": None, "renderer": 1,
        "flags_shown": [], "content_digest": salted(salt, hashed), "device": device, "seq": seq,
        "signature": None, "content": dict(hashed, salt=salt)}
    out.update(members)
    return out


# --- TAP ---------------------------------------------------------------------

class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def ok(self, good, name, *notes):
        self.count += 1
        self.failed += not good
        print("%s %d - %s" % ("ok" if good else "not ok", self.count, name))
        if not good:
            for note in notes:
                for line in str(note).splitlines()[:40]:
                    print("# " + line[:400])
        sys.stdout.flush()
        return good

    def skip(self, name, why):
        self.count += 1
        print("ok %d - %s # SKIP %s" % (self.count, name, why))

    def end(self):
        print("1..%d" % self.count)
        sys.exit(self.failed > 0)
