"""A program of another user that takes the server's port first, and keeps whatever it is told.

``python tests/faults/port_race.py [--rounds 10]``, as root: it has to be somebody else. The other program
reads in the list of processes where a ``mongod`` is about to listen, listens there before it, and answers as
a server does that does not know the password. Loadlens starts on a new folder and again on the same, with a
socket and, as on Windows, with a port. Nobody may hear a password or get into the socket's folder, and each
start opens the database or says in a sentence why not. The exit status is 1 if it is not so.
"""

import argparse
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any

import bson
import psutil
from ground import PATIENCE_S, Tally, verdict

NOBODY = 65534
OP_REPLY, OP_QUERY, OP_MSG = 1, 2004, 2013
HELLO = {
    "ok": 1.0,
    "isWritablePrimary": True,
    "ismaster": True,
    "helloOk": True,
    "maxBsonObjectSize": 16 << 20,
    "maxMessageSizeBytes": 48_000_000,
    "maxWriteBatchSize": 100_000,
    "minWireVersion": 0,
    "maxWireVersion": 17,
}
FAULTS = ("passwords heard", "words heard", "sockets entered", "not opened and nothing said")

PROGRAM = """
import sys
from services.database import opened
from services.database.private import address
from services.errors import LoadlensError
from services.settings import Settings
address.HAS_SOCKETS = sys.argv[2] == "socket"
try:
    with opened(Settings(_env_file=None, loadlens_data_dir=sys.argv[1])) as db:
        db["notes"].replace_one({"_id": 1}, {"_id": 1}, upsert=True)
        print("opened")
except LoadlensError as error:
    print("refused:", error)
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--catch", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.catch:
        catch(chosen.catch)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        return verdict([race(folder, kind, chosen.rounds) for kind in ("socket", "port")])


def race(folder: Path, kind: str, rounds: int) -> Tally:
    tally = Tally(f"The server's {kind} raced for", FAULTS)
    with caught(folder) as heard:
        for number in range(rounds):
            for _ in ("new", "again"):
                _start(folder / f"{kind} {number}", kind, tally)
    tally.add("ports taken first", sum(one["what"] == "taken" for one in heard))
    tally.add("sockets seen", sum(one["what"] == "seen" for one in heard))
    tally.add("sockets entered", sum(one["what"] == "entered" for one in heard))
    tally.add("words heard", sum(one["what"] == "heard" for one in heard))
    tally.add("passwords heard", sum(bool(one.get("password")) for one in heard))
    return tally.done()


def _start(folder: Path, kind: str, tally: Tally) -> None:
    command = [sys.executable, "-c", PROGRAM, str(folder), kind]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=PATIENCE_S, check=False)
    if done.stdout.startswith("opened"):
        tally.add("opened")
    elif done.stdout.startswith("refused: "):
        tally.add("refused in a sentence")
    else:
        tally.add("not opened and nothing said")


@contextmanager
def caught(folder: Path) -> Iterator[list[dict[str, Any]]]:
    """What the other program has come to within, filled when the context ends."""
    heard: list[dict[str, Any]] = []
    command = [sys.executable, __file__, "--catch", str(folder)]
    other = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
        yield heard
    finally:
        other.terminate()
        heard += [json.loads(line) for line in other.communicate()[0].splitlines()]


def catch(folder: Path) -> None:
    """Be the other program: look for servers over the folder without end, and be there before them."""
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    print("ready", flush=True)
    known: set[str] = set()
    while True:
        for process in psutil.process_iter():
            with suppress(psutil.Error, OSError, ValueError):
                arguments = process.cmdline()
                if not any(one.startswith(f"{folder}/") for one in arguments) or "--bind_ip" not in arguments:
                    continue
                bound = arguments[arguments.index("--bind_ip") + 1]
                if "--port" in arguments:
                    bound = arguments[arguments.index("--port") + 1]
                if (place := f"{process.pid} {bound}") not in known:
                    known.add(place)
                    _enter(bound)


def _enter(bound: str) -> None:
    if bound.isdigit():
        listening = socket.create_server(("127.0.0.1", int(bound)))
        _say(what="taken")
        Thread(target=_serve, args=(listening,), daemon=True).start()
        return
    _say(what="seen")
    with socket.socket(socket.AF_UNIX) as there:
        there.connect(bound.split(",")[0])
        _say(what="entered")


def _serve(listening: socket.socket) -> None:
    listening.settimeout(30)
    with suppress(OSError):
        while True:
            there, _ = listening.accept()
            Thread(target=_talk, args=(there,), daemon=True).start()


def _talk(there: socket.socket) -> None:
    with there, suppress(OSError, struct.error):
        while True:
            length, asked, _, kind = struct.unpack("<iiii", _received(there, 16))
            body = _received(there, length - 16)
            begins = body.index(b"\0", 4) + 9 if kind == OP_QUERY else 5
            size = struct.unpack_from("<i", body, begins)[0]
            command = bson.decode(body[begins : begins + size])
            name = next(iter(command))
            _say(what="heard", command=name, password=str(command.get("pwd", "")))
            answer = _answer(name)
            if kind == OP_QUERY:
                told = struct.pack("<iqii", 8, 0, 0, 1) + answer
                head = struct.pack("<iiii", 16 + len(told), 1, asked, OP_REPLY)
            else:
                told = struct.pack("<iB", 0, 0) + answer
                head = struct.pack("<iiii", 16 + len(told), 1, asked, OP_MSG)
            there.sendall(head + told)


def _received(there: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        if not (more := there.recv(count - len(found))):
            raise OSError
        found += more
    return found


def _answer(name: str) -> bytes:
    if name.lower() in {"hello", "ismaster"}:
        return bson.encode(HELLO)
    if name.startswith("sasl"):
        return bson.encode({"ok": 0.0, "code": 18, "errmsg": "Authentication failed."})
    return bson.encode({"ok": 1.0})


def _say(**what: Any) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    sys.exit(main())
