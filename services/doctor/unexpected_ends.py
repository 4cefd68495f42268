"""Programs that did not end in order."""

from services.crash_reports import unexpected_ends
from services.doctor.check import Seen, Unwell, seen
from services.settings import Settings

FAULT = "{program} ended unexpectedly on {day} at {time}, by a fault inside it. "
KILLED = "{program} ended unexpectedly on {day} at about {time}: it was killed, or this computer went off. "
SAVE = "Save a bundle for support, and hand it to whoever helps you with Loadlens."
ASK = "Tell an administrator of this database."


def look(settings: Settings) -> Seen:
    """Raises `Unwell` for the last one, until somebody has acknowledged it."""
    if unwell := last_unexpected_end(settings):
        raise unwell
    return seen("none")


def last_unexpected_end(settings: Settings, may_save: bool = True) -> Unwell | None:
    """What is to be said of the last program that did not end in order, if nobody has acknowledged it.

    ``may_save``: whether it is said to somebody who may save the bundle for support.
    """
    ends = unexpected_ends(settings)
    if not ends:
        return None
    last, at = ends[0], ends[0].at.astimezone()
    return Unwell(
        (FAULT if last.is_fault else KILLED) + (SAVE if may_save else ASK),
        program="Loadlens" if last.program == "window" else f"loadlens {last.program}",
        day=f"{at:%Y-%m-%d}",
        time=f"{at:%H:%M}",
    )
