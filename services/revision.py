"""Which state a user's readings are in, so that what was reckoned from them is known to be stale."""

from collections.abc import Iterator
from contextlib import contextmanager

from bson import ObjectId
from pymongo import WriteConcern

from services.database.deployment import UNJOURNALED
from services.scope import Scope


@contextmanager
def changing(scope: Scope) -> Iterator[None]:
    """Renew the revision before the readings' sums change, and once more when they have changed.

    Who finds the same revision before and after reading has read one state whole.
    """
    # A revision that a dying server forgets dies with the change that it announces.
    _renew(scope, UNJOURNALED)
    try:
        yield
    finally:
        _renew(scope)


def current(scope: Scope) -> ObjectId | None:
    """Return the revision of the readings, never the same for two states of them; None before the first."""
    found = scope.db["revisions"].find_one(scope.owned())
    return found["revision"] if found else None


def _renew(scope: Scope, write_concern: WriteConcern | None = None) -> None:
    revisions = scope.db["revisions"].with_options(write_concern=write_concern)
    revisions.update_one(scope.owned(), {"$set": {"revision": ObjectId()}}, upsert=True)
