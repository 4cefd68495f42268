"""A signed-in user's session: a signed token, renewed while used, kept in the keyring when asked."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import keyring
from keyring.errors import KeyringError
from pymongo.database import Database

from services.accounts import users
from services.accounts.users import User
from services.errors import LoadlensError
from services.scope import Document, Scope
from services.settings import Settings

KEYRING_SERVICE = "Loadlens"

log = logging.getLogger(__name__)


class SessionExpired(LoadlensError):
    """The session is over; the user signs in again."""


class Session:
    """Proof that a user signed in, checked and renewed at each use.

    An access token lives 30 minutes (unless configured) from its last use; with ``keep``, a refresh
    token of 7 days in the system's keyring opens the session again at the next start.
    """

    def __init__(self, db: Database[Document], settings: Settings, user: User) -> None:
        self._db = db
        self._settings = settings
        self._access = self._token(user, "access")
        self.user = user
        self.kept = False
        """Whether the next start finds it in the keyring; False also where the system has none."""

    @classmethod
    def start(cls, db: Database[Document], settings: Settings, user: User, keep: bool = False) -> "Session":
        """The session of a user who has just signed in."""
        session = cls(db, settings, user)
        if keep:
            session._keep()
        return session

    @classmethod
    def resume(cls, db: Database[Document], settings: Settings) -> "Session | None":
        """The session that was kept at an earlier sign-in, if it still holds."""
        try:
            token = keyring.get_password(KEYRING_SERVICE, str(settings.data_dir))
        except KeyringError:
            return None
        try:
            claims = _claims(settings, token or "", "refresh")
        except jwt.InvalidTokenError:
            return None
        user = users.find(db, claims["sub"])
        return cls(db, settings, user) if user and user.status == "active" else None

    def scope(self) -> Scope:
        """The signed-in user's part of the database, for one call of a service.

        Raises `SessionExpired` when the token is too old or the account was closed.
        """
        try:
            claims = _claims(self._settings, self._access, "access")
        except jwt.InvalidTokenError:
            raise SessionExpired(
                "You were signed out because nothing happened for a while. Sign in again."
            ) from None
        user = users.find(self._db, claims["sub"])
        if user is None or user.status != "active":
            raise SessionExpired("This account was closed or set inactive. Ask an administrator.")
        self.user = user
        if claims["exp"] - datetime.now(UTC).timestamp() < self._lifetime("access").total_seconds() / 2:
            self._access = self._token(user, "access")
        return users.scope(self._db, user)

    def sign_out(self) -> None:
        """End the session, and forget it in the keyring."""
        self._access = ""
        try:
            keyring.delete_password(KEYRING_SERVICE, str(self._settings.data_dir))
        except KeyringError:
            log.debug("no kept session to forget")

    def _keep(self) -> None:
        try:
            refresh = self._token(self.user, "refresh")
            keyring.set_password(KEYRING_SERVICE, str(self._settings.data_dir), refresh)
            self.kept = True
        except KeyringError as error:
            log.warning("the session is not kept: this system has no keyring (%s)", error)

    def _lifetime(self, kind: str) -> timedelta:
        if kind == "access":
            return timedelta(minutes=self._settings.jwt_access_token_expire_minutes)
        return timedelta(days=self._settings.jwt_refresh_token_expire_days)

    def _token(self, user: User, kind: str) -> str:
        now = datetime.now(UTC)
        claims = {"sub": user.id, "type": kind, "iat": now, "exp": now + self._lifetime(kind)}
        return jwt.encode(claims, self._settings.token_key, self._settings.jwt_algorithm)


def _claims(settings: Settings, token: str, kind: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(
        token, settings.token_key, [settings.jwt_algorithm], options={"require": ["sub", "type", "exp"]}
    )
    if claims["type"] != kind:
        raise jwt.InvalidTokenError(f"not a token of type {kind}")
    return claims
