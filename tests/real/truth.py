# SPDX-License-Identifier: Apache-2.0
"""What the scripted people know: the right answer of every item, and how the
queues name their fields and labels."""
import json
import os

QUEUES = ("receipts", "invoices", "support-intents", "support-ko", "airline-agent")


class Queue:
    def __init__(self, definition, truths):
        self.name = definition["queue"]
        self.title = definition["title"]
        self.kind = definition["kind"]
        self.labels = definition.get("labels", [])
        self.properties = definition.get("schema", {}).get("properties", {})
        self.truths = truths

    def field_title(self, name):
        return self.properties.get(name, {}).get("title", name)

    def wrong_fields(self, external_id):
        """{name: right value} of what the model got wrong."""
        truth = self.truths[external_id]
        return {name: truth["fields"].get(name)
                for name, right in truth["model_correct"].items() if not right}

    def fields(self, external_id):
        return list(self.truths[external_id]["model_correct"])

    def can_be_typed(self, name, value):
        """A required field cannot be left empty."""
        kind = self.properties.get(name, {}).get("type", ["string", "null"])
        return bool(value) or "null" in kind


def load(folder):
    with open(os.path.join(folder, "queues.json"), encoding="utf-8") as f:
        definitions = {q["queue"]: q for q in json.load(f)["queues"]}
    queues = {}
    for name in QUEUES:
        with open(os.path.join(folder, "truth", name + ".jsonl"), encoding="utf-8") as f:
            truths = {t["external_id"]: t for t in map(json.loads, f)}
        queues[name] = Queue(definitions[name], truths)
    return queues
