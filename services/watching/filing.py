"""Files that are dealt with, moved out of the way beside a report of what became of them.

Others may write to the folder: what is written there follows no link, and whoever could not read the file
cannot read what is said of it.
"""

import os
import stat
from pathlib import Path

from services.watching.folder import FolderRefused
from services.whole_file import whole_file

REPORT, REFUSED = ".report.txt", ".refused.xlsx"
"""Endings of what is written beside a file: what became of it, and its rows to be mended."""


def unused_name(folder: Path, name: str) -> Path:
    """Where the file is to go: a name that is taken gets a number."""
    wanted = Path(name)
    target, number = folder / name, 2
    while any(os.path.lexists(beside(target, ending)) for ending in ("", REPORT, REFUSED)):
        target, number = folder / f"{wanted.stem} ({number}){wanted.suffix}", number + 1
    return target


def beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def write_beside(path: Path, ending: str, data: bytes, original: os.stat_result) -> None:
    """Write a file beside another, which is or was ``original``, with its rights and no wider ones.

    What has the name already is replaced, a link too. Raises `FolderRefused`.
    """
    with whole_file(beside(path, ending), FolderRefused) as draft:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            if hasattr(os, "fchown"):
                shared = bool(path.parent.parent.stat().st_mode & stat.S_IWOTH)
                _take_rights(file.fileno(), original, shared)


def _take_rights(descriptor: int, original: os.stat_result, shared: bool) -> None:
    """Owner, group and rights of the original as far as we may; in a ``shared`` folder the owner's alone.

    Where everybody may write, the file that was read need not be the one whose rights these are.
    """
    mode = stat.S_IMODE(original.st_mode) & 0o666
    for owner in (original.st_uid, -1):
        try:
            os.fchown(descriptor, owner, original.st_gid)
            break
        except OSError:
            continue
    else:
        mode &= ~stat.S_IRWXG
    os.fchmod(descriptor, mode & 0o600 if shared else mode)
