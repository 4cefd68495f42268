"""Which programs use the private database: one file each, which a dead program leaves behind."""

import os
import secrets
from pathlib import Path

from services.database.processes import began, is_running


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
    for note in list(folder.glob("*_*_*")):
        pid, since, _ = note.name.split("_")
        if is_running(int(pid), since):
            running.add(int(pid))
        else:
            note.unlink(missing_ok=True)
    return running
