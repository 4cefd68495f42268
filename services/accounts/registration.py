"""New accounts."""

from datetime import UTC, datetime
from typing import Literal

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from services import audit
from services.accounts import passwords, users
from services.accounts.emails import is_email
from services.accounts.users import User
from services.errors import LoadlensError
from services.machine_zone import ASSUMED, machine_zone
from services.names import given, name_fields
from services.scope import Document
from services.typed import typed


class RegistrationRefused(LoadlensError):
    """The account cannot be made, or changed, as asked."""


@typed
def register(db: Database[Document], first_name: str, last_name: str, email: str, password: str) -> User:
    """Make an active account with the role `user`.

    Raises `RegistrationRefused` and `PasswordRefused`.
    """
    user = create_account(db, *names(first_name, last_name), email, password, "user")
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
    email = address(email)
    now = datetime.now(UTC)
    document = {
        "firstName": first_name,
        "lastName": last_name,
        **name_fields(email, "email"),
        "password": passwords.hashed(password, (first_name, last_name, email)),
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
        raise taken(email) from None
    return users.from_document(document)


def names(first_name: str, last_name: str) -> tuple[str, str]:
    """Both without blanks around them. Raises `RegistrationRefused` for one that is missing or too long."""
    first = given(first_name, RegistrationRefused("Enter your first name."))
    return first, given(last_name, RegistrationRefused("Enter your last name."))


def address(email: str) -> str:
    """The email without blanks around it. Raises `RegistrationRefused` for what is none."""
    email = email.strip()
    if not is_email(email):
        raise RegistrationRefused(
            "“{email}” is no email address. Write it like name@example.com.", email=email
        )
    return email


def taken(email: str) -> RegistrationRefused:
    """What is said of an email that another account has."""
    return RegistrationRefused(
        "There is an account with the email {email} already. Sign in with it, or use another email.",
        email=email,
    )
