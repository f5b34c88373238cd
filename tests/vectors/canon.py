# SPDX-License-Identifier: Apache-2.0
"""RFC 8785 (JCS) from its text: parser with exact numbers, ES6 number form."""

import json
import struct


def number(d):
    """ECMAScript Number::toString of a finite double."""
    if d == 0:
        return "0"
    if d < 0:
        return "-" + number(-d)
    # repr() gives the shortest digits that read back; only the form differs.
    mantissa, _, exponent = repr(float(d)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    padded = whole + fraction
    digits = padded.lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(padded) - len(digits))
    digits = digits.rstrip("0")
    k, n = len(digits), point
    if k <= n <= 21:
        return digits + "0" * (n - k)
    if 0 < n <= 21:
        return digits[:n] + "." + digits[n:]
    if -6 < n <= 0:
        return "0." + "0" * -n + digits
    e = n - 1
    sign = "+" if e > 0 else "-"
    head = digits if k == 1 else digits[0] + "." + digits[1:]
    return head + "e" + sign + str(abs(e))


def text(s):
    out = ['"']
    short = {8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\"}
    for ch in s:
        c = ord(ch)
        if c in short:
            out.append(short[c])
        elif c < 0x20:
            out.append("\\u%04x" % c)
        else:
            out.append(ch)
    return "".join(out) + '"'


def units(s):
    """Sort key: UTF-16 code units."""
    return s.encode("utf-16-be")


def dump(v):
    """Canonical text of a Python value."""
    if v is None:
        return "null"
    if v is True:
        return "true"
    if v is False:
        return "false"
    if isinstance(v, str):
        return text(v)
    if isinstance(v, (int, float)):
        return number(float(v))
    if isinstance(v, (list, tuple)):
        return "[" + ",".join(dump(x) for x in v) + "]"
    keys = sorted(v, key=units)
    return "{" + ",".join(text(k) + ":" + dump(v[k]) for k in keys) + "}"


def canon(v):
    """Canonical bytes."""
    return dump(v).encode("utf-8")


def canon_text(source):
    """Canonical bytes of a JSON text."""
    return canon(json.loads(source))


def from_bits(bits):
    return struct.unpack(">d", struct.pack(">Q", bits))[0]
