"""The token that opens a session again at the next start, in the system's keyring."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import keyring
from filelock import FileLock
from keyring.errors import KeyringError

from services.secret_store import writable
from services.settings import Settings

KEYRING_SERVICE = "Loadlens"

log = logging.getLogger(__name__)


@contextmanager
def held(settings: Settings) -> Iterator[None]:
    """As long as the context lasts, no other program that shares the data folder changes the token."""
    with FileLock(writable(settings.data_dir) / "session.lock"):
        yield


def read(settings: Settings) -> str | None:
    """The token that was kept; None when there is none, or no keyring."""
    try:
        return keyring.get_password(KEYRING_SERVICE, str(settings.data_dir))
    except KeyringError:
        return None


def keep(settings: Settings, token: str) -> bool:
    """Put it in the keyring; whether it is there then."""
    try:
        keyring.set_password(KEYRING_SERVICE, str(settings.data_dir), token)
    except KeyringError as error:
        log.warning("the session is not kept: this system has no keyring (%s)", error)
    return read(settings) == token


def forget(settings: Settings) -> None:
    """Take it out of the keyring."""
    try:
        keyring.delete_password(KEYRING_SERVICE, str(settings.data_dir))
    except KeyringError:
        log.debug("no kept session to forget")
