"""The time zone that this machine keeps, as far as it can be told by an IANA name."""

import os
import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tzlocal import get_localzone_name

from services.messages import N_, gettext

ASSUMED = "UTC"
UNKNOWN = N_(
    "This machine's time zone cannot be told ({reason}); {assumed} is assumed. Name the right one with "
    "--timezone at the first import, or in the window's settings."
)
_FIXED = re.compile(r"(?:<[+-]?\w+>|[A-Za-z]{3,})([+-]?)(\d{1,2})(?::?00)*")
"""A POSIX TZ without summer time and of whole hours, whose sign counts to the west."""


def machine_zone() -> str | None:
    """Return the zone's IANA name; None where it cannot be told."""
    given = os.environ.get("TZ", "").removeprefix(":")
    if given:
        return _named(given) or _fixed_zone(given)
    try:
        found = get_localzone_name()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    return found if found and is_zone(found) else None


def is_zone(name: str) -> bool:
    """Return whether there is a time zone of that name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder of zones, or too long a name
        return False
    return True


def why_unknown() -> str:
    """Return in a few words what keeps `machine_zone` from an answer."""
    given = os.environ.get("TZ")
    if given:
        return gettext("TZ is “{given}”, which is no name of a zone", given=given)
    return gettext("the system names none")


def _named(given: str) -> str | None:
    """Return the zone that is named, or whose file is."""
    parts = given.split("/")
    names = ["/".join(parts[first:]) for first in range(len(parts))] if given.startswith("/") else [given]
    return next((name for name in names if name and is_zone(name)), None)


def _fixed_zone(posix: str) -> str | None:
    """Return the zone that keeps the fixed offset of a POSIX TZ such as ``<-03>3``; None for any other."""
    if not (fixed := _FIXED.fullmatch(posix)):
        return None
    hours = int(fixed[2])
    name = f"Etc/GMT{fixed[1] or '+'}{hours}" if hours else "Etc/UTC"
    return name if is_zone(name) else None
