"""The database: a private `mongod` on this machine, or the server that the settings name."""

from services.database.backup.archive import BackupRefused
from services.database.backup.restore import finish_restore, restore
from services.database.backup.writing import back_up
from services.database.changes import Changes, Position, current_position, wait_for_changes
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
from services.database.deployment import is_reachable
from services.database.errors import DatabaseUnavailable, connection_lost, is_disconnect, retry_on_disconnect
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
    "Changes",
    "ConnectionRefused",
    "DatabaseUnavailable",
    "Holding",
    "Inspection",
    "Location",
    "Place",
    "Position",
    "Server",
    "TeamServer",
    "back_up",
    "choose",
    "choose_private",
    "connect",
    "connection_lost",
    "current_position",
    "describe",
    "finish_restore",
    "inspect",
    "is_disconnect",
    "is_reachable",
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
    "retry_on_disconnect",
    "validate_server",
    "wait_for_changes",
]
