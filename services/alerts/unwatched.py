"""Which meters nobody watches for unusual consumption, and why not."""

from dataclasses import dataclass

import numpy as np

from ml.detection import watched
from services import devices
from services.facility import facility_of
from services.messages import N_, gettext
from services.readings import LoadProfile, load_profile_of
from services.scope import Scope

SECOND, DAY = 1_000_000, 86_400_000_000
"""Microseconds, in which the detector counts."""
NO_ENERGY = "no_energy"
SENTENCES: dict[str, str] = {
    NO_ENERGY: N_("{device} is not watched: its readings are not known in kWh."),
    "interval": N_("{device} is not watched: its readings do not tell how long each of them lasts."),
    "short": N_("{device} is not watched yet: its readings are too few to tell what is usual."),
    "nothing": N_("{device} is not watched: it has used nothing so far."),
    "small": N_("{device} is not watched: it uses less than half a kWh a week."),
    "both_ways": N_(
        "{device} is not watched: it reads above and below zero, so that nothing is usual of it. Give "
        "consumption and export a meter each."
    ),
}
"""By the reason, of `ml.detection.watched.Reason` and what else there is."""


@dataclass(frozen=True)
class UnwatchedMeter:
    """A meter with readings of which nothing unusual would be found."""

    device_id: str
    device: str
    """Its name."""
    reason: str
    """Of `SENTENCES`."""

    def __str__(self) -> str:
        """Return the sentence that says so in the language that is shown."""
        return gettext(SENTENCES[self.reason], device=self.device)


def unwatched_meters(scope: Scope) -> list[UnwatchedMeter]:
    """List, by name, the meters whose readings are not watched; rules and silence are another matter."""
    load, facility = load_profile_of(scope), facility_of(scope)
    rows: dict[str, list[int]] = {}
    for row, (device_id, _) in enumerate(load.meters):
        rows.setdefault(str(device_id), []).append(row)
    found = (
        (device, _reason(load, rows[device.id]) if devices.in_kwh(device, facility) else NO_ENERGY)
        for device in devices.list_devices(scope)
        if device.id in rows
    )
    return [UnwatchedMeter(device.id, device.name, reason) for device, reason in found if reason]


def _reason(load: LoadProfile, rows: list[int]) -> str:
    known = load.intervals[rows][load.intervals[rows] > 0]
    interval = int(known.min()) if len(known) else 0
    kwh = load.days.kwh[rows].sum(axis=0)
    (read,) = np.nonzero(load.days.readings[rows].any(axis=0))
    span = int(read[-1] - read[0]) * DAY if len(read) else 0
    above, below = float(np.maximum(kwh, 0).sum()), float(np.maximum(-kwh, 0).sum())
    return watched.reason(interval * SECOND, span, above, below)
