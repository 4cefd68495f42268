"""Which folder is watched for whom: one a user and machine, as a path means nothing on another."""

import socket
import stat
from pathlib import Path

from services import audit
from services.errors import LoadlensError
from services.file_names import NOT_TEXT, is_text
from services.scope import Document, Scope
from services.typed import typed

DONE, FAILED = "done", "failed"
JUNCTION = 0xA0000003
"""What Windows calls a mount point."""


class FolderRefused(LoadlensError):
    """The folder cannot be watched."""


@typed
def set_folder(scope: Scope, folder: Path) -> None:
    """Watch this folder from now on, instead of another. Raises `FolderRefused`."""
    prepare(folder)
    if not is_text(folder):
        raise FolderRefused(NOT_TEXT, folder=folder)
    fields = {"folder": str(folder.absolute()), "sightings": [], "filesRead": [], "leftOut": []}
    before = scope.db["watched_folders"].find_one_and_update(key(scope), {"$set": fields}, upsert=True)
    _record(scope, before, fields)


def watched_folder(scope: Scope) -> Path | None:
    """The folder that is watched, or None."""
    stored = scope.db["watched_folders"].find_one(key(scope))
    return Path(stored["folder"]) if stored else None


def forget_folder(scope: Scope) -> None:
    """Watch no folder any more; what is in it stays there."""
    _record(scope, scope.db["watched_folders"].find_one_and_delete(key(scope)), None)


def prepare(folder: Path) -> None:
    """Make the folders for files that are dealt with. Raises `FolderRefused`.

    The watched folder may be a link, as the user chose it himself; what lies in it may not.
    """
    if not folder.is_dir():
        raise FolderRefused(
            "The watched folder {folder} is not there. Connect its drive, or choose another folder.",
            folder=folder,
        )
    try:
        for name in (DONE, FAILED):
            (folder / name).mkdir(exist_ok=True)
    except OSError as error:
        raise FolderRefused(
            "Files cannot be moved within the watched folder {folder}: {reason}. Allow it, or choose another "
            "folder.",
            folder=folder,
            reason=error.strerror or error,
        ) from None
    for name in (DONE, FAILED):
        if _is_link(folder / name):
            raise FolderRefused(
                "{name} in the watched folder {folder} is a link, through which nothing is moved. Put a "
                "folder in its place, or watch another one.",
                name=name,
                folder=folder,
            )


def key(scope: Scope) -> Document:
    """What identifies a user's watched folder on this machine."""
    return scope.owned({"host": socket.gethostname()})


def _is_link(path: Path) -> bool:
    """Whether it is a link or, on Windows, a junction."""
    found = path.lstat()
    return stat.S_ISLNK(found.st_mode) or getattr(found, "st_reparse_tag", 0) == JUNCTION


def _record(scope: Scope, before: Document | None, after: Document | None) -> None:
    old, new = ({"folder": of["folder"]} if of else None for of in (before, after))
    audit.record_changes(scope, "watched folder", old, new)
