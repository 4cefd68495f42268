"""Keys of names as an earlier database gets them, and the names that clash since."""

import logging
from collections import defaultdict
from collections.abc import Iterator

from pymongo import ASCENDING, UpdateOne
from pymongo.database import Database

from services.names import name_fields, name_key
from services.scope import Document

log = logging.getLogger(__name__)

SINCE = 5
"""The version of the schema that has keys."""
KEYED = {"users": "email", "categories": "name", "devices": "name", "views": "name"}
"""The field of each collection that is unique by its key: for a user, but emails for all."""


def assign(db: Database[Document]) -> None:
    """Give every name its key. Of several with the same key the oldest gets it, the others a numbered one.

    No name has such a key itself, for it holds a line end; the next new name gives such a document its own.
    """
    for collection, field in KEYED.items():
        updates = []
        for documents in _alike(db, collection, field):
            for number, document in enumerate(documents, 1):
                fields = name_fields(document[field], field)
                if number > 1:
                    fields[f"{field}Key"] = f"{fields[f'{field}Key']}\n{number}"
                updates.append(UpdateOne({"_id": document["_id"]}, {"$set": fields}))
        if updates:
            db[collection].bulk_write(updates)
    if found := clashes(db):
        log.warning("%d names are the same name as an earlier one; “doctor” tells which", len(found))


def fits(collection: str, document: Document) -> bool:
    """Return whether the document has the key of its name, as it is or numbered, if it needs one."""
    field = KEYED.get(collection)
    if field is None:
        return True
    key: str = document.get(f"{field}Key") or ""
    return f"{field}Key" in document and key.partition("\n")[0] == name_key(document.get(field) or "")


def clashes(db: Database[Document]) -> list[tuple[str, str, str]]:
    """Return (collection, name, later name) of each name that is the same as that of an older document."""
    return [
        (collection, documents[0][field], document[field])
        for collection, field in KEYED.items()
        for documents in _alike(db, collection, field)
        for document in documents[1:]
    ]


def _alike(db: Database[Document], collection: str, field: str) -> Iterator[list[Document]]:
    """Yield the documents of each name, the oldest first."""
    groups: defaultdict[tuple[object, str], list[Document]] = defaultdict(list)
    for document in db[collection].find({}, {"userId": True, field: True}).sort("_id", ASCENDING):
        groups[document.get("userId"), name_key(document[field] or "")].append(document)
    yield from groups.values()
