"""Readings into the database: all of a file, or nothing of it."""

import logging
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

import pandas as pd
from bson import ObjectId

from services import devices
from services.database.deployment import journaled
from services.database.errors import is_disconnect, retry_on_disconnect
from services.progress import Progress
from services.readings.parse_result import Readings, values_of
from services.readings.storage import bulk_insert, conflicts, history, implausible, monthly_blocks
from services.readings.storage.bulk_insert import insert_readings
from services.readings.storage.conflicts import OnConflict
from services.readings.storage.encoding import (
    Encoder,
    IdRange,
    SortedReadings,
    plan_devices,
    sort_readings,
    stored_spellings,
)
from services.readings.storage.rollback import roll_back
from services.scope import Scope
from services.typed import typed

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Stored:
    """What became of a file's readings, and what they made known that was not."""

    import_id: str
    device_ids: list[str]
    """The devices with readings that were added or changed."""
    added: int
    already_there: int
    changed: int
    kept: int
    """Readings with another value than the file's, which they were to keep."""
    new_devices: list[str]
    new_categories: list[str]
    alone: dict[str, str]
    """Ids by name of the devices whose only readings are these."""


@typed
def store(
    scope: Scope,
    readings: Readings,
    file: str,
    progress: Progress,
    on_conflict: OnConflict | None = None,
) -> Stored:
    """Add the readings that are new, and replace or keep the values that differ; with the daily rollup.

    Unless ``on_conflict`` says what becomes of them, other values replace the stored ones of a device if
    they are few or close enough to be corrections; else raises `MeterUnclear`. Unknown devices and
    categories are made. On any error, and when ``progress`` raises `Cancelled`, everything is taken back
    before the error goes on; without a connection `recover` does it later.
    """
    import_id = ObjectId()
    with history.own_import(import_id):
        try:
            history.begin(scope, import_id, file)
            with journaled(scope.db):
                stored = _store(scope, readings, import_id, on_conflict, progress)
            counts = {
                "rows": readings.rows_read,
                "added": stored.added,
                "alreadyThere": stored.already_there + readings.repeated,
                "changed": stored.changed,
                "kept": stored.kept,
                "refused": len(readings.refused),
            }
            retry_on_disconnect(history.finish, scope, import_id, counts, progress=progress)
        except BaseException:
            _roll_back_or_defer(scope, import_id, progress)
            raise
    return stored


def _roll_back_or_defer(scope: Scope, import_id: ObjectId, progress: Progress) -> None:
    try:
        roll_back(scope, import_id, progress)
    except Exception as error:
        if not is_disconnect(error):
            raise
        log.warning("import %s is taken back when there is a connection", import_id)


def _store(
    scope: Scope, readings: Readings, import_id: ObjectId, on_conflict: OnConflict | None, progress: Progress
) -> Stored:
    frame, keep = readings.frame, on_conflict == "keep"
    if frame.empty:
        _note_implausible(scope, readings, import_id)
        return Stored(str(import_id), [], 0, 0, 0, 0, [], [], {})
    retry = partial(retry_on_disconnect, progress=progress)
    known = plan_devices(scope, frame, readings.meters)
    arranged = sort_readings(frame, known, stored_spellings(scope))
    new_devices = set(known.created.device_ids)
    before = retry(conflicts.values_before, scope, arranged, new_devices)
    if on_conflict is None:
        conflicts.check_contradictions(scope, arranged, before)
    start, end = (moment.to_pydatetime() for moment in (frame["date"].min(), frame["date"].max()))
    ids = IdRange.new()
    retry(history.note_extent, scope, import_id, known.created, arranged.ids, ids.nth(0), start, end)
    retry(devices.create_new_devices, scope, known)
    new = _part(arranged, before.isna())
    differing = _part(arranged, before.notna() & (before != values_of(arranged.frame)))
    if not keep:
        conflicts.replace_values(scope, differing, import_id, progress)
    raced = _insert(scope, new, Encoder(scope, new, import_id, ids), new_devices, progress)
    touched = _touched_devices(new) | (set() if keep else _touched_devices(differing))
    # Another program may have met the new devices: what both have stored is summed by the server.
    shared = set(retry(history.touched_by_others, scope, import_id, new_devices))
    retry(monthly_blocks.refresh_blocks, scope, [*(touched - new_devices), *shared], start, end)
    retry(_note_implausible, scope, readings, import_id)
    different = len(differing.frame)
    return Stored(
        str(import_id),
        [str(device_id) for device_id in arranged.ids if device_id in touched],
        added=len(new.frame) - raced,
        already_there=len(arranged.frame) + arranged.repeated - len(new.frame) - different + raced,
        changed=0 if keep else different,
        kept=different if keep else 0,
        new_devices=known.new_devices,
        new_categories=known.new_categories,
        alone={n: str(i) for n, i in known.ids.items() if i in new_devices and i not in shared},
    )


def _note_implausible(scope: Scope, readings: Readings, import_id: ObjectId) -> None:
    """Store what was set aside of devices that are there; a device of nothing else is not made."""
    if readings.implausible is not None:
        known = plan_devices(scope, readings.implausible, readings.meters)
        there = {name: i for name, i in known.ids.items() if i not in set(known.created.device_ids)}
        implausible.note_implausible(scope, readings.implausible, there, import_id)


def _insert(
    scope: Scope,
    new: SortedReadings,
    encoder: Encoder,
    new_devices: Collection[ObjectId],
    progress: Progress,
) -> int:
    """Insert readings and sum those of new devices; how many another program stored at the same moment."""
    retry = partial(retry_on_disconnect, progress=progress)
    incoming = retry(bulk_insert.create_incoming, scope, encoder.import_id, len(new.frame))
    target = scope.db["consumption_data"] if incoming is None else incoming
    raced = insert_readings(target, len(new.frame), encoder, progress)
    progress("Summing days", 0, 1)
    with ThreadPoolExecutor(1) as executor:
        indexed = (
            None
            if incoming is None
            else executor.submit(retry_on_disconnect, bulk_insert.index_incoming, incoming)
        )
        retry(monthly_blocks.add_blocks, scope, new, new_devices)
    if indexed is None:
        return raced
    indexed.result()
    return retry(bulk_insert.publish_incoming, scope, encoder.import_id, encoder.ids, len(new.frame))


def _part(arranged: SortedReadings, wanted: pd.Series) -> SortedReadings:
    return arranged if wanted.all() else replace(arranged, frame=arranged.frame[wanted])


def _touched_devices(arranged: SortedReadings) -> set[ObjectId]:
    return {arranged.ids[number] for number in arranged.frame["device"].unique()}
