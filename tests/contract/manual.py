#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every command and every option of countersign stands in its manual page."""
import os
import re
import subprocess

BUILD = os.environ.get("top_builddir", ".")
SOURCE = os.environ.get("top_srcdir", ".")
ENV = dict(os.environ, LC_ALL="C.UTF-8")


def out(*args):
    return subprocess.run([os.path.join(BUILD, "countersign"), *args], env=ENV, text=True,
                          capture_output=True, check=True, timeout=20).stdout


def missing(manual):
    found = []
    commands = re.findall(r"^  (\w+) ", out("--help"), re.M)
    for command in commands:
        if not re.search(r'^\.BI? "?%s\b|^\.BR %s\b' % (command, command), manual, re.M):
            found.append("command " + command)
        for option in re.findall(r"--([a-z-]+)", "\n".join(
                re.findall(r"^  (?:-\w, )?--[a-z-]+", out(command, "--help"), re.M))):
            if "\\-\\-" + option.replace("-", "\\-") not in manual:
                found.append(f"option --{option} of {command}")
    return commands, found


with open(os.path.join(SOURCE, "data/countersign.1"), encoding="utf-8") as f:
    page = f.read()
commands, found = missing(page)
print("1..2")
ok = len(commands) >= 15 and not found
print(f"{'ok' if ok else 'not ok'} 1 - the manual page names all {len(commands)} commands and their options")
for line in found:
    print("# missing: " + line)
planted = missing(page.replace("\\-\\-csv", ""))[1]
print(f"{'ok' if planted else 'not ok'} 2 - an option taken out of the page is found")
raise SystemExit(0 if ok and planted else 1)
