#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes data/vectors/*.json: the freeze of every format of the wire.

Independent of the C code: it knows data/formats.md and data/audit-log.md and
the standards they name, and nothing else (tests/vectors/: JCS, Ed25519, RFC
6962 and the pre-scan, each written from its text). Deterministic: run again it
gives the same bytes.

  make_vectors.py [DIRECTORY]     (default: data/vectors beside tests/)
"""

import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "vectors"))

import documents  # noqa: E402
import log  # noqa: E402
import small  # noqa: E402
import texts  # noqa: E402


def main():
    out = sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, "..", "data", "vectors")
    os.makedirs(out, exist_ok=True)
    files = {}
    for part in (texts, small, documents, log):
        files.update(part.vectors())
    for name, content in sorted(files.items()):
        with open(os.path.join(out, name + ".json"), "w", encoding="ascii", newline="\n") as f:
            json.dump(content, f, indent=1, ensure_ascii=True)
            f.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
