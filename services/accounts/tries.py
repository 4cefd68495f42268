"""How often a password may be tried: ever more slowly, then not at all for a while.

It is the email that is counted, whether or not it has an account, in the database: so that nothing tells
which emails have one, and neither a restart nor a second program gives more tries. All times are the
server's, the one clock that all workstations share.
"""

from datetime import timedelta

from pymongo import ReturnDocument
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from services.errors import LoadlensError
from services.names import name_key
from services.scope import Document

MOST = 10
"""Failures in a row after which the email is locked; after the lock, counting begins anew."""
LOCK = timedelta(minutes=15)
WAITS = [timedelta(0)] * 3 + [timedelta(seconds=2**n) for n in range(MOST - 3)] + [LOCK]
"""How long to wait after so many failures."""


class TooManyTries(LoadlensError):
    """The password may not be tried again yet, be it right or wrong."""


def claim(db: Database[Document], email: str) -> int:
    """Take one try before the password is looked at; how many there were in a row, with this one.

    Raises `TooManyTries`.
    """
    try:
        tries = _claimed(db, email)
    except DuplicateKeyError:  # another program has just counted the first failure
        tries = _claimed(db, email)
    assert tries is not None, "an upsert gives back what it has made"
    if not tries["allowed"]:
        raise _wait(tries["lockedUntil"] - tries["now"])
    return int(tries["count"])


def forget(db: Database[Document], email: str) -> None:
    """The password was right, or an administrator gave a new one."""
    db["sign_in_failures"].delete_many({"email": name_key(email)})


def _claimed(db: Database[Document], email: str) -> Document | None:
    # By the same key as accounts are found by: no other spelling of an email gets tries of its own.
    return db["sign_in_failures"].find_one_and_update(
        {"email": name_key(email)}, _CLAIM, upsert=True, return_document=ReturnDocument.AFTER
    )


def _until(count: Document | str) -> Document:
    milliseconds = [wait // timedelta(milliseconds=1) for wait in WAITS]
    return {"$add": ["$$NOW", {"$arrayElemAt": [milliseconds, count]}]}


_AFTER_LOCK = {"$cond": [{"$lt": ["$count", MOST]}, "$count", 0]}
_CLAIM: list[Document] = [
    {"$set": {"now": "$$NOW", "count": {"$ifNull": ["$count", 0]}}},
    # A clock that was set back neither locks for longer than it ever would, nor unlocks.
    {"$set": {"lockedUntil": {"$min": [{"$ifNull": ["$lockedUntil", "$$NOW"]}, _until("$count")]}}},
    {"$set": {"allowed": {"$lte": ["$lockedUntil", "$$NOW"]}}},
    {"$set": {"count": {"$cond": ["$allowed", {"$add": [_AFTER_LOCK, 1]}, "$count"]}}},
    {
        "$set": {
            "lockedUntil": {"$cond": ["$allowed", _until("$count"), "$lockedUntil"]},
            "last": {"$cond": ["$allowed", "$$NOW", "$last"]},
        }
    },
]
"""Grants a try and counts it, in one step that no other program can come between."""


def _wait(left: timedelta) -> TooManyTries:
    seconds = max(1, -(-left // timedelta(seconds=1)))
    if seconds < 120:
        return TooManyTries("Too many wrong passwords. Try again in {seconds} s.", seconds=seconds)
    return TooManyTries(
        "Too many wrong passwords, so this email cannot sign in for {minutes} minutes. "
        "Wait, or ask an administrator for a new password.",
        minutes=-(-seconds // 60),
    )
