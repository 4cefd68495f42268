"""Errors in slots and paint events, for which nobody waits: said in the window, their story in the log."""

import sys
import time
from collections.abc import Callable
from types import TracebackType

from desktop.framework.tasks import UNEXPECTED
from services.messages import gettext

SECONDS_BETWEEN = 10.0
"""What fails at every paint is not said at every paint."""


def say_what_nobody_caught(say: Callable[[str], None]) -> None:
    """From now on ``say`` gets a sentence, and who was told before is told as well."""
    told = sys.excepthook
    last = -SECONDS_BETWEEN

    def note(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        nonlocal last
        told(kind, error, trace)
        if issubclass(kind, Exception) and time.monotonic() - last >= SECONDS_BETWEEN:
            last = time.monotonic()
            say(gettext(UNEXPECTED))

    sys.excepthook = note
