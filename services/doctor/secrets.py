"""Where this installation's secrets are."""

import os

import keyring

from services import secret_store
from services.doctor.check import Seen, Unwell, seen
from services.settings import Settings

OTHERS = 0o077


def look(settings: Settings) -> Seen:
    """Whether they are there, whole, and only their owner's. Raises `Unwell` and `DataFolderRefused`."""
    path = settings.data_dir / secret_store.FILE
    if not path.exists():
        if (settings.data_dir / "database").exists():
            raise Unwell(
                "{file} is gone: the private database does not open without it. Put it back from a copy of "
                "the data folder.",
                file=path,
            )
        return seen("none yet: they are made when they are needed")
    if os.name != "nt" and path.stat().st_mode & OTHERS:
        raise Unwell(
            "Others on this machine can read {file}. Let only its owner: chmod 600 {file}", file=path
        )
    secret_store.in_file(settings.data_dir)
    if keyring.get_keyring().priority > 0:
        return seen("only their owner's; passwords of other servers are in this system's keyring")
    return seen("only their owner's; this system has no keyring, so they are all in one file")
