#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Calls that are not used here, with what to call instead; licence lines."""
import re
from source import Tap, blank, files, read

BANNED = {
    "gets": "fgets", "strcpy": "utf8_copy or memcpy", "strcat": "struct buf", "sprintf": "snprintf",
    "vsprintf": "vsnprintf", "strncpy": "utf8_copy", "strncat": "struct buf", "strtok": "strcspn",
    "atoi": "strtol with a check", "atol": "strtol with a check", "atof": "strtod with a check",
    "malloc": "mem_alloc", "calloc": "mem_zalloc", "realloc": "mem_resize", "strdup": "mem_strdup",
    "strndup": "mem_strndup", "asprintf": "mem_printf", "time": "clock_now_ms", "gettimeofday": "clock_now_ms",
    "localtime": "localtime_r", "gmtime": "gmtime_r", "rand": "id_random", "random": "id_random",
    "system": "an explicit fork and exec", "popen": "an explicit fork and exec", "tmpnam": "mkstemp",
    "mktemp": "mkstemp", "alloca": "mem_alloc", "setjmp": "an error code", "longjmp": "an error code",
}
MAY = {("src/base/mem.c", "malloc"), ("src/base/mem.c", "calloc"), ("src/base/mem.c", "realloc")}
SCREEN = {"printf", "puts", "putchar", "perror", "fprintf", "fputs", "vprintf"}   # not in lower rooms
LOWER = ("model", "schema", "stats", "wire", "policy", "store", "net", "sync", "work", "view", "audit", "queue")


def violations(path, text):
    found = []
    if not text.startswith("/* SPDX-License-Identifier: Apache-2.0"):
        found.append(f"{path}:1: the licence line is missing")
    lower = path.split("/")[1] in LOWER
    for n, line in enumerate(blank(text).splitlines(), 1):
        for m in re.finditer(r"(?<![\w.>])(\w+)\s*\(", line):
            call = m.group(1)
            if call in BANNED and (path, call) not in MAY:
                found.append(f"{path}:{n}: {call}() is not used here; use {BANNED[call]}")
            if lower and call in SCREEN:
                found.append(f"{path}:{n}: {call}(): lower rooms never print")
        if line != line.rstrip():
            found.append(f"{path}:{n}: space at the end of the line") if read_raw(text, n) else None
    return found


def read_raw(text, n):
    line = text.split("\n")[n - 1]
    return line != line.rstrip()


tap = Tap()
found = []
for path in files(".c", ".h"):
    found += violations(path, read(path))
tap.check("no banned call, no missing licence line", found)
head = "/* SPDX-License-Identifier: Apache-2.0 */\n"
tap.bites("sprintf", violations("src/app/x.c", head + "sprintf(a, b);\n"))
tap.bites("printf in a lower room", violations("src/store/x.c", head + 'printf("x");\n'))
tap.bites("no licence line", violations("src/app/x.c", "int x;\n"))
tap.check("a word in a string or a comment passes",
          violations("src/app/x.c", head + '/* sprintf(a) */ const char *s = "system(x)";\n'))
tap.end()
