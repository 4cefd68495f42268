"""Whether each program ended in order; if not, when, and where its threads were.

While a program runs there is a file ``logs/run_PROGRAM_PID_SINCE_HOST.log`` into which `faulthandler` writes
where every thread was when the program dies of a fault. A program that ends in order takes its file away.
What is left of one that runs no more is found by the next that starts, which notes it in the log and calls
the file ``ended_…``: that stays until somebody acknowledges it.
"""

import atexit
import faulthandler
import logging
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from services import logs
from services.database.processes import is_running, process_identity
from services.settings import Settings

KEPT = timedelta(days=14)
HEARTBEAT_SECONDS = 60
"""The last beat tells when a program was killed."""
ENDING = b"ending\n"
"""What comes in the file of a program that ends as it should, and may be killed before it is through."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class UnexpectedEnd:
    """A program that did not end in order."""

    program: str
    """``window``, or the verb of the command line."""
    at: datetime
    """Aware; of a program that was killed, up to a minute too early."""
    is_fault: bool
    """Whether it died of a fault of its own; else it was killed, or the machine went off."""


class _Run:
    """The file of this program."""

    current: "_Run | None" = None

    def __init__(self, folder: Path, program: str) -> None:
        # All that is known of it is in the name, which is there at once or not at all.
        name = f"run_{program}_{os.getpid()}_{process_identity(os.getpid())}_{socket.gethostname()}.log"
        self.path = folder / name
        self.file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.over = threading.Event()
        faulthandler.enable(self.file)
        threading.Thread(target=self._beat, name="heartbeat", daemon=True).start()

    def _beat(self) -> None:
        while not self.over.wait(HEARTBEAT_SECONDS):
            with suppress(OSError):
                os.utime(self.path)

    def end(self) -> None:
        self.over.set()
        faulthandler.disable()
        os.close(self.file)
        with suppress(OSError):
            self.path.unlink()


def begin(settings: Settings, program: str) -> None:
    """Watch this program's end from now on, and log which others ended unexpectedly.

    Nothing is written before there is a data folder: to be called again when there is one.
    """
    folder = logs.folder(settings)
    if not settings.data_dir.is_dir() or (_Run.current and _Run.current.path.parent == folder):
        return
    end()
    with suppress(OSError):  # a folder that is read-only, a full disk
        folder.mkdir(mode=0o700, exist_ok=True)
        _Run.current = _Run(folder, program)
        _collect(folder)


@atexit.register
def end() -> None:
    """Note that this program ends in order."""
    if _Run.current:
        _Run.current.end()
        _Run.current = None


def expect_end() -> None:
    """Note that this program is about to end in order, and the system may kill it before it has."""
    if _Run.current:
        with suppress(OSError):
            os.write(_Run.current.file, ENDING)


def unexpected_ends(settings: Settings) -> list[UnexpectedEnd]:
    """Return every program's that nobody has acknowledged yet, the latest first."""
    folder = logs.folder(settings)
    _collect(folder)
    return sorted(_found(folder), key=lambda end: end.at, reverse=True)


def acknowledge(settings: Settings) -> None:
    """Note that somebody knows of every unexpected end; the log still tells of them."""
    for path in logs.folder(settings).glob("ended_*.log"):
        with suppress(OSError):
            path.unlink()


def _found(folder: Path) -> Iterator[UnexpectedEnd]:
    for path in folder.glob("ended_*.log"):
        with suppress(FileNotFoundError):  # acknowledged just now
            yield UnexpectedEnd(path.stem.split("_")[1], _changed(path), bool(_trace(path)))


def _collect(folder: Path) -> None:
    """Call the files of those that ended unexpectedly by their new name, and forget the old ones."""
    for path in folder.glob("run_*.log"):
        with suppress(OSError):  # another program is at it
            _collect_one(path)
    for path in folder.glob("*_*.log"):
        with suppress(OSError):
            if datetime.now(UTC) - _changed(path) > KEPT:
                path.unlink()


def _collect_one(path: Path) -> None:
    _, program, pid, since, host = path.stem.split("_", 4)
    if host != socket.gethostname() or is_running(int(pid), since):
        return
    trace = _trace(path)
    if path.stat().st_size and not trace:
        path.unlink()  # it was killed while it ended
        return
    at = _changed(path)
    path.rename(path.with_name(path.name.replace("run", "ended", 1)))
    log.critical("%s %s ended unexpectedly at %s\n%s", program, pid, at.isoformat(timespec="seconds"), trace)


def _trace(path: Path) -> str:
    """Where the threads of a program were when it died of a fault; empty if it did not."""
    return path.read_bytes().removeprefix(ENDING).decode("utf-8", errors="replace")


def _changed(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
