"""Imports, whether any was left half-done."""

import socket
from datetime import UTC, datetime, timedelta

from pymongo.database import Database

from services.doctor.check import Seen, Unwell, seen
from services.scope import Document

LONG = timedelta(days=1)


def look(db: Database[Document]) -> Seen:
    """Raises `Unwell` for one that another machine left. This machine's were mended at the start."""
    elsewhere = {
        "state": {"$in": ["running", "undoing"]},
        "host": {"$ne": socket.gethostname()},
        "createdAt": {"$lt": datetime.now(UTC) - LONG},
    }
    if left := db["imports"].find_one(elsewhere):
        raise Unwell(
            "The import of {file} that {host} began on {day} was never finished. Start Loadlens there, and "
            "it is taken back.",
            file=left["file"],
            host=left["host"],
            day=f"{left['createdAt']:%Y-%m-%d}",
        )
    done, running = (db["imports"].count_documents({"state": state}) for state in ("done", "running"))
    return seen("{done} done, {running} running now", done=done, running=running)
