"""Is this installation well: what `loadlens doctor` looks at."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass

from pymongo.database import Database
from pymongo.errors import PyMongoError

from services import accounts, database, forecasts, readings
from services.errors import LoadlensError
from services.scope import Document
from services.secret_store import writable
from services.settings import Settings

LEAST_FREE_BYTES = 1 << 30


@dataclass(frozen=True)
class Check:
    """One thing looked at: whether it is well, and what was seen or is to be done."""

    name: str
    ok: bool
    detail: str


class Unwell(LoadlensError):
    """What was looked at is not as it should be."""


def examine(db: Database[Document], settings: Settings) -> list[Check]:
    """Look at everything, whatever is found on the way."""
    looks: list[tuple[str, Callable[[], str]]] = [
        ("data folder", lambda: str(writable(settings.data_dir))),
        ("disk space", lambda: _disk_space(settings)),
        ("database", lambda: f"MongoDB {db.client.server_info()['version']}, database {db.name}"),
        ("indexes", lambda: _indexes(db)),
        ("imports", lambda: _imports(db)),
        ("packed readings", lambda: _packed(db)),
        ("models", lambda: _models(db, settings)),
    ]
    return [_checked(name, look) for name, look in looks]


def _checked(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, True, look())
    except (LoadlensError, PyMongoError) as error:
        return Check(name, False, str(error))


def _disk_space(settings: Settings) -> str:
    free = shutil.disk_usage(settings.data_dir).free
    if free < LEAST_FREE_BYTES:
        raise Unwell("Only {free} MB are free. Make room before the next import.", free=free >> 20)
    return f"{free >> 30} GB free"


def _indexes(db: Database[Document]) -> str:
    missing = database.missing_indexes(db)
    if missing:
        raise Unwell("Missing: {names}. Restore a backup.", names=", ".join(missing))
    return "all there"


def _imports(db: Database[Document]) -> str:
    counts = {state: db["imports"].count_documents({"state": state}) for state in ("done", "running")}
    return "{done} done, {running} running now".format(**counts)


def _packed(db: Database[Document]) -> str:
    everyone = accounts.everyone(db)
    wrong = [user.email for user in everyone if not readings.agrees(accounts.scope(db, user))]
    if wrong:
        raise Unwell(
            "The packed readings of {emails} differ from the readings. Restore a backup.",
            emails=", ".join(wrong),
        )
    return f"equal to the readings of {len(everyone)} accounts"


def _models(db: Database[Document], settings: Settings) -> str:
    trained = sum(
        len(forecasts.reports(accounts.scope(db, user), settings)) for user in accounts.everyone(db)
    )
    return f"{trained} trained, each with a valid signature"
