# SPDX-License-Identifier: Apache-2.0
"""What looks random in the vectors, from words: the same at every run."""

import hashlib

import canon


def raw(word, size):
    """size bytes that belong to this word."""
    out, n = b"", 0
    while len(out) < size:
        out += hashlib.sha256(b"countersign vectors %d " % n + word.encode()).digest()
        n += 1
    return out[:size]


def salt(word):
    return raw("salt " + word, 16).hex()


def uuid7(ms, random10):
    """RFC 9562 5.7: 48 bits of time, version, 12 random, variant, 62 random."""
    n = ms << 80 | int.from_bytes(random10, "big")
    n = n & ~(0xf << 76) | 7 << 76
    n = n & ~(3 << 62) | 2 << 62
    h = "%032x" % n
    return "-".join((h[:8], h[8:12], h[12:16], h[16:20], h[20:]))


def ident(word, ms=1793971646000):
    return uuid7(ms, raw("id " + word, 10))


def sha256(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def digest(value):
    """Over the canonical text."""
    return sha256(canon.canon(value))


def salted(salt_hex, value):
    return sha256(bytes.fromhex(salt_hex) + canon.canon(value))
