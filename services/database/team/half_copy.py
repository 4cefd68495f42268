"""A database that another is being copied into: marked, so that nobody takes it for a whole one."""

from dataclasses import dataclass
from datetime import UTC, datetime

from pymongo.database import Database

from services.database.unavailable import DatabaseUnavailable
from services.scope import Document

COLLECTION = "moving"


@dataclass(frozen=True)
class HalfCopy:
    """What is told of a copy that is under way, or was given up."""

    source: str
    """The computer and the data folder that it is a copy of."""
    began: datetime
    whole: bool
    """Whether everything is there and was compared."""


def half_copy(db: Database[Document]) -> HalfCopy | None:
    """The mark of this database; None for a usual one."""
    found = db[COLLECTION].find_one({"_id": "copy"})
    return HalfCopy(found["source"], found["began"], found["whole"]) if found else None


def begin(db: Database[Document], source: str) -> None:
    """Mark the database before the first document is copied into it."""
    mark = {"source": source, "began": datetime.now(UTC), "whole": False}
    db[COLLECTION].update_one({"_id": "copy"}, {"$setOnInsert": mark}, upsert=True)


def say_whole(db: Database[Document]) -> None:
    """All of the source is there: whoever opens the database next may use it."""
    db[COLLECTION].update_one({"_id": "copy"}, {"$set": {"whole": True}})


def forget(db: Database[Document]) -> None:
    """Take the mark away."""
    db[COLLECTION].drop()


def require_whole(db: Database[Document]) -> None:
    """Raises `DatabaseUnavailable` for a database that lacks a part of what it is a copy of."""
    found = half_copy(db)
    if found is None:
        return
    if not found.whole:
        raise DatabaseUnavailable(
            "The database {name} is half a copy of the one on {source}. Finish the move there, under "
            "Settings → Database, or use another database.",
            name=db.name,
            source=found.source,
        )
    forget(db)
