"""What programs note for whoever has to find out later what happened: ``logs/loadlens.log``.

One file for all programs that run at once, each line with its program; each of its older parts has a number.
"""

import atexit
import logging
import os
import platform
import re
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from services.version import installed_version

if TYPE_CHECKING:
    from services.settings import Settings

MOST_BYTES = 1 << 20
OLDER = 4
SECONDS_TO_WAIT = 1
"""For another program that writes a line just now."""
OURS = ("desktop", "services", "ml", "qt")

log = logging.getLogger(__name__)


def folder(settings: "Settings") -> Path:
    """Return where the logs lie."""
    return settings.data_dir / "logs"


def current_file() -> Path | None:
    """Return where this program notes what it does; None where it cannot."""
    path = Path(_Log.current.baseFilename) if _Log.current else None
    return path if path and path.exists() else None


def begin(settings: "Settings", program: str) -> None:
    """Log from now on what this program does, and why it ends if that is not in order.

    Nothing is written before there is a data folder, and what cannot be written is let go.
    """
    if _Log.current is None:
        _note_what_nobody_caught()
        atexit.register(_end)
    else:
        logging.getLogger().removeHandler(_Log.current)
    first = (
        f"Loadlens {installed_version()} begins: Python {platform.python_version()}, {platform.platform()}"
    )
    _Log.current = _Log(folder(settings), program, first)
    logging.getLogger().addHandler(_Log.current)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.DEBUG if settings.debug else logging.INFO)
    for remark in settings.remarks:
        log.warning("%s", remark)


class _Log(RotatingFileHandler):
    """Opens the file for a line and closes it, so that another program, or this one, can put it aside."""

    current: "_Log | None" = None

    def __init__(self, folder: Path, program: str, first: str) -> None:
        super().__init__(
            folder / "loadlens.log",
            maxBytes=MOST_BYTES,
            backupCount=OLDER,
            encoding="utf-8",
            errors="backslashreplace",
            delay=True,
        )
        self._folder = folder
        self._between_programs = FileLock(folder / "loadlens.lock", timeout=SECONDS_TO_WAIT)
        # It notes each try of its own, which would have to wait for itself to be written.
        self.addFilter(lambda record: not record.name.startswith("filelock"))
        self._first: logging.LogRecord | None = log.makeRecord(
            __name__, logging.INFO, __file__, 0, first, (), None
        )
        by = f"{program} {os.getpid()}"
        line = f"%(asctime)s {by} %(levelname)s %(name)s: %(message)s"
        self.setFormatter(_Redacting(line, "%Y-%m-%d %H:%M:%S%z"))

    def emit(self, record: logging.LogRecord) -> None:
        # OSError: a folder that is read-only, a full disk, a lock that another holds for too long.
        with suppress(OSError, NotImplementedError):
            if not self._folder.parent.is_dir():
                return
            self._folder.mkdir(mode=0o700, exist_ok=True)
            with self._between_programs.acquire(poll_interval=0.005):
                for line in filter(None, (self._first, record)):
                    super().emit(line)
                self._first = None
                if self.stream is not None:
                    self.stream.close()
                    self.stream = None

    def doRollover(self) -> None:  # noqa: N802 - logging's own
        with suppress(OSError):  # somebody reads the file: it grows until it can be put aside
            super().doRollover()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own
        """Do nothing: a program does not fail at what it notes."""

    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, "a", encoding=self.encoding, errors=self.errors, opener=_for_owner)


class _Redacting(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        # Indented: no text from outside passes for a line of ours.
        return redacted(super().format(record)).replace("\n", "\n    ")


def _for_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _note_what_nobody_caught() -> None:
    """Log what would end the program or a thread, before it is told as ever."""
    told, told_of_thread = sys.excepthook, threading.excepthook

    def note(kind: type[BaseException], error: BaseException, trace: Any) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            log.critical("nobody caught this", exc_info=(kind, error, trace))
        told(kind, error, trace)

    def note_of_thread(caught: threading.ExceptHookArgs) -> None:
        if caught.exc_value is not None and not issubclass(caught.exc_type, SystemExit):
            where = caught.thread.name if caught.thread else "?"
            log.critical(
                "nobody caught this in thread %s",
                where,
                exc_info=(caught.exc_type, caught.exc_value, caught.exc_traceback),
            )
        told_of_thread(caught)

    sys.excepthook, threading.excepthook = note, note_of_thread


def _end() -> None:
    log.info("ends")


HIDDEN = "(hidden)"
_VALUE = r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|(?:bearer|basic)\s+\S+|[^\s,;&})\]"']+)"""
_PATTERNS = [
    # user:password@ of an address; a password may hold an @ that nobody escaped
    (re.compile(r"(\b[a-z][\w+.-]*://[^\s:/@]*):\S*@", re.IGNORECASE), rf"\1:{HIDDEN}@"),
    # JSON Web Tokens, bcrypt's hashes, keys of 256 bits
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), HIDDEN),
    (re.compile(r"\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{20,}"), HIDDEN),
    (re.compile(r"\b[0-9a-fA-F]{64}\b"), HIDDEN),
    # password=…, "clientSecret": "…", Authorization: Bearer …
    (
        re.compile(
            r"""(\b[\w-]*(?:passw(?:or)?d|passwd|pwd|secret|token|api_?key|authorization)[\w-]*["']?\s*[:=]\s*)"""
            + _VALUE,
            re.IGNORECASE,
        ),
        rf"\1{HIDDEN}",
    ),
]


def redacted(text: str, secrets: Iterable[str] = ()) -> str:
    """Return the text without what looks like a secret, and without these."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    for pattern, put in _PATTERNS:
        text = pattern.sub(put, text)
    return text
