"""Which database was chosen in the window: the private one, or a team's server.

It is kept in ``connection.json`` in the data folder, the password where this installation keeps its secrets.
The environment and the env file go before it.
"""

import json
from dataclasses import asdict
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from services import secret_store
from services.database.team.team_server import ConnectionRefused, TeamServer, checked
from services.database.unavailable import DatabaseUnavailable
from services.ownership import require_own
from services.settings import Settings
from services.whole_file import whole_file


class _Kept(BaseModel):
    """What the file holds."""

    model_config = ConfigDict(strict=True)
    in_use: bool = Field(default=False, alias="inUse")
    server: TeamServer | None = None


def chosen(settings: Settings) -> TeamServer | None:
    """The server in use; None for the private database.

    Raises `DatabaseUnavailable` when the choice cannot be read: the private database in its place could
    take in what belongs to the team's.
    """
    try:
        kept = _read(settings)
        if kept.in_use and kept.server is None:
            raise ValueError("no server is named")
    except (ValueError, OSError):
        raise DatabaseUnavailable(
            "{file} does not tell which database to open: it is damaged. Choose the database anew.",
            file=_file(settings),
        ) from None
    return kept.server if kept.in_use else None


def last_chosen(settings: Settings) -> TeamServer | None:
    """The server that was in use last, in use or not; None when there was none that can be read."""
    try:
        return _read(settings).server
    except (ValueError, OSError):
        return None


def choose(settings: Settings, server: TeamServer, password: str | None) -> None:
    """Open this server from the next start on; None leaves the password as it is kept.

    Raises `ConnectionRefused`, and `secret_store.DataFolderRefused` when nothing can be kept.
    """
    _keep(settings, checked(server), password, in_use=True)


def remember(settings: Settings, server: TeamServer, password: str | None) -> None:
    """Keep the server for another time; which database is opened stays as it is."""
    _keep(settings, checked(server), password, in_use=chosen(settings) is not None)


def choose_private(settings: Settings) -> None:
    """Open the private database from the next start on; the server is kept for another time."""
    server = last_chosen(settings)
    if server is None:
        _file(settings).unlink(missing_ok=True)
    else:
        _write(settings, server, in_use=False)


def password_of(settings: Settings, server: TeamServer) -> str:
    """The password for that user of that server; empty where this installation knows none."""
    return secret_store.kept(settings.data_dir, _secret_name(server)) or ""


def _read(settings: Settings) -> _Kept:
    """Raises `ValueError` and `OSError` for a file that does not hold that, and `OwnershipRefused`."""
    file = _file(settings)
    require_own(file)
    return _Kept.model_validate_json(file.read_bytes()) if file.exists() else _Kept()


def _keep(settings: Settings, server: TeamServer, password: str | None, in_use: bool) -> None:
    if password is not None:
        secret_store.keep(settings.data_dir, _secret_name(server), password)
    _write(settings, server, in_use)


def _write(settings: Settings, server: TeamServer, in_use: bool) -> None:
    secret_store.writable(settings.data_dir)
    with whole_file(_file(settings), ConnectionRefused) as draft:
        draft.write_text(json.dumps({"inUse": in_use, "server": asdict(server)}, indent=1), encoding="utf-8")


def _file(settings: Settings) -> Path:
    return settings.data_dir / "connection.json"


def _secret_name(server: TeamServer) -> str:
    # With the server in it: a password is never offered to another server than it was typed for.
    return f"database {server.user}@{','.join(server.hosts)}"
