"""The whole database out of a backup: never half."""

import zipfile
from pathlib import Path

from pymongo.database import Database

from services.database import schema
from services.database.archive import batches, checked_manifest, entry_name, open_archive
from services.progress import Progress, silent
from services.scope import Document

STAGED = "restoring_"


def restore(db: Database[Document], path: Path, progress: Progress = silent) -> dict[str, int]:
    """Replace the database by a backup; the number of documents of each collection.

    The file is verified and loaded beside what is there, which is replaced last of all, so that an
    error or a cancel changes nothing. Raises `BackupRefused`, and whatever ``progress`` raises.
    """
    with open_archive(path) as archive:
        progress("Checking the backup", 0, 1)
        entries = checked_manifest(archive, path)["collections"]
        try:
            for position, name in enumerate(entries):
                progress("Restoring", position, len(entries))
                _load(db, name, archive)
        except BaseException:
            _drop_staged(db)
            raise
    # From here on the restore is finished, if not by this program then by the next that starts.
    db["settings"].update_one({"_id": "restore"}, {"$set": {"collections": list(entries)}}, upsert=True)
    finish_restore(db)
    schema.prepare(db)
    return {name: entry["documents"] for name, entry in entries.items()}


def finish_restore(db: Database[Document]) -> None:
    """Put a loaded backup in the place of what was there, if a restore came so far and no further."""
    pending = db["settings"].find_one({"_id": "restore"})
    if pending is None:
        return
    for name in collections(db):
        if name not in pending["collections"] and name != "settings":
            db[name].drop()
    existing = set(db.list_collection_names())
    # The settings go last: the note that a restore is under way stands in them.
    for name in sorted(pending["collections"], key=lambda name: name == "settings"):
        if STAGED + name in existing:
            db[STAGED + name].rename(name, dropTarget=True)
    db["settings"].delete_one({"_id": "restore"})


def collections(db: Database[Document]) -> list[str]:
    """The names of the collections that hold Loadlens' data."""
    passing = (STAGED, schema.INCOMING, "system.")
    return sorted(name for name in db.list_collection_names() if not name.startswith(passing))


def _load(db: Database[Document], name: str, archive: zipfile.ZipFile) -> None:
    staged = db[STAGED + name]
    staged.drop()
    # Made even when it stays empty, so that there is something to rename.
    schema.create(db, name, staged.name)
    with archive.open(entry_name(name)) as stored:
        for batch in batches(stored):
            staged.insert_many(batch, ordered=False)
    if indexes := schema.INDEXES.get(name):
        staged.create_indexes(indexes)


def _drop_staged(db: Database[Document]) -> None:
    for name in db.list_collection_names():
        if name.startswith(STAGED):
            db[name].drop()
