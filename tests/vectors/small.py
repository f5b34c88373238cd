# SPDX-License-Identifier: Apache-2.0
"""Vectors of ids, tokens, cursors, digests, states, verdicts and problems."""

import hashlib
import os

import seed

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


def ids():
    made = []
    for n, ms in enumerate((0, 1, 1793971646123, 2**48 - 1)):
        rnd = (bytes(10), b"\xff" * 10, seed.raw("id %d" % n, 10), seed.raw("x", 10))[n]
        made.append({"ms": ms, "random": rnd.hex(), "id": seed.uuid7(ms, rnd)})
    good = made[2]["id"]
    return {"made": made, "refused": [
        "", good.upper(), good + " ", good[:-1], good.replace("-", ""), "{" + good + "}",
        good[:14] + "4" + good[15:], good[:19] + "c" + good[20:], good[:8] + "_" + good[9:],
        "00000000-0000-0000-0000-000000000000", good.replace(good[0], "g", 1)]}


def tokens():
    lease = [{"epoch": e, "counter": c, "text": str(e * 2**32 + c)}
             for e, c in ((1, 1), (1, 2), (1, 2**32 - 1), (2, 1), (4, 17), (2**31 - 1, 2**32 - 1))]
    bearer = []
    for word in ("reviewer", "producer"):
        rnd = seed.raw("bearer " + word, 32)
        text = "cst_" + rnd.hex()
        bearer.append({"random": rnd.hex(), "text": text, "digest": seed.sha256(text.encode())})
    good = bearer[0]["text"]
    return {
        "lease": lease,
        "lease_refused": ["", "0", "1", "4294967295", "4294967296", "04294967297", "+4294967297",
                          " 4294967297", "4294967297 ", "4294967297.0", "-4294967297",
                          "9223372036854775808", "99999999999999999999", "x"],
        "bearer": bearer,
        "bearer_refused": ["", "cst_", good.upper(), good[:-1], good + "0", good[4:], "CST_" + good[4:],
                           good.replace("cst_", "cst-"), good[:-1] + "g"],
    }


def cursors():
    return {
        "accepted": [{"epoch": e, "index": i, "text": "%d:%d" % (e, i)}
                     for e, i in ((1, 0), (1, 1), (2, 1234567), (2**31 - 1, 2**53 - 1))],
        "refused": ["", ":", "1", "1:", ":1", "0:1", "1:01", "01:1", "1:-1", "+1:1", "1:1 ", " 1:1",
                    "1:1:1", "2147483648:0", "1:9007199254740992", "1:1x", "a:1"],
    }


def content():
    answers = [
        ("correction", {"value": {"total": "8.49", "date": None}, "message": None, "note": "smudged"}),
        ("label", {"value": {"label": "card_arrival"}, "message": None, "note": None}),
        ("rejection", {"value": None, "message": "not a receipt \u2013 an offer", "note": None}),
        ("arguments", {"value": {"arguments": {"amount": "50.00", "n": 3, "share": 0.25}},
                       "message": "", "note": None}),
    ]
    cases = []
    for word, value in answers:
        salt = seed.salt(word)
        cases.append({"salt": salt, "value": value["value"], "message": value["message"],
                      "note": value["note"], "digest": seed.salted(salt, value)})
    own = []
    for word, value in (("own label", {"label": "lost_card"}), ("own fields", {"total": "1.00", "tax": None})):
        salt = seed.salt(word)
        own.append({"salt": salt, "value": value, "digest": seed.salted(salt, {"value": value})})
    shown = []
    d, p = seed.digest({"queue": "x"}), seed.salted(seed.salt("p"), {"x": 1})
    for view in ("full", "peer", "blind"):
        shown.append({"definition": d, "proposal": p, "view": view,
                      "digest": seed.digest({"definition": d, "proposal": p, "view": view})})
    return {"answers": cases, "own": own, "shown": shown,
            "salt_refused": ["", "00", "0" * 31, "0" * 33, "0" * 31 + "g", "A" * 32]}


def states():
    with open(os.path.join(ROOT, "data", "states.tsv"), "rb") as f:
        data = f.read()
    words = [line.split("\t") for line in data.decode().split("\n") if line.startswith("state\t")]
    return {"file": "states.tsv", "size": len(data), "digest": seed.sha256(data),
            "states": [{"name": w[1], "result": w[2] == "result"} for w in words]}


# The order of design "Decision": the first that holds counts. What a decision
# without any of these facts gets is `accepted`.
VERDICTS = [
    ("known_same", "stored"), ("known_other", "id_reused"), ("seq_of_another", "device_forked"),
    ("revoked", "refused_authz"), ("not_permitted", "refused_authz"),
    ("form_broken", "invalid"),
    ("shown_not_current", "stale"), ("revision_not_current", "stale"), ("withdrawn", "stale"),
    ("amends_not_open", "too_late"),
    ("decided", "late_opinion"), ("expired", "late_opinion"), ("token_not_current", "late_opinion"),
    ("not_admitted", "refused_policy"),
]
# An amendment needs no lease: these do not count against one that is open.
NOT_FOR_AMENDMENTS = ("decided", "token_not_current")


def judge(facts):
    for fact, verdict in VERDICTS:
        if fact in facts and not ("amends" in facts and fact in NOT_FOR_AMENDMENTS):
            return verdict
    return "accepted"


def verdicts():
    names = [f for f, _ in VERDICTS]
    sets = [[]] + [[f] for f in names]
    sets += [[a, b] for i, a in enumerate(names) for b in names[i + 1:]
             if not (a == "known_same" and b == "known_other")]
    sets += [names[i:] for i in range(2, len(names))]
    sets += [["amends"], ["amends", "decided"], ["amends", "token_not_current"],
             ["amends", "decided", "token_not_current"], ["amends", "decided", "not_admitted"],
             ["amends", "decided", "withdrawn"], ["amends", "decided", "form_broken"]]
    cases = []
    for facts in sets:
        verdict = judge(facts)
        cases.append({"facts": facts, "verdict": verdict, "late": False})
        if "amends" in facts or verdict != "accepted":
            continue
        cases.append({"facts": facts + ["lease_ended"], "verdict": verdict, "late": True})
    return {"order": [{"fact": f, "verdict": v} for f, v in VERDICTS], "cases": cases}


PROBLEMS = [
    ("malformed", 400), ("unauthorized", 401), ("forbidden", 403), ("not_found", 404),
    ("not_allowed", 405), ("decided", 409), ("already_consumed", 409), ("expired", 409),
    ("held", 409), ("conflict", 409), ("not_leased", 409), ("must_refetch", 409),
    ("too_large", 413), ("invalid", 422), ("id_reused", 422), ("wire_too_old", 426),
    ("too_many", 429), ("internal", 500), ("busy", 503), ("storage_full", 507),
]


def problems():
    return {"types": [{"name": n, "status": s, "type": "urn:countersign:problem:" + n}
                      for n, s in PROBLEMS],
            "by_status": [{"status": 400, "name": "malformed"}, {"status": 404, "name": "not_found"},
                          {"status": 409, "name": "conflict"}, {"status": 418, "name": "malformed"},
                          {"status": 422, "name": "invalid"}, {"status": 500, "name": "internal"},
                          {"status": 502, "name": "internal"}, {"status": 503, "name": "busy"}]}


def vectors():
    return {"ids": ids(), "tokens": tokens(), "cursors": cursors(), "content": content(),
            "states": states(), "verdicts": verdicts(), "problems": problems()}
