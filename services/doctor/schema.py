"""The database as this version of Loadlens wants it."""

from pymongo.database import Database

from services import database
from services.database import schema
from services.database.schema import VERSION
from services.doctor.check import Seen, Unwell, seen
from services.scope import Document


def look(db: Database[Document]) -> Seen:
    """Raises `Unwell` for a database of another version."""
    version = schema.version_of(db)
    if version != VERSION:
        raise Unwell(
            "The database is of version {found}, this Loadlens of {known}. Start Loadlens anew.",
            found=version,
            known=VERSION,
        )
    return seen("version {version}, as this Loadlens wants it", version=version)


def look_at_indexes(db: Database[Document]) -> Seen:
    """Raises `Unwell` when one is missing."""
    missing = database.missing_indexes(db)
    if missing:
        raise Unwell("Missing: {names}. Restore a backup.", names=", ".join(missing))
    return seen("all there")
