"""Imports, whether any was left half-done."""

import socket
from datetime import UTC, datetime, timedelta

from pymongo.database import Database

from services.doctor.check import Seen, Unwell, seen
from services.readings.storage.history import is_abandoned
from services.scope import Document

LONG = timedelta(days=1)


def look(db: Database[Document]) -> Seen:
    """Raises `Unwell` for one whose program has died, or began it long ago on another machine."""
    under_way, here = {"state": {"$in": ["running", "undoing"]}}, socket.gethostname()
    for found in db["imports"].find({**under_way, "host": here}):
        if is_abandoned(found):
            raise Unwell(
                "The import of {file} was cut short. Start Loadlens anew, and it is taken back.",
                file=found["file"],
            )
    long_ago = {"createdAt": {"$lt": datetime.now(UTC) - LONG}}
    if left := db["imports"].find_one({**under_way, **long_ago, "host": {"$ne": here}}):
        raise Unwell(
            "The import of {file} that {host} began on {day} was never finished. Start Loadlens there, and "
            "it is taken back.",
            file=left["file"],
            host=left["host"],
            day=f"{left['createdAt']:%Y-%m-%d}",
        )
    done, running = (db["imports"].count_documents({"state": state}) for state in ("done", "running"))
    return seen("{done} done, {running} running now", done=done, running=running)
