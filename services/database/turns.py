"""Whose turn it is: readings are changed beside each other, but a backup is read and a restore done alone.

A single server gives no snapshot: what is read of it while it changes is of different moments. So imports,
undoings and deletions note in the database that they are under way, a backup waits until none is, and
whoever begins meanwhile waits for the backup. A program that dies keeps nobody waiting for long.
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

from services.database import acknowledgement, patience
from services.database.processes import began, is_running
from services.errors import LoadlensError
from services.progress import Progress, silent
from services.scope import Document

COLLECTION = "turns"
ALONE = "alone"
LEASE_MS = 2000 * patience.SECONDS
"""A program says again and again what it does; when it has not for so long, it is dead or cut off.

An import that waits patiently for its connection goes on in its own turn: no backup has begun meanwhile.
"""
_LEASE: Document = {"$add": ["$$NOW", LEASE_MS]}
LOOK_SECONDS = 0.1

Turns = Collection[Document]


class Interrupted(LoadlensError):
    """What has to be done alone was held up for so long that others went on."""


class Replaced(LoadlensError):
    """The database is not the one that the user signed in to."""


class Turn:
    """What this program has noted that it does, renewed by a thread until it ends."""

    def __init__(self, turns: Turns, name: object, token: str) -> None:
        self._turns = turns
        self._mine = {"_id": name, "token": token}
        self._ended = Event()
        self._thread = Thread(target=self._keep, daemon=True)
        self._thread.start()

    def require(self) -> None:
        """Raises `Interrupted` unless this program was alone all the time."""
        in_time = {**self._mine, "$expr": {"$gt": ["$until", "$$NOW"]}}
        if not self._turns.find_one(in_time):
            raise Interrupted(
                "This machine or its connection was held up for so long that others went on with their "
                "work. Nothing was left half done; try again."
            )

    def end(self) -> None:
        """Let others go on; a second call does nothing."""
        if not self._ended.is_set():
            self._ended.set()
            self._thread.join()
            with suppress(PyMongoError):  # the note of a program that lost its connection grows old
                self._turns.delete_one(self._mine)

    def _keep(self) -> None:
        while not self._ended.wait(LEASE_MS / 4000):
            with suppress(PyMongoError):  # the server is away: `require` tells whether for too long
                # Though its time is over, as after a jump of the clock, if nobody has gone on because of it.
                self._turns.update_one(self._mine, [{"$set": {"until": _LEASE}}])


@contextmanager
def among_others(
    db: Database[Document], progress: Progress = silent, user_id: ObjectId | None = None
) -> Iterator[None]:
    """Change readings beside others who do; waits for a backup or a restore that is under way.

    Raises `Replaced` when that restore has left no such account, and whatever ``progress`` raises.
    """
    turns = _turns(db)
    waited = False
    while True:
        turn = _noted(turns, ObjectId())
        if not _others(turns, {"_id": ALONE}):
            break
        waited = True
        turn.end()
        _wait(progress, "Waiting for a backup")
    try:
        if waited and user_id and not db["users"].find_one({"_id": user_id}, {"_id": True}):
            raise Replaced("The database was replaced by a backup meanwhile. Sign in again.")
        yield
    finally:
        turn.end()


@contextmanager
def alone(db: Database[Document], progress: Progress = silent) -> Iterator[Turn]:
    """Do something while nobody changes readings and nobody else is alone; waits until it is so.

    Raises whatever ``progress`` raises.
    """
    turns = _turns(db)
    while (turn := _claimed(turns)) is None:
        _wait(progress, "Waiting for another backup")
    try:
        while _others(turns, {"_id": {"$ne": ALONE}}):
            _wait(progress, "Waiting for imports")
        yield turn
    finally:
        turn.end()


def _turns(db: Database[Document]) -> Turns:
    # Not waiting for the disk: a turn is of no use to a lone server that has died.
    return acknowledgement.collection(db, COLLECTION)


def _noted(turns: Turns, name: object) -> Turn:
    """Raises `DuplicateKeyError` when another program has noted the same."""
    token = secrets.token_hex(8)
    process = {"host": socket.gethostname(), "pid": os.getpid(), "processCreated": began(os.getpid())}
    note = [{"$set": {**process, "until": _LEASE}}]
    turns.update_one({"_id": name, "token": token}, note, upsert=True)
    return Turn(turns, name, token)


def _claimed(turns: Turns) -> Turn | None:
    if _others(turns, {"_id": ALONE}):
        return None
    try:
        return _noted(turns, ALONE)
    except DuplicateKeyError:
        return None


def _others(turns: Turns, which: Document) -> bool:
    """Whether somebody who lives has noted that; the notes of the dead are cleared away."""
    turns.delete_many({**which, "$expr": {"$lte": ["$until", "$$NOW"]}})
    living = False
    for turn in turns.find(which):
        if turn["host"] == socket.gethostname() and not is_running(turn["pid"], turn["processCreated"]):
            turns.delete_one({"_id": turn["_id"], "token": turn["token"]})
        else:
            living = True
    if living:
        # Set back, the clock would keep what the dead noted for long.
        too_long = {**which, "$expr": {"$gt": ["$until", _LEASE]}}
        turns.update_many(too_long, [{"$set": {"until": _LEASE}}])
    return living


def _wait(progress: Progress, stage: str) -> None:
    progress(stage, 0, 1)
    time.sleep(LOOK_SECONDS)
