"""What the owner of an account changes about it: name, email, password, and where it is signed in."""

from datetime import UTC, datetime

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from services import audit
from services.accounts import passwords, session_store, sign_in, users
from services.accounts.passwords import PasswordRefused
from services.accounts.session_store import OpenSession
from services.accounts.sessions import Session
from services.accounts.sign_in import check_password
from services.accounts.users import User
from services.ids import object_id
from services.messages import N_
from services.names import name_fields
from services.scope import Document, Scope
from services.typed import typed

WRONG_PASSWORD = N_("The password is not that of your account. Check it and try again.")


@typed
def change_name(scope: Scope, first_name: str, last_name: str) -> None:
    """Change the name of the account. Raises `RegistrationRefused` for a name that is missing."""
    first_name, last_name = users.validate_names(first_name, last_name)
    _update(scope, {"firstName": first_name, "lastName": last_name})
    audit.record_for(scope, "user.profile", detail={"changed": "name"})


@typed
def change_email(scope: Scope, password: str, email: str) -> None:
    """Raise `RegistrationRefused` for an email that is none or another's, `SignInRefused` and
    `TooManyTries` unless the account's password is given."""
    email = users.validate_email(email)
    before = _own(scope, password)["email"]
    try:
        _update(scope, name_fields(email, "email"))
    except DuplicateKeyError:
        raise users.email_taken(email) from None
    audit.record_for(scope, "user.profile", before, {"changed": "email"})


@typed
def change_password(session: Session, old: str, new: str) -> None:
    """Raise `SignInRefused` and `TooManyTries` unless ``old`` is right, `PasswordRefused` for ``new``.

    The session goes on; every other session of the account ends.
    """
    scope = session.scope()
    _replace(scope.db, _own(scope, old), old, new, but=session.id)
    session.begin_anew()


@typed
def choose_password(db: Database[Document], email: str, old: str, new: str) -> User:
    """Choose another password before signing in; raises what `change_password` raises."""
    document = check_password(db, email, old)
    _replace(db, document, old, new)
    return users.from_document({**document, "mustChangePassword": False})


@typed
def give_password(db: Database[Document], user_id: str, password: str, must_change: bool = True) -> None:
    """Give an account another password, end its sessions and lift its lock; for whoever may, and notes it.

    Raises `PasswordRefused` and `UnknownUser`.
    """
    document = users.document_by_id(db, object_id(user_id))
    _store(db, document, password, must_change)
    sign_in.forget_failures(db, document["email"])


@typed
def end_sessions_of(db: Database[Document], user_id: str) -> int:
    """End an account's sessions, for whoever may, and notes it; how many those were."""
    return session_store.end_all(db, object_id(user_id))


def list_sessions(session: Session) -> list[OpenSession]:
    """List where the account is signed in, the last used first."""
    scope = session.scope()
    return session_store.of_user(scope.db, scope.user_id, session.id)


@typed
def end_session(session: Session, session_id: str) -> None:
    """Sign out one of the account's sessions; nothing happens when it is over already."""
    scope = session.scope()
    if session_store.end(scope.db, session_id, scope.user_id):
        audit.record_for(scope, "sessions.ended", detail={"count": 1})


def end_other_sessions(session: Session) -> int:
    """Sign out everywhere but here; how many sessions those were."""
    scope = session.scope()
    ended = session_store.end_all(scope.db, scope.user_id, but=session.id)
    audit.record_for(scope, "sessions.ended", detail={"count": ended})
    return ended


def sign_out_everywhere(session: Session) -> None:
    """Sign out, here too."""
    end_other_sessions(session)
    session.sign_out()


def _own(scope: Scope, password: str) -> Document:
    """The account's document, if that is its password."""
    document = users.document_by_id(scope.db, scope.user_id)
    return check_password(scope.db, document["email"], password, WRONG_PASSWORD)


def _replace(db: Database[Document], document: Document, old: str, new: str, but: str | None = None) -> None:
    if old == new:
        raise PasswordRefused("This is the password you have. Choose another.")
    _store(db, document, new, must_change=False, but=but)
    audit.record(db, "password.changed", by=document["_id"], email=document["email"])


def _store(
    db: Database[Document], document: Document, password: str, must_change: bool, but: str | None = None
) -> None:
    """Set the password, and end every session but one."""
    personal = (document["firstName"], document["lastName"], document["email"])
    change = {
        "password": passwords.hash_password(password, personal),
        "mustChangePassword": must_change,
        "updatedAt": datetime.now(UTC),
    }
    # Before and after: neither a crash in between nor a sign-in meanwhile leaves one of the old password.
    session_store.end_all(db, document["_id"], but)
    db["users"].update_one({"_id": document["_id"]}, {"$set": change})
    session_store.end_all(db, document["_id"], but)


def _update(scope: Scope, fields: Document) -> None:
    change = {**fields, "updatedAt": datetime.now(UTC)}
    scope.db["users"].update_one({"_id": scope.user_id}, {"$set": change})
