#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Files of at most 1,000 lines, functions of at most 100, fewer than 2 % of
them above 60; rooms of at most 16 files (then split by subject)."""
import os
from source import Tap, files, functions, read

FILE_LINES, FUNCTION_LINES, LONG, LONG_SHARE, ROOM_FILES = 1000, 100, 60, 0.02, 16


def file_violations(path, text):
    lines = text.count("\n")
    found = [f"{path}: {lines} lines, at most {FILE_LINES}"] if lines > FILE_LINES else []
    for name, first, last in functions(text):
        if last - first + 1 > FUNCTION_LINES:
            found.append(f"{path}:{first}: {name}() has {last - first + 1} lines, at most {FUNCTION_LINES}")
    return found


tap = Tap()
found, lengths, rooms = [], [], {}
for path in files(".c"):
    text = read(path)
    found += file_violations(path, text)
    lengths += [(last - first + 1, f"{path}:{first}: {name}()") for name, first, last in functions(text)]
    folder = os.path.dirname(path)
    rooms[folder] = rooms.get(folder, 0) + 1
tap.check("no file and no function is too long", found)
long_ones = sorted((l for l in lengths if l[0] > LONG), reverse=True)
share = len(long_ones) / max(1, len(lengths))
tap.check(f"fewer than {LONG_SHARE:.0%} of {len(lengths)} functions have more than {LONG} lines ({share:.1%})",
          [f"{where} {n} lines" for n, where in long_ones] if share >= LONG_SHARE else [])
tap.check(f"no folder holds more than {ROOM_FILES} files",
          [f"{r}: {n} files" for r, n in sorted(rooms.items()) if n > ROOM_FILES and not r.endswith("cmd")])
tap.bites("a function of 101 lines",
          file_violations("x.c", "int f(void)\n{\n" + "\tg();\n" * 98 + "}\n"))
tap.bites("a file of 1,001 lines", file_violations("x.c", "\n" * 1001))
tap.check("a function of 100 lines passes",
          file_violations("x.c", "int f(void)\n{\n" + "\tg();\n" * 97 + "}\n"))
tap.end()
