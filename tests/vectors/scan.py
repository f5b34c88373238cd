# SPDX-License-Identifier: Apache-2.0
"""The rules of data/formats.md, "Documents", as a recursive descent over bytes.

check(data, limits) gives None or (fault, offset, line, pointer).
"""

import re
from fractions import Fraction

POINTER_MAX = 159

DOCUMENT = dict(bytes=1 << 20, nodes=10000, depth=32)
BODY = dict(bytes=(1 << 20) + (1 << 16), nodes=10100, depth=34)
BATCH = dict(bytes=8 << 20, nodes=1010100, depth=36, items=100, item=BODY,
             members=("proposals", "decisions"))
LIMITS = {"document": DOCUMENT, "body": BODY, "batch": BATCH}

DIGIT, EXPONENT, SIGN = frozenset(b"0123456789"), frozenset(b"eE"), frozenset(b"+-")
SIMPLE = {b: c for b, c in zip(b'"\\/bfnrt', '"\\/\b\f\n\r\t')}


class Fault(Exception):
    def __init__(self, word, offset, place):
        Exception.__init__(self, word)
        self.word, self.offset, self.place = word, offset, place


def decode_at(data, i):
    """Length of the UTF-8 character at i, or 0."""
    for n in range(1, 5):
        try:
            if i + n <= len(data) and len(data[i:i + n].decode("utf-8")) == 1:
                return n
        except UnicodeDecodeError:
            pass
    return 0


def judge_number(token):
    """Fault word of a well-formed number, or None; by exact fractions."""
    if not re.search(rb"[.eE]", token):
        return "integer" if abs(int(token)) > 2**53 - 1 else None
    mantissa, _, exponent = token.lower().partition(b"e")
    digits = mantissa.replace(b"-", b"").replace(b".", b"").strip(b"0")
    if len(digits) > 17:
        return "digits"
    if not digits:
        return None
    scale = int(exponent or b"0")
    if abs(scale) > 5000000:
        return "overflow" if scale > 0 else "underflow"
    fraction = mantissa.partition(b".")[2]
    whole = mantissa.replace(b"-", b"").partition(b".")[0].strip()
    # Decide far cases by size, near ones exactly.
    top = len(whole.lstrip(b"0"))
    if not top:
        top = -(len(fraction) - len(fraction.lstrip(b"0")))
    if top + scale > 400:
        return "overflow"
    if top + scale < -400:
        return "underflow"
    exact = abs(Fraction(token.decode()))
    if exact >= Fraction(2)**1024 - Fraction(2)**970:   # rounds to infinity
        return "overflow"
    if exact <= Fraction(1, 2**1075):                   # rounds to zero
        return "underflow"
    return None


class Scan:
    def __init__(self, data, limits):
        self.data, self.limits = data, limits
        self.i = self.nodes = 0
        self.item = None            # (start, nodes before) of a batch item

    def fault(self, word, offset, place):
        raise Fault(word, offset, place)

    def unexpected(self, place):
        self.fault("syntax" if self.i < len(self.data) else "end", self.i, place)

    def white(self):
        while self.i < len(self.data) and self.data[self.i] in b" \t\r\n":
            self.i += 1

    def peek(self):
        return self.data[self.i] if self.i < len(self.data) else -1

    def unit(self, at):
        m = re.compile(rb"\\u([0-9a-fA-F]{4})").match(self.data, at)
        return int(m.group(1), 16) if m else None

    def escape(self, place):
        at = self.i
        if at + 1 >= len(self.data):
            self.fault("end", len(self.data), place)
        c = self.data[at + 1]
        if c in SIMPLE:
            self.i += 2
            return SIMPLE[c]
        unit = self.unit(at)
        if unit is None:
            self.fault("escape", at, place)
        if unit == 0:
            self.fault("nul", at, place)
        self.i += 6
        if 0xd800 <= unit < 0xe000:
            low = self.unit(at + 6)
            if unit >= 0xdc00 or low is None or not 0xdc00 <= low < 0xe000:
                self.fault("surrogate", at, place)
            self.i += 6
            unit = 0x10000 + ((unit - 0xd800) << 10) + low - 0xdc00
        return chr(unit)

    def string(self, place):
        out = []
        self.i += 1
        while True:
            c = self.peek()
            if c < 0:
                self.unexpected(place)
            if c == 0x22:
                self.i += 1
                return "".join(out)
            if c == 0x5c:
                out.append(self.escape(place))
            elif c < 0x20:
                self.fault("control", self.i, place)
            else:
                n = decode_at(self.data, self.i)
                if not n:
                    self.fault("utf8", self.i, place)
                out.append(self.data[self.i:self.i + n].decode())
                self.i += n

    def digits(self, place):
        if self.peek() not in DIGIT:
            self.unexpected(place)
        while self.peek() in DIGIT:
            self.i += 1

    def number(self, place):
        start = self.i
        if self.peek() == 0x2d:
            self.i += 1
        if self.peek() == 0x30:
            self.i += 1
        else:
            self.digits(place)
        if self.peek() == 0x2e:
            self.i += 1
            self.digits(place)
        if self.peek() in EXPONENT:
            self.i += 1
            if self.peek() in SIGN:
                self.i += 1
            self.digits(place)
        word = judge_number(self.data[start:self.i])
        if word:
            self.fault(word, start, place)

    def literal(self, word, place):
        for c in word:
            if self.peek() != c:
                self.unexpected(place)
            self.i += 1

    def count(self, place, depth, items):
        if items is not None:
            if items >= self.limits["items"]:
                self.fault("items", self.i, place)
            self.item = (self.i, self.nodes)
        self.nodes += 1
        if self.nodes > self.limits["nodes"] or (
                self.item and self.nodes - self.item[1] > self.limits["item"]["nodes"]):
            self.fault("nodes", self.i, place)

    def value(self, place, depth, items=None):
        """One value at place; depth containers stand around it."""
        self.white()
        if self.peek() < 0:
            self.unexpected(place)
        self.count(place, depth, items)
        c = self.peek()
        if c == 0x22:
            self.string(place)
        elif c in b"{[":
            if depth >= self.limits["depth"] or (
                    self.item and depth >= self.limits["item"]["depth"] + 2):
                self.fault("depth", self.i, place)
            self.i += 1
            (self.members if c == 0x7b else self.elements)(place, depth + 1)
        elif c in b"tfn":
            self.literal({0x74: b"true", 0x66: b"false", 0x6e: b"null"}[c], place)
        elif c in b"-0123456789":
            self.number(place)
        else:
            self.unexpected(place)
        if items is not None:
            self.item_end(self.item[0], place)
            self.item = None

    def item_end(self, start, place):
        limit = start + self.limits["item"]["bytes"]
        if self.i > limit:
            self.fault("bytes", limit, place)

    def elements(self, place, depth):
        self.white()
        if self.peek() == 0x5d:
            self.i += 1
            return
        batch = (depth == 2 and len(place) == 1 and "items" in self.limits
                 and place[0] in self.limits["members"])
        n = 0
        while True:
            self.value(place + (n,), depth, n if batch else None)
            self.white()
            if self.peek() == 0x5d:
                self.i += 1
                return
            if self.peek() != 0x2c:
                self.unexpected(place)
            self.i += 1
            n += 1

    def members(self, place, depth):
        self.white()
        if self.peek() == 0x7d:
            self.i += 1
            return
        seen = set()
        while True:
            self.white()
            if self.peek() != 0x22:
                self.unexpected(place)
            at = self.i
            key = self.string(place)
            if key in seen:
                self.fault("duplicate", at, place + (key,))
            seen.add(key)
            self.white()
            if self.peek() != 0x3a:
                self.unexpected(place + (key,))
            self.i += 1
            self.value(place + (key,), depth)
            self.white()
            if self.peek() == 0x7d:
                self.i += 1
                return
            if self.peek() != 0x2c:
                self.unexpected(place)
            self.i += 1


def pointer(place):
    out = b""
    for step in place:
        if isinstance(step, int):
            more = b"/%d" % step
            if len(out) + len(more) > POINTER_MAX:
                return out.decode()
            out += more
            continue
        pieces = ["/"] + [{"~": "~0", "/": "~1"}.get(c, c) for c in step]
        for piece in pieces:
            raw = piece.encode()
            if len(out) + len(raw) > POINTER_MAX:
                return out.decode()
            out += raw
    return out.decode()


def check(data, limits):
    scan = Scan(data, limits)
    fault = None
    if len(data) > limits["bytes"]:
        fault = Fault("bytes", limits["bytes"], ())
    else:
        try:
            scan.value((), 0)
            scan.white()
            if scan.i < len(data):
                scan.fault("trailing", scan.i, ())
        except Fault as f:
            fault = f
            if scan.item:
                limit = scan.item[0] + limits["item"]["bytes"]
                if f.offset >= limit:
                    fault = Fault("bytes", limit, f.place[:2])
    if not fault:
        return None
    line = 1 + data[:fault.offset].count(b"\n")
    return fault.word, fault.offset, line, pointer(fault.place)
