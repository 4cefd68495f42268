"""Where the private `mongod` listens, and whether who listens there is that process.

On Linux and macOS it is a Unix socket in a folder that only its owner may enter. On Windows, which gives
`mongod` no such sockets, it is a port of 127.0.0.1, which any program of this machine could have taken first.
"""

import hashlib
import os
import socket
import stat
import struct
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import psutil

from services.database.errors import DatabaseUnavailable

LOOPBACK = "127.0.0.1"
HAS_SOCKETS = sys.platform != "win32"
NAME = "mongod.sock"
"""The driver tells a socket from a host by the end of its name."""


def is_socket(address: str) -> bool:
    """Return whether the address is a socket's path; else it is ``host:port``."""
    return address.endswith(NAME)


def uri(address: str) -> str:
    """Return the address as the driver takes it."""
    return f"mongodb://{quote_plus(address) if is_socket(address) else address}/"


def choose(folder: Path, port: int | None, last: str | None) -> str:
    """Return an address that nobody has, the one of ``last`` time if it can be had again.

    Programs that use the database look for it there when its server has been started anew. Raises
    `DatabaseUnavailable` when there is none.
    """
    if not HAS_SOCKETS:
        return f"{LOOPBACK}:{free_port(port) if port else _same_port(_port_of(last))}"
    if last and is_socket(last) and _can_be_bound(Path(last)):
        return last
    for candidate in _socket_folders(folder):
        if _can_be_bound(candidate / NAME):
            return str(candidate / NAME)
    raise DatabaseUnavailable(
        "No folder for the socket of the private database could be made, neither in {folder} nor in {temp}. "
        "Give yourself the right to write to one of them.",
        folder=folder,
        temp=tempfile.gettempdir(),
    )


def free_port(wanted: int | None) -> int:
    """Return the wanted port, or any free one of 127.0.0.1.

    Raises `DatabaseUnavailable` when another program has the wanted one.
    """
    with socket.socket() as probe:
        if sys.platform != "win32":  # there it lets two programs share a port
            # Else connections of a server that died a moment ago keep its port.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, wanted or 0))
        except OSError:
            raise DatabaseUnavailable(
                "Port {port} is in use by another program. Name a free one in MONGODB_PORT, "
                "or leave it out and Loadlens finds one.",
                port=wanted,
            ) from None
        port: int = probe.getsockname()[1]
    return port


def _same_port(last: int | None) -> int:
    """The port of last time; any free one when another program has it by now."""
    try:
        return free_port(last)
    except DatabaseUnavailable:
        return free_port(None)


def is_listening(address: str, pid: int) -> bool:
    """Return whether the process of that id, and no other, listens there."""
    return _socket_is_of(Path(address), pid) if is_socket(address) else _port_is_of(address, pid)


def are_connections_of(address: str, pid: int) -> bool:
    """Return whether all that this program is connected to there is the process of that id.

    A port can change hands between a look at who listens and a connection, but a connection cannot.
    """
    if is_socket(address):
        return _socket_is_of(Path(address), pid)
    port = _port_of(address)
    ours = [c for c in _established(os.getpid()) if c.raddr.port == port and c.raddr.ip == LOOPBACK]
    theirs = {(c.laddr, c.raddr) for c in _established(pid)}
    return bool(ours) and all((c.raddr, c.laddr) in theirs for c in ours)


def clear(address: str) -> None:
    """Remove what a server that has ended has left there."""
    if is_socket(address):
        path = Path(address)
        with suppress(OSError):
            path.unlink(missing_ok=True)
            path.parent.rmdir()


def _socket_folders(folder: Path) -> Iterator[Path]:
    """Folders that a socket may lie in: a path may be too long for one, or on a disk that has none."""
    yield folder / "run"
    if run_time := os.environ.get("XDG_RUNTIME_DIR"):
        yield Path(run_time, f"loadlens-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]}")
    made = Path(tempfile.mkdtemp(prefix="loadlens-"))
    yield made
    made.rmdir()


def _can_be_bound(path: Path) -> bool:
    """Whether a socket can be made there that nobody else can get at; what lay there is gone."""
    if "," in str(path):  # the server would take it for two addresses
        return False
    try:
        _make_owners_alone(path.parent)
        path.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as probe:
            probe.bind(str(path))
        path.unlink()
    except OSError:
        return False
    return _is_owners_alone(path.parent)


def _make_owners_alone(folder: Path) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if found.st_uid == os.geteuid() and stat.S_ISDIR(found.st_mode) and found.st_mode & 0o077:
        folder.chmod(0o700)


def _is_owners_alone(folder: Path) -> bool:
    """Whether it is a folder, no link to one, that this user owns and no other may enter."""
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077


def _socket_is_of(path: Path, pid: int) -> bool:
    try:
        if not _is_owners_alone(path.parent):
            return False
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect(str(path))
            return _peer(probe) in (pid, None)
    except OSError:
        return False


def _peer(connection: socket.socket) -> int | None:
    """The id of the process that listens at the other end, where the system tells it."""
    if sys.platform != "linux":
        return None
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    peer: int = struct.unpack("3i", credentials)[0]
    return peer


def _port_is_of(address: str, pid: int) -> bool:
    listening = {
        found.pid
        for found in psutil.net_connections("tcp")
        if found.status == psutil.CONN_LISTEN and found.laddr and found.laddr.port == _port_of(address)
    }
    return listening == {pid}


def _established(pid: int) -> list[Any]:
    with suppress(psutil.Error):
        found = psutil.Process(pid).net_connections("tcp")
        return [one for one in found if one.status == psutil.CONN_ESTABLISHED]
    return []


def _port_of(address: str | None) -> int | None:
    port = (address or "").rpartition(":")[2]
    return int(port) if port.isdigit() else None
