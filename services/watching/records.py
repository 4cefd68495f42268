"""What is remembered of a watched folder's files between two scans, beside the folder's name."""

from typing import TypedDict

from services.scope import Document, Scope
from services.watching.folder import key
from services.watching.sightings import FileState, Sighting

FOLLOWED_S = 31 * 24 * 3600.0
"""How long after it was read a file is still looked at: as long as a logger may take for the next month."""
MOST_FOLLOWED = 1_000


class Read(TypedDict):
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


def load(scope: Scope) -> tuple[dict[str, Sighting], dict[str, Read], set[str]]:
    """The sightings and the files that were read, by name; and the names whose being left out was said."""
    found = scope.db["watched_folders"].find_one(key(scope)) or {}
    sightings: dict[str, Sighting] = {seen["name"]: seen for seen in found.get("sightings", [])}
    return (
        sightings,
        {read["name"]: read for read in found.get("filesRead", [])},
        set(found.get("leftOut", [])),
    )


def save(scope: Scope, **fields: object) -> None:
    """Set fields of the document."""
    scope.db["watched_folders"].update_one(key(scope), {"$set": fields})


def note_read(scope: Scope, read: Read, before: str = "") -> None:
    """Remember the file, instead of what was remembered of it where it lay ``before``."""
    for gone in {before, read["name"]} - {""}:
        forget_read(scope, gone)
    push: Document = {"$each": [read], "$slice": -MOST_FOLLOWED}
    scope.db["watched_folders"].update_one(key(scope), {"$push": {"filesRead": push}})


def forget_read(scope: Scope, name: str) -> None:
    """Remember this file no more."""
    scope.db["watched_folders"].update_one(key(scope), {"$pull": {"filesRead": {"name": name}}})


def has_changed(read: Read, state: FileState) -> bool:
    """Whether the file was written since it was read."""
    return (read["size"], read["modified"]) != state


def is_followed(read: Read, now: float) -> bool:
    """Whether the file is still looked at."""
    return now - read["at"] < FOLLOWED_S
