#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Random texts near JSON: the pre-scan's verdict, offset, line and pointer
against an independent reading of the same rules (tests/vectors/scan.py), and
the canonical text of what both accept. Prints TAP.

  COUNT=n  how many (default 200,000)   SEED=n  (default 1)
"""

import os
import random
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "vectors"))
import canon  # noqa: E402
import scan  # noqa: E402

BATCH = 5000
KEYS = ['"a"', '"b"', '"\\u0061"', '"~"', '"a/b"', '""', '"\xe9"', '"\\ud83d\\ude02"', '"\U0001f602"',
        '"\ufb33"', '"proposals"', '"A\\n"']
SCALARS = ["0", "-0", "1", "-1.5", "1e2", "0.1", "1e308", "1.8e308", "5e-324", "2e-324",
           "9007199254740991", "9007199254740992", "-9007199254740992", "12345678901234567.5",
           "0.12345678901234567", "100000000000000000000000.0", "1.7976931348623158e308",
           "1.7976931348623159e308", "2.4703282292062327e-324", "2.4703282292062328e-324",
           "0e999999999999", "1e-99999999999", "0.000000000000000000000000001", "01", "1.", "-",
           "true", "false", "null", "tru", "nul", '"x"', '"\\ud800"', '"\\udc00\\ud800"',
           '"\\u0000"', '"\\x"', '"\t"', '"\xe9"', '"\U0001f602"', '"\\\\"', '"abcdefghijklmnop"']


def build(rng, depth):
    what = rng.random()
    if depth <= 0 or what < 0.5:
        return rng.choice(SCALARS)
    if what > 0.97:                 # a deep one, straight down
        n = rng.choice([28, 31, 32, 33, 36])
        return "[" * n + rng.choice(SCALARS) + "]" * n
    blank = rng.choice(["", "", "", " ", "\n", "\r\n\t"])
    n = rng.choice([0, 1, 2, 3, 3, 4, 20 if depth < 3 else 5])
    if what < 0.75:
        return "[" + ("," + blank).join(build(rng, depth - 1) for _ in range(n)) + blank + "]"
    keys = [rng.choice(KEYS) if rng.random() < 0.3 else '"k%d"' % i for i in range(n)]
    return "{" + blank + ",".join(k + ":" + blank + build(rng, depth - 1) for k in keys) + "}"


def spoil(rng, data):
    """Some bytes other than they were."""
    out = bytearray(data)
    for _ in range(rng.choice([0, 0, 1, 1, 2])):
        at = rng.randrange(len(out) + 1)
        how = rng.randrange(4)
        if how == 0:
            out[at:at] = bytes([rng.randrange(256)])
        elif how == 1:
            out[at:at + 1] = b""
        elif how == 2:
            out[at:at + 1] = bytes([rng.choice(b'{}[],:"\\eE.+-019tfn \n\x00\xff\xed\xa0')])
        else:
            out[at:] = b""
    return bytes(out)


def expected(data, limits):
    found = scan.check(data, scan.LIMITS[limits])
    if not found:
        return "ok"
    word, offset, line, pointer = found
    return "%s %d %d %s" % (word, offset, line, pointer.encode().hex())


def main():
    program = os.path.join(os.environ.get("top_builddir", "."), "tests/long/wire_filter")
    rng = random.Random(int(os.environ.get("SEED", "1")))
    count = int(os.environ.get("COUNT", "200000"))
    wrong, accepted = [], 0
    for _ in range(0, count, BATCH):
        texts = []
        for _ in range(min(BATCH, count)):
            data = spoil(rng, build(rng, rng.choice([1, 2, 3])).encode())
            if rng.random() < 0.1:
                data = b'{"proposals":[' + data + b"]}"
            texts.append((rng.choice(["document", "body", "batch"]), data))
        asked = "".join("scan %s %s\njcs %s\n" % (l, d.hex(), d.hex()) for l, d in texts)
        got = subprocess.run([program], input=asked, stdout=subprocess.PIPE, check=True,
                             universal_newlines=True).stdout.split("\n")[:-1]
        for i, (limits, data) in enumerate(texts):
            want = expected(data, limits)
            if got[2 * i].rstrip() != want.rstrip():
                wrong.append("%s %r: %s, not %s" % (limits, data, got[2 * i], want))
            if scan.check(data, scan.DOCUMENT) is None:
                accepted += 1
                if got[2 * i + 1] != canon.canon_text(data.decode()).hex():
                    wrong.append("jcs of %r: %s" % (data, got[2 * i + 1]))
    print("1..2")
    for line in wrong[:20]:
        print("# " + line)
    print("%s 1 - %d texts judged alike" % ("not ok" if wrong else "ok", count))
    enough = accepted > count // 20
    print("%s 2 - %d of them were JSON" % ("ok" if enough else "not ok", accepted))
    return 1 if wrong or not enough else 0


if __name__ == "__main__":
    sys.exit(main())
