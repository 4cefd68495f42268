"""Room for what is to come: readings, a restore beside what is there, the next backup."""

import shutil
from pathlib import Path

from pymongo.database import Database

from services import database
from services.backups import schedule_status
from services.doctor.check import Seen, Unwell, seen
from services.scope import Document
from services.settings import Settings

LEAST_FREE_BYTES = 1 << 30


def look(settings: Settings, db: Database[Document] | None) -> Seen:
    """Raises `Unwell` where room is short. Without a database its size is not held against the room."""
    size = _size(db) if db is not None else 0
    private = not settings.names_a_server and database.place(settings).is_private
    needed = {settings.data_dir: size if private else 0, _backups(settings, db): size}
    for folder, bytes_needed in needed.items():
        free = _free(folder)
        if free < LEAST_FREE_BYTES:
            raise Unwell(
                "Only {free} MB are free in {folder}. Make room before the next import.",
                free=free >> 20,
                folder=folder,
            )
        if free < bytes_needed:
            raise Unwell(
                "{free} MB are free in {folder}, and the database takes {size} MB: there is no room for a "
                "backup, or to restore one. Make room, or have backups written elsewhere.",
                free=free >> 20,
                size=size >> 20,
                folder=folder,
            )
    return seen(
        "{free} GB free; the database takes {size} MB", free=_free(settings.data_dir) >> 30, size=size >> 20
    )


def _backups(settings: Settings, db: Database[Document] | None) -> Path:
    """Where this computer writes them."""
    found = schedule_status(db, settings) if db is not None else None
    return found.schedule.folder if found and found.is_mine else settings.backups_dir


def _size(db: Database[Document]) -> int:
    return int(db.command("dbStats")["totalSize"])


def _free(folder: Path) -> int:
    """Bytes free where the folder is, or will be."""
    return shutil.disk_usage(next(path for path in (folder, *folder.parents) if path.exists())).free
