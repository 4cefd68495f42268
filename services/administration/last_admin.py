"""That an administrator is always left, whoever takes whose rights away at the same moment."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from bson import ObjectId
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from services.administration.refused import AccountRefused
from services.scope import Document

LOCK = "administrators"
LEASE_MS = 10_000
"""A program that dies keeps others waiting so long at most."""
PAUSE = 0.05
PATIENCE = timedelta(milliseconds=LEASE_MS + 2_000)
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@contextmanager
def another_stays(db: Database[Document], user_id: ObjectId, email: str) -> Iterator[Document]:
    """While the context lasts, nobody else takes an administrator away; gives the condition, for the query
    of the change itself, that this still holds by the server's clock.

    Raises `AccountRefused` when there is no active administrator but this one.
    """
    until = _locked(db)
    try:
        others = {"_id": {"$ne": user_id}, "role": "admin", "status": "active"}
        if db["users"].find_one(others, {"_id": True}) is None:
            raise AccountRefused(
                "{email} is the only active administrator. Make another account one first.", email=email
            )
        yield {"$expr": _held(until)}
    finally:
        db["settings"].update_one({"_id": LOCK, "until": until}, {"$set": {"until": NEVER}})


def _locked(db: Database[Document]) -> datetime:
    """Until when the lock is ours."""
    free = {"_id": LOCK, "$expr": {"$not": _held("$until")}}
    take = [{"$set": {"until": {"$add": ["$$NOW", LEASE_MS]}}}]
    give_up = time.monotonic() + PATIENCE.total_seconds()
    _make(db)
    while time.monotonic() < give_up:
        if taken := db["settings"].find_one_and_update(free, take, return_document=True):
            until: datetime = taken["until"]
            return until
        time.sleep(PAUSE)
    raise AccountRefused("Another administrator is changing accounts at this moment. Try again.")


def _held(until: datetime | str) -> Document:
    """Whether a lock holds until then; one for far longer than any is from before the clock was set back.

    Not one for hardly longer: a command's time is that of its beginning, and it may have waited for another
    that began later and took the lock.
    """
    return {"$and": [{"$lt": ["$$NOW", until]}, {"$lte": [until, {"$add": ["$$NOW", 2 * LEASE_MS]}]}]}


def _make(db: Database[Document]) -> None:
    try:
        db["settings"].update_one({"_id": LOCK}, {"$setOnInsert": {"until": NEVER}}, upsert=True)
    except DuplicateKeyError:
        return  # another has just made it
