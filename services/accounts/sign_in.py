"""Email and password against the accounts."""

from functools import cache

from pymongo.database import Database

from services.accounts import passwords, users
from services.accounts.users import User
from services.errors import LoadlensError
from services.scope import Document


class SignInRefused(LoadlensError):
    """Email and password do not open an account."""


@cache
def _hash_of_nobody() -> str:
    return passwords.hashed("the password of nobody")


def sign_in(db: Database[Document], email: str, password: str) -> User:
    """The account that email and password open.

    Raises `SignInRefused`, with the same sentence and after the same time for an unknown email as for a
    wrong password.
    """
    document = users.document_of(db, email)
    right = passwords.matches(password, document["password"] if document else _hash_of_nobody())
    if document is None or not right:
        raise SignInRefused("Email or password is wrong. Check both and try again.")
    if document["status"] != "active":
        raise SignInRefused("This account is inactive. Ask an administrator to activate it.")
    return users.from_document(document)
