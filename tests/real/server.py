# SPDX-License-Identifier: Apache-2.0
"""A real countersignd on loopback in a folder of its own, with tokens."""
import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

BUILD = os.path.abspath(os.environ.get("top_builddir", "."))
SOURCE = os.path.abspath(os.environ.get("top_srcdir", "."))
SHARED = os.path.abspath(os.environ.get("COUNTERSIGN_SHARED", os.path.join(SOURCE, "..", "shared")))
REAL = os.path.join(SHARED, "data", "real")


class Server:
    """program: countersignd to use; folder is removed by close()."""

    def __init__(self, program=None, client=None):
        self.dir = tempfile.mkdtemp(prefix="countersign-test-")
        self.data = os.path.join(self.dir, "data")
        self.program = program or os.path.join(BUILD, "countersignd")
        self.client = client or os.path.join(BUILD, "countersign")
        self.process = None
        self.url = None
        self.log = open(os.path.join(self.dir, "server.log"), "ab")

    def ctl(self, *args, check=True):
        return subprocess.run([self.program, *args[:2], "--data", self.data, *args[2:]],
                              text=True, capture_output=True, check=check, timeout=120)

    def load(self, queues, overlay=None):
        extra = ["--overlay", overlay] if overlay else []
        return self.ctl("queue", "load", queues, *extra)

    def token(self, name, role, *queues):
        args = []
        for queue in queues or ("*",):
            args += ["--queue", queue]
        out = self.ctl("token", "add", "--name", name, "--role", role, *args).stdout
        token = next(w for w in out.replace('"', " ").split() if w.startswith("cst_"))
        path = os.path.join(self.dir, name + ".token")
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(fd, "w") as f:
            f.write(token + "\n")
        return path

    def start(self, port=0, env=None):
        port_file = os.path.join(self.dir, "port")
        if os.path.exists(port_file):
            os.unlink(port_file)
        self.process = subprocess.Popen(
            [self.program, "serve", "--data", self.data, "--listen", f"127.0.0.1:{port}",
             "--port-file", port_file], stdin=subprocess.DEVNULL, stderr=self.log,
            stdout=subprocess.DEVNULL, env=dict(os.environ, **(env or {})))
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                with open(port_file) as f:
                    number = f.read().strip()
                if number:
                    self.url = f"http://{number}"
                    return self.url
            except FileNotFoundError:
                pass
            if self.process.poll() is not None:
                raise AssertionError("the server ended at once: " + self.tail())
            time.sleep(0.01)
        raise AssertionError("the server did not listen: " + self.tail())

    def tail(self):
        with open(self.log.name, "rb") as f:
            return f.read()[-2000:].decode(errors="replace")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        status = self.process.returncode if self.process else None
        self.process = None
        return status

    def env(self, name):
        """Environment of a person with a store of their own."""
        keep = {k: v for k, v in os.environ.items() if not k.startswith("COUNTERSIGN_")}
        return dict(keep, COUNTERSIGN_SERVER=self.url or "http://127.0.0.1:9",
                    COUNTERSIGN_TOKEN_FILE=os.path.join(self.dir, name + ".token"),
                    COUNTERSIGN_STORE=os.path.join(self.dir, name + ".store"),
                    XDG_CONFIG_HOME=os.path.join(self.dir, "no-config"), HOME=self.dir,
                    LC_ALL="C.UTF-8")

    def run(self, name, *args, check=True, timeout=300):
        return subprocess.run([self.client, *args], env=self.env(name), text=True,
                              capture_output=True, check=check, timeout=timeout,
                              stdin=subprocess.DEVNULL)

    def json(self, name, *args):
        """Lines of JSON that a subcommand printed."""
        return [json.loads(line) for line in self.run(name, *args, "--json").stdout.splitlines()]

    def call(self, name, method, path, body=None):
        """(status, document) of a route, with the token of name."""
        with open(os.path.join(self.dir, name + ".token"), encoding="ascii") as f:
            token = f.read().strip()
        request = urllib.request.Request(
            self.url + path, method=method, data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": "Bearer " + token, "Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as e:
            return e.code, json.load(e)

    def close(self):
        self.stop()
        self.log.close()
        shutil.rmtree(self.dir, ignore_errors=True)
