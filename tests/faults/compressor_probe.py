"""Whether the private server gives away its memory to who has not signed in (CVE-2025-14847).

``python tests/faults/compressor_probe.py [--messages 2000] [--plain]``. Messages compressed with zlib say
that they are longer than they are; a server that believes it reads what lay in memory behind them, and names
it in its complaint. Counts such bytes, which must be 0. ``--plain`` starts the same program as its maker's
defaults have it, to see that the probe finds what it looks for. The exit status is 1 if anything was given
away.
"""

import argparse
import re
import socket
import struct
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ground import PATIENCE_S, Tally, settings_in, verdict
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from services.database import opened
from services.database.private import mongod
from services.database.private.address import uri

OP_COMPRESSED, OP_MSG, ZLIB = 2012, 2013, 2
NAMED = re.compile(rb"field(?: name)? '([^']*)'")
OURS = {b"", b"?", b"a", b"$db"}
FAULTS = ("bytes given away",)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--plain", action="store_true")
    chosen = parser.parse_args()
    tally = Tally("Messages that lie about their length", FAULTS)
    with tempfile.TemporaryDirectory() as folder, (plain if chosen.plain else private)(Path(folder)) as path:
        for number in range(chosen.messages):
            if number % 50 == 0:
                talk(path)
            longer = 20 + number * 4
            answer = ask(path, longer)
            tally.add("answered" if answer else "hung up")
            given = {name for name in NAMED.findall(answer) if name not in OURS}
            tally.add("bytes given away", sum(map(len, given)))
    return verdict([tally.done()])


@contextmanager
def private(folder: Path) -> Iterator[str]:
    """The socket of a server as Loadlens starts it."""
    with opened(settings_in(folder)) as db:
        assert db.client.address is not None
        yield db.client.address[0]


@contextmanager
def plain(folder: Path) -> Iterator[str]:
    """The socket of a server with its maker's defaults."""
    path = folder / "mongod.sock"
    command = [mongod.find_mongod(), "--dbpath", folder, "--bind_ip", path, "--nounixsocket", "--auth"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        with MongoClient(uri(str(path)), serverSelectionTimeoutMS=PATIENCE_S * 1000) as client:
            client.admin.command("hello")
        yield str(path)
    finally:
        server.kill()
        server.wait()


def talk(path: str) -> None:
    """Leave words in the server's memory as any client does: names, commands, tries to sign in."""
    with MongoClient(uri(path), username="somebody", password="something") as client:
        with suppress(PyMongoError):
            client["somewhere"].command("ping", comment="what nobody else may read " * 200)


def ask(path: str, longer: int) -> bytes:
    """What the server answers to a message whose document says that it has so many bytes; b"" for none."""
    document = struct.pack("<i", longer) + b"\x10a\0\1\0\0\0"
    packed = zlib.compress(struct.pack("<I", 0) + b"\0" + document)
    body = struct.pack("<IiB", OP_MSG, longer + 500, ZLIB) + packed
    with socket.socket(socket.AF_UNIX) as there, suppress(OSError):
        there.settimeout(5)
        there.connect(path)
        there.sendall(struct.pack("<IIII", 16 + len(body), 1, 0, OP_COMPRESSED) + body)
        return _unpacked(_received(there))
    return b""


def _received(there: socket.socket) -> bytes:
    found = there.recv(1 << 16)
    while len(found) >= 4 and len(found) < struct.unpack_from("<I", found)[0]:
        if not (more := there.recv(1 << 16)):
            break
        found += more
    return found


def _unpacked(answer: bytes) -> bytes:
    if len(answer) > 25 and struct.unpack_from("<I", answer, 12)[0] == OP_COMPRESSED:
        with suppress(zlib.error):
            return zlib.decompress(answer[25:])
    return answer[16:]


if __name__ == "__main__":
    sys.exit(main())
