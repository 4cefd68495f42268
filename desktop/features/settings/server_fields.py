"""The fields of a team's server, between a form and the services."""

from typing import Any

from services import database
from services.database import TeamServer
from services.settings import Settings

MASK = "••••••••"
"""Stands in the field of a password that is kept; it is never read back."""

Fields = dict[str, Any]
"""Of `TeamServer`, by name."""


def fields_of(server: TeamServer | None) -> Fields:
    """Return what a form shows of a server; of a new one without it."""
    return dict(vars(server or TeamServer("")))


def taken_apart(fields: Fields) -> tuple[Fields, str | None]:
    """Return the parts of an address that was pasted whole, and the password that was in it."""
    server, password = database.parse_server(TeamServer(**fields))
    return fields_of(server), password


def password_for(settings: Settings, server: TeamServer, typed: str) -> str:
    """Return what was typed, or what is kept where the mask was left standing."""
    return database.password_of(settings, server) if typed == MASK else typed
