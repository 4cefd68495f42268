"""Find which device each meter of a file is: by name, by place or number, or by readings stored already."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain, count

import numpy as np
import numpy.typing as npt
import pandas as pd
from bson import ObjectId

from services.messages import N_, gettext
from services.names import find_by_name, name_key
from services.progress import Progress, silent
from services.readings.meter_names import Meter, with_mark
from services.readings.parse_result import Readings, values_of
from services.readings.storage import conflicts, monthly_blocks
from services.readings.storage.conflicts import Duplicate, MeterUnclear, OnConflict, OnDuplicate
from services.readings.storage.encoding import plan_devices, sort_readings
from services.readings.storage.monthly_blocks import Run
from services.scope import Document, Scope
from services.typed import typed
from services.units import is_energy
from services.utilities import DIRECTIONS, UTILITIES

FindDevice = Callable[[str], Document | None]
"""Gives the device of a name."""


@typed
def identify(
    scope: Scope,
    readings: Readings,
    stem: str,
    on_conflict: OnConflict | None = None,
    on_duplicate: OnDuplicate | None = None,
    progress: Progress = silent,
) -> Readings:
    """Return a file's readings under the names of the devices whose they are; nothing is stored yet.

    A device of the same name is another meter's if its readings are known to be of other places, or its
    number is another. Then the file's meter is looked for, and made, under its name with its place or
    number behind it. Of a meter that is new the readings may be stored under another name: raises
    `MeterUnclear` unless ``on_duplicate`` says what they are. With ``on_conflict`` "new" a meter most of
    whose stored readings are others gets a name with the next free number. ``stem`` is the file's name
    without its suffix. Into a database without devices all is taken as it is, which costs nothing.
    """
    known = dict.fromkeys(("name", "meterNumber", "utility", "direction", "unit"), True)
    found = scope.db["devices"].find(scope.owned(), known).sort("_id")
    there = [(device["name"], device) for device in found]
    if not there or readings.frame.empty:
        return readings
    stored = find_by_name(there)
    readings = _match_by_marks(scope, readings, stored)
    if on_conflict == "new":
        readings = _separate_contradicting(scope, readings, stored)
    new = {str(name) for name in readings.frame["device"].unique() if not stored(name)}
    if on_duplicate == "new" or not new:
        return readings
    duplicates = find_duplicates(scope, readings.frame, new, stem, progress)
    if not duplicates:
        return readings
    if on_duplicate is None:
        raise MeterUnclear(first=duplicates[0], more=len(duplicates) - 1)
    if on_duplicate == "same":
        return _rename_devices(readings, {duplicate.device: duplicate.other for duplicate in duplicates})
    return _without_devices(readings, [duplicate.device for duplicate in duplicates])


def _match_by_marks(scope: Scope, readings: Readings, stored: FindDevice) -> Readings:
    """Return the readings of meters with a place or a number under the names of their devices."""
    names = {name_key(n): str(n) for n in readings.frame["device"].unique()} if readings.meters else {}
    marked = {names[key]: meter for key, meter in readings.meters.items() if key in names}
    possible = {name: _possible_names(name, meter) for name, meter in marked.items()}
    there = (stored(possible_name) for of_meter in possible.values() for possible_name in of_meter)
    places = _places(scope, [device["_id"] for device in there if device])
    renamed: dict[str, str] = {}
    used: set[str] = set()
    for name, meter in marked.items():
        found = ((possible_name, stored(possible_name)) for possible_name in possible[name])
        fitting = (
            str(device["name"])
            for possible_name, device in found
            if device
            and device["name"] not in used
            and _fits(meter, device, places, certainly=bool(meter.split_by) and possible_name == meter.name)
        )
        own = [name] if meter.split_by else []
        free = (
            new for new in chain(own, possible[name], _numbered(name)) if not stored(new) and new not in used
        )
        renamed[name] = next(chain(fitting, free))
        used.add(renamed[name])
    return _rename_devices(readings, renamed)


def _possible_names(name: str, meter: Meter) -> list[str]:
    """Return what a meter's device may be called: its name in the file, alone or with what else is known."""
    measured = [UTILITIES[meter.utility].label] if meter.utility else []
    measured += [DIRECTIONS[meter.direction]] if meter.direction else []
    marks = (*meter.locations, *meter.numbers, *map(gettext, measured))
    return list(dict.fromkeys([meter.name, *(with_mark(meter.name, mark) for mark in marks), name]))


def _fits(meter: Meter, device: Document, places: Mapping[ObjectId, set[str]], *, certainly: bool) -> bool:
    """Return whether nothing contradicts that a device is the meter; ``certainly``: something confirms it."""
    if not _measures_the_same(meter, device):
        return False
    numbers = {name_key(number) for number in meter.numbers}
    number = name_key(device.get("meterNumber") or "")
    if numbers and number:
        return number in numbers
    here, there = {name_key(place) for place in meter.locations}, places.get(device["_id"], set())
    return bool(here & there) or not (certainly or (here and there))


def _measures_the_same(meter: Meter, device: Document) -> bool:
    """Return whether nothing contradicts that a device measures what the meter does."""
    return (
        meter.utility in (None, device["utility"])
        and meter.direction in (None, device["direction"])
        and (meter.unit is None or is_energy(meter.unit) == is_energy(device["unit"]))
    )


def _places(scope: Scope, device_ids: Sequence[ObjectId]) -> dict[ObjectId, set[str]]:
    """Return the keys of the places that each device's readings name."""
    pipeline = [
        {"$match": scope.owned({"deviceId": {"$in": device_ids}})},
        {"$group": {"_id": {"device": "$deviceId", "place": "$location"}}},
    ]
    places: dict[ObjectId, set[str]] = {}
    for found in scope.db["load_blocks"].aggregate(pipeline) if device_ids else ():
        if place := name_key(found["_id"]["place"]):
            places.setdefault(found["_id"]["device"], set()).add(place)
    return places


def _separate_contradicting(scope: Scope, readings: Readings, stored: FindDevice) -> Readings:
    """Return readings that contradict their device's under the first numbered name that they do not."""
    known = plan_devices(scope, readings.frame, readings.meters)
    names = {device_id: name for name, device_id in known.ids.items()}
    renamed = {}
    for device_id, part in sort_readings(readings.frame, known).parts():
        if device_id in known.created.device_ids or not conflicts.contradicts(scope, device_id, part):
            continue
        renamed[names[device_id]] = next(
            name
            for name in _numbered(names[device_id])
            if (device := stored(name)) is None or not conflicts.contradicts(scope, device["_id"], part)
        )
    return _rename_devices(readings, renamed)


def _numbered(name: str) -> Iterator[str]:
    return (with_mark(name, str(number)) for number in count(2))


def _rename_devices(readings: Readings, names: Mapping[str, str]) -> Readings:
    """Return the readings of these devices under other names."""
    changed = {before: after for before, after in names.items() if before != after}
    if not changed:
        return readings
    codes, distinct = pd.factorize(readings.frame["device"])
    frame = readings.frame.assign(
        device=pd.Index([changed.get(n, n) for n in distinct], dtype="str").take(codes)
    )
    keys = {name_key(before): name_key(after) for before, after in changed.items()}
    return replace(
        readings, frame=frame, meters={keys.get(k, k): meter for k, meter in readings.meters.items()}
    )


def _without_devices(readings: Readings, names: Collection[str]) -> Readings:
    """Return the readings of all other devices."""
    left_out = readings.frame["device"].isin(names)
    frame = readings.frame[~left_out].reset_index(drop=True)
    return replace(readings, frame=frame, left_out=int(left_out.sum()))


STAGE = N_("Comparing with stored readings")
COUNTER = re.compile(
    r"(?:\s*\(\d+\)|[\s_-]+\d+|\s+-\s+(?:copy|kopie|copie|copia|c[oó]pia|kopya)(?:\s*\(\d+\))?)$",
    re.IGNORECASE,
)
"""What a browser or a file manager puts behind the name of a second file of one name."""
MONTHS, PROBES, CANDIDATES = 5, 8, 3
"""Months of a meter that are looked into, readings in each, and stored meters compared in full."""
EQUAL = 0.9
"""Share of the readings at the same times that are equal."""
ENOUGH, LEVELS = 12, 6
"""Equal readings, and different values among them: nobody else's meter has so many in common by chance."""
ENOUGH_HINTED, LEVELS_HINTED = 3, 2
"""The same where the file's name says that it is a second one."""

Probes = dict[tuple[int, np.float32], list[str]]


def find_duplicates(
    scope: Scope, frame: pd.DataFrame, names: Collection[str], stem: str, progress: Progress
) -> list[Duplicate]:
    """Return which of the meters ``names``, all new, have the readings of a stored meter.

    ``frame`` (device, date, consumption) has the file's readings, ``stem`` is the file's name without its
    suffix. The value that a meter has most often is no evidence, so that constant series and zeros never
    are. Reads the packed readings of up to five months a meter, and of the likeliest meters in full.
    Raises whatever ``progress`` raises.
    """
    runs = dict(_runs(frame[frame["device"].isin(names)]))
    stored = {d["_id"]: d["name"] for d in scope.db["devices"].find(scope.owned(), {"name": True})}
    found = []
    likely = _find_candidates(scope, runs, progress)
    for done, (name, run) in enumerate(runs.items()):
        progress(STAGE, done, len(runs))
        hinted = _hinted(stored, name, stem)
        some = dict.fromkeys([*hinted, *likely.get(name, ())])
        duplicates = (_compare(scope, name, run, i, stored[i], i in hinted) for i in some if i in stored)
        found += [duplicate for duplicate in duplicates if duplicate][:1]
    return found


def _runs(frame: pd.DataFrame) -> Iterator[tuple[str, Run]]:
    """Yield the readings of each meter, ascending."""
    at = pd.DatetimeIndex(frame["date"]).tz_localize(None).to_numpy("datetime64[ms]").astype("int64")
    kwh = values_of(frame).to_numpy("float64")
    codes, names = pd.factorize(frame["device"])
    order = np.lexsort((at, codes))
    bounds = np.searchsorted(codes[order], np.arange(len(names) + 1))
    for number, name in enumerate(names):
        rows = order[bounds[number] : bounds[number + 1]]
        yield str(name), Run(at[rows], kwh[rows], np.zeros(len(rows), "int64"))


def _find_candidates(scope: Scope, runs: Mapping[str, Run], progress: Progress) -> dict[str, list[ObjectId]]:
    """Return the stored meters that have most of a few readings in common with each meter."""
    probes = _probes(runs)
    votes: dict[str, Counter[ObjectId]] = defaultdict(Counter)
    for done, (month, of_month) in enumerate(probes.items()):
        progress(STAGE, done, len(probes))
        first, after = (datetime.fromisoformat(f"{m}-01").replace(tzinfo=UTC) for m in (month, month + 1))
        times = np.unique([at for at, _ in of_month])
        query = scope.owned({"start": {"$gte": first, "$lt": after}})
        for block in scope.db["load_blocks"].find(query):
            run = monthly_blocks.unpack_block(block)
            for row in np.flatnonzero(np.isin(run.at, times)):
                for name in of_month.get((int(run.at[row]), np.float32(run.kwh[row])), ()):
                    votes[name][block["deviceId"]] += 1
    return {name: [device_id for device_id, _ in of.most_common(CANDIDATES)] for name, of in votes.items()}


def _probes(runs: Mapping[str, Run]) -> dict[np.datetime64, Probes]:
    """Return by month a few characteristic readings of each meter, with the meters that have them."""
    found: dict[np.datetime64, Probes] = defaultdict(lambda: defaultdict(list))
    for name, run in runs.items():
        telling = np.flatnonzero((run.kwh != 0) & (np.diff(run.kwh, prepend=np.nan) != 0))
        month = run.at[telling].astype("datetime64[ms]").astype("datetime64[M]")
        months = np.unique(month)
        for chosen in months[_spread(len(months), MONTHS)]:
            rows = telling[month == chosen]
            for row in rows[_spread(len(rows), PROBES)]:
                found[chosen][int(run.at[row]), np.float32(run.kwh[row])].append(name)
    return found


def _spread(count: int, most: int) -> npt.NDArray[np.int64]:
    """Return positions from the first to the last, evenly."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).astype("int64"))


def _hinted(stored: Mapping[ObjectId, str], name: str, stem: str) -> list[ObjectId]:
    """Return the stored meters whose second file this is, as its name says, which is the meter's."""
    if name_key(name) != name_key(stem) or not COUNTER.search(stem.strip()):
        return []
    before = name_key(COUNTER.sub("", stem.strip()))
    return [i for i, other in stored.items() if before in (key := name_key(other), COUNTER.sub("", key))]


def _compare(
    scope: Scope, name: str, run: Run, device_id: ObjectId, other: str, hinted: bool
) -> Duplicate | None:
    """Return the duplicate, if the readings of the stored meter are these."""
    first, last = (datetime.fromtimestamp(at / 1000, UTC) for at in (run.at[0], run.at[-1]))
    query = {"deviceId": device_id, "start": {"$lte": last}, "end": {"$gte": first}}
    stored = monthly_blocks.merge_runs(
        [monthly_blocks.unpack_block(b) for _, of in monthly_blocks.find_blocks(scope, query) for b in of]
    )
    _, ours, theirs = np.intersect1d(run.at, stored.at, return_indices=True)
    kwh, values = run.kwh[ours], stored.kwh[theirs]
    levels, counts = np.unique(kwh, return_counts=True)
    telling = kwh != levels[counts.argmax()] if len(levels) else kwh != 0
    equal = telling & np.isclose(kwh, values, rtol=1e-9, atol=1e-12)
    enough, different = (ENOUGH_HINTED, LEVELS_HINTED) if hinted else (ENOUGH, LEVELS)
    if equal.sum() < max(enough, EQUAL * telling.sum()) or len(np.unique(kwh[equal])) < different:
        return None
    same = np.isclose(kwh, values, rtol=1e-9, atol=1e-12)
    return Duplicate(name, other, int(same.sum()), len(kwh))
