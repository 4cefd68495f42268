"""Check email and password against the accounts, ever more slowly after wrong ones, then not for a while.

It is the email that is counted, whether or not it has an account, in the database: so that nothing tells
which emails have one, and neither a restart nor a second program gives more tries. All times are the
server's, the one clock that all workstations share.
"""

from datetime import timedelta

from pymongo import ReturnDocument
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from services import audit
from services.accounts import passwords, users
from services.accounts.users import User, is_email
from services.errors import LoadlensError
from services.messages import N_
from services.names import name_key
from services.scope import Document
from services.typed import typed

WRONG_EMAIL_OR_PASSWORD = N_("Email or password is wrong. Check both and try again.")


class SignInRefused(LoadlensError):
    """Email and password do not open an account."""


@typed
def sign_in(db: Database[Document], email: str, password: str) -> User:
    """Return the account that email and password open.

    Raises `SignInRefused`, with the same sentence and after the same time for an unknown email as for a
    wrong password, and `TooManyTries`, be the password right or wrong.
    """
    document = check_password(db, email, password)
    if document["status"] != "active":
        _note(db, "sign_in.refused", document, document["email"], reason="inactive")
        raise SignInRefused("This account is inactive. Ask an administrator to activate it.")
    _note(db, "sign_in", document, document["email"])
    return users.from_document(document)


def check_password(
    db: Database[Document],
    email: str,
    password: str,
    sentence: str = WRONG_EMAIL_OR_PASSWORD,
) -> Document:
    """Return the document of the account, active or not, if the password is its own.

    Raises `SignInRefused` with the sentence, and `TooManyTries`.
    """
    email = email.strip()
    # What is no email is neither counted nor noted: it may be a password that slipped into the wrong field.
    counted = claim_try(db, email) if is_email(email) else 0
    document = users.document_of(db, email) if counted else None
    right = passwords.matches(password, document["password"] if document else passwords.OF_NOBODY)
    if document is None or not right:
        if counted:
            _note(db, "sign_in.locked" if counted >= MOST_TRIES else "sign_in.refused", document, email)
        raise SignInRefused(sentence)
    forget_failures(db, email)
    return document


def _note(db: Database[Document], action: str, document: Document | None, email: str, **detail: str) -> None:
    audit.record(db, action, by=document["_id"] if document else None, email=email, detail=detail)


MOST_TRIES = 10
"""Failures in a row after which the email is locked; after the lock, counting begins anew."""
LOCK = timedelta(minutes=15)
WAITS = [timedelta(0)] * 3 + [timedelta(seconds=2**n) for n in range(MOST_TRIES - 3)] + [LOCK]
"""How long to wait after so many failures."""


class TooManyTries(LoadlensError):
    """The password may not be tried again yet, be it right or wrong."""


def claim_try(db: Database[Document], email: str) -> int:
    """Take one try before the password is looked at; how many there were in a row, with this one.

    Raises `TooManyTries`.
    """
    try:
        tries = _claim(db, email)
    except DuplicateKeyError:  # another program has just counted the first failure
        tries = _claim(db, email)
    assert tries is not None, "an upsert gives back what it has made"
    if not tries["allowed"]:
        raise _too_many_tries(tries["lockedUntil"] - tries["now"])
    return int(tries["count"])


def forget_failures(db: Database[Document], email: str) -> None:
    """Forget failed tries: the password was right, or an administrator gave a new one."""
    db["sign_in_failures"].delete_many({"email": name_key(email)})


def _claim(db: Database[Document], email: str) -> Document | None:
    # By the same key as accounts are found by: no other spelling of an email gets tries of its own.
    return db["sign_in_failures"].find_one_and_update(
        {"email": name_key(email)}, _CLAIM, upsert=True, return_document=ReturnDocument.AFTER
    )


def _locked_until(count: Document | str) -> Document:
    milliseconds = [wait // timedelta(milliseconds=1) for wait in WAITS]
    return {"$add": ["$$NOW", {"$arrayElemAt": [milliseconds, count]}]}


_AFTER_LOCK = {"$cond": [{"$lt": ["$count", MOST_TRIES]}, "$count", 0]}
_CLAIM: list[Document] = [
    {"$set": {"now": "$$NOW", "count": {"$ifNull": ["$count", 0]}}},
    # A clock that was set back neither locks for longer than it ever would, nor unlocks.
    {"$set": {"lockedUntil": {"$min": [{"$ifNull": ["$lockedUntil", "$$NOW"]}, _locked_until("$count")]}}},
    {"$set": {"allowed": {"$lte": ["$lockedUntil", "$$NOW"]}}},
    {"$set": {"count": {"$cond": ["$allowed", {"$add": [_AFTER_LOCK, 1]}, "$count"]}}},
    {
        "$set": {
            "lockedUntil": {"$cond": ["$allowed", _locked_until("$count"), "$lockedUntil"]},
            "last": {"$cond": ["$allowed", "$$NOW", "$last"]},
        }
    },
]
"""Grants a try and counts it, in one step that no other program can come between."""


def _too_many_tries(left: timedelta) -> TooManyTries:
    seconds = max(1, -(-left // timedelta(seconds=1)))
    if seconds < 120:
        return TooManyTries("Too many wrong passwords. Try again in {seconds} s.", seconds=seconds)
    return TooManyTries(
        "Too many wrong passwords, so this email cannot sign in for {minutes} minutes. "
        "Wait, or ask an administrator for a new password.",
        minutes=-(-seconds // 60),
    )
