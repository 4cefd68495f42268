"""The folder that everything of this installation lies in."""

import os
import stat
from pathlib import Path

from services.doctor.check import Seen, Unwell, seen
from services.secret_store import writable
from services.settings import Settings

OWNERS_ALONE = ("database", "run", "secrets.json", ".env", "backups", "logs", "mongod.log")
OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def look(settings: Settings) -> Seen:
    """Whether it can be written, and read by nobody else. Raises `DataFolderRefused` and `Unwell`."""
    folder = writable(settings.data_dir)
    if os.name != "nt" and _mode(folder) & OTHERS:
        open_to_others = [name for name in OWNERS_ALONE if _mode(folder / name) & OTHERS]
        if open_to_others or _mode(folder) & OTHERS_WRITE:
            raise Unwell(
                "Others on this machine can get at {what}. Take their rights away: chmod -R go= {folder}",
                what=", ".join(open_to_others) or folder,
                folder=folder,
            )
    return seen("{folder} can be written, and what is in it is its owner's alone", folder=folder)


def _mode(path: Path) -> int:
    return path.stat().st_mode if path.exists() else 0
