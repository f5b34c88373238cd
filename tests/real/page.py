# SPDX-License-Identifier: Apache-2.0
"""What a person reads on the desk's screen. Everything here works on the rows of
the terminal and on nothing else."""
import re

STAGES = {"first check": "first", "second check": "second", "sample": "sample",
          "escalation": "escalation"}
MARK = "▸"
NAME_COLUMN = 3


def shown(text, whole):
    """Is text what a column shows of whole? It may be cut with an ellipsis."""
    return text == whole or (text.endswith("…") and len(text) > 1 and whole.startswith(text[:-1]))


def is_review(lines):
    return lines[2].startswith("───") and bool(lines[1]) and not lines[1].startswith((" ", "─"))


def external_id(lines):
    """Of the item on the screen; None where there is none."""
    return lines[1].split(" ")[0] if is_review(lines) else None


def stage(lines):
    for words in lines[0].split(" · "):
        if words.strip() in STAGES:
            return STAGES[words.strip()]
    return None


def is_home(lines):
    return lines[0].startswith("Countersign ")


def is_list(lines):
    return lines[1].strip().startswith("item ") and lines[2].startswith("───")


def is_outbox(lines):
    return lines[0].startswith("Outbox")


def counts(words):
    """"3 held · 0 waiting · 4 in the log" as numbers."""
    found = re.findall(r"(\d+) (held|waiting|received|in the log|refused)", words)
    return {name: int(number) for number, name in found}


def outbox(lines):
    return counts(lines[0])


def marked(lines):
    """Number of the row that the cursor is on."""
    for number, line in enumerate(lines):
        if line.startswith(" " + MARK + " "):
            return number
    return None


def home_row(lines, title):
    for number, line in enumerate(lines):
        if line[NAME_COLUMN:].startswith(title + "  "):
            return number
    return None


def list_rows(lines):
    """[(row, external id, stage, mine)] of a list."""
    rows = []
    for number, line in enumerate(lines[3:], 3):
        found = re.match(r"(?: ▸ |   ) (\S+) +.*?(first check|second check|sample|escalation) (.*)$", line)
        if found:
            rows.append((number, found[1], STAGES[found[2]], found[3]))
    return rows


def place(lines):
    """(row of the cursor, rows) of a list, as its head says; (0, 0) when empty."""
    found = re.search(r"· (\d+) open · .* row (\d+)", lines[0])
    if found:
        return int(found[2]), int(found[1])
    return (0, 0) if "nothing is open" in "".join(lines[3:5]) else None


def external_id_of_row(lines):
    """Of the row of a list that the cursor is on."""
    return next((r[1] for r in list_rows(lines) if r[0] == marked(lines)), None)


def under(lines, word):
    """Rows below the last rule that begins with "── word"."""
    for number in range(len(lines) - 1, -1, -1):
        if lines[number].startswith("── " + word):
            return lines[number + 1:]
    return None


def reason_key(lines, word, title):
    """(digit, chosen) of a reason in the dialog that is open."""
    for line in under(lines, word) or []:
        for found in re.finditer(r"(\d) \[([ x])\] (.+?)(?=\s{2,}|$)", line):
            if found[3] == title:
                return found[1], found[2] == "x"
    return None


def label_keys(lines):
    """{key: label as shown} of the choices, "a" for the proposed one."""
    keys = {}
    for line in lines[3:]:
        found = re.match(r" ([a1-9]) (?:▸| ) (\S+)  ?", line + "  ")
        if found:
            keys.setdefault(found[1], found[2])
    return keys


def searched(lines):
    """Label that the cursor of the search is on."""
    for line in under(lines, "all labels") or []:
        found = re.match(r"   ▸ (\S+)", line)
        if found:
            return found[1]
    return None


def field_row(lines, title):
    for number, line in enumerate(lines[3:], 3):
        if line[:NAME_COLUMN] in ("   ", f" {MARK} ") \
                and re.match(re.escape(title) + r"(\s|$)", line[NAME_COLUMN:]):
            return number
    return None


def field_words(lines, title):
    """Value and note of a field, as far as they stand on its first row."""
    number = field_row(lines, title)
    return lines[number].split(" │ ")[0] if number is not None else ""


def candidates(lines, title):
    """{digit: text} of what the desk offers below a field, where it is whole."""
    offered, number = {}, field_row(lines, title)
    for line in lines[number + 1:] if number is not None else []:
        line = line.split(" │ ")[0]
        if not line.startswith(" " * 12):
            break
        for found in re.finditer(r"(?:^|  )([1-9]) (\S.*?)(?=  [1-9] |\s*$)", line.lstrip()):
            offered[found[1]] = found[2].split(" · ")[0]
    return offered


def off(lines, key):
    """Why a key is off, where the review says so above the key line."""
    for number, line in enumerate(lines):
        if line.startswith(f" {key} is off: "):
            return line[len(f" {key} is off: "):]
    return None


def confirmation(lines):
    """What a weighty decision wants typed."""
    for line in lines:
        found = re.match(r" Type (?:the \w+) to confirm: (.+)$", line)
        if found:
            return found[1]
    return None
