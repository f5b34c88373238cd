#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Eight devices take, keep, give back and lose leases at the same time, with
answers nobody reads, a server killed on the way, and time passing: no review is
held by two of them. With the check of the holder switched off it is.

The witness stands outside. It knows of each (review, token) until when its
holder was told to have it, and whether the holder began to give it back. Whoever
gets the review under a newer token while an older one still stood has been
given what somebody else holds. Times are the server's own."""
import http.client
import json
import os
import random
import socket
import threading
import time

from server import Directory, HERE, Server, Tap, uuid7

ROUNDS = int(os.environ.get("ROUNDS", "60"))   # of each device
ITEMS, DEVICES = 50, 8
DEFAULTS = json.load(open(os.path.join(HERE, "defaults.json"), encoding="utf-8"))


class Witness:
    def __init__(self):
        self.lock = threading.Lock()
        self.held = {}         # review: {token: (end, device)}, not given back
        self.given_back = set()
        self.seen, self.overlaps = 0, []

    def release(self, lease):
        with self.lock:
            self.given_back.add((lease["review"], int(lease["token"])))

    def answer(self, device, now, leases):
        with self.lock:
            for lease in leases:
                review, token = lease["review"], int(lease["token"])
                known = self.held.setdefault(review, {})
                self.seen += 1
                if token not in known:
                    for old, (end, holder) in known.items():
                        if old < token and end > now and (review, old) not in self.given_back:
                            self.overlaps.append((review, old, holder, token, device, end, now))
                elif known[token][1] != device:
                    self.overlaps.append((review, token, device, known[token]))
                end = max(lease["expires_at"], known.get(token, ("", ""))[0])
                known[token] = (end, known.get(token, ("", device))[1])


def cut(s, token, body):
    """A request whose answer nobody reads."""
    data = json.dumps(body).encode()
    with socket.create_connection(("127.0.0.1", s.port), timeout=10) as c:
        c.sendall(b"POST /v1/leases HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n"
                  b"Content-Length: %d\r\n\r\n" % (token.encode(), len(data)) + data)


def one_round(s, who, device, witness, dice):
    body = {"device": device, "queue": "receipts", "want": dice.randint(0, 8)}
    if dice.random() < 0.1:
        return cut(s, s.tokens[who], body)
    a = s.call("POST", "/v1/leases", who, body).json
    witness.answer(device, a["server_time"], a["leases"])
    for lease in a["leases"]:
        if dice.random() < 0.5:
            witness.release(lease)
            s.call("POST", "/v1/leases:release", who,
                   {"review": lease["review"], "token": lease["token"]})


def work(s, who, device, witness, dice, failed):
    rounds = 0
    while rounds < ROUNDS and not failed:
        try:
            one_round(s, who, device, witness, dice)
            rounds += 1
        except (OSError, http.client.HTTPException):
            time.sleep(0.01)   # the server is being killed
        except Exception as e:   # handed to the main thread
            failed.append(e)


def play(directory, env):
    witness, failed = Witness(), []
    with Server(directory.copy(), directory.tokens, hooked=True, env=env) as s:
        docs = [dict(DEFAULTS["receipts"], external_id="i-%d" % n) for n in range(ITEMS)]
        s.call("POST", "/v1/proposals:batch", "producer", {"proposals": docs})
        people = ["reviewer", "reviewer2", "lead", "supervisor"] * 2
        threads = [threading.Thread(target=work, args=(
            s, people[n], uuid7(), witness, random.Random(n), failed)) for n in range(DEVICES)]
        for t in threads:
            t.start()
        offset = kills = 0
        while any(t.is_alive() for t in threads):
            offset += 300000
            s.clock(offset)   # leases of 900 s run out every third step
            if offset % 1500000 == 0:
                s.process.kill()
                s.process.wait()
                s.log.close()
                s.start()
                kills += 1
            for t in threads:
                t.join(0.02)
        return witness, failed, kills


def main():
    tap, directory = Tap(), Directory()
    try:
        witness, failed, kills = play(directory, {})
        tap.ok(not failed, "every call was answered, before and after %d kills" % kills, *failed[:3])
        tap.ok(not witness.overlaps and witness.seen > DEVICES * ROUNDS / 2,
               "%d devices, %d rounds each on %d items: %d leases seen, 0 overlaps"
               % (DEVICES, ROUNDS, ITEMS, witness.seen), *witness.overlaps[:5])
        witness, failed, kills = play(directory, {"COUNTERSIGN_NO_HOLDER": "1"})
        tap.ok(witness.overlaps, "without the check of the holder the witness sees %d"
               % len(witness.overlaps), *failed[:3])
    finally:
        directory.remove()
    tap.end()


main()
