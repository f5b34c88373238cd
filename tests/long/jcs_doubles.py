#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Random and special doubles: the wire's number text against an independent one
(shortest digits by repr(), form by ECMAScript). Prints TAP.

  COUNT=n  how many random ones (default 1,000,000)   SEED=n  (default 1)
"""

import os
import random
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "vectors"))
import canon  # noqa: E402

BATCH = 20000


def special():
    """Edges: powers of ten and two, their neighbours, the rims of the forms."""
    import struct
    for e in range(-324, 309):
        bits = struct.unpack(">Q", struct.pack(">d", float("1e%d" % e)))[0]
        for near in range(-2, 3):
            yield bits + near if bits + near >= 0 else 0
    for e in range(-1074, 1024):
        bits = struct.unpack(">Q", struct.pack(">d", 2.0 ** e))[0]
        for near in range(-1, 2):
            yield max(bits + near, 0)
    for n in range(2000):
        yield struct.unpack(">Q", struct.pack(">d", 2.0 ** 53 - 1000 + n))[0]


def randoms(rng, count):
    for _ in range(count):
        bits = rng.getrandbits(64)
        if bits >> 52 & 0x7ff != 0x7ff:
            yield bits


def main():
    build = os.environ.get("top_builddir", ".")
    program = os.path.join(build, "tests/long/wire_filter")
    rng = random.Random(int(os.environ.get("SEED", "1")))
    every = list(special()) + list(randoms(rng, int(os.environ.get("COUNT", "1000000"))))
    wrong = []
    for at in range(0, len(every), BATCH):
        part = every[at:at + BATCH]
        asked = "".join("double %016x\n" % b for b in part)
        got = subprocess.run([program], input=asked, stdout=subprocess.PIPE, check=True,
                             universal_newlines=True).stdout.split("\n")[:-1]
        if len(got) != len(part):
            wrong.append("%d answers for %d" % (len(got), len(part)))
        for bits, text in zip(part, got):
            want = canon.number(canon.from_bits(bits))
            if text != want:
                wrong.append("%016x: %s, not %s" % (bits, text, want))
    print("1..1")
    for line in wrong[:20]:
        print("# " + line)
    print("%s 1 - %d doubles as ECMAScript writes them" % ("not ok" if wrong else "ok",
                                                           len(every)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
