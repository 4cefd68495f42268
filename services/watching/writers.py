"""Whether a program still writes a file, where the system tells."""

import os
import signal
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SHARING_VIOLATIONS = (32, 33)
"""Windows: another program holds the file, or a part of it."""


class Busy(Exception):
    """Another program holds the file in a way that forbids to read or to move it."""


@contextmanager
def opened_file(path: Path) -> Iterator[int]:
    """The descriptor of a regular file, opened to read; no link is followed and no pipe waited for.

    Raises `Busy`, and `OSError` where it cannot be opened or is no regular file.
    """
    flags = (
        os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    )
    try:
        descriptor = os.open(path, flags)
    except OSError as error:
        if getattr(error, "winerror", None) in SHARING_VIOLATIONS:
            raise Busy from None
        raise
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(f"{path} is no regular file")
        yield descriptor
    finally:
        os.close(descriptor)


def is_written(path: Path) -> bool:
    """Whether a program on this computer has the file open to write; False where the system does not tell.

    On a network drive Linux cannot tell, and it counts as written. Raises as `opened_file`.
    """
    with opened_file(path) as descriptor:
        if os.name == "nt":
            try:
                path.rename(path)
            except OSError:
                raise Busy from None
        return sys.platform == "linux" and _has_writer(descriptor)


def _has_writer(descriptor: int) -> bool:
    """Whether a read lease is refused, which the kernel grants where nobody has the file open to write."""
    import fcntl

    try:
        # What tells that somebody opens it meanwhile: this signal is ignored, the usual one would end us.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except BlockingIOError:
        return True
    except OSError:
        return False  # another user's file, or a file system without leases
    return False
