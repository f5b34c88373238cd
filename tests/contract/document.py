# SPDX-License-Identifier: Apache-2.0
"""Reads data/openapi.yaml with the standard library alone, and holds answers of
the running server against it. The reader knows the part of YAML that the file
says it uses; the validator the part of JSON Schema 2020-12 that it uses, and
both refuse everything else loudly."""
import json
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
PATH = os.path.join(HERE, "..", "..", "data", "openapi.yaml")


# --- YAML ----------------------------------------------------------------------

def scalar(text):
    text = text.strip()
    if text[:1] in "\"'":
        if text[0] == '"':
            return json.loads(text)
        return text[1:-1].replace("''", "'")
    if text[:1] in "[{":
        value, rest = flow(text)
        if rest.strip():
            raise ValueError("after a flow value: " + rest)
        return value
    return plain(text)


def plain(text):
    if text in ("null", "~", ""):
        return None
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"-?[0-9]+", text):
        return int(text)
    if re.search(r"^[&*!|>%@`]", text):
        raise ValueError("not the YAML this file is written in: " + text)
    return text


def flow(text):
    """One flow value; the value and what follows it."""
    text = text.lstrip()
    if text[0] == "[":
        items, text = [], text[1:].lstrip()
        while text[0] != "]":
            item, text = flow(text)
            items.append(item)
            text = text.lstrip().removeprefix(",").lstrip()
        return items, text[1:]
    if text[0] == "{":
        members, text = {}, text[1:].lstrip()
        while text[0] != "}":
            key, text = flow(text)
            value, text = flow(text.lstrip().removeprefix(":"))
            members[key] = value
            text = text.lstrip().removeprefix(",").lstrip()
        return members, text[1:]
    if text[0] == '"':
        value, end = json.JSONDecoder().raw_decode(text)
        return value, text[end:]
    m = re.match(r"[^,:\]}]+", text)
    return plain(m.group(0).strip()), text[m.end():]


def lines_of(text):
    out = []
    for line in text.split("\n"):
        body = line.strip()
        if body and not body.startswith("#"):
            out.append((len(line) - len(line.lstrip()), body))
    return out


def split_key(body):
    m = re.match(r'("(?:\\.|[^"\\])*"|[^\s"\'\[{][^:]*(?::[^\s][^:]*)*?):(?:\s+(.*))?$', body)
    if not m:
        raise ValueError("no key: " + body)
    key = json.loads(m.group(1)) if m.group(1)[0] == '"' else m.group(1)
    return key, m.group(2)


def block(lines, at, indent):
    """The block value that begins at line `at`; the value and the next line."""
    if lines[at][1].startswith("- "):
        items = []
        while at < len(lines) and lines[at][0] == indent and lines[at][1].startswith("- "):
            body = lines[at][1][2:]
            if re.match(r'("[^"]*"|[\w$./-]+):(\s|$)', body):
                lines[at] = (indent + 2, body)
                value, at = block(lines, at, indent + 2)
            else:
                value, at = scalar(body), at + 1
            items.append(value)
        return items, at
    members = {}
    while at < len(lines) and lines[at][0] == indent:
        key, rest = split_key(lines[at][1])
        if key in members:
            raise ValueError("key twice: " + key)
        at += 1
        if rest == ">-":
            words = []
            while at < len(lines) and lines[at][0] > indent:
                words.append(lines[at][1])
                at += 1
            members[key] = " ".join(words)
        elif rest is None and at < len(lines) and lines[at][0] > indent:
            members[key], at = block(lines, at, lines[at][0])
        else:
            members[key] = scalar(rest or "")
    if at < len(lines) and lines[at][0] > indent:
        raise ValueError("indented too far: " + lines[at][1])
    return members, at


def load(path=PATH):
    with open(path, encoding="utf-8") as f:
        lines = lines_of(f.read())
    value, at = block(lines, 0, 0)
    if at != len(lines):
        raise ValueError("left over: " + lines[at][1])
    return value


# --- JSON Schema ---------------------------------------------------------------

KNOWN = {"type", "properties", "required", "additionalProperties", "items", "enum", "const",
         "pattern", "minLength", "maxLength", "minimum", "maximum", "maxItems", "oneOf", "$ref",
         "description"}
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


def is_type(v, name):
    if name == "integer":
        return isinstance(v, int) and not isinstance(v, bool)
    if name == "number":
        return isinstance(v, (int, float)) and not isinstance(v, bool)
    return isinstance(v, TYPES[name])


def same(a, b):
    return json.dumps(a, sort_keys=True) == json.dumps(b, sort_keys=True)


class Document:
    def __init__(self):
        self.doc = load()

    def follow(self, node):
        while isinstance(node, dict) and "$ref" in node:
            to = self.doc
            for part in node["$ref"].removeprefix("#/").split("/"):
                to = to[part]
            node = to
        return node

    def faults(self, schema, v, at=""):
        """What is wrong with v: a list of sentences."""
        schema = self.follow(schema)
        unknown = set(schema) - KNOWN
        if unknown:
            raise ValueError("keywords this validator does not know: %s" % unknown)
        out = []
        types = schema.get("type")
        if types:
            types = [types] if isinstance(types, str) else types
            if not any(is_type(v, t) for t in types):
                return ["%s: %r is not %s" % (at or "/", v, " or ".join(types))]
        if "enum" in schema and not any(same(v, e) for e in schema["enum"]):
            out.append("%s: %r is none of %s" % (at, v, schema["enum"]))
        if "const" in schema and not same(v, schema["const"]):
            out.append("%s: %r is not %r" % (at, v, schema["const"]))
        if "oneOf" in schema:
            tried = [self.faults(s, v, at) for s in schema["oneOf"]]
            if sum(not t for t in tried) != 1:
                out.append("%s: fits %d of the forms: %s" % (at, sum(not t for t in tried),
                                                             [t[:1] for t in tried]))
        return out + self.inside(schema, v, at)

    def inside(self, schema, v, at):
        out = []
        if isinstance(v, str):
            if "pattern" in schema and not re.search(schema["pattern"], v):
                out.append("%s: %r does not match %s" % (at, v, schema["pattern"]))
            if not schema.get("minLength", 0) <= len(v) <= schema.get("maxLength", 1 << 30):
                out.append("%s: length %d" % (at, len(v)))
        elif isinstance(v, list):
            if len(v) > schema.get("maxItems", 1 << 30):
                out.append("%s: %d items" % (at, len(v)))
            for i, item in enumerate(v):
                out += self.faults(schema.get("items", {}), item, "%s/%d" % (at, i))
        elif isinstance(v, dict):
            properties = schema.get("properties", {})
            more = schema.get("additionalProperties", {})
            out += ["%s: %s is missing" % (at, k) for k in schema.get("required", []) if k not in v]
            for k, item in v.items():
                if k in properties:
                    out += self.faults(properties[k], item, "%s/%s" % (at, k))
                elif more is False:
                    out.append("%s: %s is not in the document" % (at, k))
                else:
                    out += self.faults(more if isinstance(more, dict) else {}, item, "%s/%s" % (at, k))
        elif is_type(v, "number"):
            if not schema.get("minimum", v) <= v <= schema.get("maximum", v):
                out.append("%s: %r is out of range" % (at, v))
        return out

    def operations(self):
        """(METHOD, path) → operation."""
        return {(m.upper(), p): op for p, item in self.doc["paths"].items()
                for m, op in item.items()}

    def find(self, method, target):
        """The path of the document that a request went to, or None."""
        path = target.split("?")[0].replace("%3A", ":")
        for m, pattern in self.operations():
            rx = re.sub(r"\\\{\w+\\\}", "[^/:]+", re.escape(pattern))
            if m == method and re.fullmatch(rx, path):
                return pattern
        return None

    def check_answer(self, method, target, answer):
        """What the answer has that the document does not say."""
        path = self.find(method, target)
        if path is None:
            if answer.status in (400, 404, 405, 503):
                return self.problem(answer)
            return ["%s %s is not in the document" % (method, target)]
        responses = self.operations()[method, path]["responses"]
        if str(answer.status) not in responses:
            return ["%s %s: status %d is not in the document" % (method, path, answer.status)]
        response = self.follow(responses[str(answer.status)])
        kind = answer.headers.get("content-type", "").split(";")[0]
        out = [] if kind in response["content"] else ["content type %s" % kind]
        for name, header in response.get("headers", {}).items():
            if name.lower() not in answer.headers:
                out.append("header %s is missing" % name)
            else:
                out += self.faults(header["schema"], answer.headers[name.lower()], name)
        schema = response["content"].get(kind, {}).get("schema")
        if schema and kind.endswith("json"):
            out += self.faults(schema, answer.json)
        return out

    def problem(self, answer):
        if answer.headers.get("content-type") != "application/problem+json":
            return ["not a problem document: %s" % answer.headers.get("content-type")]
        return self.faults({"$ref": "#/components/schemas/Problem"}, answer.json)

    def check_body(self, method, target, body):
        """What is wrong with a body that the server took."""
        path = self.find(method, target)
        operation = self.operations()[method, path]
        if "requestBody" not in operation:
            return ["a body where the document has none"] if body else []
        content = operation["requestBody"]["content"].get("application/json")
        return self.faults(content["schema"], body) if content else []
