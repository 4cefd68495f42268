"""Know which folder is watched for whom, its files, and what is remembered of them between two scans."""

import os
import socket
import stat
from pathlib import Path
from typing import TypedDict

from services import audit
from services.errors import LoadlensError
from services.file_names import NOT_TEXT, is_text
from services.messages import N_
from services.scope import Document, Scope
from services.sheets.sources import SUFFIXES
from services.typed import typed
from services.watching.files import FileState, Sighting

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
    before = scope.db["watched_folders"].find_one_and_update(folder_key(scope), {"$set": fields}, upsert=True)
    _record(scope, before, fields)


def watched_folder(scope: Scope) -> Path | None:
    """Return the folder that is watched, or None."""
    stored = scope.db["watched_folders"].find_one(folder_key(scope))
    return Path(stored["folder"]) if stored else None


def forget_folder(scope: Scope) -> None:
    """Watch no folder any more; what is in it stays there."""
    _record(scope, scope.db["watched_folders"].find_one_and_delete(folder_key(scope)), None)


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


def folder_key(scope: Scope) -> Document:
    """Return what identifies a user's watched folder on this machine."""
    return scope.owned({"host": socket.gethostname()})


def _is_link(path: Path) -> bool:
    """Return whether it is a link or, on Windows, a junction."""
    found = path.lstat()
    return stat.S_ISLNK(found.st_mode) or getattr(found, "st_reparse_tag", 0) == JUNCTION


def _record(scope: Scope, before: Document | None, after: Document | None) -> None:
    old, new = ({"folder": of["folder"]} if of else None for of in (before, after))
    audit.record_changes(scope, "watched folder", old, new)


class FileLeftOut(LoadlensError):
    """What lies in the watched folder under the name of a file of readings, and is not read."""


def list_files(folder: Path) -> tuple[list[str], dict[str, LoadlensError]]:
    """Return the names of the files of readings, and of what is left out, each with why.

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
        sentence = _why_left_out(path.name, found)
        if sentence is None:
            names.append(path.name)
        else:
            left_out[shown] = FileLeftOut(sentence, file=shown)
    return names, left_out


def printable(name: str) -> str:
    """Return the name on one line, as text that can be stored and shown whatever its bytes are."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name)


def cannot_be_opened(name: str, error: OSError) -> FileLeftOut:
    """Return why a file of readings is left out that the system does not let us read."""
    return FileLeftOut(
        "{file} cannot be opened: {reason}. Allow Loadlens to read it, or take it out of the watched folder.",
        file=printable(name),
        reason=error.strerror or error,
    )


def _why_left_out(name: str, found: os.stat_result) -> str | None:
    """Return why it is left out; None for a file that is read."""
    if stat.S_ISLNK(found.st_mode):
        return N_("{file} is a link, which is not followed. Put the file itself into the watched folder.")
    if not stat.S_ISREG(found.st_mode):
        return N_(
            "{file} is a pipe, a socket or a device, and is not read. Take it out of the watched folder."
        )
    if found.st_nlink > 1 and hasattr(os, "geteuid") and found.st_uid != os.geteuid():
        return N_("{file} is another name of another user's file and is left out. Put a copy there instead.")
    try:
        name.encode()
    except UnicodeEncodeError:
        return N_("The name of {file} holds bytes that are no letters. Give it another name.")
    return None


FOLLOWED_S = 31 * 24 * 3600.0
"""How long after it was read a file is still looked at: as long as a logger may take for the next month."""
MOST_FOLLOWED = 1_000


class ReadFile(TypedDict):
    """A file that was read: where it is, and the state that was read."""

    name: str
    """Below the watched folder: ``done/a (2).csv``, or ``a.csv`` where it could not be moved."""
    original: str
    """Its name when it appeared."""
    head: str
    """The file below the folder that begins with the header of this one's rows: mostly itself."""
    size: int
    modified: int
    at: float
    """When it was read (s)."""
    trouble: str
    """Why it could not be moved, in English."""


def load_records(scope: Scope) -> tuple[dict[str, Sighting], dict[str, ReadFile], set[str]]:
    """Load the sightings and the files read, by name, and the names of left-out files that were reported."""
    found = scope.db["watched_folders"].find_one(folder_key(scope)) or {}
    sightings: dict[str, Sighting] = {seen["name"]: seen for seen in found.get("sightings", [])}
    return (
        sightings,
        {read["name"]: read for read in found.get("filesRead", [])},
        set(found.get("leftOut", [])),
    )


def save_records(scope: Scope, **fields: object) -> None:
    """Set fields of the document."""
    scope.db["watched_folders"].update_one(folder_key(scope), {"$set": fields})


def note_read(scope: Scope, read: ReadFile, before: str = "") -> None:
    """Remember the file, instead of what was remembered of it where it lay ``before``."""
    for gone in {before, read["name"]} - {""}:
        forget_read(scope, gone)
    push: Document = {"$each": [read], "$slice": -MOST_FOLLOWED}
    scope.db["watched_folders"].update_one(folder_key(scope), {"$push": {"filesRead": push}})


def forget_read(scope: Scope, name: str) -> None:
    """Remember this file no more."""
    scope.db["watched_folders"].update_one(folder_key(scope), {"$pull": {"filesRead": {"name": name}}})


def has_changed(read: ReadFile, state: FileState) -> bool:
    """Return whether the file was written since it was read."""
    return (read["size"], read["modified"]) != state


def is_followed(read: ReadFile, now: float) -> bool:
    """Return whether the file is still looked at."""
    return now - read["at"] < FOLLOWED_S
