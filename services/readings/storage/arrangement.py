"""A file's readings in the order of the database's index, each once, its words as numbers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from bson import ObjectId

from services import devices
from services.names import find_by_name, name_key
from services.readings.interpretation.same_name import Meter
from services.scope import Scope

WORDS = ["category", "location", "notes"]
Spellings = Mapping[str, Callable[[str], str]]


@dataclass(frozen=True)
class Arrangement:
    """Readings by device and time.

    ``frame`` columns: device (position in ``ids``), date (datetime64[ms], UTC without saying so),
    consumption (kWh), seconds (length of the interval), words (position in ``words``).
    """

    frame: pd.DataFrame
    ids: list[ObjectId]
    words: list[tuple[str, ...]]
    """Distinct (category, location, notes)."""
    repeated: int
    """Rows that were left out: their times are another's but for parts of a millisecond."""

    def parts(self) -> Iterator[tuple[ObjectId, pd.DataFrame]]:
        """The readings of each device."""
        bounds = np.searchsorted(self.frame["device"], np.arange(len(self.ids) + 1))
        for number, device_id in enumerate(self.ids):
            yield device_id, self.frame.iloc[bounds[number] : bounds[number + 1]]


def plan(scope: Scope, frame: pd.DataFrame, meters: Mapping[str, Meter]) -> devices.DeviceMatch:
    """The devices that the readings name, with the numbers that ``meters`` gives; nothing is stored yet."""
    named = frame.drop_duplicates("device")
    numbers = {key: meter.numbers[-1] for key, meter in meters.items() if meter.numbers}
    return devices.match_devices(scope, dict(zip(named["device"], named["category"], strict=True)), numbers)


def stored_spellings(scope: Scope) -> Spellings:
    """Return how categories and locations are spelled: as in the database, else as they were first met."""
    categories = scope.db["categories"].distinct("name", scope.owned())
    locations = scope.db["load_blocks"].distinct("location", scope.owned())
    return {"category": _spelling(categories), "location": _spelling(locations)}


def _spelling(stored: Sequence[str]) -> Callable[[str], str]:
    find = find_by_name((name, name) for name in stored)
    met = {"": ""}
    return lambda name: find(name) or met.setdefault(name_key(name), name)


def arrange(
    frame: pd.DataFrame, known: devices.DeviceMatch, spellings: Spellings | None = None
) -> Arrangement:
    """Bring readings (device, date, consumption, seconds, category, location, notes) into order."""
    ids = sorted(set(known.ids.values()))
    places = {device_id: place for place, device_id in enumerate(ids)}
    named, names = pd.factorize(frame["device"])
    device = np.array([places[known.ids[name]] for name in names], dtype="int32")[named]
    millis = pd.DatetimeIndex(frame["date"]).tz_localize(None).as_unit("ms").to_numpy()
    words, distinct = _words(frame, spellings or {})
    order = np.lexsort((millis, device))
    arranged = pd.DataFrame(
        {
            "device": device[order],
            "date": millis[order],
            "consumption": frame["consumption"].to_numpy("float64")[order],
            "seconds": _seconds(frame)[order],
            "words": words[order],
        }
    )
    again = _same_as_before(arranged["device"]) & _same_as_before(arranged["date"])
    once = arranged[~again] if again.any() else arranged
    return Arrangement(once.reset_index(drop=True), ids, distinct, int(again.sum()))


def _seconds(frame: pd.DataFrame) -> npt.NDArray[np.int32]:
    return frame["seconds"].to_numpy("int32") if "seconds" in frame else np.zeros(len(frame), "int32")


def _words(frame: pd.DataFrame, spellings: Spellings) -> tuple[npt.NDArray[np.int64], list[tuple[str, ...]]]:
    """For each row the position of its words among the distinct ones."""
    found = np.zeros(len(frame), "int64")
    distinct: list[tuple[str, ...]] = [()]
    for column in WORDS:
        codes, names = pd.factorize(frame[column])
        if column in spellings:
            places, names = pd.factorize(names.map(spellings[column]))
            codes = places[codes]
        found, pairs = pd.factorize(found * len(names) + codes)
        distinct = [(*distinct[p // len(names)], str(names[p % len(names)])) for p in map(int, pairs)]
    return found, distinct


def _same_as_before(values: pd.Series) -> npt.NDArray[np.bool_]:
    found = values.to_numpy()
    return np.append(False, found[1:] == found[:-1])
