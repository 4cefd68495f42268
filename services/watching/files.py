"""Tell which files have stopped growing: seen twice as they are, and with nobody who still writes them."""

import os
import re
import shutil
import signal
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, TypedDict

SHARING_VIOLATIONS = (32, 33)
"""Windows: another program holds the file, or a part of it."""


class Busy(Exception):
    """Another program holds the file in a way that forbids to read or to move it."""


@contextmanager
def opened_file(path: Path) -> Iterator[int]:
    """Return the descriptor of a regular file, opened to read; no link is followed and no pipe waited for.

    Raises `Busy`, and `OSError` where it cannot be opened or is no regular file.
    """
    flags = (
        os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    )
    try:
        descriptor = os.open(path, flags)
    except OSError as error:
        if getattr(error, "winerror", None) in SHARING_VIOLATIONS:
            raise Busy from None
        raise
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(f"{path} is no regular file")
        yield descriptor
    finally:
        os.close(descriptor)


def is_written(path: Path) -> bool:
    """Return whether a program on this computer has the file open to write; False if that is not known.

    On a network drive Linux cannot tell, and it counts as written. Raises as `opened_file`.
    """
    with opened_file(path) as descriptor:
        if os.name == "nt":
            try:
                path.rename(path)
            except OSError:
                raise Busy from None
        return sys.platform == "linux" and _has_writer(descriptor)


def _has_writer(descriptor: int) -> bool:
    """Return whether a read lease is refused, which is granted if nobody has the file open to write."""
    import fcntl

    try:
        # What tells that somebody opens it meanwhile: this signal is ignored, the usual one would end us.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except BlockingIOError:
        return True
    except OSError:
        return False  # another user's file, or a file system without leases
    return False


SETTLED = 5.0
"""Seconds by this machine's clock, over which a file that is whole stays as it is."""
OLD = 60.0
"""Seconds since it was last changed, after which a file is taken as whole at first sight, and a file that a
program holds open to write is."""
HELD = 600.0
"""Seconds after which a file is read that is held open and written now and then, once it has settled."""


class FileState(NamedTuple):
    """What changes when a file is written: its size in bytes, and when that was last done, in ns.

    Not its inode, which a network drive may number anew.
    """

    size: int
    modified: int


class Sighting(TypedDict):
    """A file as it was seen: its name below the folder, and since when (s) it has been so and been seen."""

    name: str
    size: int
    modified: int
    since: float
    first: float


def state_of(path: Path) -> FileState | None:
    """Return the state of a regular file; None for what is none (any more)."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return FileState(found.st_size, found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None


def settled_files(
    folder: Path, names: Iterable[str], before: Mapping[str, Sighting], now: float
) -> tuple[list[str], list[Sighting], dict[str, OSError]]:
    """Return which files are whole, the sightings of the others, and why some cannot be opened."""
    whole: list[str] = []
    growing: list[Sighting] = []
    unopened: dict[str, OSError] = {}
    for name in names:
        state = state_of(folder / name)
        if state is None:
            continue  # taken away since
        sighting = _sighting(name, state, before.get(name), now)
        try:
            is_whole = _is_whole(folder / name, sighting, name in before, now)
        except FileNotFoundError:
            continue
        except Busy:
            is_whole = False
        except OSError as error:
            unopened[name] = error
            continue
        if is_whole:
            whole.append(name)
        else:
            growing.append(sighting)
    return whole, growing, unopened


def _sighting(name: str, state: FileState, last: Sighting | None, now: float) -> Sighting:
    same = last is not None and (last["size"], last["modified"]) == state
    since = min(last["since"], now) if last is not None and same else now  # the clock may have been set back
    first = min(last.get("first", now), now) if last is not None else now
    return Sighting(name=name, size=state.size, modified=state.modified, since=since, first=first)


def _is_whole(path: Path, sighting: Sighting, seen_before: bool, now: float) -> bool:
    quiet = now - sighting["since"]
    is_held = is_written(path)
    if not seen_before:
        return now - sighting["modified"] / 1e9 >= OLD
    return quiet >= SETTLED and (not is_held or quiet >= OLD or now - sighting["first"] >= HELD)


BEGINNING, END = 1 << 16, 1 << 16
"""Bytes of an earlier file, in which its header and its last rows are looked for."""
SEPARATORS = b";\t,|"
VALUE = re.compile(rb'\s*"?[-+]?\d')


@contextmanager
def source_of(path: Path, original: str, beginning: bytes) -> Iterator[Path]:
    """Yield the file to read under its ``original`` name, which may be a device's, after a ``beginning``.

    Raises `OSError` where it cannot be opened.
    """
    if path.name == original and not beginning:
        yield path
        return
    with TemporaryDirectory(prefix="loadlens-") as private:
        copy = Path(private) / original
        with copy.open("xb") as target, opened_file(path) as descriptor:
            target.write(beginning)
            with os.fdopen(os.dup(descriptor), "rb") as file:
                shutil.copyfileobj(file, target)
        yield copy


def beginning_for(path: Path, earlier: Path) -> bytes:
    """Return the header and the last rows of an earlier file, where a file of text goes on after them.

    A logger that opens its file anew for each row begins another one when the first was moved away, and
    writes no header again. Empty where the file begins otherwise than with a row, or with a row of another
    width.
    """
    try:
        header = [line for line in _header(earlier) if line.strip()]
        first = _read_bytes(path, BEGINNING).partition(b"\n")[0]
    except OSError:
        return b""
    if not header or not _is_row(first) or _width(first, header[-1]) != _width(header[-1], header[-1]):
        return b""
    return b"".join([*header, *_last_rows(earlier)])


def _header(path: Path) -> list[bytes]:
    """Return the whole lines before the first row; none in what is no text of one byte a letter."""
    beginning = _read_bytes(path, BEGINNING)
    if b"\0" in beginning:
        return []
    lines = [line for line in beginning.splitlines(keepends=True) if line.endswith((b"\n", b"\r"))]
    place = next((place for place, line in enumerate(lines) if _is_row(line)), len(lines))
    return lines[:place]


def _last_rows(path: Path) -> list[bytes]:
    """Return whole lines, by which the intervals and the order of day and month are known."""
    lines = _read_bytes(path, -END).splitlines(keepends=True)
    return [line for line in lines[len(lines) > 1 :] if line.endswith(b"\n") and _is_row(line)]


def _is_row(line: bytes) -> bool:
    """Return whether at least half of the line's cells are numbers or times."""
    cells = re.split(rb"[;\t,|]", line)
    return 2 * sum(VALUE.match(cell) is not None for cell in cells) >= len(cells) > 1


def _width(line: bytes, header: bytes) -> int:
    """Return cells in the line, by what parts those of the header."""
    separator = max(SEPARATORS, key=header.count)
    return line.count(separator)


def _read_bytes(path: Path, count: int) -> bytes:
    """Return the first bytes of a file, or the last of a negative count."""
    with opened_file(path) as descriptor, os.fdopen(os.dup(descriptor), "rb") as file:
        if count < 0:
            file.seek(max(0, os.fstat(descriptor).st_size + count))
        return file.read(abs(count))
