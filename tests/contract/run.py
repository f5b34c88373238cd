#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the contract cases (*.case) against a real countersignd.

A case is a text file; each gets a server with a fresh copy of one data
directory (queues.json, a token for each name in server.py).

  title: what it shows
  hooked: yes                      the test program, whose clock can be moved

  > METHOD PATH WHO [Header: value]…      a request; WHO is a token's name or -
  body, to the next line that begins with one of > < ! #
  < STATUS                         the answer's status
  what the body must have

  > … &name                        in the background; "! join name" brings the
                                   answer, then < as usual
  ! again                          the same request once more
  ! clock MS                       moves the server's clocks (hooked)
  ! restart                        stops it by SIGTERM and starts it again
  ! revoke NAME                    stops, revokes the principal's tokens, starts
  ! let NAME JSON                  keeps a value; "$new" is a new id
  ! hex NAME $digest               keeps the digits of a digest
  ! upload WHO BYTES               sets $sha to the digest, PUTs those bytes

Bodies are JSON with $name for a value kept earlier, and two short forms:
  {"$new": "receipts", "external_id": "a", …}    defaults.json, merged
  {"$decide": "$lease", "outcome": "approve", …}  a whole decision with its
      digests; "content": null leaves the content out; "as": "d" keeps it
In what is expected, members not named do not matter; "$name=" keeps a value,
"~RX" matches a pattern, "*" is anything but null, "!" is absent, and a list
that begins with "..." needs its other items somewhere, in any order.

Every exchange is also held against data/openapi.yaml, and at the end every
route must have been used.
"""
import copy
import glob
import hashlib
import json
import os
import re
import sys

from document import Document
from server import Call, Directory, HERE, Server, Tap, command, decision, done, uuid7


def merge(base, over):
    if not isinstance(base, dict) or not isinstance(over, dict):
        return copy.deepcopy(over)
    out = copy.deepcopy(base)
    for k, v in over.items():
        if v == "!":
            out.pop(k, None)
        else:
            out[k] = merge(out.get(k), v)
    return out


class Failure(Exception):
    pass


class Case:
    defaults = json.load(open(os.path.join(HERE, "defaults.json"), encoding="utf-8"))

    def __init__(self, path, directory, document):
        self.path, self.directory, self.document = path, directory, document
        self.vars = {"device": uuid7(), "device2": uuid7(), "device3": uuid7()}
        self.seq = {}
        self.background = {}
        self.used = set()
        with open(path, encoding="utf-8") as f:
            self.parse(f.read())

    def parse(self, text):
        self.head, self.steps = {}, []
        for n, line in enumerate(text.split("\n"), 1):
            if line.startswith("#"):
                continue
            if line[:2] in ("> ", "< ", "! "):
                self.steps.append([n, line[0], line[2:].strip(), ""])
            elif self.steps:
                self.steps[-1][3] += line + "\n"
            elif line.strip():
                key, value = line.split(":", 1)
                self.head[key] = value.strip()

    # --- values ---

    def fill(self, v):
        """The document with variables and short forms put in."""
        if isinstance(v, str):
            m = re.fullmatch(r"\$(\w+)((?:\.\w+)*)", v)
            if m:
                return self.get(m.group(1), m.group(2))
            return re.sub(r"\$\{(\w+)((?:\.\w+)*)\}", lambda m: str(self.get(m.group(1), m.group(2))), v)
        if isinstance(v, list):
            return [self.fill(i) for i in v]
        if isinstance(v, dict):
            if "$new" in v:
                return self.fill(merge(self.defaults[v["$new"]], {k: i for k, i in v.items() if k != "$new"}))
            v = {k: self.fill(i) for k, i in v.items()}
            return self.decide(v) if "$decide" in v else v
        return v

    def get(self, name, members=""):
        if name == "new":
            return uuid7()
        if name not in self.vars:
            raise Failure("$%s is not known" % name)
        v = self.vars[name]
        for m in members.split(".")[1:]:
            v = v[int(m)] if isinstance(v, list) else v[m]
        return v

    def decide(self, v):
        lease = v.pop("$decide")
        device = v.pop("device", self.vars["device"])
        content = {k: v.pop(k) for k in ("value", "message", "note") if k in v}
        with_content = v.pop("content", True)
        keep = v.pop("as", None)
        if "seq" not in v:
            v["seq"] = self.seq[device] = self.seq.get(device, 0) + 1
        out = decision(lease, device, content=content, **v)
        if not with_content:
            del out["content"]
        if keep:
            self.vars[keep] = out
        return out

    def match(self, want, got, at=""):
        if isinstance(want, str):
            if re.fullmatch(r"\$\w+=", want):
                self.vars[want[1:-1]] = got
                return
            if want.startswith("~"):
                if not isinstance(got, str) or not re.search(want[1:], got):
                    raise Failure("%s: %r does not match %s" % (at, got, want[1:]))
                return
            if want == "*":
                if got is None:
                    raise Failure("%s: nothing there" % at)
                return
            want = self.fill(want)
        if isinstance(want, dict):
            if not isinstance(got, dict):
                raise Failure("%s: %r is no object" % (at, got))
            for k, v in want.items():
                if v == "!":
                    if k in got:
                        raise Failure("%s/%s is there: %r" % (at, k, got[k]))
                elif k not in got:
                    raise Failure("%s/%s is missing in %s" % (at, k, json.dumps(got)[:400]))
                else:
                    self.match(v, got[k], "%s/%s" % (at, k))
        elif isinstance(want, list) and want[:1] == ["..."]:
            for i, item in enumerate(want[1:]):
                if not any(self.matches(item, g) for g in got):
                    raise Failure("%s: no item like %s in %s" % (at, json.dumps(item), json.dumps(got)[:800]))
        elif isinstance(want, list):
            if not isinstance(got, list) or len(want) != len(got):
                raise Failure("%s: %d items wanted, got %s" % (at, len(want), json.dumps(got)[:800]))
            for i, (w, g) in enumerate(zip(want, got)):
                self.match(w, g, "%s/%d" % (at, i))
        elif json.dumps(want, sort_keys=True) != json.dumps(got, sort_keys=True):
            raise Failure("%s: %s wanted, got %s" % (at, json.dumps(want), json.dumps(got)[:400]))

    def matches(self, want, got):
        before = dict(self.vars)
        try:
            self.match(want, got)
            return True
        except Failure:
            self.vars = before
            return False

    # --- steps ---

    def run(self):
        with Server(self.directory.copy(), self.directory.tokens,
                    hooked=self.head.get("hooked") == "yes") as self.server:
            for self.line, kind, words, text in self.steps:
                if kind == ">":
                    self.request(words, text.strip())
                elif kind == "<":
                    self.answer(words, text.strip())
                else:
                    self.act(*words.split())
            # Under the sanitizers a leak or a fault shows in the status.
            if self.server.stop() != 0:
                raise Failure("the server ended badly: " + self.server.logged()[-2000:])

    def request(self, words, text):
        words, _, name = words.partition(" &")
        words = re.sub(r"\$\{?(\w+(?:\.\w+)*)\}?", lambda m: str(
            self.get(m.group(1).split(".")[0], m.group(1)[len(m.group(1).split(".")[0]):])), words)
        method, target, who, headers = (words.split(None, 3) + [""])[:4]
        headers = dict(h.split(": ", 1) for h in headers.split("; ") if h)
        body = None
        if text.startswith("raw "):
            body = text[4:].encode()
        elif text:
            body = json.dumps(self.fill(json.loads(text)), ensure_ascii=False).encode()
        self.send(method, target, None if who == "-" else who, body, headers, name)

    def send(self, method, target, who, body, headers, name=""):
        self.last = (method, target, who, body, headers)
        if name:
            self.background[name] = (method, target, Call(self.server, method, target, who, body, headers))
        else:
            self.got(method, target, self.server.call(method, target, who, body, headers), body)

    def got(self, method, target, answer, body=None):
        self.result = answer
        faults = self.document.check_answer(method, target, answer)
        if answer.status < 300 and body and not target.startswith("/v1/blobs/") \
                and not re.search(rb'"problem":|"verdict":"invalid"', answer.bytes):
            faults += self.document.check_body(method, target, json.loads(body))
        if answer.headers.get("x-content-type-options") != "nosniff":
            faults.append("nosniff is missing")
        if faults:
            raise Failure("line %d: against data/openapi.yaml: %s\n%s" % (
                self.line, "; ".join(faults[:5]), answer.bytes[:1000]))
        if answer.status < 300:
            self.used.add((method, self.document.find(method, target)))

    def answer(self, words, text):
        status, *rest = words.split()
        if str(self.result.status) != status:
            raise Failure("line %d: status %s wanted, got %d: %s" % (
                self.line, status, self.result.status, self.result.bytes[:1500].decode("utf-8", "replace")))
        for header in " ".join(rest).split("; "):
            if header:
                key, value = header.split(": ", 1)
                if not re.search(value, self.result.headers.get(key.lower(), "")):
                    raise Failure("line %d: header %s is %r" % (self.line, key, self.result.headers.get(key.lower())))
        if text.startswith("text "):
            if not re.search(text[5:], self.result.bytes.decode()):
                raise Failure("line %d: %r" % (self.line, self.result.bytes[:500]))
        elif text:
            try:
                self.match(json.loads(text), self.result.json)
            except Failure as e:
                raise Failure("line %d: %s" % (self.line, e))

    def act(self, verb, *words):
        if verb == "again":
            self.send(*self.last)
        elif verb == "join":
            method, target, call = self.background.pop(words[0])
            self.got(method, target, call.answer())
        elif verb == "clock":
            self.server.clock(int(words[0]))
        elif verb == "restart":
            self.restart(lambda: None)
        elif verb == "revoke":
            self.restart(lambda: done("token", "revoke", "--data", self.server.data, "--name", words[0]))
        elif verb == "let":
            self.vars[words[0]] = self.fill(json.loads(" ".join(words[1:])))
        elif verb == "hex":
            self.vars[words[0]] = self.fill(words[1]).split(":")[1]
        elif verb == "upload":
            data = words[1].encode()
            self.vars["sha"] = hashlib.sha256(data).hexdigest()
            self.send("PUT", "/v1/blobs/" + self.vars["sha"], words[0], data, {})
        else:
            raise Failure("line %d: what is %s?" % (self.line, verb))

    def restart(self, between):
        status = self.server.stop()
        if status != 0:
            raise Failure("line %d: it ended %d: %s" % (self.line, status, self.server.logged()[-800:]))
        between()
        self.server.start()


def main():
    tap, document, directory = Tap(), Document(), Directory()
    used = set()
    only = sys.argv[1:]
    try:
        for path in sorted(glob.glob(os.path.join(HERE, "*.case"))):
            name = os.path.basename(path)[:-5]
            if only and name not in only:
                continue
            case = Case(path, directory, document)
            try:
                case.run()
                tap.ok(True, "%s: %s" % (name, case.head["title"]))
            except Exception as e:
                notes = [e] if isinstance(e, Failure) else ["%s: %s" % (type(e).__name__, e), "line %s" % getattr(case, "line", 0)]
                tap.ok(False, "%s: %s" % (name, case.head.get("title")), *notes)
            used |= case.used
        if not only:
            missing = sorted(set(document.operations()) - used)
            tap.ok(not missing, "every route of the document was used with success",
                   *["%s %s" % m for m in missing])
    finally:
        directory.remove()
    tap.end()


main()
