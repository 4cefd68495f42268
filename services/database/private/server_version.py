"""A database that an older `mongod` has written, under a newer one: backed up, then opened to what is new."""

from collections.abc import Iterator
from datetime import UTC, datetime

from pymongo import MongoClient
from pymongo.database import Database

from services.database import turns
from services.database.backup.writing import back_up
from services.scope import Document
from services.secret_store import writable
from services.settings import Settings

OF_THE_SERVER = {"admin", "config", "local"}
FIRST_TO_ASK = 7
"""Since this version the server wants it confirmed that there is no way back."""


def finish_upgrade(db: Database[Document], settings: Settings) -> None:
    """Let the server write as its own version does, if it still writes as the one before it.

    Until then the older server could still open the folder; so every database is backed up first. Who is
    killed meanwhile begins anew. Raises `BackupRefused` and `DataFolderRefused`: then nothing is changed.
    """
    client = db.client
    version = client.server_info()["version"]
    wanted = ".".join(version.split(".")[:2])
    if _written_as(client) == wanted:
        return
    with turns.alone(db):
        if _written_as(client) == wanted:
            return  # another program was first
    for one in _databases(client):
        folder = writable(settings.backups_dir)
        path = folder / f"{one.name} before MongoDB {wanted} {datetime.now(UTC):%Y-%m-%d %H%M%S}.backup"
        with turns.alone(one) as turn:
            back_up(one, path, key=settings.signing_key, turn=turn)
    confirmed: Document = {"confirm": True} if int(version.split(".")[0]) >= FIRST_TO_ASK else {}
    client.admin.command("setFeatureCompatibilityVersion", wanted, **confirmed)


def _written_as(client: MongoClient[Document]) -> str:
    """The version whose servers can open the folder (MongoDB's feature compatibility version)."""
    told = client.admin.command("getParameter", 1, featureCompatibilityVersion=1)
    version: str = told["featureCompatibilityVersion"]["version"]
    return version


def _databases(client: MongoClient[Document]) -> Iterator[Database[Document]]:
    for name in sorted(set(client.list_database_names()) - OF_THE_SERVER):
        if client[name]["settings"].find_one({"_id": "schema"}):
            yield client[name]
