"""Secrets of this installation, and those that its users entrust to it.

The former are made on first use. The one that signs session tokens is kept in the system's keyring where
there is one: whoever loses it signs in again. The private database's password and the key of the models stay
in a file that only its owner can read, beside what they open: a scheduled job without a desktop needs them,
too, and whoever loses a keyring, or leaves it behind, would lose the database and the models with it.

What users entrust is kept in the keyring, and in that file only where there is none.
"""

import json
import logging
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from filelock import FileLock

from services.errors import LoadlensError
from services.whole_file import replace_text

FILE = "secrets.json"
KEYRING_SERVICE = "Loadlens secrets"
REPLACEABLE = {"jwtSecretKey"}
"""The secrets that may be lost."""


class DataFolderRefused(LoadlensError):
    """The data folder cannot be written."""


def writable(folder: Path) -> Path:
    """Return the folder, made if need be, with rights for its owner alone.

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
    """Return the secret of that name, 256 random bits in hexadecimal; made when there is none yet."""
    if name in REPLACEABLE:
        with FileLock(writable(folder) / "keyring.lock"):
            return _replaceable(folder, name)
    with _secrets(folder) as known:
        return known.setdefault(name, secrets.token_hex(32))


def keep(folder: Path, name: str, text: str) -> None:
    """Keep what a user entrusts, such as the password of a mail server; an empty one is forgotten."""
    in_keyring = write_keyring(KEYRING_SERVICE, f"{folder} {name}", text)
    _put_in_file(folder, name, "" if in_keyring else text)


def kept(folder: Path, name: str) -> str | None:
    """Return what was kept under that name; None when nothing was."""
    text = read_keyring(KEYRING_SERVICE, f"{folder} {name}")
    if text:
        return text
    with _secrets(folder) as known:
        return known.get(name)


def find(folder: Path, name: str) -> str | None:
    """Return the secret of that name from the file alone; None when it is not there."""
    with _secrets(folder) as known:
        return known.get(name)


def forget(folder: Path, name: str) -> None:
    """Take the secret of that name out of the file."""
    _put_in_file(folder, name, "")


def _replaceable(folder: Path, name: str) -> str:
    """From the keyring; else from the file or new, and into the keyring if there is one.

    The file is not held meanwhile: a keyring may wait for its owner to unlock it.
    """
    text = read_keyring(KEYRING_SERVICE, f"{folder} {name}")
    if not text:
        with _secrets(folder) as known:
            text = known.get(name) or secrets.token_hex(32)
        keep(folder, name, text)
    return text


def _put_in_file(folder: Path, name: str, text: str) -> None:
    with _secrets(folder) as known:
        known.pop(name, None)
        if text:
            known[name] = text


def in_file(folder: Path) -> dict[str, str]:
    """Return the secrets that are in the folder's file, by name; none where there is no file.

    Raises `DataFolderRefused` for a file that cannot be read, and `OwnershipRefused` for somebody else's.
    """
    path = folder / FILE
    require_own(path)
    try:
        known = _read_object(path)
        if not all(isinstance(text, str) and text for text in known.values()):
            raise ValueError("a secret is a text")
    except (OSError, ValueError):
        raise DataFolderRefused(
            "The secrets in {file} cannot be read, and without them the private database cannot be opened. "
            "Put a copy of the file in its place.",
            file=path,
        ) from None
    return known


@contextmanager
def _secrets(folder: Path) -> Iterator[dict[str, str]]:
    """The file's secrets by name, for this program alone; what is changed is written."""
    path = writable(folder) / FILE
    with FileLock(folder / "secrets.lock"):
        before = in_file(folder)
        _close_to_others(path)
        known = dict(before)
        yield known
        if known != before:
            replace_text(path, json.dumps(known), durable=True)


def _close_to_others(path: Path) -> None:
    """A copy that was put back is often readable by everyone."""
    with suppress(OSError):  # there is none yet, or it is the system's
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            path.chmod(0o600)


log = logging.getLogger(__name__)


def read_keyring(service: str, name: str) -> str | None:
    """Return what is kept under that name; None when nothing is, or there is no keyring."""
    import keyring

    try:
        return keyring.get_password(service, name)
    except Exception as error:  # of the keyring's own kind, or of whatever the system keeps it with
        log.debug("the keyring cannot be read: %s", error)
        return None


def write_keyring(service: str, name: str, text: str) -> bool:
    """Keep the text; whether it is there now, as a look at it says."""
    import keyring

    try:
        keyring.set_password(service, name, text)
    except Exception as error:
        log.debug("the keyring cannot be written: %s", error)
    return read_keyring(service, name) == text


def delete_from_keyring(service: str, name: str) -> None:
    """Keep it no longer."""
    import keyring

    try:
        keyring.delete_password(service, name)
    except Exception as error:
        log.debug("nothing was taken out of the keyring: %s", error)


class OwnershipRefused(LoadlensError):
    """Somebody else owns it, or everybody may change it."""


def require_own(path: Path) -> None:
    """Raise `OwnershipRefused` for what another user owns, or everybody may write.

    What belongs to the system (root) counts as one's own. On Windows the profile's rights guard its files.
    """
    state = _state(path)
    if state is None:
        return
    if state.st_uid not in {os.geteuid(), 0}:
        raise OwnershipRefused(
            "{path} belongs to another user of this machine, who could run programs in your name through it. "
            "Make it your own (chown), or name a data folder of your own in LOADLENS_DATA_DIR.",
            path=path,
        )
    if state.st_mode & stat.S_IWOTH:
        raise OwnershipRefused(
            "Everybody on this machine can change {path}, and so could run programs in your name. Take that "
            "right away: chmod o-w {path}",
            path=path,
        )


def group_may_write(path: Path) -> bool:
    """Return whether others than the owner may change it who share a group."""
    state = _state(path)
    return state is not None and bool(state.st_mode & stat.S_IWGRP)


def _state(path: Path) -> os.stat_result | None:
    """None where there are no owners, or it is not there; whoever opens it says why that fails."""
    try:
        return None if os.name == "nt" else path.stat()
    except OSError:
        return None


def _read_object(path: Path) -> dict[str, Any]:
    """Return the object in the file; empty where there is no file.

    Raises `ValueError` for a file that holds anything else, and `OSError` for one that cannot be read.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(found, dict):
        raise ValueError(f"a {type(found).__name__} where an object should be")
    return found
