# SPDX-License-Identifier: Apache-2.0
"""Vectors of proposals, queue definitions, decisions, leases and headers."""

import base64
import copy
import json

import canon
import ed25519
import seed

AT = "2026-11-02T13:27:26.000Z"


def text(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


# --- proposals -----------------------------------------------------------------

RECEIPT = {
    "external_id": "inv-4711", "queue": "invoices", "kind": "extraction", "created_at": AT,
    "case": {"id": "order-77", "title": "Order 77"}, "replaces": None,
    "model": {"name": "receipt-parser", "version": "2.3.1"}, "safety_class": "bounded",
    "sources": [
        {"id": "p1", "title": "Page 1", "media_type": "text/plain",
         "text": "K\u00f6nig GmbH\n2026-10-30\nTotal 9.00 \u20ac \U0001f602"},
        {"id": "p1img", "media_type": "image/jpeg", "sha256": seed.raw("image", 32).hex(),
         "size": 72687, "width": 748, "height": 1457, "file": "p1.jpg"}],
    "proposed": {"fields": {
        "total": {"value": "9.00", "confidence": 0.41, "evidence": [
            {"source": "p1", "start": 28, "end": 32}, {"source": "p1img", "box": [10, 20, 90, 31]}]},
        "company": {"value": "K\u00f6nig GmbH", "confidence": 1, "evidence": [
            {"source": "p1", "start": 0, "end": 10}]},
        "date": {"value": None}}},
    "confidence": 0.41,
    "signals": [{"name": "total.ocr_confidence", "value": 0.38, "field": "total", "weight": -0.2,
                 "pushes": "down", "text": "blurred"}],
    "checks": [{"name": "vendor master", "result": "not_run", "source": "erp", "field": "company"}],
    "steps": [{"name": "ocr", "output": "39 characters", "confidence": 0.9}],
    "links": [{"title": "Order", "url": "https://shop.example/orders/77"}],
    "expires_at": "2026-11-03T00:00:00+01:00", "on_expiry": "close", "x-unknown": {"kept": [1, 2]},
}

INTENT = {
    "external_id": "msg-1", "queue": "support", "kind": "classification",
    "model": {"name": "intents", "version": "1"}, "safety_class": "assistive",
    "sources": [{"id": "t", "media_type": "text/plain", "text": "user: \uce74\ub4dc\nbot: ok",
                 "turns": [{"role": "user", "start": 0, "end": 8}, {"role": "bot", "start": 9, "end": 16}],
                 "deciding": 0}],
    "proposed": {"label": "card_lost", "confidence": 0.5,
                 "alternatives": [{"label": "pin_blocked", "confidence": 0.25}, {"label": "other"}]},
}

ACTION = {
    "external_id": "act-9", "queue": "agent", "kind": "approval", "model": {"name": "a", "version": ""},
    "safety_class": "high_impact", "sources": [{"id": "c", "text": "please cancel ABC"}],
    "proposed": {"action": "cancel_reservation",
                 "arguments": {"reservation_id": "ABC", "refund": {"amount": "12.50", "currency": "EUR"}},
                 "summary": "Cancel ABC", "reversibility": "none",
                 "evidence": [{"source": "c", "start": 0, "end": 17, "note": "kept"}],
                 "changes": [{"title": "state", "before": "booked", "after": "cancelled",
                              "field": "reservation_id", "rule": "24 hours"}],
                 "effects": [{"kind": "refund", "amount": "12.50", "currency": "EUR", "to": "card"}],
                 "arguments_from": {"reservation_id": [{"source": "c", "start": 14, "end": 17}]}},
}


def changed(base, path, value):
    """A deep copy with one member set, or removed where value is Ellipsis."""
    out = copy.deepcopy(base)
    at = out
    for step in path[:-1]:
        at = at[step]
    if value is Ellipsis:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return out


def put(*path_and_value):
    """An edit: sets the member at the path."""
    return lambda base: changed(base, path_and_value[:-1], path_and_value[-1])


def drop(*path):
    """An edit: removes the member at the path."""
    return lambda base: changed(base, path, ...)


def accepted():
    docs = [
        ("extraction, everything in it", text(RECEIPT)),
        ("classification, wide characters", text(INTENT)),
        ("approval", text(ACTION)),
        ("as sent: blanks, escapes, order and numbers stay",
         '{ "sources" : [ ] ,\r\n\t"external_id":"caf\\u00e9","queue":"invoices",'
         '"kind":"extraction","model":{"version":"1","name":"m"},"safety_class":"informational",'
         '"proposed":{"fields":{"a":{"value":1.0},"b":{"value":1e2},"c":{"value":-0.0}}} }'),
        ("several labels", text(changed(INTENT, ("proposed",), {"labels": ["a", "b"]}))),
        ("nothing found at all", text(changed(RECEIPT, ("proposed", "fields"), {}))),
        ("optional members null", text(dict(ACTION, case=None, created_at=None, confidence=None,
                                            signals=None, expires_at=None, links=None))),
        ("no arguments", text(changed(changed(ACTION, ("proposed", "arguments"), {}),
                                      ("proposed", "arguments_from"), ...))),
        ("external id of 200 bytes", text(dict(ACTION, external_id="\u00e9" * 100))),
    ]
    out = []
    for n, (name, doc) in enumerate(docs):
        salt = seed.salt("proposal %d" % n)
        out.append({"name": name, "text": doc, "salt": salt,
                    "digest": seed.sha256(bytes.fromhex(salt) + canon.canon_text(doc))})
    return out


REFUSED = [
    ("no object", None, None, ""),
    ("no external id", RECEIPT, drop("external_id"), "/external_id"),
    ("empty external id", RECEIPT, put("external_id", ""), "/external_id"),
    ("long external id", RECEIPT, put("external_id", "x" * 201), "/external_id"),
    ("control character in the id", RECEIPT, put("external_id", "a\nb"), "/external_id"),
    ("id is a number", RECEIPT, put("external_id", 5), "/external_id"),
    ("no queue", RECEIPT, drop("queue"), "/queue"),
    ("unknown kind", RECEIPT, put("kind", "summary"), "/kind"),
    ("no kind", RECEIPT, drop("kind"), "/kind"),
    ("unknown class", RECEIPT, put("safety_class", "harmless"), "/safety_class"),
    ("no model", RECEIPT, drop("model"), "/model"),
    ("no version of the model", RECEIPT, drop("model", "version"), "/model/version"),
    ("no such day", RECEIPT, put("created_at", "2026-02-30T00:00:00Z"), "/created_at"),
    ("expiry allow", RECEIPT, put("on_expiry", "allow"), "/on_expiry"),
    ("confidence above one", RECEIPT, put("confidence", 1.01), "/confidence"),
    ("confidence as text", RECEIPT, put("confidence", "0.4"), "/confidence"),
    ("no sources", RECEIPT, drop("sources"), "/sources"),
    ("source without text or blob", RECEIPT, drop("sources", 1, "sha256"), "/sources/1/sha256"),
    ("blob without media type", RECEIPT, drop("sources", 1, "media_type"), "/sources/1/media_type"),
    ("blob name in capitals", RECEIPT, put("sources", 1, "sha256", "A" * 64), "/sources/1/sha256"),
    ("two sources of one id", RECEIPT, put("sources", 1, "id", "p1"), "/sources/1/id"),
    ("width zero", RECEIPT, put("sources", 1, "width", 0), "/sources/1/width"),
    ("no proposal in it", RECEIPT, drop("proposed"), "/proposed"),
    ("no fields", RECEIPT, drop("proposed", "fields"), "/proposed/fields"),
    ("field is no object", RECEIPT, put("proposed", "fields", "total", "9.00"), "/proposed/fields/total"),
    ("field without value", RECEIPT, put("proposed", "fields", "date", {}), "/proposed/fields/date/value"),
    ("field with slash and tilde", RECEIPT, put("proposed", "fields", "a/b~c", 1), "/proposed/fields/a~1b~0c"),
    ("confidence below zero", RECEIPT, put("proposed", "fields", "total", "confidence", -0.1),
     "/proposed/fields/total/confidence"),
    ("evidence in an unknown source", RECEIPT,
     put("proposed", "fields", "total", "evidence", 0, "source", "p9"),
     "/proposed/fields/total/evidence/0/source"),
    ("evidence beyond the text, in code points", RECEIPT,
     put("proposed", "fields", "total", "evidence", 0, "end", 37),
     "/proposed/fields/total/evidence/0/end"),
    ("evidence backwards", RECEIPT, put("proposed", "fields", "total", "evidence", 0, "end", 27),
     "/proposed/fields/total/evidence/0/end"),
    ("evidence of text in an image", RECEIPT,
     put("proposed", "fields", "total", "evidence", 0, "source", "p1img"),
     "/proposed/fields/total/evidence/0/source"),
    ("box of three", RECEIPT, put("proposed", "fields", "total", "evidence", 1, "box", [1, 2, 3]),
     "/proposed/fields/total/evidence/1/box"),
    ("box beyond the image", RECEIPT, put("proposed", "fields", "total", "evidence", 1, "box", [1, 2, 749, 5]),
     "/proposed/fields/total/evidence/1/box/2"),
    ("box upside down", RECEIPT, put("proposed", "fields", "total", "evidence", 1, "box", [1, 9, 3, 8]),
     "/proposed/fields/total/evidence/1/box/3"),
    ("signal without value", RECEIPT, drop("signals", 0, "value"), "/signals/0/value"),
    ("signal without name", RECEIPT, drop("signals", 0, "name"), "/signals/0/name"),
    ("unknown result of a check", RECEIPT, put("checks", 0, "result", "ok"), "/checks/0/result"),
    ("step without name", RECEIPT, drop("steps", 0, "name"), "/steps/0/name"),
    ("link to a script", RECEIPT, put("links", 0, "url", "javascript:alert(1)"), "/links/0/url"),
    ("case without id", RECEIPT, drop("case", "id"), "/case/id"),
    ("neither label nor labels", INTENT, drop("proposed", "label"), "/proposed/label"),
    ("label and labels", INTENT, put("proposed", "labels", ["a"]), "/proposed/labels"),
    ("empty label", INTENT, put("proposed", "label", ""), "/proposed/label"),
    ("alternative without label", INTENT, drop("proposed", "alternatives", 1, "label"),
     "/proposed/alternatives/1/label"),
    ("turn beyond the text", INTENT, put("sources", 0, "turns", 1, "end", 17), "/sources/0/turns/1/end"),
    ("no such turn", INTENT, put("sources", 0, "deciding", 2), "/sources/0/deciding"),
    ("no action", ACTION, drop("proposed", "action"), "/proposed/action"),
    ("no arguments", ACTION, drop("proposed", "arguments"), "/proposed/arguments"),
    ("arguments as a list", ACTION, put("proposed", "arguments", []), "/proposed/arguments"),
    ("unknown reversibility", ACTION, put("proposed", "reversibility", "maybe"), "/proposed/reversibility"),
    ("amount as a number", ACTION, put("proposed", "effects", 0, "amount", 12.5),
     "/proposed/effects/0/amount"),
    ("amount that is none", ACTION, put("proposed", "effects", 0, "amount", "12,50"),
     "/proposed/effects/0/amount"),
    ("change without title", ACTION, drop("proposed", "changes", 0, "title"), "/proposed/changes/0/title"),
    ("argument that is not there", ACTION, put("proposed", "arguments_from", "other", []),
     "/proposed/arguments_from/other"),
]


def refused(rows):
    return [{"name": name, "text": "[]" if base is None else text(edit(base)), "pointer": pointer}
            for name, base, edit, pointer in rows]


def proposals():
    first = text(RECEIPT)
    again = text(changed(RECEIPT, ("proposed", "fields", "total", "value"), "8.49"))
    revisions = []
    for n, doc in ((1, first), (2, again)):
        salt = seed.salt("revision %d" % n)
        revisions.append({"revision": n, "salt": salt, "text": doc,
                          "body": seed.sha256(canon.canon_text(doc)),
                          "digest": seed.sha256(bytes.fromhex(salt) + canon.canon_text(doc))})
    return {"accepted": accepted(), "refused": refused(REFUSED), "revisions": revisions}


# --- definitions ---------------------------------------------------------------

MEMBERS = ("queue", "title", "kind", "schema", "labels", "actions", "reasons")

INVOICES = {
    "queue": "invoices", "title": "Invoices", "kind": "extraction",
    "schema": {"type": "object", "required": ["total"], "properties": {
        "total": {"type": "string", "title": "Total", "maxLength": 12}, "share": {"maximum": 0.5}}},
    "reasons": {"reject": ["not ours", {"name": "old", "title": "older than a year"}]},
    "guide": {"version": "3", "text": "What good looks like\n\u2026", "paragraphs": {"total": "as printed"}},
    "signals": {"*.ocr_confidence": {"title": "word quality", "good": "high", "bands": [0.6, 0.85]}},
    "bands": {"low": "0.50", "medium": "0.90"}, "thresholds": {"total": "0.9", "*": "0.75"},
    "class": "bounded", "lease_s": 600, "waits": True, "on_expiry": "suspend", "due_s": 3600,
    "require": {"reason": True}, "routes": [{"name": "tax", "roles": ["supervisor"], "due_s": 7200}],
}
SUPPORT = {"queue": "support", "kind": "classification",
           "labels": ["card_lost", {"name": "pin_blocked", "title": "PIN blocked", "text": "too many tries",
                                    "not": ["card kept"]}], "guide": "Plain words"}
AGENT = {"queue": "agent", "title": "Agent", "kind": "approval",
         "actions": {"cancel_reservation": {"sentence": "Cancel reservation {reservation_id}",
                                            "schema": {"type": "object"}, "moves_money": True}}}


def definition_digest(doc):
    return seed.digest({k: doc[k] for k in MEMBERS if k in doc})


def definition(name, doc):
    guide = doc.get("guide")
    return {"name": name, "text": text(doc), "digest": definition_digest(doc),
            "guide": seed.digest(guide) if guide is not None else ""}


DEFINITION_REFUSED = [
    ("no object", None, None, ""),
    ("no name", INVOICES, drop("queue"), "/queue"),
    ("unknown kind", INVOICES, put("kind", "ranking"), "/kind"),
    ("extraction without schema", INVOICES, drop("schema"), "/schema"),
    ("unknown group of reasons", INVOICES, put("reasons", "approve", []), "/reasons/approve"),
    ("reason without name", INVOICES, drop("reasons", "reject", 1, "name"), "/reasons/reject/1/name"),
    ("threshold as a number", INVOICES, put("thresholds", "total", 0.9), "/thresholds/total"),
    ("threshold above one", INVOICES, put("thresholds", "*", "1.01"), "/thresholds/*"),
    ("band that is none", INVOICES, put("bands", "low", "half"), "/bands/low"),
    ("unknown class", INVOICES, put("class", "harmless"), "/class"),
    ("lease of a second", INVOICES, put("lease_s", 1), "/lease_s"),
    ("expiry allow", INVOICES, put("on_expiry", "allow"), "/on_expiry"),
    ("route without name", INVOICES, drop("routes", 0, "name"), "/routes/0/name"),
    ("guide as a list", INVOICES, put("guide", ["x"]), "/guide"),
    ("no labels", SUPPORT, drop("labels"), "/labels"),
    ("labels empty", SUPPORT, put("labels", []), "/labels"),
    ("label twice", SUPPORT, put("labels", ["a", {"name": "a"}]), "/labels/1"),
    ("action is no object", AGENT, put("actions", "refund", "x"), "/actions/refund"),
]


def definitions():
    other = dict(INVOICES, guide="another guide", thresholds={}, lease_s=60)
    return {
        "accepted": [
            definition("extraction", INVOICES), definition("classification", SUPPORT),
            definition("approval", AGENT),
            definition("approval without actions", {"queue": "a", "kind": "approval"}),
            definition("any object", {"queue": "i", "kind": "extraction", "schema": {"type": "object"}}),
        ],
        "refused": refused(DEFINITION_REFUSED),
        # What never makes a decision stale does not move the digest.
        "same": [text(INVOICES), text(other)],
        "different": [text(INVOICES), text(dict(INVOICES, title="Bills"))],
    }


# --- decisions -----------------------------------------------------------------

ORDER = ("id", "review", "revision", "token", "outcome", "fields", "reasons", "route", "shown",
         "policy", "guide", "checked_against", "opened_at", "decided_at", "active_ms", "panes",
         "blind", "amends", "renderer", "flags_shown", "content_digest", "device", "seq", "signature")


def envelope(word, content, **members):
    salt = seed.salt("decision " + word)
    hashed = dict(content)
    e = {
        "id": seed.ident("decision " + word), "review": seed.ident("review " + word), "revision": 1,
        "token": "17179869201", "outcome": "correct", "fields": {}, "reasons": [], "route": None,
        "shown": seed.digest({"shown": word}), "policy": seed.digest({"policy": word}),
        "guide": None, "checked_against": ["p1"], "opened_at": "2026-11-02T13:27:26.000Z",
        "decided_at": "2026-11-02T13:27:32.400Z", "active_ms": 6400, "panes": ["evidence", "why"],
        "blind": None, "amends": None, "renderer": 3, "flags_shown": [],
        "content_digest": seed.salted(salt, hashed), "device": seed.ident("device"), "seq": 412,
        "signature": None,
    }
    e.update(members)
    return {k: e[k] for k in ORDER}, dict(content, salt=salt)


def without(e, *names):
    return {k: v for k, v in e.items() if k not in names}


def decision(name, pair, sign=None):
    e, content = pair
    body = without(e, "signature")
    out = {"name": name}
    if sign:
        secret = seed.raw("device key", 32)
        e = dict(e, signature=base64.b64encode(ed25519.sign(secret, canon.canon(body))).decode())
        out.update(seed=secret.hex(), public=ed25519.public(secret).hex())
    ordered = {k: content[k] for k in ("salt", "value", "message", "note")}
    out.update(
        envelope=text(e), content=text(ordered), content_digest=e["content_digest"],
        envelope_digest=seed.digest(body), identity_digest=seed.digest(without(body, "device", "seq")),
        signed=canon.dump(body))
    return out


CORRECT = envelope(
    "correct", {"value": {"total": "8.49", "company": "K\u00f6nig GmbH", "date": None},
                "message": None, "note": "smudged \U0001f602"},
    fields={"total": {"state": "corrected"}, "date": {"state": "cannot_tell", "reason": "unreadable"},
            "company": {"state": "confirmed"}}, reasons=["misread"], guide=seed.digest({"g": 1}))

DECISION_REFUSED = [
    ("id is no UUID of version 7", put("id", "5"), "/id"),
    ("no review", drop("review"), "/review"),
    ("revision zero", put("revision", 0), "/revision"),
    ("token is none", put("token", "17"), "/token"),
    ("token as a number", put("token", 17179869201), "/token"),
    ("unknown outcome", put("outcome", "agree"), "/outcome"),
    ("fields as a list", put("fields", []), "/fields"),
    ("unknown state of a field", put("fields", {"a": {"state": "ok"}}), "/fields/a/state"),
    ("reason is no text", put("reasons", [1]), "/reasons/0"),
    ("shown is no digest", put("shown", "sha256:00"), "/shown"),
    ("no content digest", drop("content_digest"), "/content_digest"),
    ("time without zone", put("decided_at", "2026-11-02T13:27:26"), "/decided_at"),
    ("negative time", put("active_ms", -1), "/active_ms"),
    ("no renderer", drop("renderer"), "/renderer"),
    ("blind is no digest", put("blind", "yes"), "/blind"),
    ("amends is no id", put("amends", "x"), "/amends"),
    ("no device", drop("device"), "/device"),
    ("salt too short", put("content", {"salt": "00"}), "/content/salt"),
    ("content of something else", put("content", {"salt": "0" * 32, "value": 1}), "/content_digest"),
    ("message is no text", put("content", {"salt": "0" * 32, "message": 1}), "/content/message"),
]


def decisions():
    approve = envelope("approve", {"value": None, "message": None, "note": None}, outcome="approve",
                       fields={"total": {"state": "confirmed"}})
    cases = [
        decision("correction", CORRECT), decision("approval", approve),
        decision("rejection", envelope("reject", {"value": None, "message": "not ours", "note": None},
                                       outcome="reject", reasons=["duplicate"])),
        decision("return", envelope("return", {"value": None, "message": "page 2?", "note": "asked"},
                                    outcome="return", route="reviewer")),
        decision("escalation", envelope("escalate", {"value": None, "message": None, "note": "look"},
                                        outcome="escalate", reasons=["unsure"], route="tax")),
        decision("blind label", envelope("blind", {"value": {"label": "pin_blocked"}, "message": None,
                                                   "note": None}, blind=seed.digest({"own": 1}))),
        decision("amendment", envelope("amend", {"value": {"arguments": {"n": 2}}, "message": None,
                                                 "note": None}, amends=CORRECT[0]["id"], seq=413,
                                       flags_shown=["bidi"])),
        decision("signed", CORRECT, sign=True),
    ]
    refusals = []
    for name, edit, pointer in DECISION_REFUSED:
        refusals.append({"name": name, "text": text(edit(CORRECT[0])), "pointer": pointer})
    moved = without(dict(CORRECT[0], device=seed.ident("another"), seq=1), "signature")
    other = without(dict(CORRECT[0], outcome="approve"), "signature")
    return {"cases": cases, "refused": refusals,
            "same_identity": [text(CORRECT[0]), text(moved)],
            "other_identity": [text(CORRECT[0]), text(other)]}


# --- leases ----------------------------------------------------------------------

TOP = ("external_id", "queue", "kind", "created_at", "case", "replaces", "model", "safety_class",
       "links", "expires_at", "on_expiry")
SOURCE = ("id", "title", "media_type", "text", "sha256", "size", "width", "height", "turns", "deciding")


def blind(doc):
    """data/formats.md, "Views"."""
    out = {k: doc[k] for k in TOP if k in doc}
    out["sources"] = [{k: s[k] for k in SOURCE if k in s} for s in doc["sources"]]
    out["proposed"] = {}
    if doc["kind"] == "extraction":
        out["proposed"]["fields"] = {k: {} for k in sorted(doc["proposed"]["fields"], key=str.encode)}
    return out


def lease(word, doc, queue, view):
    salt = seed.salt("lease " + word)
    digest = seed.salted(salt, doc)
    shown = {"definition": definition_digest(queue), "proposal": digest, "view": view}
    return {
        "review": seed.ident("lease " + word), "revision": 1,
        "stage": "second" if view == "peer" else "first",
        "proposal_id": seed.ident("proposal " + word), "salt": None if view == "blind" else salt,
        "digest": digest, "shown": seed.digest(shown), "token": "4294967297",
        "expires_at": AT, "ttl_s": 900,
        "allowed": [{"outcome": "approve", "why_not": "Date is required and empty"}, {"outcome": "correct"},
                    {"outcome": "reject", "why_not": None}],
        "reasons": [{"title": "total unsure", "path": "/proposed/fields/total/confidence", "op": "lt",
                     "value": "0.9", "found": "0.41", "result": "true", "asks": ["total"]}],
        "asked": ["total"], "view": view, "definition": shown["definition"], "policy": seed.digest({"p": 1}),
        "guide": seed.digest(queue["guide"]) if "guide" in queue else None, "due_at": None,
        "history": [], "siblings": [],
    }


def view_case(name, doc, queue, view):
    document = blind(doc) if view == "blind" else doc
    return {"name": name, "view": view, "definition": text(queue), "whole": text(doc),
            "document": text(document), "lease": text(lease(name, doc, queue, view))}


def leases():
    views = [view_case("receipt " + v, RECEIPT, INVOICES, v) for v in ("full", "peer", "blind")]
    views += [view_case("intent " + v, INTENT, SUPPORT, v) for v in ("full", "peer", "blind")]
    views += [view_case("action " + v, ACTION, AGENT, v) for v in ("full", "peer")]
    good, queue = lease("broken", RECEIPT, INVOICES, "full"), text(INVOICES)
    whole = text(RECEIPT)
    other = text(changed(RECEIPT, ("confidence",), 0.42))
    broken = [
        {"name": "another proposal", "code": "corrupt", "lease": text(good), "proposal": other,
         "definition": queue},
        {"name": "another definition", "code": "corrupt", "lease": text(good), "proposal": whole,
         "definition": text(dict(INVOICES, title="Bills"))},
        {"name": "another view", "code": "corrupt", "lease": text(dict(good, view="peer")),
         "proposal": whole, "definition": queue},
        {"name": "another salt", "code": "corrupt", "lease": text(dict(good, salt="0" * 32)),
         "proposal": whole, "definition": queue},
        {"name": "another kind of proposal", "code": "corrupt",
         "lease": text(lease("broken", INTENT, INVOICES, "full")), "proposal": text(INTENT),
         "definition": queue},
        {"name": "another kind of queue", "code": "corrupt",
         "lease": text(lease("broken", RECEIPT, dict(SUPPORT, queue="invoices"), "full")),
         "proposal": whole, "definition": text(dict(SUPPORT, queue="invoices"))},
        {"name": "unknown stage", "code": "invalid", "lease": text(dict(good, stage="third")),
         "proposal": whole, "definition": queue},
        {"name": "no token", "code": "invalid", "lease": text(without(good, "token")),
         "proposal": whole, "definition": queue},
        {"name": "unknown outcome", "code": "invalid",
         "lease": text(dict(good, allowed=[{"outcome": "agree"}])), "proposal": whole, "definition": queue},
        {"name": "proposal is no JSON", "code": "invalid", "lease": text(good), "proposal": "{",
         "definition": queue},
    ]
    salt = seed.salt("reveal")
    own = {"total": "8.49"}
    return {"views": views, "broken": broken,
            "reveal": {"salt": salt, "value": own, "own": seed.salted(salt, {"value": own}),
                       "body": text({"token": "4294967297", "own": seed.salted(salt, {"value": own}),
                                     "content": {"salt": salt, "value": own}})}}


def headers():
    head = {
        "review": seed.ident("h"), "proposal": seed.ident("hp"), "external_id": "inv-4711",
        "queue": "invoices", "case": "order-77", "kind": "extraction", "class": "bounded",
        "stage": "first", "state": "waiting", "confidence": 0.41, "due_at": "2026-11-02T17:00:00.000Z",
        "received_at": AT, "order": 1793971646000, "held": False,
    }
    rows = [
        ("no review", drop("review"), "/review"), ("unknown stage", put("stage", "x"), "/stage"),
        ("unknown class", put("class", "x"), "/class"), ("unknown kind", put("kind", "x"), "/kind"),
        ("no order", drop("order"), "/order"), ("held as a word", put("held", "no"), "/held"),
        ("no time", drop("received_at"), "/received_at"), ("confidence 2", put("confidence", 2), "/confidence"),
    ]
    return {
        "accepted": [
            {"text": text(head), "confidence_pm": 410, "due_ms": 1793638800000, "order": 1793971646000},
            {"text": text(dict(head, confidence=0.4567)), "again": text(dict(head, confidence=0.457)),
             "confidence_pm": 457, "due_ms": 1793638800000, "order": 1793971646000},
            {"text": text(dict(head, confidence=None, due_at=None, case=None, order=-5, held=True,
                               stage="escalation")), "confidence_pm": -1, "due_ms": 0, "order": -5},
        ],
        "refused": [{"name": n, "pointer": p, "text": text(edit(head))} for n, edit, p in rows],
    }


def vectors():
    return {"proposals": proposals(), "definitions": definitions(), "decisions": decisions(),
            "leases": leases(), "headers": headers()}
