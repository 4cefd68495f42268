"""One signed-in user's view of the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bson import ObjectId
from pymongo.database import Database

Document = dict[str, Any]


@dataclass(frozen=True)
class Scope:
    """What every service function takes first: the database, and whose part of it may be touched."""

    db: Database[Document]
    user_id: ObjectId
    role: str
    timezone: str
    """IANA name of the facility's time zone; days, weeks and months begin at its midnight."""

    def __post_init__(self) -> None:
        # An operator in its place would own everything.
        if not isinstance(self.user_id, ObjectId):
            raise TypeError("a scope is that of one user's id")

    def owned(self, query: Mapping[str, Any] | None = None) -> Document:
        """Return the query narrowed to this user's documents; also the first fields of one to insert."""
        return {**(query or {}), "userId": self.user_id}
