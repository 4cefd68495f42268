"""Other people's accounts, as an administrator keeps them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from services import accounts, audit, ids
from services.accounts import users
from services.administration.last_admin import another_stays
from services.administration.refused import AccountRefused, gone
from services.administration.search import finds
from services.names import given
from services.scope import Document, Scope
from services.typed import typed

Role = Literal["user", "admin"]
Status = Literal["active", "inactive"]


@dataclass(frozen=True)
class Account:
    """One account as an administrator sees it; never its password."""

    id: str
    first_name: str
    last_name: str
    email: str
    role: str
    status: str
    must_change_password: bool
    created_at: datetime
    last_sign_in: datetime | None
    """UTC; None before the first."""
    is_own: bool
    """Whether it is the account of whoever looks."""


@typed
def list_users(scope: Scope, text: str = "") -> list[Account]:
    """All accounts by email in whose name or email the text is found. Raises `NotAllowed`."""
    accounts.require_admin(scope)
    seen = _last_sign_ins(scope)
    found = scope.db["users"].find({}, {"password": False}).sort("email")
    listed = [_from_document(document, seen.get(document["_id"]), scope) for document in found]
    return [of for of in listed if finds(text, f"{of.first_name} {of.last_name}", of.email)]


@typed
def create_user(
    scope: Scope, first_name: str, last_name: str, email: str, password: str, role: Role = "user"
) -> str:
    """Make an account whose owner chooses another password at the first sign-in; its id.

    Raises `NotAllowed`, `AccountRefused`, `RegistrationRefused` and `PasswordRefused`.
    """
    accounts.require_admin(scope)
    missing = AccountRefused("Enter the first and the last name.")
    names = given(first_name, missing), given(last_name, missing)
    if users.document_of(scope.db, email):
        raise AccountRefused("There is an account with the email {email} already.", email=email.strip())
    user = accounts.create_account(scope.db, *names, email, password, role, must_change_password=True)
    audit.record_for(scope, "user.created", user.email, {"role": role})
    return user.id


@typed
def set_role(scope: Scope, user_id: str, role: Role) -> None:
    """Make an account an administrator's, or a user's.

    Raises `NotAllowed`, and `AccountRefused` for the last active administrator.
    """
    _change(scope, user_id, "role", role, leaves=role != "admin")


@typed
def set_status(scope: Scope, user_id: str, status: Status) -> None:
    """Let an account be used or not; its readings stay, its sessions end either way.

    Raises `NotAllowed`, and `AccountRefused` for the last active administrator.
    """
    if _change(scope, user_id, "status", status, leaves=status != "active"):
        accounts.end_sessions_of(scope.db, user_id)  # also one that was begun while it was set inactive


@typed
def reset_password(scope: Scope, user_id: str, password: str) -> None:
    """Give another's account a password, which its owner changes at the next sign-in; its sessions end.

    Raises `NotAllowed`, `PasswordRefused`, and `AccountRefused` for the own account: there the old password
    is asked for, so that nobody takes over a window that was left open.
    """
    accounts.require_admin(scope)
    found = _document(scope, user_id)
    if found["_id"] == scope.user_id:
        raise AccountRefused("Change your own password under Settings, Account.")
    accounts.give_password(scope.db, user_id, password)
    audit.record_for(scope, "password.reset", found["email"])


def _change(scope: Scope, user_id: str, field: str, value: str, leaves: bool) -> bool:
    """Whether it was another value before; ``leaves`` if an administrator may be one no more."""
    accounts.require_admin(scope)
    found = _document(scope, user_id)
    if found[field] == value:
        return False
    change = {"$set": {field: value, "updatedAt": datetime.now(UTC)}}
    if leaves:
        with another_stays(scope.db, found["_id"], found["email"]) as still:
            changed = scope.db["users"].update_one({"_id": found["_id"], **still}, change)
    else:
        changed = scope.db["users"].update_one({"_id": found["_id"]}, change)
    if not changed.matched_count:
        raise AccountRefused("The account was not changed. Try again.")
    audit.record_for(scope, f"user.{field}", found["email"], {field: [found[field], value]})
    return True


def _document(scope: Scope, user_id: str) -> Document:
    found = scope.db["users"].find_one({"_id": ids.object_id(user_id, gone())}, {"password": False})
    if found is None:
        raise gone()
    return found


def _last_sign_ins(scope: Scope) -> dict[Any, datetime]:
    last: list[Document] = [
        {"$match": {"action": "sign_in"}},
        {"$sort": {"userId": 1, "at": -1}},
        {"$group": {"_id": "$userId", "last": {"$first": "$at"}}},
    ]
    return {found["_id"]: found["last"] for found in scope.db["audit_log"].aggregate(last)}


def _from_document(document: Document, last_sign_in: datetime | None, scope: Scope) -> Account:
    return Account(
        id=str(document["_id"]),
        first_name=document["firstName"],
        last_name=document["lastName"],
        email=document["email"],
        role=document["role"],
        status=document["status"],
        must_change_password=document.get("mustChangePassword", False),
        created_at=document["createdAt"],
        last_sign_in=last_sign_in,
        is_own=document["_id"] == scope.user_id,
    )
