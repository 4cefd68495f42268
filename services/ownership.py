"""Whose a file or folder is: who may change what Loadlens believes can run programs as its user."""

import os
import stat
from pathlib import Path

from services.errors import LoadlensError


class OwnershipRefused(LoadlensError):
    """Somebody else owns it, or everybody may change it."""


def require_own(path: Path) -> None:
    """Raises `OwnershipRefused` for what another user owns, or everybody may write.

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
    """Whether others than the owner may change it who share a group."""
    state = _state(path)
    return state is not None and bool(state.st_mode & stat.S_IWGRP)


def _state(path: Path) -> os.stat_result | None:
    """None where there are no owners, or it is not there; whoever opens it says why that fails."""
    try:
        return None if os.name == "nt" else path.stat()
    except OSError:
        return None
