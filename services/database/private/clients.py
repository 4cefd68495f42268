"""Which programs use the private database: one file each, which a dead program leaves behind."""

import os
import re
import secrets
from pathlib import Path

from services.database.processes import began, is_running

NOTE = re.compile(r"(\d+)_([^_]+)_[0-9a-f]{8}")


def register(folder: Path) -> Path:
    """Note that this program uses the database; delete the file given back when it does no more."""
    folder.mkdir(exist_ok=True)
    note = folder / f"{os.getpid()}_{began(os.getpid())}_{secrets.token_hex(4)}"
    note.touch()
    return note


def any_running(folder: Path) -> bool:
    """Whether a program that registered still runs; notes of dead ones are cleared away."""
    return bool(_running(folder))


def others_running(folder: Path) -> bool:
    """Whether a program other than this one has registered and still runs."""
    return bool(_running(folder) - {os.getpid()})


def _running(folder: Path) -> set[int]:
    running = set()
    for note in list(folder.glob("*")):
        named = NOTE.fullmatch(note.name)
        if named is None:
            continue  # somebody else's file
        if is_running(int(named[1]), named[2]):
            running.add(int(named[1]))
        else:
            note.unlink(missing_ok=True)
    return running
