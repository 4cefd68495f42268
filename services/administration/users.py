"""Other people's accounts, as an administrator keeps them; one administrator is always left."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from bson import ObjectId
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from services import accounts, audit, ids
from services.accounts import users
from services.administration.listings import matches
from services.errors import LoadlensError
from services.names import given
from services.scope import Document, Scope
from services.typed import typed


class AccountRefused(LoadlensError):
    """The change would leave nobody in charge, or the account is not there."""


def account_gone() -> AccountRefused:
    """Return the refusal for an account that is not there."""
    return AccountRefused("This account is not there any more. Refresh the list.")


LOCK = "administrators"
LEASE_MS = 10_000
"""A program that dies keeps others waiting so long at most."""
PAUSE = 0.05
LONGEST_WAIT = timedelta(milliseconds=LEASE_MS + 2_000)
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@contextmanager
def another_admin_stays(db: Database[Document], user_id: ObjectId, email: str) -> Iterator[Document]:
    """While the context lasts, nobody else takes an administrator away; gives the condition, for the query
    of the change itself, that this still holds by the server's clock.

    Raises `AccountRefused` when there is no active administrator but this one.
    """
    until = _acquire_lock(db)
    try:
        others = {"_id": {"$ne": user_id}, "role": "admin", "status": "active"}
        if db["users"].find_one(others, {"_id": True}) is None:
            raise AccountRefused(
                "{email} is the only active administrator. Make another account one first.", email=email
            )
        yield {"$expr": _is_locked(until)}
    finally:
        db["settings"].update_one({"_id": LOCK, "until": until}, {"$set": {"until": NEVER}})


def _acquire_lock(db: Database[Document]) -> datetime:
    """Until when the lock is ours."""
    free = {"_id": LOCK, "$expr": {"$not": _is_locked("$until")}}
    take = [{"$set": {"until": {"$add": ["$$NOW", LEASE_MS]}}}]
    give_up = time.monotonic() + LONGEST_WAIT.total_seconds()
    _create_lock(db)
    while time.monotonic() < give_up:
        if taken := db["settings"].find_one_and_update(free, take, return_document=True):
            until: datetime = taken["until"]
            return until
        time.sleep(PAUSE)
    raise AccountRefused("Another administrator is changing accounts at this moment. Try again.")


def _is_locked(until: datetime | str) -> Document:
    """Whether a lock holds until then; one for far longer than any is from before the clock was set back.

    Not one for hardly longer: a command's time is that of its beginning, and it may have waited for another
    that began later and took the lock.
    """
    return {"$and": [{"$lt": ["$$NOW", until]}, {"$lte": [until, {"$add": ["$$NOW", 2 * LEASE_MS]}]}]}


def _create_lock(db: Database[Document]) -> None:
    try:
        db["settings"].update_one({"_id": LOCK}, {"$setOnInsert": {"until": NEVER}}, upsert=True)
    except DuplicateKeyError:
        return  # another has just made it


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
    """Return all accounts by email in whose name or email the text is found. Raises `NotAllowed`."""
    accounts.require_admin(scope)
    seen = _last_sign_ins(scope)
    found = scope.db["users"].find({}, {"password": False}).sort("email")
    listed = [_from_document(document, seen.get(document["_id"]), scope) for document in found]
    return [of for of in listed if matches(text, f"{of.first_name} {of.last_name}", of.email)]


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
        with another_admin_stays(scope.db, found["_id"], found["email"]) as still:
            changed = scope.db["users"].update_one({"_id": found["_id"], **still}, change)
    else:
        changed = scope.db["users"].update_one({"_id": found["_id"]}, change)
    if not changed.matched_count:
        raise AccountRefused("The account was not changed. Try again.")
    audit.record_for(scope, f"user.{field}", found["email"], {field: [found[field], value]})
    return True


def _document(scope: Scope, user_id: str) -> Document:
    found = scope.db["users"].find_one({"_id": ids.object_id(user_id, account_gone())}, {"password": False})
    if found is None:
        raise account_gone()
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
