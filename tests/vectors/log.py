# SPDX-License-Identifier: Apache-2.0
"""Vectors of the audit log: leaves, tree, checkpoints, receipts, erasure."""

import base64
import hashlib

import canon
import ed25519
import seed
import tree

MEMBERS = ("v", "type", "at", "actor", "role", "authority", "device", "event", "queue", "subject",
           "revision", "envelope", "proposed", "shown", "decided", "definition", "policy", "guide",
           "token", "outcome", "verdict", "late", "stage", "review", "fields", "reasons", "state",
           "route", "data", "signature")
AT = "2026-11-02T13:27:26.000Z"


def d(word):
    return seed.digest({"vector": word})


def b64(raw):
    return base64.b64encode(raw).decode()


PROPOSAL = seed.ident("leaf proposal")
REVIEW = seed.ident("leaf review")
DEVICE = seed.ident("leaf device")
LOG_SEED = seed.raw("log key", 32)
LOG_PUBLIC = ed25519.public(LOG_SEED)
ORIGIN = "countersign/%s/1" % hashlib.sha256(LOG_PUBLIC).hexdigest()[:16]


def leaf(kind, **members):
    out = dict.fromkeys(MEMBERS)
    out.update(v=1, type=kind, at=AT, actor="server", late=False)
    assert set(members) <= set(MEMBERS)
    out.update(members)
    return out


def by(actor, role, **more):
    return dict(actor=actor, role=role, authority="lead,reviewer" if role == "reviewer" else role, **more)


def every_type():
    on = dict(queue="invoices", subject=PROPOSAL, revision=1)
    rules = dict(definition=d("definition"), policy=d("policy"), guide=d("guide"))
    intake = {"external_id": "inv-4711", "kind": "extraction", "class": "bounded", "producer": "shop",
              "people": 1, "rule": "unsure", "asked": ["total"]}
    return [
        leaf("open", subject=ORIGIN, data={"origin": ORIGIN, "epoch": 1}),
        leaf("token", subject=seed.ident("token"), **by("admin", "administrator"),
             data={"change": "added", "roles": [{"queue": "invoices", "role": "reviewer"}]}),
        leaf("key", subject=ORIGIN, **by("admin", "administrator"),
             data={"purpose": "log", "key": vkey(ORIGIN, LOG_PUBLIC), "previous": None}),
        leaf("device", subject=DEVICE, device=DEVICE, **by("reviewer-1", "reviewer"),
             data={"principal": "reviewer-1"}),
        leaf("definition", queue="invoices", subject="invoices", definition=d("definition"),
             **by("admin", "administrator"), data={"previous": None}),
        leaf("policy", queue="invoices", subject="invoices", policy=d("policy"),
             **by("admin", "administrator"), data={"previous": d("old policy")}),
        leaf("guide", queue="invoices", subject="invoices", guide=d("guide"),
             **by("admin", "administrator"), data={"previous": None}),
        leaf("proposal", **on, **rules, **by("shop", "producer"), event=PROPOSAL, proposed=d("proposed"),
             state="waiting", route="review", data=intake),
        leaf("revision", **dict(on, revision=2), **rules, **by("shop", "producer"),
             event=seed.ident("revise"), proposed=d("proposed 2"), state="waiting", route="review",
             data=dict(intake, **{"class": "high_impact", "people": 2})),
        leaf("result", **on, **rules, proposed=d("proposed"), state="auto_accepted", route="auto_accept",
             data={"number": 1, "digest": d("result"), "state": "auto_accepted", "changed": False,
                   "probability": "0.05", "drawn": True}),
        leaf("reveal", **on, **by("reviewer-1", "reviewer"), device=DEVICE, review=REVIEW,
             event=REVIEW + "/reviewer-1", stage="first", data={"own": d("own")}),
        leaf("decision", **on, **rules, **by("reviewer-1", "reviewer"), device=DEVICE,
             event=seed.ident("decision"), envelope=d("envelope"), proposed=d("proposed"), shown=d("shown"),
             decided=d("content"), token="17179869201", outcome="correct", verdict="accepted", late=True,
             stage="first", review=REVIEW, route="review", state="corrected",
             fields={"total": {"state": "corrected"}, "K\u00e4ufer": {"state": "cannot_tell",
                                                                    "reason": "unreadable"}},
             reasons=["misread"], signature=b64(seed.raw("signature", 64)),
             data={"seq": 412, "amends": None, "decided_at": AT, "faults": None,
                   "result": {"number": 1, "digest": d("result"), "state": "corrected", "changed": True},
                   "feedback": {"rows": 3, "digest": d("feedback")}}),
        leaf("release", **on, **by("shop", "producer"), event=seed.ident("release"), decided=d("result"),
             state="approved", route="review", data={"number": 1, "digest": d("result")}),
        leaf("withdraw", **on, **by("shop", "producer"), event=seed.ident("withdraw"), state="withdrawn",
             route="review", data={"number": 1, "digest": d("result"), "state": "withdrawn",
                                   "changed": False}),
        leaf("overturned", **on, **by("lead-1", "lead"), event=seed.ident("decision"), state="auto_accepted",
             stage="sample", review=REVIEW, data={"number": 2, "digest": d("result 2"), "state": "corrected",
                                                  "previous": 1}),
        leaf("control", queue="invoices", **by("supervisor-1", "supervisor"), event=seed.ident("control"),
             subject="invoices", data={"action": "hold_release", "reason": "wrong totals",
                                       "scope": {"queue": "invoices", "class": None, "model": None}}),
        leaf("sampling", subject="2026-W45", data={"week": "2026-W45", "key": seed.sha256(b"week key")}),
        leaf("erasure", **on, **by("supervisor-1", "supervisor"), event=seed.ident("erase"),
             data={"reason": "request", "contents": [
                 {"kind": "proposal", "subject": PROPOSAL, "revision": 1, "digest": d("proposed")},
                 {"kind": "decision", "subject": seed.ident("decision"), "revision": None,
                  "digest": d("content")}]}),
        leaf("restore", subject=ORIGIN[:-1] + "2", **by("admin", "administrator"),
             data={"origin": ORIGIN[:-1] + "2", "epoch": 2, "reason": "disk lost",
                   "previous": {"origin": ORIGIN, "size": 17, "root": b64(seed.raw("root", 32))},
                   "newest": {"size": 19, "root": b64(seed.raw("newest", 32))}}),
    ]


def leaves():
    rows = []
    for value in every_type():
        data = canon.canon(value)
        rows.append({"type": value["type"], "members": {k: value[k] for k in MEMBERS},
                     "text": data.decode(), "hash": tree.leaf(data).hex()})
    good = every_type()[11]
    text = canon.dump(good)
    broken = [
        ("not JSON", text[:-1]), ("blank between", text.replace('","', '", "', 1)),
        ("members in another order", '{"v":1,' + text[1:].replace(',"v":1}', "}")),
        ("a member missing", canon.dump({k: v for k, v in good.items() if k != "route"})),
        ("a member too many", canon.dump(dict(good, extra=None))),
        ("version 2", canon.dump(dict(good, v=2))), ("unknown type", canon.dump(dict(good, type="x"))),
        ("no actor", canon.dump(dict(good, actor=None))), ("no time", canon.dump(dict(good, at="now"))),
        ("late is null", canon.dump(dict(good, late=None))),
        ("revision zero", canon.dump(dict(good, revision=0))),
        ("revision is a fraction", canon.dump(dict(good, revision=1.5))),
        ("a fraction in data", canon.dump(dict(good, data={"rate": 0.05}))),
        ("data is a list", canon.dump(dict(good, data=[]))),
        ("reasons is an object", canon.dump(dict(good, reasons={}))),
        ("outcome is a number", canon.dump(dict(good, outcome=1))),
    ]
    return {"leaves": rows, "refused": [{"name": n, "text": t} for n, t in broken]}


def merkle():
    data = [b""] + [bytes([n]) * n for n in range(1, 20)]
    sizes = list(range(0, 10)) + [13, 16, 17, 20]
    inclusion, consistency = [], []
    for n in sizes:
        for i in range(n):
            inclusion.append({"index": i, "size": n, "proof": [b64(h) for h in tree.path(i, data[:n])]})
        for m in sizes:
            if m <= n:
                proof = [] if m in (0, n) else tree.proof(m, data[:n])
                consistency.append({"from": m, "to": n, "proof": [b64(h) for h in proof]})
    return {"leaves": [x.hex() for x in data], "hashes": [tree.leaf(x).hex() for x in data],
            "roots": [tree.root(data[:n]).hex() for n in range(21)],
            "inclusion": inclusion, "consistency": consistency}


# --- notes -----------------------------------------------------------------------

def key_id(name, public):
    return hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]


def vkey(name, public):
    return "%s+%s+%s" % (name, key_id(name, public).hex(), b64(b"\x01" + public))


def note_bytes(text, name, secret, ident=None):
    public = ed25519.public(secret)
    sig = (ident or key_id(name, public)) + ed25519.sign(secret, text)
    return text + ("\n\u2014 %s %s\n" % (name, b64(sig))).encode()


def note(text, name, secret):
    return note_bytes(text.encode(), name, secret).decode()


def checkpoint(origin, size, root, secret):
    return note("%s\n%d\n%s\n" % (origin, size, b64(root)), origin, secret)


def checkpoints():
    data = [b""] + [bytes([n]) * n for n in range(1, 20)]
    good = []
    for size in (0, 1, 5, 20):
        good.append({"size": size, "root": tree.root(data[:size]).hex(),
                     "note": checkpoint(ORIGIN, size, tree.root(data[:size]), LOG_SEED)})
    one = good[2]["note"]
    other = seed.raw("other key", 32)
    cosigned = one + note(one.split("\n\n")[0] + "\n", "witness.example/w", other).split("\n\n")[1]
    head, tail = one.split("\n\n")
    refused = [
        ("size with a zero before it", note("%s\n05\n%s\n" % (ORIGIN, b64(bytes(32))), ORIGIN, LOG_SEED)),
        ("root too short", note("%s\n5\n%s\n" % (ORIGIN, b64(bytes(31))), ORIGIN, LOG_SEED)),
        ("no size", note("%s\n%s\n" % (ORIGIN, b64(bytes(32))), ORIGIN, LOG_SEED)),
        ("base64 that is not canonical",
         note("%s\n5\n%s\n" % (ORIGIN, b64(bytes(32))[:-2] + "B="), ORIGIN, LOG_SEED)),
        ("no signature", head + "\n\n"), ("no blank line", one.replace("\n\n", "\n")),
        ("another size", one.replace("\n5\n", "\n6\n")),
        ("another log", checkpoint(ORIGIN[:-1] + "2", 5, bytes(32), LOG_SEED)),
        ("another key of that name", checkpoint(ORIGIN, 5, bytes(32), other)),
        ("signature cut", head + "\n\n" + tail[:-6] + "\n"),
        ("line that is no signature", one + "hello\n"), ("empty", ""),
        ("another origin under our name", note(head.replace("/1\n", "/2\n") + "\n", ORIGIN, LOG_SEED)),
    ]
    refused = [(n, t.encode()) for n, t in refused] + [
        ("signed, but not UTF-8", note_bytes(head.encode() + b"\n\xff\n", ORIGIN, LOG_SEED)),
        ("key id of another key", note_bytes(head.encode() + b"\n", ORIGIN, LOG_SEED, b"\0\1\2\3"))]
    proofs = []
    for index, size in ((0, 1), (2, 5), (19, 20)):
        lines = "".join(b64(h) + "\n" for h in tree.path(index, data[:size]))
        for extra in (None, b"\x00receipt"):
            more = "extra %s\n" % b64(extra) if extra is not None else ""
            body = checkpoint(ORIGIN, size, tree.root(data[:size]), LOG_SEED)
            proofs.append({
                "index": index, "size": size, "extra": extra.hex() if extra is not None else None,
                "hashes": [h.hex() for h in tree.path(index, data[:size])], "note": body,
                "text": "c2sp.org/tlog-proof@v1\n%sindex %d\n%s\n%s" % (more, index, lines, body)})
    bad = proofs[2]["text"]
    return {
        "seed": LOG_SEED.hex(), "public": LOG_PUBLIC.hex(), "epoch": 1, "origin": ORIGIN,
        "vkey": vkey(ORIGIN, LOG_PUBLIC), "checkpoints": good, "cosigned": cosigned,
        "refused": [{"name": n, "hex": t.hex()} for n, t in refused],
        "origin_refused": ["", "countersign/", ORIGIN[:-2], ORIGIN[:-1] + "0", ORIGIN + "x",
                           ORIGIN.replace("countersign", "other"), ORIGIN[:-1] + "01",
                           "countersign/0123456789abcde/1", "countersign/0123456789ABCDEF/1"],
        "vkey_refused": ["", "name", "name+", "name+00000000+AA==", vkey(ORIGIN, LOG_PUBLIC)[:-1],
                         vkey(ORIGIN, LOG_PUBLIC).replace("/1+", "/2+"), "+" + vkey(ORIGIN, LOG_PUBLIC)],
        "proofs": proofs,
        "proofs_refused": [{"name": n, "text": t} for n, t in (
            ("another head", bad.replace("@v1", "@v2")), ("no index", bad.replace("index 2\n", "")),
            ("index with a zero", bad.replace("index 2", "index 02")), ("hash cut", bad.replace("=\n", "\n", 1)),
            ("no checkpoint", bad.split("\n\n")[0] + "\n\n"), ("no end", bad.split("\n\n")[0]),
            ("extra that is no base64", bad.replace("index 2", "extra ?\nindex 2")))],
        # C2SP signed-note, from its specification.
        "published": {
            "vkey": "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            "text": "This is an example message.\n",
            "signature": "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="},
    }


def erasure():
    """What is left of an erased content, beside one that is still there."""
    salt = seed.salt("erased")
    document = '{"external_id":"inv-1"}'
    digest = seed.sha256(bytes.fromhex(salt) + canon.canon_text(document))
    kept = {"kind": "proposal", "subject": PROPOSAL, "revision": 1, "digest": digest, "salt": salt,
            "document": document, "erased": False}
    gone = dict(kept, salt=None, document=None, erased=True)
    rows = [{"entry": kept, "fits": True}, {"entry": gone, "fits": True},
            {"entry": dict(kept, document='{"external_id":"inv-2"}'), "fits": False},
            {"entry": dict(kept, salt=seed.salt("x")), "fits": False},
            {"entry": dict(kept, document="{"), "fits": False}]
    answer = '{"value":{"a":1},"message":null,"note":"n"}'
    for kind in ("decision", "result", "own"):
        text = '{"value":{"a":1}}' if kind == "own" else answer
        rows.append({"entry": {"kind": kind, "subject": REVIEW, "revision": None, "salt": salt,
                               "digest": seed.sha256(bytes.fromhex(salt) + canon.canon_text(text)),
                               "document": text, "erased": False}, "fits": True})
    definition = '{"queue":"q","kind":"approval","guide":"x","lease_s":60}'
    rows.append({"entry": {"kind": "definition", "subject": "q", "revision": None, "salt": None,
                           "digest": seed.digest({"queue": "q", "kind": "approval"}),
                           "document": definition, "erased": False}, "fits": True})
    for kind in ("policy", "guide"):
        rows.append({"entry": {"kind": kind, "subject": "q", "revision": None, "salt": None,
                               "digest": seed.digest({"version": 1}), "document": '{ "version": 1 }',
                               "erased": False}, "fits": True})
    refused = [
        {"entry": dict(gone, salt=salt), "pointer": "/erased"},
        {"entry": dict(gone, document=document), "pointer": "/erased"},
        {"entry": dict(kept, document=None), "pointer": "/document"},
        {"entry": dict(kept, salt=None), "pointer": "/salt"},
        {"entry": dict(kept, kind="secret"), "pointer": "/kind"},
        {"entry": dict(kept, digest="x"), "pointer": "/digest"},
    ]
    return {"contents": rows, "refused": refused}


def vectors():
    return {"leaves": leaves(), "merkle": merkle(), "checkpoints": checkpoints(), "erasure": erasure()}
