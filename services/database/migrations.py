"""From one version of the schema to the next, in steps that may be killed and taken again."""

from collections.abc import Callable
from contextlib import suppress

from pymongo.database import Database
from pymongo.errors import OperationFailure

from services.database import name_keys, schema
from services.scope import Document


def version_of(db: Database[Document]) -> int:
    """The version of the schema that the database is in; 0 for a new one."""
    stored = db["settings"].find_one({"_id": "schema"})
    return int(stored["version"]) if stored else 0


def is_current(db: Database[Document]) -> bool:
    """Whether the database is as this Loadlens wants it."""
    stored = db["settings"].find_one({"_id": "schema"})
    return (
        stored is not None
        and stored["version"] == schema.VERSION
        and stored.get("indexes") == schema.fingerprint()
    )


def migrate(db: Database[Document]) -> None:
    """Bring a database that is new or of an earlier version to this one, with all its indexes.

    Each step is noted when it is done; whoever died in one takes it again.
    """
    version = version_of(db)
    if version == 0:
        schema.create_ordered(db)
    elif version < schema.VERSION:
        for step in range(version + 1, schema.VERSION + 1):
            STEPS.get(step, _nothing_but_indexes)(db)
            if step < schema.VERSION:
                _note(db, {"version": step})
    schema.create_indexes(db)
    _note(db, {"version": schema.VERSION, "indexes": schema.fingerprint()})


def _note(db: Database[Document], fields: Document) -> None:
    db["settings"].update_one({"_id": "schema"}, {"$set": fields}, upsert=True)


def _leave_first_imports(db: Database[Document]) -> None:
    """They forgot what they had replaced."""
    db["imports"].update_many({"state": "done"}, {"$set": {"undoable": False}})


def _let_rules_raise_alerts_and_pack_readings(db: Database[Document]) -> None:
    """A rule may find what another has found; what is unread may be told; sums come out of packed months."""
    with suppress(OperationFailure):
        db["alerts"].drop_index("userId_1_deviceId_1_type_1_start_1")
    db["alerts"].update_many({"tellAt": None}, [{"$set": {"tellAt": "$createdAt"}}])
    # What packs readings rests on this package.
    from services.readings.storage import rollup

    schema.create_indexes(db)
    rollup.rebuild(db)
    db["daily_consumption"].drop()


def _let_nobody_stand_in_the_way_of_mail(db: Database[Document]) -> None:
    """What is in the mail of one user kept another from mailing about it.

    Since this version backups and changes of readings take turns, too, which earlier programs do not.
    """
    with suppress(OperationFailure):
        db["outbox"].drop_index("about_1")


def _store_keys_of_names(db: Database[Document]) -> None:
    """What the same name is was decided by the server's collation; failed sign-ins are counted anew."""
    with suppress(OperationFailure):
        db["users"].drop_index("email_1")
    for collection in ("categories", "devices", "views"):
        with suppress(OperationFailure):
            db[collection].drop_index("userId_1_name_1")
    db["sign_in_failures"].drop()
    name_keys.assign(db)


def _nothing_but_indexes(db: Database[Document]) -> None:
    """A version that later programs alone have to know of."""


STEPS: dict[int, Callable[[Database[Document]], None]] = {
    2: _leave_first_imports,
    3: _let_rules_raise_alerts_and_pack_readings,
    4: _let_nobody_stand_in_the_way_of_mail,
    5: _store_keys_of_names,
}
"""By the version that a step leads to, from the one before it."""
