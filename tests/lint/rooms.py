#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every #include under src/ against src/rooms.tsv."""
import re
from source import Tap, files, read


def table():
    rooms, owners = {}, {}
    for line in read("src/rooms.tsv").splitlines():
        if not line or line.startswith("#"):
            continue
        room, may, only = line.split("\t")
        rooms[room] = [] if may == "-" else may.split()
        for header in [] if only == "-" else only.split():
            owners.setdefault(header, []).append(room)
    return rooms, owners


def violations(path, text, rooms, owners):
    found = []
    parts = path.split("/")
    room = parts[1] if len(parts) > 2 else None
    if room not in rooms:
        return [f"{path}: the folder is no room of src/rooms.tsv"]
    for n, line in enumerate(text.splitlines(), 1):
        m = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if not m:
            continue
        quote, header = m.groups()
        if quote == "<":
            if header in owners and room not in owners[header]:
                found.append(f"{path}:{n}: <{header}> belongs to {', '.join(owners[header])}")
            continue
        if header == "config.h" or header.startswith("gen/") or "/" not in header:
            continue
        other = header.split("/")[0]
        if other not in rooms:
            found.append(f"{path}:{n}: \"{header}\" is in no room")
        elif other != room and other not in rooms[room] and header not in rooms[room]:
            found.append(f"{path}:{n}: {room} may not include \"{header}\"")
    return found


tap = Tap()
rooms, owners = table()
all_found = []
for path in files(".c", ".h"):
    all_found += violations(path, read(path), rooms, owners)
tap.check("rooms include only what src/rooms.tsv allows", all_found)
tap.bites("ui includes store", violations("src/ui/x.c", '#include "store/query.h"\n', rooms, owners))
tap.bites("work includes curses", violations("src/work/x.c", "#include <curses.h>\n", rooms, owners))
tap.bites("a folder without a room", violations("src/misc/x.c", "", rooms, owners))
tap.check("an allowed header passes",
          violations("src/sync/x.c", '#include "net/transport.h"\n', rooms, owners))
tap.bites("another header of that room", violations("src/sync/x.c", '#include "net/http.h"\n', rooms, owners))
tap.end()
