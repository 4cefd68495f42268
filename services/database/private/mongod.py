"""The `mongod` program of this machine, and one process of it over a folder."""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
from pymongo.errors import AutoReconnect, PyMongoError, ServerSelectionTimeoutError

from services.database.errors import DatabaseUnavailable, is_disconnect
from services.database.private import address as addresses
from services.database.private import user
from services.database.processes import start_detached
from services.messages import N_, gettext

SECONDS_TO_TELL = 10


def find_mongod() -> Path:
    """Return the `mongod` that came as a Python package, else the one on PATH.

    Raises `DatabaseUnavailable` when there is neither.
    """
    folder = Path(sysconfig.get_path("purelib"), "fiftyone", "db", "bin")
    packaged = next((folder / name for name in ("mongod", "mongod.exe") if (folder / name).exists()), None)
    on_path = _on_path()
    if packaged and (on_path is None or not why_not_runnable(_made_executable(packaged))):
        return _made_executable(packaged)
    if on_path is None:
        raise DatabaseUnavailable(
            "No mongod is installed for this machine. Install MongoDB, or name a server in MONGODB_URI."
        )
    return Path(on_path)


def _on_path() -> str | None:
    """The `mongod` in an absolute folder of PATH: a relative one names whatever folder one starts in."""
    folders = [folder for folder in os.get_exec_path() if Path(folder).is_absolute()]
    found = shutil.which("mongod", path=os.pathsep.join(folders))
    # Windows looks into the current folder first, whatever the path says.
    return found if found and Path(found).parent in map(Path, folders) else None


def why_not_runnable(program: Path) -> str:
    """Return what the system says of a program that cannot even tell its version; empty when it can."""
    try:
        completed = subprocess.run(
            [program, "--version"], capture_output=True, text=True, errors="replace", timeout=SECONDS_TO_TELL
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if completed.returncode == 0:
        return ""
    complaint = completed.stderr.strip().partition("\n")[0]
    return complaint or gettext("it ends with code {code}", code=completed.returncode)


def _made_executable(program: Path) -> Path:
    # Wheels do not keep the run bit of their files.
    mode = program.stat().st_mode
    if not mode & stat.S_IXUSR:
        program.chmod(mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    return program


MOST_LOG_BYTES = 10 << 20
LEAST_ROOM = 32 << 20
"""With less free, it is for want of room that a server does not come up."""
SECONDS_TO_START = 60
"""After a crash the server replays its journal first, which takes longer the more was written."""
HARDENED = (
    "--auth",
    "--networkMessageCompressors",  # they answered strangers with what lay in memory (CVE-2025-14847)
    "disabled",
    "--noscripting",
    "--setParameter",
    "authenticationMechanisms=SCRAM-SHA-256",
    "--setParameter",
    "diagnosticDataCollectionEnabled=false",
)
OF_ANOTHER_VERSION = re.compile(
    r"featureCompatibilityVersion|feature compatibility version|WT_TRY_SALVAGE|"
    r"unsupported WiredTiger file version|Version incompatibility|Wrong mongod version",
    re.IGNORECASE,
)
"""What servers of various versions say of files that an older or a newer one has written."""
OTHER_VERSION = N_(
    "it was written by a newer version of the database server than this one, or by one that is too old for "
    "it. Install the Loadlens that it was last opened with, or restore a backup into an empty data folder."
)


class FolderInUse(DatabaseUnavailable):
    """Another server has the database open: one that is about to end, or to say that it is there."""


class _NotStarted(Exception):
    """Why the process did not come up, where its log does not tell."""


def start(folder: Path, password: str, address: str, port: int | None, note: Callable[[int], object]) -> None:
    """Start a server that listens there, and on that port of 127.0.0.1 if one is given.

    It lets in the one user with the password and nobody else. ``note`` gets its process id before it is
    waited for: who is killed meanwhile leaves it running. Raises `DatabaseUnavailable` with the reason when
    it does not come up, and what ``note`` raises.
    """
    store, log = folder / "database", folder / "mongod.log"
    store.mkdir(exist_ok=True, mode=0o700)
    user.note_if_new(folder)
    _rotate_log(log)
    log_begins = log.stat().st_size if log.exists() else 0
    program = find_mongod()
    try:
        process = start_detached([program, *_arguments(folder, log, address, port)], folder)
    except OSError as error:
        raise _cannot_be_run(program, error.strerror or str(error)) from None
    try:
        note(process.pid)
        _wait_until_ready(process, folder, address, password)
    except _NotStarted as error:
        if why := why_not_runnable(program):
            raise _cannot_be_run(program, why) from None
        complaint = _last_error(log, log_begins)
        sentence = N_("The private database in {folder} did not start: {reason} The whole story is in {log}.")
        raise (FolderInUse if "DBPathInUse" in complaint else DatabaseUnavailable)(
            sentence,
            folder=store,
            reason=disk_full_reason(folder) or complaint or f"{error}.",
            log=log,
        ) from None
    except BaseException:
        process.kill()
        process.wait()
        raise


def find_running(folder: Path) -> tuple[int, str, bool] | None:
    """Return the server that has the database open, by the note that it keeps there itself.

    Its process id, where it listens, and whether it was started as `start` does it.
    """
    store = folder / "database"
    try:
        pid = int((store / "mongod.lock").read_text())
        arguments = psutil.Process(pid).cmdline()
        bound = arguments[arguments.index("--bind_ip") + 1].split(",")[0]
        if not addresses.is_socket(bound):
            bound = f"{bound}:{arguments[arguments.index('--port') + 1]}"
    except (OSError, ValueError, IndexError, psutil.Error):
        return None
    if str(store) not in arguments:
        return None
    return pid, bound, set(HARDENED) <= set(arguments)


def accepts_password(pid: int, folder: Path, address: str, password: str) -> bool:
    """Return whether that process listens there and takes the password; nothing is said to any other.

    The user of a new database is made on the way, a password of earlier versions replaced. Raises
    `DatabaseUnavailable` when it answers and does not take it.
    """
    # Whether anybody listens is asked by hand: the driver waits half a second between its own attempts.
    if not addresses.is_listening(address, pid):
        return False
    try:
        user.admit(folder, address, pid, password)
    except PyMongoError as error:
        if is_disconnect(error):
            return False
        raise DatabaseUnavailable(
            "The private database in {folder} cannot be signed in to: {reason}.",
            folder=folder,
            reason=str(error).split(", full error", maxsplit=1)[0].rstrip("."),
        ) from None
    return True


def disk_full_reason(folder: Path) -> str:
    """Return what to say of a full disk, to whose log the server cannot complain any more."""
    free = shutil.disk_usage(folder).free
    if free >= LEAST_ROOM:
        return ""
    return gettext(
        "its disk is full ({free} MB are free). Make room there; what was stored is not lost.",
        free=free >> 20,
    )


def shut_down(pid: int, address: str, password: str) -> None:
    """Ask the server to end; it may take a moment to be gone."""
    try:
        with user.client(address, password) as client:
            client.admin.command("shutdown")
    except ServerSelectionTimeoutError:
        # It hangs. What it has confirmed is in its journal, which its next start reads.
        with suppress(psutil.NoSuchProcess):
            psutil.Process(pid).kill()
    except AutoReconnect:
        pass  # the answer to a shutdown is a closed connection
    except PyMongoError:
        terminate(pid)


def terminate(pid: int) -> None:
    """Ask the process to end, which it does in order."""
    with suppress(psutil.NoSuchProcess):
        psutil.Process(pid).terminate()


def _arguments(folder: Path, log: Path, address: str, port: int | None) -> list[str | Path]:
    store = folder / "database"
    arguments: list[str | Path] = ["--dbpath", store, "--logpath", log, "--logappend", *HARDENED]
    arguments += ["--wiredTigerCacheSizeGB", "1"]
    if not user.is_new(folder):  # else the first user could be made by anybody who reaches it
        arguments += ["--setParameter", "enableLocalhostAuthBypass=false"]
    if sys.platform != "win32":
        arguments.append("--nounixsocket")  # of its own, in a folder of everybody's
    if not addresses.is_socket(address):
        host, _, number = address.rpartition(":")
        return [*arguments, "--bind_ip", host, "--port", number]
    if port is None:
        return [*arguments, "--bind_ip", address]
    bound = f"{address},{addresses.LOOPBACK}"
    return [*arguments, "--bind_ip", bound, "--port", str(addresses.free_port(port))]


def _rotate_log(log: Path) -> None:
    """A long log is kept once more under another name; the server only ever adds to it."""
    with suppress(OSError):
        if log.stat().st_size > MOST_LOG_BYTES:
            log.replace(log.with_name("mongod.1.log"))


def _wait_until_ready(process: subprocess.Popen[bytes], folder: Path, address: str, password: str) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while not accepts_password(process.pid, folder, address, password):
        if process.poll() is not None:
            raise _NotStarted(gettext("mongod ended with code {code}", code=process.returncode))
        if time.monotonic() > deadline:
            process.kill()
            process.wait()
            raise _NotStarted(
                gettext("mongod did not answer within {seconds} seconds", seconds=SECONDS_TO_START)
            )
        time.sleep(0.02)


def _cannot_be_run(program: Path, reason: str) -> DatabaseUnavailable:
    return DatabaseUnavailable(
        "The database server {program} cannot be run on this machine: {reason}. Install MongoDB for this "
        "machine so that mongod is on the PATH, or name a server in MONGODB_URI.",
        program=program,
        reason=reason.rstrip("."),
    )


def _last_error(log: Path, begins: int) -> str:
    """The last error that the server wrote to its log since byte ``begins``, as one sentence."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(begins)
        lines = file.read().splitlines()
    for line in reversed(lines):
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if entry.get("s") in {"E", "F"}:
            if OF_ANOTHER_VERSION.search(line.decode(errors="replace")):
                return gettext(OTHER_VERSION)
            detail = entry.get("attr", {}).get("error", "")
            return f"{entry['msg']}{': ' if detail else ''}{detail}."
    return ""
