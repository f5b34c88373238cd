#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `countersign feedback` must print: expected.py REAL POLICIES LOG QUEUES
LEAVES OUT writes OUT.jsonl and OUT.csv.

Computed from the proposals and the truth in REAL, the routing rules in POLICIES,
and LOG, what the people say they did (JSON lines), after data/feedback.md. It
shares no code with the people, the desk or the server. What nobody but the
server and the desks can know is taken from LEAVES (entries of the log, JSON
lines) and QUEUES (GET /v1/queues), never from the export: the ids of proposals
and decisions, the order of the decisions, their decided_at, and the digest of
each queue's routing rules. Anything that does not fit together ends the script
with a sentence."""
import datetime
import hashlib
import json
import re
import sys
from decimal import Decimal

COLUMNS = ("n", "queue", "proposal", "external_id", "revision", "kind", "decision", "stage",
           "outcome", "verdict", "field", "state", "reason", "proposed", "value", "confidence",
           "evidence", "model", "model_version", "policy", "guide", "route", "probability",
           "checked_against", "decided_at")
REASONS = {"unsure": "unsure", "must not happen": "must_not_happen",
           "would have no effect": "no_effect"}
SAMPLED = {"assistive": "0.01", "bounded": "0.05", "high_impact": "1"}
OUTCOMES = {"approve": "approve", "correct": "correct", "reject": "reject", "no_effect": "reject"}
SLACK_S = 2.0    # the desk's clock on the screen moves once a second


class Contradiction(Exception):
    pass


def need(condition, *words):
    if not condition:
        raise Contradiction(" ".join(str(w) for w in words))


def lines(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


# --- numbers and text as the wire writes them

def number(value):
    """ECMAScript's Number::toString, for what JSON can hold."""
    if isinstance(value, int) or value == int(value) and abs(value) < 1e21:
        return str(int(value))
    digits, exponent = re.fullmatch(r"(-?[\d.]+)(?:e([-+]\d+))?", repr(value)).groups()
    if exponent is None:
        return digits
    if -7 <= int(exponent) < 0:
        return format(Decimal(repr(value)), "f")
    return f"{digits}e{int(exponent):+d}"


def compact(value):
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, (int, float)):
        return number(value)
    if isinstance(value, list):
        return "[" + ",".join(map(compact, value)) + "]"
    return "{" + ",".join(f"{compact(k)}:{compact(v)}" for k, v in value.items()) + "}"


def cell(value):
    """Of a CSV row. Hidden characters, which become tokens, are not computed here."""
    text = value if isinstance(value, str) else "" if value is None else compact(value)
    need(not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]",
                       text), "a hidden character in", text)
    if isinstance(value, str) and text[:1] in "=+-@" and text \
            and not re.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?", text):
        text = "'" + text
    if re.search('[,"\r\n]', text):
        text = '"' + text.replace('"', '""') + '"'
    return text


# --- what the queue asks

class Queue:
    def __init__(self, definition, policy):
        self.thresholds = policy.get("thresholds", {})
        self.guide = None
        if "guide" in policy:
            canonical = json.dumps(policy["guide"], ensure_ascii=False, sort_keys=True,
                                   separators=(",", ":"))
            self.guide = "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()
        self.schema = definition.get("schema", {})
        self.kind = definition["kind"]

    def unsure(self, name, confidence):
        threshold = self.thresholds.get(name, self.thresholds.get("*"))
        return threshold is None or confidence is None \
            or Decimal(repr(confidence)) < Decimal(threshold)

    def fits(self, name, value):
        """The keywords the real queues use."""
        rule = self.schema.get("properties", {}).get(name, {})
        types = rule.get("type", [])
        types = types if isinstance(types, list) else [types]
        if value is None:
            return not types or "null" in types
        return (len(value) >= rule.get("minLength", 0)
                and len(value) <= rule.get("maxLength", len(value))
                and ("pattern" not in rule or bool(re.search(rule["pattern"], value))))

    def asked(self, proposal):
        """Names a person is asked about."""
        if self.kind == "classification":
            return {"label"}
        if self.kind == "approval":
            return set(proposal["proposed"]["arguments"])
        fields = proposal["proposed"]["fields"]
        names = set(self.schema.get("properties", {})) | set(fields) \
            | {n for n in self.thresholds if n != "*"}
        required = self.schema.get("required", [])
        asked = {n for n in names
                 if self.unsure(n, fields.get(n, {}).get("confidence"))
                 or (n in required and fields.get(n, {}).get("value") is None)
                 or (n in fields and not self.fits(n, fields[n].get("value")))}
        return asked or names

    def route(self, proposal):
        if proposal["safety_class"] == "high_impact":
            return "two_person"
        if self.kind == "classification" and proposal["safety_class"] == "assistive" \
                and not self.unsure(proposal["proposed"]["label"],
                                    proposal["proposed"].get("confidence")):
            return "auto_accept"
        return "review"


# --- what the person must have answered

def proposed_values(proposal):
    answer = proposal["proposed"]
    if proposal["kind"] == "extraction":
        return {name: field.get("value") for name, field in answer["fields"].items()}
    if proposal["kind"] == "classification":
        return {"label": answer["label"]}
    return dict(answer["arguments"])


def right_answer(proposal, truth):
    """(outcome, values, names that were wrong) by truth alone."""
    values = proposed_values(proposal)
    if proposal["kind"] == "approval":
        outcome = OUTCOMES[truth["correct_decision"]]
        right = truth["expected_arguments"] if outcome == "correct" else values
    elif proposal["kind"] == "classification":
        right = {"label": truth["label"]}
        outcome = "approve" if truth["model_correct"] else "correct"
    else:
        right = {**values, **{n: truth["fields"].get(n) for n, ok in truth["model_correct"].items()
                              if not ok}}
        outcome = "approve" if all(truth["model_correct"].values()) else "correct"
    wrong = {n for n in {*values, *right} if values.get(n) != right.get(n)}
    need((outcome == "correct") == bool(wrong), proposal["external_id"], "truth contradicts itself")
    return outcome, right, wrong


def stated(entry, wrong, asked, names):
    """The states a correction names: all that was typed, and of the rest what was
    asked. The person's log must say the same."""
    states = {n: "corrected" if n in wrong else "confirmed" for n in names
              if n in wrong or n in asked}
    need(entry["fields"] == states, entry["external_id"], "the person says", entry["fields"],
         "and should say", states)
    return states


def field_rows(proposal, queue, entry, truth):
    """(field, state, reason, proposed, value) of one decision."""
    before = proposed_values(proposal)
    asked = queue.asked(proposal)
    outcome, right, wrong = right_answer(proposal, truth)
    if entry["outcome"] == "escalate":
        need(entry["stage"] == "first", entry["external_id"], "was escalated twice")
        return [(None, "escalated", REASONS[entry["reasons"][0]], None, None)]
    need(entry["outcome"] == outcome, entry["external_id"], "needs", outcome, "and got",
         entry["outcome"])
    if outcome == "reject":
        reason = REASONS[entry["reasons"][0]]
        need((truth["correct_decision"] == "no_effect") == (reason == "no_effect"),
             entry["external_id"], "was rejected with", reason)
        return [(None, "rejected", reason, None, None)]
    if outcome == "approve":
        return [(n, "confirmed" if n in asked else "not_asked", None, before[n], before[n])
                for n in before]
    need(all(entry["typed"][n] == right.get(n) for n in wrong) and set(entry["typed"]) == wrong,
         entry["external_id"], "typed", entry["typed"])
    states = stated(entry, wrong, asked, {*before, *right})
    return [(n, states.get(n, "not_asked"), None, before.get(n), right.get(n))
            for n in {*before, *right}]


def confidence(proposal, field):
    if field is None or proposal["kind"] == "approval":
        return None
    if proposal["kind"] == "classification":
        return proposal["proposed"].get("confidence")
    return proposal["proposed"]["fields"].get(field, {}).get("confidence")


def evidence(proposal, field):
    if proposal["kind"] == "extraction":
        return proposal["proposed"]["fields"].get(field, {}).get("evidence")
    return proposal["proposed"].get("arguments_from", {}).get(field)


# --- the log of the server

def seconds(text):
    need(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", text), text, "is no time")
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def decisions(leaves):
    """[(leaf, external id)] in the order of the log."""
    names, found = {}, []
    for leaf in leaves:
        if leaf["type"] == "proposal":
            names[leaf["subject"]] = leaf["data"]["external_id"]
        elif leaf["type"] == "decision":
            need(leaf["verdict"] == "accepted" and not leaf["late"], "a decision was", leaf["verdict"])
            found.append((leaf, names[leaf["subject"]]))
    return found


def compute(real, policies, log, queues, leaves):
    with open(f"{real}/queues.json", encoding="utf-8") as f:
        definitions = {q["queue"]: q for q in json.load(f)["queues"]}
    with open(policies, encoding="utf-8") as f:
        rules = {q["queue"]: q for q in json.load(f)["queues"]}
    with open(queues, encoding="utf-8") as f:
        digests = {q["queue"]: q["policy_digest"] for q in json.load(f)["queues"]}
    known = {name: Queue(d, rules.get(name, {})) for name, d in definitions.items()}
    proposals = {p["external_id"]: p for name in known for p in lines(f"{real}/{name}.jsonl")}
    truths = {t["external_id"]: t for name in known for t in lines(f"{real}/truth/{name}.jsonl")}
    entries = {(e["who"], e["external_id"], e["stage"]): e for e in lines(log)}
    rows = []
    for leaf, external_id in decisions(lines(leaves)):
        entry = entries.pop((leaf["actor"], external_id, leaf["stage"]), None)
        need(entry, "nobody says to have decided", external_id, leaf["stage"])
        at = seconds(leaf["data"]["decided_at"])
        need(entry["from"] - SLACK_S <= at <= entry["to"] + SLACK_S, external_id,
             "was not decided at", leaf["data"]["decided_at"])
        proposal, queue = proposals[external_id], known[proposals[external_id]["queue"]]
        made = field_rows(proposal, queue, entry, truths[external_id])
        for field, state, reason, before, value in sorted(
                made, key=lambda r: (r[0] or "").encode()):
            rows.append({
                "n": len(rows) + 1, "queue": proposal["queue"], "proposal": leaf["subject"],
                "external_id": external_id, "revision": 1, "kind": proposal["kind"],
                "decision": leaf["event"], "stage": entry["stage"], "outcome": entry["outcome"],
                "verdict": "accepted", "field": field, "state": state, "reason": reason,
                "proposed": before, "value": value, "confidence": confidence(proposal, field),
                "evidence": evidence(proposal, field) if field else None,
                "model": proposal["model"]["name"], "model_version": proposal["model"]["version"],
                "policy": digests[proposal["queue"]], "guide": queue.guide,
                "route": queue.route(proposal),
                "probability": SAMPLED[proposal["safety_class"]]
                if entry["stage"] == "sample" else "1",
                "checked_against": [next(s["id"] for s in proposal["sources"] if "text" in s)],
                "decided_at": leaf["data"]["decided_at"]})
    need(not entries, "not in the log:", *entries)
    return rows


def main(real, policies, log, queues, leaves, out):
    try:
        rows = compute(real, policies, log, queues, leaves)
    except Contradiction as e:
        sys.exit(f"expected.py: {e}")
    with open(out + ".jsonl", "w", encoding="utf-8", newline="") as f:
        f.writelines(compact(row) + "\n" for row in rows)
    with open(out + ".csv", "w", encoding="utf-8", newline="") as f:
        f.write(",".join(COLUMNS) + "\r\n")
        f.writelines(",".join(cell(row[c]) for c in COLUMNS) + "\r\n" for row in rows)


if __name__ == "__main__":
    main(*sys.argv[1:])
