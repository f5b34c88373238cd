#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""hostile.py FOLDER [COLLECTION]: writes queues.json and proposals.jsonl in which
every place that takes text holds hostile text: escape sequences, C1 controls,
direction overrides, zero-width and tag characters, unpaired marks, very long
lines, and every string of a public collection where it is there."""
import json
import os
import sys

PER_ITEM = 45
LONG_LINE, LONG_TEXT = 8150, 141_000

# Sequences that no screen of the desk writes itself, so that one that gets
# through is told apart from curses' own.
OWN = [
    "\x1b]0;owned\x07title", "\x1b]52;c;b3duZWQ=\x07clipboard", "\x1b[?1049lscreen",
    "\x1b[6nreport", "\x1b[?1000hmouse", "\x1b[5mblink\x1b[8mhidden", "\x1bcreset",
    "\x1bP+q544e\x1b\\dcs", "\x1b_apc\x1b\\", "\x1b^pm\x1b\\", "\x1b#8align", "\x1b[>c",
    "\x1b[21t\x1b[18t", "\x1b[4;5r\x1b[2J", "\x9b31mC1 colour", "\x9d0;c1 title\x9c",
    "\x90dcs\x9c", "\x85next line", "bell\x07", "back\x08\x08\x08\x08over", "carriage\rreturn",
    "form\x0cfeed\x0bvertical", "tab\tstop", "\x7fdelete", "shift\x0eout\x0fin",
    "\u202egnp.exe\u202c", "\u2066isolate\u2069", "\u200f\u200emarks\u061c", "\u2028line\u2029par",
    "zero\u200bwidth\u200c\u200d\ufeff\u2060", "soft\u00adhyphen", "\U000e0041\U000e0070\U000e0070\U000e0072\U000e006f\U000e0076\U000e0065",
    "variation\ufe0f\ufe00\U000e0100", "\ue000private\U000f0000\U0010fffd", "\ufffe\uffff\ufdd0",
    "\u0301\u0301lonely", "Z" + "\u0301\u0323\u0334" * 40 + "algo", "\u115f\u3164\uffa0 fillers",
    "⟦ESC⟧ ⟦RLO⟧ forged", "‮⟦⟧", "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1e9\U0001f1ea "
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "한국어 日本語 ｆｕｌｌ",
    "עברית ‏العربية‎", "\ud7b0\u1160\u11a8 jamo", "\ufff9anno\ufffatation\ufffb", "p\u0430ypal",
    "{supplier} %s %n %1$s \\033[31m \\x1b", "a\u0300" * 200, "\u3000" * 90, "x" * 500,
]


def collection(folder):
    if not folder or not os.path.isdir(folder):
        return []
    with open(os.path.join(folder, "blns.json"), encoding="utf-8") as f:
        found = json.load(f)
    for name in sorted(os.listdir(folder)):
        if name.startswith("trojan-source"):
            with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as f:
                found.append(f.read())
    # NUL and unpaired surrogates are refused by the wire; that has its own tests.
    return [s.replace("\0", "") for s in found if not any("\ud800" <= c <= "\udfff" for c in s)]


def cut(text, size):
    return text.encode()[:size].decode(errors="ignore")


def extraction(n, strings, take):
    text = "\n".join(strings) + "\nEND OF TEXT"
    return {
        "external_id": f"hostile-ext-{n:03}", "queue": "hostile-fields", "kind": "extraction",
        "model": {"name": take(), "version": take()}, "safety_class": "bounded",
        "case": {"id": f"case-{n}", "title": take()},
        "sources": [{"id": "page", "title": take(), "media_type": "text/plain", "text": text}],
        "proposed": {"fields": {
            "one": {"value": take(), "confidence": 0.4,
                    "evidence": [{"source": "page", "start": 0, "end": min(20, len(text))}]},
            "two": {"value": take(), "confidence": 0.97}, "three": {"value": take()},
            "four": {"value": take(), "confidence": 0.1}}},
        "signals": [{"name": "one.sign", "value": take(), "text": take(), "field": "one"},
                    {"name": "sign", "value": take(), "pushes": "up", "weight": 1}],
        "checks": [{"name": take(), "result": "fail", "text": take(), "source": take()}],
        "steps": [{"name": take(), "output": take()}],
        "links": [{"title": take(), "url": "https://example.invalid/"}],
    }


def classification(n, strings, take):
    return {
        "external_id": f"hostile-cls-{n:03}", "queue": "hostile-labels", "kind": "classification",
        "model": {"name": take(), "version": take()}, "safety_class": "assistive",
        "sources": [{"id": "text", "title": take(), "media_type": "text/plain",
                     "text": "\n".join(strings) + "\nEND OF TEXT"}],
        "proposed": {"label": "first", "confidence": 0.5,
                     "alternatives": [{"label": "second", "confidence": 0.3}]},
        "signals": [{"name": "term:" + take(), "value": take(), "text": take()}],
        "confidence": 0.5,
    }


def approval(n, strings, take):
    text = "".join(f"[{i}] user: {s}\n\n" for i, s in enumerate(strings))
    return {
        "external_id": f"hostile-act-{n:03}", "queue": "hostile-actions", "kind": "approval",
        "model": {"name": take(), "version": take()}, "safety_class": "bounded",
        "case": {"id": f"talk-{n}", "title": take()},
        "sources": [{"id": "talk", "title": take(), "media_type": "text/plain", "text": text,
                     "turns": [{"role": "user", "start": 0, "end": len(text)}], "deciding": 0}],
        "proposed": {
            "action": "do", "summary": take(), "reversibility": "none",
            "arguments": {"what": take(), "deep": {"list": [take(), take(), {"inner": take()}]}, "n": n},
            "changes": [{"title": take(), "before": take(), "after": take(), "rule": take(), "field": "what"}],
            "effects": [{"kind": take(), "amount": "1.00", "currency": take(), "to": take()}]},
        "signals": [{"name": "sign", "value": take(), "text": take()}],
        "checks": [{"name": take(), "result": "not_run", "text": take()}],
    }


def queues(take):
    guide = {"version": "1", "text": " ".join(take() for _ in range(6)),
             "paragraphs": {"one": take(), "first": take(), "do": take()}}
    names = ("one", "two", "three", "four")
    return {"queues": [
        {"queue": "hostile-fields", "title": take(), "kind": "extraction", "class": "bounded",
         "schema": {"type": "object", "required": ["one"], "properties":
                    {name: {"type": "string", "title": take(), "description": take()} for name in names}},
         "reasons": {"reject": [{"name": "odd", "title": take()}]}, "guide": guide},
        {"queue": "hostile-labels", "title": take(), "kind": "classification", "class": "assistive",
         "labels": [{"name": name, "title": take(), "text": take()}
                    for name in ("first", "second", "third")], "guide": guide},
        {"queue": "hostile-actions", "title": take(), "kind": "approval", "class": "bounded",
         "actions": {"do": {"sentence": "Do {what} " + take(), "moves_money": True}}, "guide": guide}]}


def main():
    folder = sys.argv[1]
    strings = OWN + collection(sys.argv[2] if len(sys.argv) > 2 else None)
    turn = [0]

    def take():
        turn[0] += 1
        text = cut(strings[turn[0] % len(strings)], 300)
        return text if text.strip() else "empty " + text
    groups = [strings[i:i + PER_ITEM] for i in range(0, len(strings), PER_ITEM)]
    items = [make(n, group, take) for n, group in enumerate(groups)
             for make in (extraction, classification, approval)]
    long = extraction(900, ["w" * LONG_LINE + " END OF LINE", "한" * (LONG_LINE // 2),
                            "word " * (LONG_TEXT // 5)], take)
    long["external_id"] = "hostile-ext-long"
    items.append(long)
    with open(os.path.join(folder, "queues.json"), "w", encoding="utf-8") as f:
        json.dump(queues(take), f)
    with open(os.path.join(folder, "proposals.jsonl"), "w", encoding="utf-8") as f:
        for item in items:
            f.write(json.dumps(item) + "\n")


if __name__ == "__main__":
    main()
