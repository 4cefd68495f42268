"""What other programs change in the database, within seconds.

A replica set tells by itself: one change stream, resumed where it was left after a disconnect. A standalone
server does not; its counters of what was written to each collection are read every few seconds.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bson import ObjectId
from pymongo.database import Database
from pymongo.errors import OperationFailure

from services.database import deployment
from services.progress import Progress, silent
from services.scope import Document, Scope

FOLLOWED = frozenset(
    {
        "alert_rules",
        "alerts",
        "categories",
        "devices",
        "facilities",
        "imports",
        "normal_events",
        "predictions",
        "quiet_hours",
        "report_schedules",
        "revisions",
        "views",
    }
)
"""Where what the pages show is kept. Not the readings: `revisions` change with them, once and not a million
times."""

QUIET_MS = 500
"""Changes that come closer together are reported together."""
LONGEST_SECONDS = 5
"""After so long they are reported, though more may follow."""
POLL_SECONDS = 3
STAGE = "Following changes"
NO_RIGHT = 13
NO_STREAMS = 40573

WRITES = ("insert calls", "modify calls", "remove calls", "truncate calls", "update calls")


@dataclass(frozen=True)
class Position:
    """How far changes are known: where the stream goes on, or the counters as they were."""

    token: Mapping[str, Any] | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    server: ObjectId | None = None
    """The process that counted."""


@dataclass(frozen=True)
class Changes:
    """The collections in which somebody, be it this program, has changed something of the user's."""

    collections: frozenset[str]
    seen: float
    """By `time.monotonic`: who reads the collections later sees all of it."""
    position: Position


def current_position(scope: Scope) -> Position:
    """Return from where changes are followed by who begins now."""
    if deployment.process_id(scope.db) is None:
        try:
            with scope.db.watch(max_await_time_ms=1) as stream:
                stream.try_next()
                return Position(token=stream.resume_token)
        except OperationFailure as error:
            if error.code not in (NO_RIGHT, NO_STREAMS):
                raise
    return _counted(scope.db)


def wait_for_changes(scope: Scope, since: Position | None = None, progress: Progress = silent) -> Changes:
    """Wait until something changes, from now on unless ``since`` is given.

    Whose the document of a deletion was is not known; it counts. Raises whatever ``progress`` raises.
    """
    since = since or current_position(scope)
    if since.token is None:
        return _polled(scope.db, since, progress)
    try:
        return _streamed(scope, since, progress)
    except OperationFailure as error:
        if error.has_error_label("ResumableChangeStreamError"):
            raise
        # What came meanwhile is not kept any more: it may have been anything.
        return Changes(FOLLOWED, time.monotonic(), current_position(scope))


def _streamed(scope: Scope, since: Position, progress: Progress) -> Changes:
    followed = {"$in": sorted(FOLLOWED)}
    mine = {"$or": [{"fullDocument.userId": scope.user_id}, {"fullDocument": None}]}
    pipeline: list[Document] = [
        {"$match": {"$and": [{"$or": [{"ns.coll": followed}, {"to.coll": followed}]}, mine]}},
        {"$project": {"ns.coll": True, "to.coll": True}},
    ]
    found: set[str] = set()
    first = seen = 0.0
    with scope.db.watch(
        pipeline, full_document="updateLookup", resume_after=since.token, max_await_time_ms=QUIET_MS
    ) as stream:
        while True:
            progress(STAGE, 0, 1)
            change = stream.try_next()
            if change is not None:
                seen = time.monotonic()
                first = first or seen
                found |= {change[place]["coll"] for place in ("ns", "to") if place in change} & FOLLOWED
            if found and (change is None or seen - first > LONGEST_SECONDS):
                return Changes(frozenset(found), seen, Position(token=stream.resume_token))


def _polled(database: Database[Document], since: Position, progress: Progress) -> Changes:
    while True:
        for _ in range(POLL_SECONDS * 10):
            progress(STAGE, 0, 1)
            time.sleep(0.1)
        now = _counted(database)
        if now.server != since.server:
            return Changes(FOLLOWED, time.monotonic(), now)
        changed = {name for name in FOLLOWED if now.counts[name] != since.counts[name]}
        if changed:
            return Changes(frozenset(changed), time.monotonic(), now)


def _counted(database: Database[Document]) -> Position:
    """How often each collection was written to since its server was started."""
    counts = {}
    for name in FOLLOWED:
        engine = database.command("collStats", name).get("wiredTiger", {}).get("cursor", {})
        counts[name] = sum(int(engine.get(write, 0)) for write in WRITES)
    # One server counts anew when it is started again; of several, now one counts and now another.
    return Position(counts=counts, server=deployment.process_id(database))
