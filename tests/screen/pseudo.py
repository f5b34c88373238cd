#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""pseudo.py SRCDIR FILE.mo: the catalogue of a language that no one speaks.

Every message is 40 % longer, has wide characters, letters that are written from
right to left, in long ones a right-to-left mark, and stands between ⟪ and ⟫: an
end that is missing on the screen was cut off. Formats and blanks at the ends stay
as they are."""
import os
import re
import subprocess
import sys
import tempfile

DIRECTIVE = re.compile(r"%[-+ #0'\d.*$]*(?:<[A-Za-z0-9]+>|(?:hh|h|ll|l|z|j)?[A-Za-z%])")
ACCENTS = str.maketrans("aeiouAEIOUny", "áêïöüÁÊÏÖÜñý")
MARK = "\u200f"
PADDING = "語א"
LONG = 30


def accented(text):
    at, out = 0, ""
    for m in DIRECTIVE.finditer(text):
        out += text[at:m.start()].translate(ACCENTS) + m.group(0)
        at = m.end()
    return out + text[at:].translate(ACCENTS)


def width(text):
    return sum(2 if c in PADDING[0] else 1 for c in text if c != MARK)


def pseudo(text):
    """One message in the language."""
    bare = DIRECTIVE.sub("", text)
    if not re.search(r"[A-Za-z]", bare):
        return text
    body = text.strip(" \n")
    lead = text[:len(text) - len(text.lstrip(" \n"))]
    tail = text[len(text.rstrip(" \n")):]
    out = accented(body)
    want = int(len(body) * 1.4 + 0.99) - 2
    mark = MARK if len(body) > LONG else ""
    padding = ""
    while width(out) + width(padding) < want:
        padding += PADDING[len(padding) % 2]
    return f"{lead}⟪{out}{padding}{mark}⟫{tail}"


def quoted(text):
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def unquoted(lines):
    text = "".join(re.match(r'[^"]*"(.*)"$', line).group(1) for line in lines)
    return re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m.group(1), m.group(1)), text)


def entries(text):
    """(lines before the msgid, msgid, msgid_plural or None) of a template."""
    for block in re.split(r"\n\n+", text.strip()):
        parts, head, current = {}, [], None
        for line in block.split("\n"):
            m = re.match(r"(msgctxt|msgid_plural|msgid|msgstr)\b", line)
            current = m.group(1) if m else current
            if current in (None, "msgctxt"):
                head.append(line)
            else:
                parts.setdefault(current, []).append(line)
        if "msgid" in parts:
            plural = parts.get("msgid_plural")
            yield head, unquoted(parts["msgid"]), unquoted(plural) if plural else None


def translate(template):
    out = ['msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
           '"Plural-Forms: nplurals=2; plural=n != 1;\\n"\n']
    for head, one, many in entries(template):
        if not one:
            continue
        lines = [line for line in head if line.startswith(("#,", "msgctxt", '"'))]
        lines.append("msgid " + quoted(one))
        if many is None:
            lines.append("msgstr " + quoted(pseudo(one)))
        else:
            lines += ["msgid_plural " + quoted(many), "msgstr[0] " + quoted(pseudo(one)),
                      "msgstr[1] " + quoted(pseudo(many))]
        out.append("\n".join(lines) + "\n")
    return "\n".join(out)


def main(top, mo):
    makevars = open(os.path.join(top, "po/Makevars"), encoding="utf-8").read()
    options = re.search(r"^XGETTEXT_OPTIONS = (.*)$", makevars, re.M).group(1).split()
    template = subprocess.run(
        [os.environ.get("XGETTEXT", "xgettext"), *options, "--force-po", "--sort-by-file", "-D", top,
         "-f", os.path.join(top, "po/POTFILES.in"), "-o", "-"],
        check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".po") as po:
        po.write(translate(template))
        po.flush()
        subprocess.run([os.environ.get("MSGFMT", "msgfmt"), "--check-format", "-o", mo, po.name], check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
