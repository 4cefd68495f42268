"""Which files of a watched folder are files of readings, and which are left out, and why."""

import os
import stat
from pathlib import Path

from services.errors import LoadlensError
from services.readings.sources import SUFFIXES


class FileLeftOut(LoadlensError):
    """What lies in the watched folder under the name of a file of readings, and is not read."""


def list_files(folder: Path) -> tuple[list[str], dict[str, LoadlensError]]:
    """The names of the files of readings, and of what is left out, each with why.

    Neither holds what is hidden, or by its name unfinished or a lock, and no folders.
    """
    names: list[str] = []
    left_out: dict[str, LoadlensError] = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~")) or path.suffix[1:].lower() not in SUFFIXES:
            continue
        try:
            found = path.lstat()
        except OSError:
            continue  # taken away since
        if stat.S_ISDIR(found.st_mode):
            continue
        shown = printable(path.name)
        why = _reason(path.name, found)
        if why is None:
            names.append(path.name)
        else:
            left_out[shown] = FileLeftOut(why, file=shown)
    return names, left_out


def printable(name: str) -> str:
    """The name on one line, as text that can be stored and shown whatever its bytes are."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name)


def cannot_be_opened(name: str, error: OSError) -> FileLeftOut:
    """Why a file of readings is left out that the system does not let us read."""
    return FileLeftOut(
        "{file} cannot be opened: {reason}. Allow Loadlens to read it, or take it out of the watched folder.",
        file=printable(name),
        reason=error.strerror or error,
    )


def _reason(name: str, found: os.stat_result) -> str | None:
    """Why it is left out; None for a file that is read."""
    if stat.S_ISLNK(found.st_mode):
        return "{file} is a link, which is not followed. Put the file itself into the watched folder."
    if not stat.S_ISREG(found.st_mode):
        return "{file} is a pipe, a socket or a device, and is not read. Take it out of the watched folder."
    if found.st_nlink > 1 and hasattr(os, "geteuid") and found.st_uid != os.geteuid():
        return "{file} is another name of another user's file and is left out. Put a copy there instead."
    try:
        name.encode()
    except UnicodeEncodeError:
        return "The name of {file} holds bytes that are no letters. Give it another name."
    return None
