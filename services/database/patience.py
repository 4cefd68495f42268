"""Work that outlasts a vote for another primary, or a network that is away for a moment."""

import time
from collections.abc import Callable
from typing import TypeVar

from services.database.unavailable import is_loss
from services.progress import Progress, silent

SECONDS = 60
SECONDS_BETWEEN = 0.5
STAGE = "Waiting for the database"

Result = TypeVar("Result")


def patiently(work: Callable[..., Result], *args: object, progress: Progress = silent) -> Result:
    """``work(*args)``, which may be done twice, again and again while there is no connection, for a minute.

    Raises what the driver raised last, and whatever ``progress`` raises.
    """
    gives_up = time.monotonic() + SECONDS
    while True:
        try:
            return work(*args)
        except Exception as error:
            if not is_loss(error) or time.monotonic() > gives_up:
                raise
        progress(STAGE, 0, 1)
        time.sleep(SECONDS_BETWEEN)
