"""The token that opens a session again at the next start, in the system's keyring."""

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock

from services import system_keyring
from services.secret_store import writable
from services.settings import Settings

KEYRING_SERVICE = "Loadlens"


@contextmanager
def held(settings: Settings) -> Iterator[None]:
    """As long as the context lasts, no other program that shares the data folder changes the token."""
    with FileLock(writable(settings.data_dir) / "session.lock"):
        yield


def read(settings: Settings) -> str | None:
    """The token that was kept; None when there is none, or no keyring."""
    return system_keyring.read(KEYRING_SERVICE, str(settings.data_dir))


def keep(settings: Settings, token: str) -> bool:
    """Put it in the keyring; whether it is there then."""
    return system_keyring.write(KEYRING_SERVICE, str(settings.data_dir), token)


def forget(settings: Settings) -> None:
    """Take it out of the keyring."""
    system_keyring.delete(KEYRING_SERVICE, str(settings.data_dir))
