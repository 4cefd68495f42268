"""Which collections there are, and what becomes of each in a backup and a restore."""

from pymongo.database import Database

from services.database import schema
from services.scope import Document

OF_THE_DATABASE = {"settings", "turns", "moving", "backup_schedules", "sign_in_failures"}
"""Not in a backup, and untouched by a restore: they tell of this database, not of what is stored in it."""
OF_THE_MOMENT = {"sessions"}
"""Not in a backup, and gone after a restore: a session that has ended must not live again."""
GROWING = {"audit_log"}
"""A restore adds what is missing, and takes away nothing: what was done stays noted."""
FORMER = {"settings", "daily_consumption"}
"""In backups of earlier versions; nothing is read out of them."""

STORED = (schema.INDEXES.keys() | {"audit_log"}) - OF_THE_DATABASE - OF_THE_MOMENT
"""In every backup."""

_LAST = ("devices", "categories", "users")


def to_back_up(db: Database[Document]) -> list[str]:
    """The collections of a backup that are there.

    What others refer to comes last: what is made while the backup is read is then in it, for whatever refers
    to it.
    """
    there = STORED.intersection(db.list_collection_names())
    return sorted(there.difference(_LAST)) + [name for name in _LAST if name in there]
