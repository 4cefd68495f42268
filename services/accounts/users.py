"""The people in the database, and the part of it that each may touch."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bson import ObjectId
from pymongo.database import Database

from services.errors import LoadlensError
from services.ids import object_id
from services.machine_zone import is_zone
from services.names import name_key
from services.scope import Document, Scope
from services.typed import typed


class UnknownTimezone(LoadlensError):
    """No time zone has that name."""


class UnknownUser(LoadlensError):
    """No active account has that email, or none has that id."""


@dataclass(frozen=True)
class User:
    """One account; never its password."""

    id: str
    first_name: str
    last_name: str
    email: str
    role: str
    status: str
    timezone: str
    must_change_password: bool = False
    """An administrator gave it its password; its owner chooses another at the next sign-in."""


def from_document(document: Document) -> User:
    """The account that a document of `users` describes."""
    return User(
        id=str(document["_id"]),
        first_name=document["firstName"],
        last_name=document["lastName"],
        email=document["email"],
        role=document["role"],
        status=document["status"],
        timezone=document["timezone"],
        must_change_password=document.get("mustChangePassword", False),
    )


def document_of(db: Database[Document], email: str) -> Document | None:
    """The document of the account with that email, in that very spelling or else as `name_key` has it."""
    email = email.strip()
    found = list(db["users"].find({"$or": [{"email": {"$eq": email}}, {"emailKey": name_key(email)}]}))
    return min(found, key=lambda document: document["email"] != email, default=None)


def find(db: Database[Document], user_id: str) -> User | None:
    """The account of that id, if it is there."""
    document = db["users"].find_one({"_id": object_id(user_id)})
    return from_document(document) if document else None


def document_by_id(db: Database[Document], user_id: ObjectId) -> Document:
    """The document of the account of that id.

    Raises `UnknownUser`.
    """
    document = db["users"].find_one({"_id": {"$eq": user_id}})
    if document is None:
        raise UnknownUser("The account is gone: somebody else has deleted it. Refresh the list.")
    return document


def scope(db: Database[Document], user: User) -> Scope:
    """The user's part of the database."""
    return Scope(db, ObjectId(user.id), user.role, user.timezone)


def everyone(db: Database[Document]) -> list[User]:
    """All accounts by email, for whoever looks after the whole database."""
    return [from_document(document) for document in db["users"].find().sort("email")]


@typed
def scope_of(db: Database[Document], email: str) -> Scope:
    """The scope of an active account, for whoever may read the database anyway.

    Raises `UnknownUser`.
    """
    document = document_of(db, email)
    if document is None or document["status"] != "active":
        raise UnknownUser(
            "There is no active account {email}. Make one with: loadlens register --email {email}",
            email=email,
        )
    return scope(db, from_document(document))


@typed
def set_timezone(scope: Scope, timezone: str) -> Scope:
    """Move the facility to another time zone (IANA name); the scope that sees it so.

    Raises `UnknownTimezone`: nothing could be shown by the clock of a zone that there is not.
    """
    if not is_zone(timezone):
        raise UnknownTimezone(
            "There is no time zone “{timezone}”. Name one like Europe/Berlin.", timezone=timezone
        )
    change = {"timezone": timezone, "updatedAt": datetime.now(UTC)}
    scope.db["users"].update_one({"_id": scope.user_id}, {"$set": change})
    return replace(scope, timezone=timezone)
