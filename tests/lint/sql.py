#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""SQL is constant text and values are bound: no statement is put together with
a format, and migrations that are there are plain SQL with a licence line."""
import os
import re
from source import TOP, Tap, blank, files, read

FORMAT = re.compile(r'(?:printf|buf_addf)\s*\([^;]*?"(?:\s*)(?:SELECT|INSERT|UPDATE|DELETE|REPLACE|PRAGMA|CREATE|DROP|ALTER)\b[^;]*;',
                    re.S)


def violations(path, text):
    code = blank(text, strings=False)
    return [f"{path}:{code.count(chr(10), 0, m.start()) + 1}: a statement is made with a format"
            for m in FORMAT.finditer(code) if "%s" in m.group(0)]


def migrations():
    folder = os.path.join(TOP, "data")
    found = []
    for name in sorted(n for n in os.listdir(folder) if n.endswith(".sql")):
        with open(os.path.join(folder, name), encoding="utf-8") as f:
            text = f.read()
        if not text.startswith("-- SPDX-License-Identifier: Apache-2.0"):
            found.append(f"data/{name}: the licence line is missing")
        if not re.match(r"(store|server)-\d{3}-[a-z0-9-]+\.sql$", name):
            found.append(f"data/{name}: is not named side-NNN-what.sql")
        if re.search(r"^\s*PRAGMA\s+user_version", text, re.M):
            found.append(f"data/{name}: the version is moved by the program")
    return found


tap = Tap()
found = []
for path in files(".c"):
    found += violations(path, read(path))
tap.check("no statement is made with a format", found)
tap.check("migrations are numbered and leave the version to the program", migrations())
tap.bites("a value printed into a statement",
          violations("x.c", 'mem_printf("SELECT * FROM t WHERE id=\'%s\'", id);'))
tap.check("a bound value passes", violations("x.c", 'db_run(db, "SELECT * FROM t WHERE id=?", "s", id);'))
tap.end()
