"""Secrets of this installation: made on first use, kept in a file that only its owner can read."""

import json
import os
import secrets
from pathlib import Path

from filelock import FileLock

from services.errors import LoadlensError


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
    path = writable(folder) / "secrets.json"
    with FileLock(folder / "secrets.lock"):
        known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        if name not in known:
            known[name] = secrets.token_hex(32)
            _write_for_owner(path, json.dumps(known))
    return known[name]


def _write_for_owner(path: Path, text: str) -> None:
    draft = path.with_suffix(".draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
