#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Hostile requests against the live socket: no hidden request is executed."""
import codecs
import os
import re

from server import Directory, HERE, Server, Tap


def cases():
    """(name, statuses allowed, lines) from hostile.txt."""
    name, expect, lines = None, [], []
    with open(os.path.join(HERE, "hostile.txt"), encoding="ascii") as f:
        text = re.sub(r"^#.*\n", "", f.read(), flags=re.M)
    for block in re.split(r"^== ", text, flags=re.M)[1:]:
        name, expect, *lines = block.rstrip("\n").split("\n")
        yield name, expect.split()[1:], lines


HIDDEN = ('{"external_id":"hidden-%d","queue":"receipts","kind":"extraction",'
          '"model":{"name":"m","version":"1"},"safety_class":"bounded",'
          '"sources":[],"proposed":{"fields":{"total":{"value":"1.00"}}}}')


def request(lines, token, number):
    out = b""
    auth = b"Authorization: Bearer " + token.encode() + b"\r\n"
    for line in lines:
        if line == "@auth":
            out += auth
        elif line == "@hidden":
            body = (HIDDEN % number).encode()
            out += (b"POST /v1/proposals HTTP/1.1\r\nHost: a\r\n" + auth
                    + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        elif line.startswith("@fill "):
            out += b"a" * int(line[6:])
        elif line.endswith("\\") and not line.endswith("\\\\"):
            out += codecs.escape_decode(line[:-1].encode())[0]
        else:
            out += codecs.escape_decode(line.encode())[0] + b"\r\n"
    return out


def main():
    tap = Tap()
    directory = Directory()
    try:
        with Server(directory.copy(), directory.tokens) as s:
            control(tap, s)
            for number, (name, expect, lines) in enumerate(cases(), 1):
                one(tap, s, name, expect, request(lines, s.tokens["producer"], number))
            # Every hidden proposal must still be new: not one was stored.
            stored = 0
            for number in range(1, tap.count):
                a = s.call("POST", "/v1/proposals", "producer", (HIDDEN % number).encode())
                stored += a.status != 201
            tap.ok(stored == 0, "of %d hidden requests none was executed" % (tap.count - 1), stored)
    finally:
        directory.remove()
    tap.end()


def control(tap, s):
    """The same bytes in an honest pipeline are executed: the test bites."""
    data = request(["GET /healthz HTTP/1.1", "Host: a", "", "@hidden"], s.tokens["producer"], 0)
    got = s.raw(data)
    tap.ok(len(re.findall(rb"HTTP/1\.1 \d\d\d ", got)) == 2 and b" 201 " in got,
           "a second request that is not hidden is executed", got)


def one(tap, s, name, expect, data):
    try:
        got = s.raw(data, 20)
    except TimeoutError:
        tap.ok(False, name, "it neither answers nor closes")
        return
    answers = re.findall(rb"^HTTP/1\.1 (\d\d\d) ", got, re.M)
    refused = {a.decode() for a in answers} or {"none"}
    # Ours are problem documents; what the library refuses before it calls us
    # is a page of its own, and some of those it sends twice.
    ours = b"problem+json" in got and len(answers) == 1
    alive = s.call("GET", "/healthz").status == 200
    tap.ok(refused <= set(expect) and (not answers or ours or b"<html>" in got) and alive, name,
           "answers: %s, allowed: %s" % ([a.decode() for a in answers], expect), got[:600])


main()
