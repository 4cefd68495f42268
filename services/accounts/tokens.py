"""Signed tokens: what a session shows each time, and what opens it again at the next start."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import jwt

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
    """How long a token of that kind is good for."""
    if kind == "access":
        return timedelta(minutes=settings.jwt_access_token_expire_minutes)
    return timedelta(days=settings.jwt_refresh_token_expire_days)


def issue(settings: Settings, kind: Kind, user_id: str, session_id: str, token_id: str = "") -> str:
    """A token of this installation, good from now on.

    It does not say when it was made: were the clock set back, it would count as not yet good.
    """
    expires = datetime.now(UTC) + lifetime(settings, kind)
    claims = {"sub": user_id, "sid": session_id, "jti": token_id, "type": kind, "exp": expires}
    return jwt.encode(claims, settings.token_key, ALGORITHM)


def read(settings: Settings, kind: Kind, token: str) -> Claims:
    """What this installation's token says.

    Raises `NotValid` for one that is forged, too old, another installation's or of another kind.
    """
    required = ["sub", "sid", "jti", "type", "exp"]
    claims = jwt.decode(token, settings.token_key, [ALGORITHM], options={"require": required})
    if claims["type"] != kind or not isinstance(claims["sid"], str):
        raise NotValid(f"not a token of type {kind}")
    return Claims(claims["sub"], claims["sid"], claims["jti"], datetime.fromtimestamp(claims["exp"], UTC))
