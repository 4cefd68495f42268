"""The database: a private `mongod` on this machine, or the server that the settings name."""

from services.database.backup.archive import BackupRefused
from services.database.backup.restore import finish_restore, restore
from services.database.backup.writing import back_up
from services.database.connection import Place, opened, place
from services.database.schema import missing_indexes
from services.database.team.chosen import choose, choose_private, last_chosen, password_of, remember
from services.database.team.inspection import Holding, Inspection, Server, describe, inspect, require_usable
from services.database.team.team_server import ConnectionRefused, TeamServer, checked, connect, taken_apart
from services.database.unavailable import DatabaseUnavailable
from services.database.whereabouts import Whereabouts, whereabouts

__all__ = [
    "BackupRefused",
    "ConnectionRefused",
    "DatabaseUnavailable",
    "Holding",
    "Inspection",
    "Place",
    "Server",
    "TeamServer",
    "Whereabouts",
    "back_up",
    "checked",
    "choose",
    "choose_private",
    "connect",
    "describe",
    "finish_restore",
    "inspect",
    "last_chosen",
    "missing_indexes",
    "opened",
    "password_of",
    "place",
    "remember",
    "require_usable",
    "restore",
    "taken_apart",
    "whereabouts",
]
