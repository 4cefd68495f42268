"""Email and password against the accounts."""

from pymongo.database import Database

from services import audit
from services.accounts import passwords, tries, users
from services.accounts.emails import is_email
from services.accounts.users import User
from services.errors import LoadlensError
from services.scope import Document
from services.typed import typed


class SignInRefused(LoadlensError):
    """Email and password do not open an account."""


@typed
def sign_in(db: Database[Document], email: str, password: str) -> User:
    """The account that email and password open.

    Raises `SignInRefused`, with the same sentence and after the same time for an unknown email as for a
    wrong password, and `tries.TooManyTries`, be the password right or wrong.
    """
    document = checked(db, email, password)
    if document["status"] != "active":
        _note(db, "sign_in.refused", document, document["email"], reason="inactive")
        raise SignInRefused("This account is inactive. Ask an administrator to activate it.")
    _note(db, "sign_in", document, document["email"])
    return users.from_document(document)


def checked(
    db: Database[Document],
    email: str,
    password: str,
    sentence: str = "Email or password is wrong. Check both and try again.",
) -> Document:
    """The document of the account, active or not, if the password is its own.

    Raises `SignInRefused` with the sentence, and `tries.TooManyTries`.
    """
    email = email.strip()
    # What is no email is neither counted nor noted: it may be a password that slipped into the wrong field.
    counted = tries.claim(db, email) if is_email(email) else 0
    document = users.document_of(db, email) if counted else None
    right = passwords.matches(password, document["password"] if document else passwords.OF_NOBODY)
    if document is None or not right:
        if counted:
            _note(db, "sign_in.locked" if counted >= tries.MOST else "sign_in.refused", document, email)
        raise SignInRefused(sentence)
    tries.forget(db, email)
    return document


def _note(db: Database[Document], action: str, document: Document | None, email: str, **detail: str) -> None:
    audit.record(db, action, by=document["_id"] if document else None, email=email, detail=detail)
