#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every sentence for people is marked for translation, and every file that
has one is listed in po/POTFILES.in. The catalogues keep formats, blanks and keys."""
import os
import re
import subprocess
from source import TOP, Tap, blank, files, read

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


DIRECTIVE = re.compile(r"%[-+ #0'\d.*$]*(?:<[A-Za-z0-9]+>|(?:hh|h|ll|l|z|j)?[A-Za-z%])")
# Keys are the same in all languages: their names, and letters that stand alone
# ("a", "A" and "I" are words, too).
KEY = re.compile(r"(?<![A-Za-z])(?:Enter|Esc|Tab|PgUp|PgDn|Space|Ctrl-[A-Z]|Alt-[A-Z]|:[a-z]{2,})(?![A-Za-z])"
                 r"|(?<![A-Za-z'’0-9-])[b-zB-HJ-Z](?![A-Za-z'’0-9])")
SHARE = 90   # per cent of the messages that a language must have


def catalogue(text):
    """(flags, msgid, translations) of the entries of a .po file."""
    found = []
    for block in re.split(r"\n\n+", text):
        lines = [line for line in block.split("\n") if not line.startswith("#")]
        parts = {}
        for line in lines:
            m = re.match(r"(msgid_plural|msgid|msgstr\[\d\]|msgstr|msgctxt)? ?\"(.*)\"$", line)
            if m:
                name = m.group(1) or name
                parts[name] = parts.get(name, "") + m.group(2)
        if parts.get("msgid"):
            found.append(("fuzzy" in " ".join(re.findall(r"^#,(.*)$", block, re.M)), parts["msgid"],
                          [v for k, v in parts.items() if k.startswith("msgstr")]))
    return found


def mistranslated(path, entries):
    """What a translation may not change, or may not be."""
    found = []
    for fuzzy, msgid, texts in entries:
        # A date may be put together in another way; msgfmt -c checks the rest.
        wanted = sorted(DIRECTIVE.findall(msgid))
        keys = set(KEY.findall(DIRECTIVE.sub("", msgid)))
        for text in texts:
            plain = re.sub(r"%\d+\$", "%", text)
            what = ("is fuzzy" if fuzzy else "is not translated" if not text
                    else "has other formats" if re.search("[A-Za-z]", DIRECTIVE.sub("", msgid)) and sorted(DIRECTIVE.findall(plain)) != wanted
                    else "has other blanks at its ends"
                    if re.findall(r"^ *|(?: |\\\\n)*$", msgid) != re.findall(r"^ *|(?: |\\\\n)*$", text)
                    else "names other keys" if keys - set(KEY.findall(DIRECTIVE.sub("", text)))
                    else None)
            if what:
                found.append(f"{path}: “{msgid[:60]}” {what}: {text[:60]}")
    return found


def languages():
    return " ".join(line for line in read("po/LINGUAS").splitlines() if not line.startswith("#")).split()


def template():
    """The messages of the sources, as xgettext finds them."""
    options = re.search(r"^XGETTEXT_OPTIONS = (.*)$", read("po/Makevars"), re.M).group(1).split()
    text = subprocess.run(["xgettext", *options, "-D", TOP, "-f", os.path.join(TOP, "po/POTFILES.in"), "-o", "-"],
                          check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout
    return {msgid for _, msgid, _ in catalogue(text)}


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
messages = template()
for language in languages():
    path = f"po/{language}.po"
    entries = catalogue(read(path))
    ids = {msgid for _, msgid, _ in entries}
    have_share = 100 * len(messages & ids) // len(messages)
    tap.check(f"{path} keeps formats, blanks and keys", mistranslated(path, entries))
    tap.check(f"{path} has {SHARE} % of the messages",
              [] if have_share >= SHARE else
              [f"{have_share} %"] + [f"missing: {m}" for m in sorted(messages - ids)])
    check = subprocess.run(["msgfmt", "-c", "-o", os.devnull, os.path.join(TOP, path)],
                           stderr=subprocess.PIPE, encoding="utf-8")
    tap.check(f"{path} passes msgfmt -c", check.stderr.splitlines() if check.returncode else [])
for name, wrong in (("another format", 'msgid "%s is"\nmsgstr "%d ist"'),
                    ("a lost argument", 'msgid "%s is"\nmsgstr "ist"'),
                    ("a lost key", 'msgid "Esc leaves"\nmsgstr "verlässt"'),
                    ("a lost letter", 'msgid "r returns"\nmsgstr "gibt zurück"'),
                    ("a blank at the end", 'msgid "now "\nmsgstr "jetzt"'),
                    ("a fuzzy entry", '#, fuzzy\nmsgid "now"\nmsgstr "jetzt"')):
    tap.bites(name, mistranslated("po/x.po", catalogue(wrong)))
tap.check("a true translation passes",
          mistranslated("po/x.po", catalogue('msgid " %s: r returns "\nmsgstr " %1$s: r gibt zurück "')))
tap.end()
