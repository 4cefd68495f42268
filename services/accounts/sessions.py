"""A signed-in user's session: a signed token, renewed while used, and kept in the keyring when asked."""

import logging
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Lock

from bson import ObjectId
from pymongo.database import Database
from pymongo.errors import PyMongoError

from services import audit
from services.accounts import session_store, tokens, users
from services.accounts.users import User
from services.errors import LoadlensError
from services.scope import Document, Scope
from services.settings import Settings

log = logging.getLogger(__name__)


class SessionExpired(LoadlensError):
    """The session is over; the user signs in again."""


class NewPasswordWanted(LoadlensError):
    """An administrator gave the account its password; its owner chooses another first."""


class Session:
    """Proof that a user signed in, checked and renewed at each use, and gone once it is signed out anywhere.

    An access token lives 30 minutes (unless configured) from its last use; with ``keep``, a refresh token
    of 7 days in the system's keyring opens the session again at the next start, each of them once.
    """

    def __init__(
        self, db: Database[Document], settings: Settings, user: User, session_id: str, kept: bool
    ) -> None:
        self._db = db
        self._settings = settings
        self._changing = Lock()
        self._access = tokens.issue(settings, "access", user.id, session_id)
        self.id = session_id
        self.user = user
        self.kept = kept
        """Whether the next start finds it in the keyring; False also where the system has none."""

    @classmethod
    def start(cls, db: Database[Document], settings: Settings, user: User, keep: bool = False) -> "Session":
        """Start the session of a user who has just signed in.

        Raises `NewPasswordWanted`.
        """
        if user.must_change_password:
            raise NewPasswordWanted("An administrator gave this account its password. Choose a new one.")
        return cls(db, settings, user, *_begun(db, settings, user, keep))

    @classmethod
    def resume(cls, db: Database[Document], settings: Settings) -> "Session | None":
        """Resume the session that was kept at an earlier sign-in, if it still holds.

        A kept token that comes a second time was stolen, now or then, and ends the whole session.
        """
        with tokens.token_lock(settings):
            token = tokens.read_kept_token(settings)
            try:
                claims = tokens.read(settings, "refresh", token) if token else None
            except tokens.NotValid:
                claims = None
            user = _user_of(db, claims) if claims else None
            if claims is None or user is None or user.status != "active":
                return None
            if not _rotated(db, settings, claims):
                session_store.end(db, claims.session_id, ObjectId(user.id))
                _note(db, "sessions.ended", user, reason="a kept token came a second time")
                return None
        return cls(db, settings, user, claims.session_id, True)

    @property
    def db(self) -> Database[Document]:
        """The whole database, for what belongs to no user."""
        return self._db

    def scope(self) -> Scope:
        """Return the signed-in user's part of the database, for one call of a service.

        Raises `SessionExpired` when the token is too old, the session was ended or the account closed.
        """
        claims = self._claims()
        user = _user_of(self._db, claims)
        if user is None and claims.session_id != self.id:
            return self.scope()  # it was begun anew meanwhile
        if user is None:
            raise SessionExpired(
                "This session was ended: on another machine, by a new password or by a restored backup. "
                "Sign in again."
            )
        if user.status != "active":
            raise SessionExpired("This account was closed or set inactive. Ask an administrator.")
        self.user = user
        self._renew(claims)
        return users.scope(self._db, user)

    def begin_anew(self) -> None:
        """Continue under a new id, and end every other session of the user, on whatever machine."""
        session_id, self.kept = _begun(self._db, self._settings, self.user, self.kept)
        access = tokens.issue(self._settings, "access", self.user.id, session_id)
        with self._changing:
            self.id, self._access = session_id, access
        session_store.end_all(self._db, ObjectId(self.user.id), but=self.id)

    def sign_out(self) -> None:
        """End the session, and forget it in the keyring."""
        self._access = ""
        try:
            session_store.end(self._db, self.id, ObjectId(self.user.id))
        except PyMongoError:
            # No token of it will be left; it ends by itself.
            log.warning("the session could not be taken out of the database", exc_info=True)
        _note(self._db, "sign_out", self.user)
        self._forget_kept()

    def _claims(self) -> tokens.Claims:
        """What the access token says; a kept session goes on when it is too old, as after a night's sleep."""
        with self._changing:
            with suppress(tokens.NotValid):
                return tokens.read(self._settings, "access", self._access)
            again = Session.resume(self._db, self._settings) if self.kept and self._access else None
            if again is None or again.id != self.id:
                raise SessionExpired(
                    "You were signed out because nothing happened for a while. Sign in again."
                )
            self._access = again._access
            return tokens.read(self._settings, "access", self._access)

    def _renew(self, claims: tokens.Claims) -> None:
        whole = tokens.lifetime(self._settings, "access")
        left = claims.expires_at - datetime.now(UTC)
        if whole / 2 <= left <= whole:  # more is left where the clock was set back
            return
        session_store.use(self._db, claims.session_id, ObjectId(claims.user_id), whole)
        with self._changing:
            if claims.session_id == self.id:
                self._access = tokens.issue(self._settings, "access", claims.user_id, claims.session_id)

    def _forget_kept(self) -> None:
        """Unless it is another session that was kept since."""
        with tokens.token_lock(self._settings):
            token = tokens.read_kept_token(self._settings)
            try:
                another = token and tokens.read(self._settings, "refresh", token).session_id != self.id
            except tokens.NotValid:
                another = False
            if token and not another:
                tokens.forget_kept_token(self._settings)


def _begun(db: Database[Document], settings: Settings, user: User, keep: bool) -> tuple[str, bool]:
    """The id of a new session, and whether it is in the keyring."""
    session_id, refresh_id = session_store.new_id(), session_store.new_id()
    if keep:
        with tokens.token_lock(settings):
            keep = tokens.keep_token(
                settings, tokens.issue(settings, "refresh", user.id, session_id, refresh_id)
            )
    last = _longest(settings) if keep else tokens.lifetime(settings, "access")
    session_store.begin(db, session_id, ObjectId(user.id), last, refresh_id if keep else None)
    return session_id, keep


def _rotated(db: Database[Document], settings: Settings, claims: tokens.Claims) -> bool:
    """Whether the kept token is good; a new one takes its place then."""
    session, following = (claims.session_id, ObjectId(claims.user_id)), session_store.new_id()
    if not session_store.rotate(db, *session, claims.token_id, following, _longest(settings)):
        return False
    token = tokens.issue(settings, "refresh", claims.user_id, claims.session_id, following)
    if tokens.keep_token(settings, token):
        session_store.settle(db, *session, following)
    return True


def _longest(settings: Settings) -> timedelta:
    return max(tokens.lifetime(settings, "access"), tokens.lifetime(settings, "refresh"))


def _user_of(db: Database[Document], claims: tokens.Claims) -> User | None:
    if not ObjectId.is_valid(claims.user_id):
        return None
    document = session_store.user_of(db, claims.session_id, ObjectId(claims.user_id))
    return users.from_document(document) if document else None


def _note(db: Database[Document], action: str, user: User, **detail: str) -> None:
    audit.record(db, action, by=ObjectId(user.id), email=user.email, detail=detail)
