"""What a view of the dashboard is."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from services.dashboard import Resolution
from services.errors import LoadlensError
from services.stored import stored


class ViewRefused(LoadlensError):
    """A view cannot be stored as asked."""


@stored
@dataclass(frozen=True)
class View:
    """Days, devices, categories and places; None means all of a kind."""

    period: str = "all"
    """A name for days that are counted from the last reading; `custom` are those from start to end."""
    start: date | None = None
    end: date | None = None
    device_ids: tuple[str, ...] | None = None
    category_ids: tuple[str, ...] | None = None
    locations: tuple[str, ...] | None = None
    resolution: Resolution = "day"


class NamedView(NamedTuple):
    """A view that was given a name."""

    name: str
    view: View
