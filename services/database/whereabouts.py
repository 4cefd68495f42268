"""Where the data lives, as it is told to people."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pymongo.database import Database

from services.database.connection import place
from services.database.team.inspection import Server, describe
from services.database.team.team_server import TeamServer, is_exposed
from services.scope import Document
from services.settings import Settings


@dataclass(frozen=True)
class Whereabouts:
    """The database that is open."""

    said_by: Literal["environment", "choice", "nobody"]
    database: str
    server: Server
    named: TeamServer | None
    """The team's server; None for the private database."""
    exposed: bool
    """Whether what is sent to it can be read on its way."""
    folder: Path
    """Of the private database, in use or not."""
    size: int
    """What the private database takes of the disk, in bytes."""


def whereabouts(db: Database[Document], settings: Settings) -> Whereabouts:
    """Of a database that `opened` gave. Raises `DatabaseUnavailable`."""
    where = place(settings)
    folder = settings.data_dir / "database"
    return Whereabouts(
        said_by=where.said_by,
        database=db.name,
        server=describe(db.client),
        named=where.server,
        exposed=where.server is not None and is_exposed(where.server),
        folder=folder,
        size=sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()),
    )
