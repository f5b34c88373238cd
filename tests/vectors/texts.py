# SPDX-License-Identifier: Apache-2.0
"""Vectors of the pre-scan and of canonical JSON."""

import json

import canon
import scan
import seed


def expand(parts):
    """The bytes of a case: pieces of text or hex, each repeated."""
    out = b""
    for p in parts:
        piece = p["text"].encode() if "text" in p else bytes.fromhex(p["hex"])
        out += piece * p.get("times", 1)
    return out


def case(name, parts, limits="document"):
    if isinstance(parts, str):
        parts = [{"text": parts}]
    elif isinstance(parts, bytes):
        parts = [{"hex": parts.hex()}]
    found = scan.check(expand(parts), scan.LIMITS[limits])
    out = {"name": name, "limits": limits, "parts": parts}
    if found:
        out.update(fault=found[0], offset=found[1], line=found[2], pointer=found[3])
    else:
        out["fault"] = None
    return out


def t(text, times=1):
    return {"text": text, "times": times}


SYNTAX = [
    ("empty", ""), ("white space only", " \n\t"), ("null", "null"), ("scalar", " 12 "),
    ("nothing in it", "{}"), ("nested", '{"a":[{"b":null}, true, false, "x"]}'),
    ("trailing comma", "[1,]"), ("trailing comma in object", '{"a":1,}'),
    ("no comma", "[1 2]"), ("no colon", '{"a" 1}'), ("no value", '{"a":}'),
    ("key is no text", "{1:2}"), ("single quotes", "{'a':1}"), ("wrong bracket", '{"a":[1}'),
    ("left open", '{"a":[1,2'), ("text left open", '{"a":"bc'), ("two documents", "{} {}"),
    ("something behind", "[1]x"), ("comment", "[1/*2*/]"), ("third line", '{\n "a": 1,\n "b": x\n}'),
    ("word cut off", "[tru]"), ("word ends early", "nul"), ("capital word", "[True]"),
    ("NaN", "[NaN]"), ("infinity", "[-Infinity]"), ("plus sign", "[+1]"),
    ("leading zero", "[012]"), ("no digit before the point", "[.5]"),
    ("no digit after the point", "[1.]"), ("no exponent", "[1e]"), ("no exponent after sign", "[1e+]"),
    ("minus alone", "[-]"), ("hexadecimal", "[0x1]"), ("pointer escapes", '{"a/b":{"~":[1,?]}}'),
    ("pointer unescapes", '{"\\u00e9\\n":?}'),
]

STRINGS = [
    ("all escapes", '["\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\uDE02"]'),
    ("unknown escape", '["\\x"]'), ("escape at the end", '["\\'),
    ("unicode escape too short", '["\\u12"]'), ("unicode escape no hex", '["\\u12g4"]'),
    ("U+0000", '["a\\u0000"]'), ("U+0000 in a key", '{"\\u0000":1}'),
    ("high surrogate alone", '["\\ud800"]'), ("low surrogate alone", '["\\udc00"]'),
    ("high, then no escape", '["\\ud83dx"]'), ("high twice", '["\\ud83d\\ud83d"]'),
    ("pair the wrong way", '["\\ude02\\ud83d"]'), ("tab", '["a\tb"]'), ("line feed", '["a\nb"]'),
    ("control inside a long text", '["0123456789abcdef\x1f0123456789abcdef"]'),
    ("quote inside a long text", '["0123456789ab"cdef"]'),
    ("delete is no control here", '["\x7f"]'), ("noncharacter", '["\\uffff"]'),
    ("wide", '["\u5927\U0001f602\u00e9"]'), ("bidi and zero width stay", '["\u202e\u200b"]'),
]

UTF8 = [
    ("byte order mark", b"\xef\xbb\xbf{}"), ("stray continuation", b'["\x80"]'),
    ("two bytes cut", b'["\xc3"]'), ("overlong", b'["\xc0\xaf"]'), ("overlong three", b'["\xe0\x80\xaf"]'),
    ("surrogate in UTF-8", b'["\xed\xa0\x80"]'), ("beyond U+10FFFF", b'["\xf4\x90\x80\x80"]'),
    ("latin-1", b'["caf\xe9"]'), ("in a key", b'{"a":1,"\xff":2}'), ("0xff outside", b"[\xff]"),
    ("NUL byte", b"[1]\x00"), ("NUL byte in a text", b'["\x00"]'), ("UTF-16", '["a"]'.encode("utf-16-le")),
]

NUMBERS = [
    "0", "-0", "9007199254740991", "-9007199254740991", "9007199254740992", "-9007199254740992",
    "9007199254740993.0", "123456789012345678901234567890", "1e15", "1.5e300", "-0.0",
    "0.12345678901234567", "0.123456789012345678", "12345678901234567e10", "123456789012345678e10",
    "1.2300000000000000000000", "000", "100000000000000000000000.0", "0.00000000000000000000000012345",
    "1.7976931348623157e308", "1.7976931348623158e308", "1.7976931348623159e308", "1e309", "-1e309",
    "0.00001e313", "10000e304", "10000e305", "4.9e-324", "5e-324", "2.4703282292062328e-324",
    "2.4703282292062327e-324", "1e-323", "1e-400", "-1e-400", "0e-400", "0.0e999999999999999999",
    "1e999999999999999999", "1e-999999999999999999", "123.456e-789",
]


def keys(n, extra):
    return "{" + ",".join('"k%d":%d' % (i, i) for i in range(n)) + extra + "}"


DUPLICATES = [
    ("twice", '{"a":1,"a":2}'), ("twice by escape", '{"a":1,"\\u0061":2}'),
    ("both escaped", '{"\\u0062":1,"\\u0062":2}'), ("pair and character", '{"\\ud83d\\ude02":1,"\U0001f602":2}'),
    ("different case", '{"a":1,"A":2}'), ("not normalized", '{"\u00e9":1,"e\u0301":2}'),
    ("in different objects", '[{"a":1},{"a":2}]'), ("deep", '{"x":[0,{"b":{"c":1,"c":2}}]}'),
    ("in and around", '{"a":{"a":1}}'), ("empty key twice", '{"":1,"":2}'),
    ("among many", keys(40, ',"k7":0')), ("among many, with an escape", keys(40, ',"\\u006b12":0')),
    ("two of them among many", keys(40, ',"k39":0,"k0":0')),
    ("three times among many", keys(30, ',"k5":0,"k5":1')), ("before a syntax error", '{"a":1,"a":?}'), ("many, then a syntax error", keys(20, ',"k3":1,"z":?')),
    ("syntax error first", '{"a":?,"a":1}'), ("prefix is another key", keys(30, ',"k":1,"k00":2')),
]


def limits():
    big = scan.DOCUMENT["bytes"]
    return [
        case("exactly the size", [t('["'), t("x", big - 4), t('"]')]),
        case("one byte more", [t('["'), t("x", big - 3), t('"]')]),
        case("exactly the depth", [t("[", 32), t("]", 32)]),
        case("one level more", [t("[", 33), t("]", 33)]),
        case("one level more, named", [t('{"a":', 33), t("1"), t("}", 33)]),
        case("exactly the nodes", [t("[0"), t(",0", 9998), t("]")]),
        case("one node more", [t("[0"), t(",0", 9999), t("]")]),
        case("a wrapped document", [t('{"proposal":'), t("[", 32), t("]", 32), t("}")], "body"),
        case("exactly the items", [t('{"proposals":[{}'), t(",{}", 99), t("]}")], "batch"),
        case("one item more", [t('{"proposals":[{}'), t(",{}", 100), t("]}")], "batch"),
        case("decisions are items too", [t('{"device":"d","decisions":[{}'), t(",{}", 100), t("]}")], "batch"),
        case("other lists are not", [t('{"others":[{}'), t(",{}", 100), t("]}")], "batch"),
        case("an item too deep", [t('{"proposals":[1,'), t("[", 35), t("]", 35), t("]}")], "batch"),
        case("an item of just the depth", [t('{"proposals":[1,'), t("[", 34), t("]", 34), t("]}")], "batch"),
        case("an item with too many nodes",
             [t('{"proposals":[1,[0'), t(",0", 10099), t("]]}")], "batch"),
        case("an item of just the nodes",
             [t('{"proposals":[1,[0'), t(",0", 10098), t("]]}")], "batch"),
        case("an item too long",
             [t('{"proposals":[1,"'), t("x", scan.BODY["bytes"] - 1), t('"]}')], "batch"),
        case("an item of just the length",
             [t('{"proposals":[1,"'), t("x", scan.BODY["bytes"] - 2), t('"]}')], "batch"),
        case("a fault in an item", '{"proposals":[{"a":1},\n{"b":{"c":01}}]}', "batch"),
        case("a fault behind the length of an item",
             [t('{"proposals":["'), t("x", scan.BODY["bytes"]), t('\\x"]}')], "batch"),
        case("a long pointer", [t('{"0123456789":', 20), t("?")]),
    ]


def prescan():
    cases = [case(n, s) for n, s in SYNTAX + STRINGS + DUPLICATES]
    cases += [case(n, b) for n, b in UTF8]
    cases += [case("number " + n, '{"n":%s}' % n) for n in NUMBERS]
    return {"about": "accepted where fault is null; parts joined give the bytes",
            "cases": cases + limits()}


INPUTS = [
    "null", "true", '"x"', "[]", "{}", " [ 1 , 2 ] ", '{"b":1,"a":2}', "[1.0,1e2,-0,-0.0,0.5,1e21,1e-7]",
    '{"\\u20ac":1,"\\r":2,"\\ufb33":3,"1":4,"\\ud83d\\ude00":5,"\\u0080":6,"\\u00f6":7}',
    '["\\u000f\\n\\u0000x\\"\\\\\\/\\u2028\\u007f"]'.replace("\\u0000", "\\u0001"),
    '{"a":{"c":[{"z":0,"y":[]}],"b":null},"":"","aa":1,"A":2}',
    '{"\\ue000":1,"\\ud800\\udc00":2,"\\ud7ff":3,"\\uffff":4,"\\udbff\\udfff":5}',
    "[9007199254740991,-9007199254740991,4.50,2e-3,1.7976931348623157e308,5e-324]",
    "[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001]",
    '{"many":{' + ",".join('"k%d":%d' % (i * 7 % 50, i) for i in range(50)) + "}}",
]

BITS = [
    0x0000000000000000, 0x8000000000000000, 0x0000000000000001, 0x8000000000000001,
    0x7fefffffffffffff, 0xffefffffffffffff, 0x4340000000000000, 0xc340000000000000,
    0x4430000000000000, 0x44b52d02c7e14af5, 0x44b52d02c7e14af6, 0x44b52d02c7e14af7,
    0x444b1ae4d6e2ef4e, 0x444b1ae4d6e2ef4f, 0x444b1ae4d6e2ef50, 0x3eb0c6f7a0b5ed8c,
    0x3eb0c6f7a0b5ed8d, 0x41b3de4355555553, 0x41b3de4355555554, 0x41b3de4355555555,
    0x41b3de4355555556, 0x41b3de4355555557, 0xbecbf647612f3696, 0x43143ff3c1cb0959,
    0x3ff0000000000000, 0x3fb999999999999a, 0x3fe0000000000000, 0x4024000000000000,
]


def jcs():
    numbers = []
    for n in range(300):
        bits = int.from_bytes(seed.raw("double %d" % n, 8), "big")
        if bits >> 52 & 0x7ff != 0x7ff:
            numbers.append(bits)
    return {
        "texts": [{"input": s, "output": canon.dump(json.loads(s))} for s in INPUTS],
        "numbers": [{"bits": "%016x" % b, "text": canon.number(canon.from_bits(b))}
                    for b in BITS + numbers],
    }


def vectors():
    return {"prescan": prescan(), "jcs": jcs()}
