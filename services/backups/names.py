"""What backups are called: by their database and the moment, and otherwise when Loadlens made them itself."""

import re
from datetime import datetime

SUFFIX = ".backup"
_MOMENT = "%Y-%m-%d %H%M%S"


def by_hand(database: str, at: datetime) -> str:
    """The name of a backup that somebody asked for, which is never deleted."""
    return f"{database} {at:{_MOMENT}}{SUFFIX}"


def scheduled(database: str, at: datetime) -> str:
    """The name of a backup that was made by itself, and is deleted when newer ones are there."""
    return f"{database} scheduled {at:{_MOMENT}}{SUFFIX}"


def is_scheduled(name: str, database: str) -> bool:
    """Whether a file of that name was made by itself, of that database."""
    return bool(
        re.fullmatch(
            rf"{re.escape(database)} scheduled \d{{4}}-\d\d-\d\d \d{{6}}{re.escape(SUFFIX)}", name, re.ASCII
        )
    )


def is_left_over(name: str) -> bool:
    """Whether it is what a program that died has written of a backup so far."""
    return bool(re.fullmatch(rf"\.[0-9a-f]{{32}}{re.escape(SUFFIX)}", name))
