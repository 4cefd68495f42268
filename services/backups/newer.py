"""What a database holds that came after a backup, and that its restore would lose."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bson import ObjectId
from pymongo.database import Database

from services.database.backup.archive import GROWING, STORED
from services.scope import Document

UPDATED = ("users", "facilities", "views", "mappings")
"""Collections whose documents say when they were changed."""
OF_NO_DATA = r"^(sign_in|session|backup\.)"
"""What the audit log notes that changes nothing which a restore would take back."""
SECOND = timedelta(seconds=1)


def newest_change(db: Database[Document], since: datetime) -> datetime | None:
    """When something was last stored, changed or deleted after ``since`` (UTC); None if nothing was.

    An id tells of the second in which it was made; what came within that of ``since`` counts as before.
    """
    found = [at for at in _stored(db) if at >= since.replace(microsecond=0) + SECOND]
    found += [at for at in _changed(db, since) if at > since]
    return max(found, default=None)


def _stored(db: Database[Document]) -> Iterator[datetime]:
    """When what is stored was made, by the newest id of each collection and of each user's readings."""
    ids = [last["_id"] for name in STORED - GROWING for last in db[name].find().sort("_id", -1).limit(1)]
    ids += db["revisions"].distinct("revision")
    yield from (made.generation_time for made in ids if isinstance(made, ObjectId))


def _changed(db: Database[Document], since: datetime) -> Iterator[datetime]:
    for name in UPDATED:
        yield from db[name].distinct("updatedAt", {"updatedAt": {"$gt": since}})
    noted = db["audit_log"]
    restored = noted.find_one({"action": "backup.restored"}, sort=[("at", -1)])
    after = max(since, restored["at"]) if restored else since  # what was done before was taken back by that
    of_data = {"action": {"$not": {"$regex": OF_NO_DATA}}, "at": {"$gt": after}}
    yield from (entry["at"] for entry in noted.find(of_data).sort("at", -1).limit(1))
