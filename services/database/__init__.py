"""The database: a private `mongod` on this machine, or the server that the settings name."""

from services.database.backup.archive import BackupRefused
from services.database.backup.restore import finish_restore, restore
from services.database.backup.writing import back_up
from services.database.connection import (
    Location,
    Place,
    choose,
    choose_private,
    last_chosen,
    location,
    opened,
    password_of,
    place,
    remember,
)
from services.database.errors import DatabaseUnavailable
from services.database.inspection import Holding, Inspection, Server, describe, inspect, require_usable
from services.database.schema import missing_indexes
from services.database.team_server import (
    ConnectionRefused,
    TeamServer,
    connect,
    parse_server,
    validate_server,
)

__all__ = [
    "BackupRefused",
    "ConnectionRefused",
    "DatabaseUnavailable",
    "Holding",
    "Inspection",
    "Location",
    "Place",
    "Server",
    "TeamServer",
    "back_up",
    "choose",
    "choose_private",
    "connect",
    "describe",
    "finish_restore",
    "inspect",
    "last_chosen",
    "location",
    "missing_indexes",
    "opened",
    "parse_server",
    "password_of",
    "place",
    "remember",
    "require_usable",
    "restore",
    "validate_server",
]
