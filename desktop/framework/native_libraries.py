"""What the program's allocators have to be told before they are used."""

import ctypes
import sys
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path

M_ARENA_MAX = -8
"""Of glibc's mallopt."""
ARENAS = 2
ARROW = ("libarrow.so.*", "libarrow.*.dylib", "arrow.dll")
"""Arrow's library in its package, on each system."""


def share_arenas() -> None:
    """Let all threads allocate from few arenas, before there are any.

    Otherwise each thread of an import, a training or a page leaves an arena that is never empty: in eight
    hours of use the program holds 130 MB more and goes on growing. Only glibc has them.
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS)


@cache
def load_arrow() -> None:
    """Load Arrow's library on this thread, which has to be one that never ends.

    The allocator inside it (mimalloc 3.3.1) takes the thread that loads it for the main thread. When that
    thread has ended, the next one that allocates dies of a segmentation fault (apache/arrow #50471).
    Importing pyarrow takes 150 ms, and loading its library alone 5.
    """
    package = find_spec("pyarrow")
    folders = map(Path, package.submodule_search_locations or ()) if package else ()
    libraries = [path for folder in folders for name in ARROW for path in folder.glob(name)]
    try:
        ctypes.CDLL(str(libraries[0]))
    except (IndexError, OSError):  # as where Arrow is the system's own
        import pyarrow  # noqa: F401
