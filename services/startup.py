"""The database as every entry point wants it: running, and with nothing left half-done."""

from collections.abc import Iterator
from contextlib import contextmanager

from pymongo.database import Database

from services import database, importing
from services.readings import keep_files
from services.scope import Document
from services.settings import Settings


@contextmanager
def opened(settings: Settings) -> Iterator[Database[Document]]:
    """Open the database as long as the context lasts; mend what a dead program left of restores and imports.

    Raises `DatabaseUnavailable` and `DataFolderRefused`.
    """
    keep_files(settings)
    with database.opened(settings) as db:
        importing.recover(db)
        yield db
