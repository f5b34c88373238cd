# SPDX-License-Identifier: Apache-2.0
"""Reading C sources for the lints: files, text without comments, functions."""
import os
import re
import sys

TOP = os.environ.get("top_srcdir") or os.path.join(os.path.dirname(__file__), "..", "..")


def files(*suffixes, top=TOP):
    """Paths under src/ with one of the suffixes, relative to top, sorted."""
    found = []
    for folder, dirs, names in os.walk(os.path.join(top, "src")):
        dirs.sort()
        found += [os.path.relpath(os.path.join(folder, n), top)
                  for n in sorted(names) if n.endswith(suffixes)]
    return found


def read(path, top=TOP):
    with open(os.path.join(top, path), encoding="utf-8") as f:
        return f.read()


_TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def blank(text, strings=True):
    """The text with comments (and strings) replaced by spaces, lines kept."""
    def erase(m):
        t = m.group(0)
        if t[0] in "\"'":
            return t if not strings else t[0] + " " * (len(t) - 2) + t[0]
        return re.sub(r"[^\n]", " ", t)
    return _TOKEN.sub(erase, text)


def functions(text):
    """(name, first line, last line) of every function definition."""
    clean = blank(text)
    found, depth, head = [], 0, None
    lines = clean.split("\n")
    for n, line in enumerate(lines, 1):
        if depth == 0 and line.startswith("{"):
            back = n - 1
            while back > 0 and lines[back - 1].strip() and not lines[back - 1].startswith(("}", "#")):
                back -= 1
            signature = " ".join(lines[back:n - 1])
            m = re.search(r"(\w+)\s*\(", signature)
            head = (m.group(1) if m else "?", back + 1)
        depth += line.count("{") - line.count("}")
        if depth == 0 and head and line.startswith("}"):
            found.append((head[0], head[1], n))
            head = None
    return found


class Tap:
    """Prints TAP; a check is a list of violations, empty when all is well."""

    def __init__(self):
        self.count = 0
        self.failed = 0

    def check(self, name, violations):
        self.count += 1
        if violations:
            self.failed += 1
            print(f"not ok {self.count} - {name}: {violations[0]}"
                  + (f" (and {len(violations) - 1} more)" if len(violations) > 1 else ""))
            for v in violations:
                print("# " + v)
        else:
            print(f"ok {self.count} - {name}")

    def bites(self, name, violations):
        """A planted violation must be found."""
        self.check(name + ": a planted violation is found",
                   [] if violations else ["the planted violation was not found"])

    def end(self):
        print(f"1..{self.count}")
        sys.exit(1 if self.failed else 0)
