"""Secrets of this installation, and those that its users entrust to it.

The former are made on first use and kept in a file that only its owner can read; the latter are kept in the
system's keyring, and in that file only where there is none.
"""

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import keyring
from filelock import FileLock
from keyring.errors import KeyringError

from services.errors import LoadlensError

KEYRING_SERVICE = "Loadlens secrets"


class DataFolderRefused(LoadlensError):
    """The data folder cannot be written."""


def writable(folder: Path) -> Path:
    """The folder, made if need be, with rights for its owner alone.

    Raises `DataFolderRefused` when it cannot be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = folder / f".probe-{os.getpid()}-{secrets.token_hex(4)}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise DataFolderRefused(
            "Loadlens cannot write to its data folder {folder} ({reason}). "
            "Give yourself the right to write there, or name another folder in LOADLENS_DATA_DIR.",
            folder=folder,
            reason=error.strerror or error,
        ) from None
    return folder


def secret(folder: Path, name: str) -> str:
    """The secret of that name, 256 random bits in hexadecimal; made and stored when there is none yet."""
    with _secrets(folder) as known:
        return known.setdefault(name, secrets.token_hex(32))


def keep(folder: Path, name: str, text: str) -> None:
    """Keep what a user entrusts, such as the password of a mail server; an empty one is forgotten."""
    try:
        keyring.set_password(KEYRING_SERVICE, f"{folder} {name}", text)
        in_keyring = keyring.get_password(KEYRING_SERVICE, f"{folder} {name}") == text
    except KeyringError:
        in_keyring = False
    with _secrets(folder) as known:
        known.pop(name, None)
        if text and not in_keyring:
            known[name] = text


def kept(folder: Path, name: str) -> str | None:
    """What was kept under that name; None when nothing was."""
    try:
        text = keyring.get_password(KEYRING_SERVICE, f"{folder} {name}")
    except KeyringError:
        text = None
    if text:
        return text
    with _secrets(folder) as known:
        return known.get(name)


@contextmanager
def _secrets(folder: Path) -> Iterator[dict[str, str]]:
    """The file's secrets by name, for this program alone; what is changed is written."""
    path = writable(folder) / "secrets.json"
    with FileLock(folder / "secrets.lock"):
        text = path.read_text() if path.exists() else "{}"
        known: dict[str, str] = json.loads(text)
        yield known
        if known != json.loads(text):
            _write_for_owner(path, json.dumps(known))


def _write_for_owner(path: Path, text: str) -> None:
    draft = path.with_suffix(".draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
