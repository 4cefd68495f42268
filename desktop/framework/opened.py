"""The open database and the settings it was opened with."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # loaded by a task: together they take longer than the first window
    from pymongo.database import Database

    from services.scope import Document
    from services.settings import Settings


@dataclass(frozen=True)
class Opened:
    """What every service needs."""

    settings: "Settings"
    db: "Database[Document]"
