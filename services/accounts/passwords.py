"""Passwords as bcrypt hashes."""

import bcrypt

from services.errors import LoadlensError

COST = 12
LEAST_CHARACTERS = 8
MOST_BYTES = 72
"""bcrypt reads no further; a longer password would be silently cut."""


class PasswordRefused(LoadlensError):
    """The password cannot be taken."""


def hashed(password: str) -> str:
    """The bcrypt hash of a password.

    Raises `PasswordRefused` for one that is too short or too long.
    """
    if len(password) < LEAST_CHARACTERS:
        raise PasswordRefused("The password needs at least {least} characters.", least=LEAST_CHARACTERS)
    if len(password.encode()) > MOST_BYTES:
        raise PasswordRefused(
            "The password is longer than {most} bytes; choose a shorter one.", most=MOST_BYTES
        )
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(COST)).decode()


def matches(password: str, stored: str) -> bool:
    """Whether the hash is that password's; takes as long for a wrong one as for the right one."""
    return bcrypt.checkpw(password.encode()[:MOST_BYTES], stored.encode())
