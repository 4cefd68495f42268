"""The accounts: who there is, what each may do, and how one is registered."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from bson import ObjectId
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from services import audit
from services.accounts import passwords
from services.errors import LoadlensError
from services.ids import object_id
from services.machine_zone import ASSUMED, is_zone, machine_zone
from services.names import given, name_fields, name_key
from services.scope import Document, Scope
from services.typed import typed

EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
MOST_CHARACTERS = 254


def is_email(text: str) -> bool:
    """Return whether it may be an account's email: on one line, with nothing in it that is not seen."""
    return len(text) <= MOST_CHARACTERS and text.isprintable() and EMAIL.fullmatch(text) is not None


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
    """Return the account that a document of `users` describes."""
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
    """Return the account's document by its email, in that very spelling or else as `name_key` has it."""
    email = email.strip()
    found = list(db["users"].find({"$or": [{"email": {"$eq": email}}, {"emailKey": name_key(email)}]}))
    return min(found, key=lambda document: document["email"] != email, default=None)


def find_user(db: Database[Document], user_id: str) -> User | None:
    """Return the account of that id, if it is there."""
    document = db["users"].find_one({"_id": object_id(user_id)})
    return from_document(document) if document else None


def document_by_id(db: Database[Document], user_id: ObjectId) -> Document:
    """Return the document of the account of that id.

    Raises `UnknownUser`.
    """
    document = db["users"].find_one({"_id": {"$eq": user_id}})
    if document is None:
        raise UnknownUser("The account is gone: somebody else has deleted it. Refresh the list.")
    return document


def scope(db: Database[Document], user: User) -> Scope:
    """Return the user's part of the database."""
    return Scope(db, ObjectId(user.id), user.role, user.timezone)


def everyone(db: Database[Document]) -> list[User]:
    """Return all accounts by email, for whoever looks after the whole database."""
    return [from_document(document) for document in db["users"].find().sort("email")]


@typed
def scope_of(db: Database[Document], email: str) -> Scope:
    """Return the scope of an active account, for whoever may read the database anyway.

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


class NotAllowed(LoadlensError):
    """The account may not do that."""


def require_admin(scope: Scope) -> None:
    """Raise `NotAllowed` unless the account is, at this moment, an active administrator's."""
    if not _is_admin(scope):
        raise NotAllowed("Only an administrator may do this. Ask one, or have your account made one.")


def looks_after(scope: Scope) -> bool:
    """Return whether the account looks after the whole database: an administrator's, or the only one."""
    return _is_admin(scope) or not _has_others(scope)


def require_keeper(scope: Scope) -> None:
    """Raise `NotAllowed` unless the account `looks_after` the database."""
    if not looks_after(scope):
        raise NotAllowed("Several people use this database, so only an administrator may do this. Ask one.")


def _is_admin(scope: Scope) -> bool:
    # Not the scope's own word: the role may have been taken away since.
    active_admin = {"_id": scope.user_id, "role": "admin", "status": "active"}
    return scope.db["users"].find_one(active_admin, {"_id": True}) is not None


def _has_others(scope: Scope) -> bool:
    return scope.db["users"].find_one({"_id": {"$ne": scope.user_id}}, {"_id": True}) is not None


class RegistrationRefused(LoadlensError):
    """The account cannot be made, or changed, as asked."""


@typed
def register(db: Database[Document], first_name: str, last_name: str, email: str, password: str) -> User:
    """Make an active account with the role `user`.

    Raises `RegistrationRefused` and `PasswordRefused`.
    """
    user = create_account(db, *validate_names(first_name, last_name), email, password, "user")
    audit.record(db, "user.created", by=None, email=user.email, subject=user.email)
    return user


@typed
def create_superuser(db: Database[Document], email: str, password: str) -> User:
    """Make an active account with the role `admin`.

    Raises `RegistrationRefused` and `PasswordRefused`.
    """
    user = create_account(db, "", "", email, password, "admin")
    audit.record(db, "user.created", by=None, email=user.email, subject=user.email, detail={"role": "admin"})
    return user


@typed
def create_account(
    db: Database[Document],
    first_name: str,
    last_name: str,
    email: str,
    password: str,
    role: Literal["user", "admin"],
    must_change_password: bool = False,
) -> User:
    """Make an active account, and note nothing of it; for whoever may make others' accounts.

    Raises `RegistrationRefused` and `PasswordRefused`.
    """
    email = validate_email(email)
    now = datetime.now(UTC)
    document = {
        "firstName": first_name,
        "lastName": last_name,
        **name_fields(email, "email"),
        "password": passwords.hash_password(password, (first_name, last_name, email)),
        "mustChangePassword": must_change_password,
        "role": role,
        "status": "active",
        "timezone": machine_zone() or ASSUMED,
        "createdAt": now,
        "updatedAt": now,
    }
    try:
        db["users"].insert_one(document)
    except DuplicateKeyError:
        raise email_taken(email) from None
    return from_document(document)


def validate_names(first_name: str, last_name: str) -> tuple[str, str]:
    """Return both without blanks around them. Raises `RegistrationRefused` for one missing or too long."""
    first = given(first_name, RegistrationRefused("Enter your first name."))
    return first, given(last_name, RegistrationRefused("Enter your last name."))


def validate_email(email: str) -> str:
    """Return the email without blanks around it. Raises `RegistrationRefused` for what is none."""
    email = email.strip()
    if not is_email(email):
        raise RegistrationRefused(
            "“{email}” is no email address. Write it like name@example.com.", email=email
        )
    return email


def email_taken(email: str) -> RegistrationRefused:
    """Return what is said of an email that another account has."""
    return RegistrationRefused(
        "There is an account with the email {email} already. Sign in with it, or use another email.",
        email=email,
    )
