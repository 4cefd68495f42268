"""Locks in the database: readings are changed beside each other, but a backup or a restore excludes all.

A standalone server gives no snapshot: what is read of it while it changes is of different moments. So
imports, undoings and deletions hold a shared lock, and a backup waits until nobody does; whoever begins
meanwhile waits for the backup. Locks are leases: a program that dies keeps nobody waiting for long.
"""

import os
import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

from bson import ObjectId
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError, PyMongoError

from services.database import deployment, errors
from services.database.processes import is_running, process_identity
from services.errors import LoadlensError
from services.progress import Progress, silent
from services.scope import Document

COLLECTION = "turns"
EXCLUSIVE = "alone"
LEASE_MS = 2000 * errors.RETRY_SECONDS
"""A lock is renewed all the time; one that was not for so long is that of a dead program, or one cut off.

An import that waits for its connection goes on under its own lock: no backup has begun meanwhile.
"""
_LEASE: Document = {"$add": ["$$NOW", LEASE_MS]}
POLL_SECONDS = 0.1

Locks = Collection[Document]


class Interrupted(LoadlensError):
    """An exclusive lock was not renewed for so long that others went on."""


class Replaced(LoadlensError):
    """The database is not the one that the user signed in to."""


class Lock:
    """A lock of this program, renewed by a thread until it ends."""

    def __init__(self, locks: Locks, name: object, token: str) -> None:
        self._collection = locks
        self._mine = {"_id": name, "token": token}
        self._ended = Event()
        self._thread = Thread(target=self._keep, daemon=True)
        self._thread.start()

    def require(self) -> None:
        """Raise `Interrupted` unless the lock was held all the time."""
        in_time = {**self._mine, "$expr": {"$gt": ["$until", "$$NOW"]}}
        if not self._collection.find_one(in_time):
            raise Interrupted(
                "This machine or its connection was held up for so long that others went on with their "
                "work. Nothing was left half done; try again."
            )

    def end(self) -> None:
        """Let others go on; a second call does nothing."""
        if not self._ended.is_set():
            self._ended.set()
            self._thread.join()
            with suppress(PyMongoError):  # the lock of a program that lost its connection runs out
                self._collection.delete_one(self._mine)

    def _keep(self) -> None:
        while not self._ended.wait(LEASE_MS / 4000):
            with suppress(PyMongoError):  # the server is away: `require` tells whether for too long
                # Though its time is over, as after a jump of the clock, if nobody has gone on because of it.
                self._collection.update_one(self._mine, [{"$set": {"until": _LEASE}}])


@contextmanager
def shared_lock(
    db: Database[Document], progress: Progress = silent, user_id: ObjectId | None = None
) -> Iterator[None]:
    """Hold a lock beside others who change readings; wait for a backup or a restore that is under way.

    Raises `Replaced` when that restore has left no such account, and whatever ``progress`` raises.
    """
    locks = _collection(db)
    waited = False
    while True:
        lock = _acquired(locks, ObjectId())
        if not _is_held(locks, {"_id": EXCLUSIVE}):
            break
        waited = True
        lock.end()
        _wait(progress, "Waiting for a backup")
    try:
        if waited and user_id and not db["users"].find_one({"_id": user_id}, {"_id": True}):
            raise Replaced("The database was replaced by a backup meanwhile. Sign in again.")
        yield
    finally:
        lock.end()


@contextmanager
def exclusive_lock(db: Database[Document], progress: Progress = silent) -> Iterator[Lock]:
    """Hold the one lock that excludes all others; wait until nobody holds another.

    Raises whatever ``progress`` raises.
    """
    locks = _collection(db)
    while (lock := _acquire_exclusive(locks)) is None:
        _wait(progress, "Waiting for another backup")
    try:
        while _is_held(locks, {"_id": {"$ne": EXCLUSIVE}}):
            _wait(progress, "Waiting for imports")
        yield lock
    finally:
        lock.end()


def _collection(db: Database[Document]) -> Locks:
    # Not waiting for the disk: a lock is of no use to a standalone server that has died.
    return deployment.bulk_collection(db, COLLECTION)


def _acquired(locks: Locks, name: object) -> Lock:
    """Return the new lock. Raises `DuplicateKeyError` when another program holds one of that name."""
    token = secrets.token_hex(8)
    process = {
        "host": socket.gethostname(),
        "pid": os.getpid(),
        "processCreated": process_identity(os.getpid()),
    }
    lease = [{"$set": {**process, "until": _LEASE}}]
    locks.update_one({"_id": name, "token": token}, lease, upsert=True)
    return Lock(locks, name, token)


def _acquire_exclusive(locks: Locks) -> Lock | None:
    if _is_held(locks, {"_id": EXCLUSIVE}):
        return None
    try:
        return _acquired(locks, EXCLUSIVE)
    except DuplicateKeyError:
        return None


def _is_held(locks: Locks, which: Document) -> bool:
    """Return whether a running program holds such a lock; those of dead ones are deleted."""
    locks.delete_many({**which, "$expr": {"$lte": ["$until", "$$NOW"]}})
    living = False
    for lock in locks.find(which):
        if lock["host"] == socket.gethostname() and not is_running(lock["pid"], lock["processCreated"]):
            locks.delete_one({"_id": lock["_id"], "token": lock["token"]})
        else:
            living = True
    if living:
        # Of a clock that was set back, a dead program's lock would last for long.
        too_long = {**which, "$expr": {"$gt": ["$until", _LEASE]}}
        locks.update_many(too_long, [{"$set": {"until": _LEASE}}])
    return living


def _wait(progress: Progress, stage: str) -> None:
    progress(stage, 0, 1)
    time.sleep(POLL_SECONDS)
