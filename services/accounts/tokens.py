"""Signed tokens: what a session shows each time, and what the system's keyring keeps to open it again."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import jwt
from filelock import FileLock

from services import secret_store
from services.secret_store import writable
from services.settings import Settings

Kind = Literal["access", "refresh"]
ALGORITHM = "HS256"

NotValid = jwt.InvalidTokenError


@dataclass(frozen=True)
class Claims:
    """What a token says."""

    user_id: str
    session_id: str
    token_id: str
    expires_at: datetime


def lifetime(settings: Settings, kind: Kind) -> timedelta:
    """Return how long a token of that kind is good for."""
    if kind == "access":
        return timedelta(minutes=settings.jwt_access_token_expire_minutes)
    return timedelta(days=settings.jwt_refresh_token_expire_days)


def issue(settings: Settings, kind: Kind, user_id: str, session_id: str, token_id: str = "") -> str:
    """Return a token of this installation, good from now on.

    It does not say when it was made: were the clock set back, it would count as not yet good.
    """
    expires = datetime.now(UTC) + lifetime(settings, kind)
    claims = {"sub": user_id, "sid": session_id, "jti": token_id, "type": kind, "exp": expires}
    return jwt.encode(claims, settings.token_key, ALGORITHM)


def read(settings: Settings, kind: Kind, token: str) -> Claims:
    """Return what this installation's token says.

    Raises `NotValid` for one that is forged, too old, another installation's or of another kind.
    """
    required = ["sub", "sid", "jti", "type", "exp"]
    claims = jwt.decode(token, settings.token_key, [ALGORITHM], options={"require": required})
    if claims["type"] != kind or not isinstance(claims["sid"], str):
        raise NotValid(f"not a token of type {kind}")
    return Claims(claims["sub"], claims["sid"], claims["jti"], datetime.fromtimestamp(claims["exp"], UTC))


KEYRING_SERVICE = "Loadlens"


@contextmanager
def token_lock(settings: Settings) -> Iterator[None]:
    """Keep other programs that share the data folder from changing the token within the context."""
    with FileLock(writable(settings.data_dir) / "session.lock"):
        yield


def read_kept_token(settings: Settings) -> str | None:
    """Return the token that was kept; None when there is none, or no keyring."""
    return secret_store.read_keyring(KEYRING_SERVICE, str(settings.data_dir))


def keep_token(settings: Settings, token: str) -> bool:
    """Put it in the keyring; whether it is there then."""
    return secret_store.write_keyring(KEYRING_SERVICE, str(settings.data_dir), token)


def forget_kept_token(settings: Settings) -> None:
    """Take it out of the keyring."""
    secret_store.delete_from_keyring(KEYRING_SERVICE, str(settings.data_dir))
