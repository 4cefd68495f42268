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
from typing import Any

from bson import ObjectId
from pymongo import WriteConcern
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError, PyMongoError

from services.database.processes import began, is_running
from services.errors import LoadlensError
from services.progress import Progress, silent
from services.scope import Document, Scope

COLLECTION = "turns"
ALONE = "alone"
LEASE_MS = 60_000
"""A program that does something alone says so again and again; when it has not for so long, it is dead."""
LONGEST_CHANGE_MS = 3_600_000
"""No import takes longer; one that was begun before that on another machine died there."""
LOOK_SECONDS = 0.1

UNCONFIRMED = WriteConcern(w=1, j=False)
"""Turns are of no use to a server that has died, and they are taken on the way to every import."""

Turns = Collection[Document]


class Interrupted(LoadlensError):
    """What has to be done alone was held up for so long that others went on."""


class Replaced(LoadlensError):
    """The database is not the one that the user signed in to."""


class Turn:
    """The turn of who is alone, renewed by a thread until it ends."""

    def __init__(self, turns: Turns, token: str) -> None:
        self._turns, self._token = turns, token
        self._ended = Event()
        self._thread = Thread(target=self._keep, daemon=True)
        self._thread.start()

    def require(self) -> None:
        """Raises `Interrupted` unless this program was alone all the time."""
        if not self._ended.is_set() and not _renewed(self._turns, self._token):
            raise Interrupted(
                "This machine or its connection was held up for so long that others went on with their "
                "work. Nothing was left half done; try again."
            )

    def end(self) -> None:
        """Let others go on; a second call does nothing."""
        if not self._ended.is_set():
            self._ended.set()
            self._thread.join()
            with suppress(PyMongoError):  # it ends by itself
                self._turns.delete_one({"_id": ALONE, "token": self._token})

    def _keep(self) -> None:
        while not self._ended.wait(LEASE_MS / 4000):
            try:
                _renewed(self._turns, self._token)
            except PyMongoError:
                continue  # the server is away; `require` tells whether that was for too long


@contextmanager
def among_others(scope: Scope, progress: Progress = silent) -> Iterator[None]:
    """Change readings beside others who do; waits for a backup or a restore that is under way.

    Raises `Replaced` when that restore has left no such account, and whatever ``progress`` raises.
    """
    turns = _turns(scope.db)
    note = {"_id": ObjectId(), **_this_process()}
    waited = False
    while True:
        turns.update_one({"_id": note["_id"]}, [{"$set": {**note, "since": "$$NOW"}}], upsert=True)
        if not _is_taken(turns):
            break
        waited = True
        turns.delete_one({"_id": note["_id"]})
        _wait(progress, "Waiting for a backup")
    try:
        if waited and not scope.db["users"].find_one({"_id": scope.user_id}, {"_id": True}):
            raise Replaced("The database was replaced by a backup meanwhile. Sign in again.")
        yield
    finally:
        with suppress(PyMongoError):  # the note of a program that lost its connection grows old
            turns.delete_one({"_id": note["_id"]})


@contextmanager
def alone(db: Database[Document], progress: Progress = silent) -> Iterator[Turn]:
    """Do something while nobody changes readings and nobody else is alone; waits until it is so.

    Raises whatever ``progress`` raises.
    """
    turns = _turns(db)
    token = secrets.token_hex(8)
    while not _claimed(turns, token):
        _wait(progress, "Waiting for another backup")
    turn = Turn(turns, token)
    try:
        while _changes(turns):
            _wait(progress, "Waiting for imports")
        yield turn
    finally:
        turn.end()


def _turns(db: Database[Document]) -> Turns:
    return db[COLLECTION].with_options(write_concern=UNCONFIRMED)


def _claimed(turns: Turns, token: str) -> bool:
    turns.delete_many({"_id": ALONE, "$expr": {"$lte": ["$until", "$$NOW"]}})
    if (other := turns.find_one({"_id": ALONE})) and _died_here(other):
        turns.delete_one({"_id": ALONE, "token": other["token"]})
    try:
        mine = {**_this_process(), "until": _lease()}
        turns.update_one({"_id": ALONE, "token": token}, [{"$set": mine}], upsert=True)
    except DuplicateKeyError:
        return False
    return True


def _renewed(turns: Turns, token: str) -> bool:
    """Whether the turn is still its holder's, now for another while."""
    mine = {"_id": ALONE, "token": token, "$expr": {"$gt": ["$until", "$$NOW"]}}
    return turns.update_one(mine, [{"$set": {"until": _lease()}}]).matched_count == 1


def _is_taken(turns: Turns) -> bool:
    other = turns.find_one({"_id": ALONE, "$expr": {"$gt": ["$until", "$$NOW"]}})
    return other is not None and not _died_here(other)


def _changes(turns: Turns) -> bool:
    """Whether readings are being changed by a program that lives, as far as can be told."""
    for change in turns.find({"_id": {"$ne": ALONE}, "$expr": {"$gt": ["$since", _ago(LONGEST_CHANGE_MS)]}}):
        if not _died_here(change):
            return True
        turns.delete_one({"_id": change["_id"]})
    return False


def _lease() -> Document:
    return {"$add": ["$$NOW", LEASE_MS]}


def _ago(milliseconds: int) -> Document:
    return {"$subtract": ["$$NOW", milliseconds]}


def _this_process() -> dict[str, Any]:
    return {"host": socket.gethostname(), "pid": os.getpid(), "processCreated": began(os.getpid())}


def _died_here(turn: Document) -> bool:
    return turn["host"] == socket.gethostname() and not is_running(turn["pid"], turn["processCreated"])


def _wait(progress: Progress, stage: str) -> None:
    progress(stage, 0, 1)
    time.sleep(LOOK_SECONDS)
