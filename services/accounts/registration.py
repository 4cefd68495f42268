"""New accounts."""

import re
from datetime import UTC, datetime

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError
from tzlocal import get_localzone_name

from services.accounts import passwords, users
from services.accounts.users import User
from services.errors import LoadlensError
from services.scope import Document

EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


class RegistrationRefused(LoadlensError):
    """The account cannot be made as asked."""


def register(db: Database[Document], first_name: str, last_name: str, email: str, password: str) -> User:
    """Make an active account with the role `user`.

    Raises `RegistrationRefused` and `PasswordRefused`.
    """
    for value, name in ((first_name, "first name"), (last_name, "last name")):
        if not value.strip():
            raise RegistrationRefused(f"Enter your {name}.")
    return _create(db, first_name, last_name, email, password, role="user")


def create_superuser(db: Database[Document], email: str, password: str) -> User:
    """Make an active account with the role `admin`.

    Raises `RegistrationRefused` and `PasswordRefused`.
    """
    return _create(db, "", "", email, password, role="admin")


def _create(
    db: Database[Document], first_name: str, last_name: str, email: str, password: str, role: str
) -> User:
    if not EMAIL.fullmatch(email.strip()):
        raise RegistrationRefused(
            "“{email}” is no email address. Write it like name@example.com.", email=email.strip()
        )
    now = datetime.now(UTC)
    document = {
        "firstName": first_name.strip(),
        "lastName": last_name.strip(),
        "email": email.strip(),
        "password": passwords.hashed(password),
        "role": role,
        "status": "active",
        "timezone": get_localzone_name() or "UTC",
        "createdAt": now,
        "updatedAt": now,
    }
    try:
        db["users"].insert_one(document)
    except DuplicateKeyError:
        raise RegistrationRefused(
            "There is an account with the email {email} already. Sign in with it, or use another email.",
            email=email.strip(),
        ) from None
    return users.from_document(document)
