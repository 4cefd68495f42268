"""Names that Loadlens takes for the same and that an earlier one kept apart."""

from pymongo.database import Database

from services.database import schema
from services.doctor.check import Seen, Unwell, seen
from services.scope import Document

WHAT = {"users": "accounts", "categories": "categories", "devices": "devices", "views": "views"}


def look(db: Database[Document]) -> Seen:
    """Raises `Unwell` when two names are the same."""
    found = schema.name_clashes(db)
    if not found:
        return seen("each is another")
    collection, name, later = found[0]
    raise Unwell(
        f"Among the {WHAT[collection]}, “{{name}}” and “{{later}}” are the same name in two spellings. An "
        "earlier Loadlens kept them apart; only their very spelling still does. Rename one ({count} in all).",
        name=name,
        later=later,
        count=len(found),
    )
