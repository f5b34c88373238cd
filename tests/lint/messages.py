#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every sentence for people is marked for translation, and every file that
has one is listed in po/POTFILES.in."""
import re
from source import Tap, blank, files, read

# A literal on a line (or the next) with one of these is not for people.
NOT_FOR_PEOPLE = re.compile(r"log_event|crash_point|sqlite3_|\bSQL|stmt|prepare|_Static_assert|assert\(|no-translate")
ROOMS = ("app", "ui", "view", "work", "server")
MARK = re.compile(r"(?:\b_|\bN_|\bC_|\bngettext|\bgettext)\s*\(\s*$|(?:\b_|\bN_|\bngettext|\bC_)\s*\([^()]*$")


def listed():
    return {line.strip() for line in read("po/POTFILES.in").splitlines()
            if line.strip() and not line.startswith("#")}


def unmarked(path, text):
    """String literals with at least two words that stand in no marker."""
    found = []
    code = blank(text, strings=False)
    raw = code.split("\n")
    for m in re.finditer(r'"((?:\\.|[^"\\\n])*)"', code):
        words = re.sub(r"%[-+ #0-9.*]*[a-z]*|\\.", " ", m.group(1))
        if not re.search(r"[A-Za-z]{2,} [A-Za-z]{2,}", words):
            continue
        before = code[:m.start()]
        # Adjacent literals belong to the marker of the first.
        before = re.sub(r'(?:"(?:\\.|[^"\\\n])*"\s*)+$', "", before)
        line = code.count("\n", 0, m.start())
        if MARK.search(before[-300:].split(";")[-1]) or NOT_FOR_PEOPLE.search(raw[line]) \
                or (line and NOT_FOR_PEOPLE.search(raw[line - 1])):
            continue
        found.append(f"{path}:{line + 1}: not marked: \"{m.group(1)[:60]}\"")
    return found


def unmarked_errors(path, text):
    found = []
    for m in re.finditer(r"\berr_(?:set|errno)\s*\(([^;]*);", blank(text, strings=False)):
        args = m.group(1)
        if '"' in args and not re.search(r"N_\(", args):
            line = text.count("\n", 0, m.start()) + 1
            found.append(f"{path}:{line}: the message of an error is not marked N_()")
    return found


tap = Tap()
have = listed()
marked = [p for p in files(".c", ".h")
          if p != "src/base/msg.h" and re.search(r"\b(?:_|N_|ngettext|C_)\s*\(\s*\"", blank(read(p), strings=False))]
tap.check("files with messages are listed in po/POTFILES.in",
          [f"{p} is not listed" for p in marked if p not in have])
tap.check("po/POTFILES.in lists only files with messages",
          [f"{p} has none" for p in sorted(have) if p not in marked])
found = []
for path in files(".c"):
    if path.split("/")[1] in ROOMS:
        found += unmarked(path, read(path))
    found += unmarked_errors(path, read(path))
tap.check("every sentence for people is marked", found)
tap.bites("a bare sentence", unmarked("src/app/x.c", 'puts("nothing to do");'))
tap.bites("a bare error", unmarked_errors("src/app/x.c", 'err_set(err, ERR_IO, "cannot open");'))
tap.check("a marked sentence passes", unmarked("src/app/x.c", 'puts(_("nothing "\n "to do"));'))
tap.end()
