#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The vectors in data/vectors are what tests/make_vectors.py makes, byte for
byte, and there is none beside them. Prints TAP."""

import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
KEPT = os.path.join(HERE, "..", "..", "data", "vectors")


def contents(directory):
    out = {}
    for name in sorted(os.listdir(directory)):
        with open(os.path.join(directory, name), "rb") as f:
            out[name] = f.read()
    return out


def main():
    with tempfile.TemporaryDirectory() as made:
        env = dict(os.environ, PYTHONDONTWRITEBYTECODE="1", PYTHONHASHSEED="7", LC_ALL="C")
        subprocess.run([sys.executable, os.path.join(HERE, "..", "make_vectors.py"), made],
                       check=True, env=env)
        again = contents(made)
    kept = contents(KEPT)
    names = sorted(set(kept) | set(again))
    print("1..%d" % len(names))
    bad = 0
    for n, name in enumerate(names, 1):
        same = kept.get(name) == again.get(name)
        bad += not same
        print("%s %d - %s is made again as it is" % ("ok" if same else "not ok", n, name))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
