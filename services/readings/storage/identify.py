"""Which device each meter of a file is: by its name, and by its place or number where the file gives one."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, count

import pandas as pd
from bson import ObjectId

from services.names import find_by_name, name_key
from services.progress import Progress, silent
from services.readings.interpretation.outcome import Readings
from services.readings.interpretation.same_name import Meter, with_mark
from services.readings.storage import conflicts
from services.readings.storage.arrangement import arrange, plan
from services.readings.storage.duplicates import find_duplicates
from services.readings.storage.unclear import MeterUnclear, OnConflict, OnDuplicate
from services.scope import Document, Scope
from services.typed import typed

Stored = Callable[[str], Document | None]
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
    found = scope.db["devices"].find(scope.owned(), {"name": True, "meterNumber": True}).sort("_id")
    there = [(device["name"], device) for device in found]
    if not there or readings.frame.empty:
        return readings
    stored = find_by_name(there)
    readings = _by_marks(scope, readings, stored)
    if on_conflict == "new":
        readings = _apart_from_stored(scope, readings, stored)
    new = {str(name) for name in readings.frame["device"].unique() if not stored(name)}
    if on_duplicate == "new" or not new:
        return readings
    duplicates = find_duplicates(scope, readings.frame, new, stem, progress)
    if not duplicates:
        return readings
    if on_duplicate is None:
        raise MeterUnclear(duplicates[0], len(duplicates) - 1)
    if on_duplicate == "same":
        return _renamed(readings, {duplicate.device: duplicate.other for duplicate in duplicates})
    return _without(readings, [duplicate.device for duplicate in duplicates])


def _by_marks(scope: Scope, readings: Readings, stored: Stored) -> Readings:
    """The readings of meters with a place or a number under the names of their devices."""
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
    return _renamed(readings, renamed)


def _possible_names(name: str, meter: Meter) -> list[str]:
    """What the device of a meter may be called: the name in the file alone, or with a place or number."""
    marks = (*meter.locations, *meter.numbers)
    return list(dict.fromkeys([meter.name, *(with_mark(meter.name, mark) for mark in marks), name]))


def _fits(meter: Meter, device: Document, places: Mapping[ObjectId, set[str]], *, certainly: bool) -> bool:
    """Whether nothing says that a device is another meter; ``certainly``: something says that it is this."""
    numbers = {name_key(number) for number in meter.numbers}
    number = name_key(device.get("meterNumber") or "")
    if numbers and number:
        return number in numbers
    here, there = {name_key(place) for place in meter.locations}, places.get(device["_id"], set())
    return bool(here & there) or not (certainly or (here and there))


def _places(scope: Scope, device_ids: Sequence[ObjectId]) -> dict[ObjectId, set[str]]:
    """The keys of the places that each device's readings name."""
    pipeline = [
        {"$match": scope.owned({"deviceId": {"$in": device_ids}})},
        {"$group": {"_id": {"device": "$deviceId", "place": "$location"}}},
    ]
    places: dict[ObjectId, set[str]] = {}
    for found in scope.db["load_blocks"].aggregate(pipeline) if device_ids else ():
        if place := name_key(found["_id"]["place"]):
            places.setdefault(found["_id"]["device"], set()).add(place)
    return places


def _apart_from_stored(scope: Scope, readings: Readings, stored: Stored) -> Readings:
    """The readings that contradict those of their device under the first numbered name that they do not."""
    known = plan(scope, readings.frame, readings.meters)
    names = {device_id: name for name, device_id in known.ids.items()}
    renamed = {}
    for device_id, part in arrange(readings.frame, known).parts():
        if device_id in known.created.device_ids or not conflicts.contradicts(scope, device_id, part):
            continue
        renamed[names[device_id]] = next(
            name
            for name in _numbered(names[device_id])
            if (device := stored(name)) is None or not conflicts.contradicts(scope, device["_id"], part)
        )
    return _renamed(readings, renamed)


def _numbered(name: str) -> Iterator[str]:
    return (with_mark(name, str(number)) for number in count(2))


def _renamed(readings: Readings, names: Mapping[str, str]) -> Readings:
    """The readings of these devices under other names."""
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


def _without(readings: Readings, names: Collection[str]) -> Readings:
    """The readings of all other devices."""
    left_out = readings.frame["device"].isin(names)
    frame = readings.frame[~left_out].reset_index(drop=True)
    return replace(readings, frame=frame, left_out=int(left_out.sum()))
