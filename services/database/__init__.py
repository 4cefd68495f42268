"""The database: a private `mongod` on this machine, or the server that the settings name."""

from services.database.archive import BackupRefused
from services.database.backup import back_up
from services.database.connection import opened
from services.database.restore import finish_restore, restore
from services.database.schema import missing_indexes
from services.database.unavailable import DatabaseUnavailable

__all__ = [
    "BackupRefused",
    "DatabaseUnavailable",
    "back_up",
    "finish_restore",
    "missing_indexes",
    "opened",
    "restore",
]
