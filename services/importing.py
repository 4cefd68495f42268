"""The main job: a file of meter readings into readings, their days, and alerts about them."""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
from bson import ObjectId
from pymongo.database import Database
from pymongo.errors import PyMongoError

from services import accounts, alerts, devices, forecasts, readings
from services.alerts import Alert, Events
from services.database.errors import is_disconnect, retry_on_disconnect
from services.database.locks import shared_lock
from services.errors import LoadlensError
from services.file_names import as_text
from services.messages import N_, formats, gettext, ngettext
from services.names import name_key
from services.progress import Cancelled, Progress, silent
from services.readings import (
    Clock,
    ColumnMap,
    Meter,
    MeterQuality,
    OnConflict,
    OnDuplicate,
    Readings,
    Refusal,
    Sheet,
    SheetMapping,
    SheetPreview,
    Stored,
    assess_quality,
    cache_body,
    combine_sheets,
    preview_readings,
    preview_sheet,
)
from services.scope import Document, Scope
from services.typed import typed
from services.utilities import DIRECTIONS, UTILITIES, Direction, Utility

__all__ = [
    "ImplausibleRow",
    "ImportSummary",
    "SheetPreview",
    "decide_implausible",
    "describe_meters",
    "import_file",
    "imported_meters",
    "preview",
    "recover",
    "undo_import",
]


@dataclass(frozen=True)
class ImplausibleRow:
    """A row of a file whose reading is not plausible and was set aside."""

    row: int
    device: str
    start: datetime
    """UTC."""
    consumption: float | None
    """kWh; None of what is no energy."""
    reason: str


@dataclass(frozen=True)
class ImportedMeter:
    """What a file holds of one meter."""

    device: str
    utility: Utility
    direction: Direction
    unit: str
    total: float
    """In ``unit``."""
    kwh: float | None
    """None of what is no energy."""
    readings: int
    start: datetime
    end: datetime
    """When the last interval ends."""
    interval_minutes: float


@dataclass(frozen=True)
class ImportSummary:
    """What became of the rows of a file.

    ``read`` = ``added`` + ``already_there`` + ``changed`` + ``kept`` + ``combined`` + ``left_out`` + the
    numbers ``refused`` and ``implausible``.
    """

    import_id: str
    file: str
    read: int
    added: int
    already_there: int
    changed: int
    kept: int
    """Readings with another value than the file's, which they were to keep."""
    combined: int
    """Rows of spring's missing hour, whose energy is in the reading after it."""
    left_out: int
    """Readings that are stored under another name, and were not to be imported."""
    refused: list[Refusal]
    new_devices: list[str]
    new_categories: list[str]
    start: datetime | None
    end: datetime | None
    meters: list[ImportedMeter]
    """By their order in the file."""
    columns_left: list[readings.LeftOut]
    """What the file holds besides that is no reading."""
    alerts: list[Alert]
    """The new ones, worst first."""
    quality: list[MeterQuality]
    implausible: list[ImplausibleRow]
    """Readings that are not plausible and were set aside, in the order of the file."""
    utc_offset_minutes: int | None
    """That of the clock by which the times were read, where it was not changed in spring and autumn."""
    seconds: float


class NothingAdded(LoadlensError):
    """A file whose rows were all refused."""


def nothing_added(summary: ImportSummary) -> NothingAdded | None:
    """Return why a file adds nothing, None where it adds something or what it says is there already."""
    done = (summary.added, summary.changed, summary.already_there, summary.kept, summary.left_out)
    if any(done):
        return None
    if summary.implausible:
        return NothingAdded(
            "{file} adds nothing: its {count} readings are not plausible. Row {row}: {reason} "
            "With --implausible keep they are taken.",
            file=summary.file,
            count=len(summary.implausible),
            row=summary.implausible[0].row,
            reason=summary.implausible[0].reason,
        )
    if not summary.refused:
        return NothingAdded("{file} has no readings.", file=summary.file)
    first = summary.refused[0]
    return NothingAdded(
        "{file} adds nothing: all {count} rows are refused. Row {row}, {column} “{value}”: {reason}",
        file=summary.file,
        count=len(summary.refused),
        row=first.row,
        column=first.column,
        value=first.value,
        reason=first.reason,
    )


@typed
def preview(scope: Scope, path: Path, progress: Progress = silent) -> list[SheetPreview]:
    """Open a file and decide how each of its sheets is read. Raises `readings.FileRefused`."""
    return [preview_sheet(scope, sheet) for sheet in readings.open_sheets(path, progress)]


@typed
def import_file(
    scope: Scope,
    path: Path,
    column_map: ColumnMap | None = None,
    timezone: str | None = None,
    progress: Progress = silent,
    *,
    day_first: bool | None = None,
    clock: Clock | None = None,
    keep_implausible: bool = False,
    mappings: Sequence[SheetMapping] | None = None,
    on_conflict: OnConflict | None = None,
    on_duplicate: OnDuplicate | None = None,
    calorific_value: float | None = None,
    answers: readings.Answers | None = None,
) -> ImportSummary:
    """Import a file whole or not at all; then fill in forecasts' actual values and evaluate alerts.

    ``mappings`` says which sheets are read and how, which is remembered for files of the same layout. Without
    it all sheets that look like readings are read as remembered or decided, but for what ``column_map``
    says of some fields (an empty name: there is no such column), ``timezone`` (IANA name) of the clock
    they were written by, ``day_first`` of the order of day and month, ``clock`` of whether it is set forward
    in spring (local) or keeps standard time (else their readings tell), and ``answers`` of what they measure.
    The first import's time zone becomes the facility's.
    Corrections replace what is stored. ``on_conflict`` says what becomes of readings most of which are
    others than the stored ones of their meter, ``on_duplicate`` of such as are stored under another name:
    ``keep_implausible`` takes readings that are not plausible as all others, which else are set aside.
    without it they are asked about, by raising `readings.MeterUnclear` with nothing stored.
    ``calorific_value`` (MJ/m³) is that of the gas from the file's first day on, and kept for later files.
    Raises `readings.FileRefused` and `readings.MappingRefused`, and whatever ``progress`` raises.
    """
    began = time.monotonic()
    recover(scope.db)
    unasked = partial(
        preview_readings,
        scope,
        column_map=column_map,
        timezone=timezone,
        day_first=day_first,
        clock=clock,
        answers=answers,
    )
    found, planned = _read(path, progress, unasked, mappings)
    left_out = _left_out(planned)
    zone = planned[0][1].timezone
    if zone != scope.timezone and readings.span(scope) is None:
        scope = accounts.set_timezone(scope, zone)
    if calorific_value is not None:
        _keep_calorific_value(scope, found, calorific_value)
    found = readings.fill_kwh(scope, found)
    found = readings.identify(scope, found, path.stem, on_conflict, on_duplicate, progress)
    if not keep_implausible:
        found = readings.set_implausible_aside(scope, found)
    with ThreadPoolExecutor(1) as executor, alerts.prefetch(scope, found.frame) as prefetched:
        checked = executor.submit(assess_quality, found.frame)
        with shared_lock(scope.db, progress, scope.user_id):
            stored = readings.store(scope, found, as_text(path.name), progress, on_conflict)
        report = partial(_report, progress)
        if mappings is not None:
            retry_on_disconnect(_remember_mappings, scope, planned, progress=report)
        report(N_("Looking for alerts"), 0, 1)
        events = _prefetched_events(prefetched, stored.alone)
    new_alerts = _alerts_of(scope, stored, events, report)
    start, end = _extent(found)
    return ImportSummary(
        import_id=stored.import_id,
        file=as_text(path.name),
        read=found.rows_read,
        added=stored.added,
        already_there=stored.already_there + found.repeated,
        changed=stored.changed,
        kept=stored.kept,
        combined=found.combined,
        left_out=found.left_out,
        refused=found.refused,
        new_devices=stored.new_devices,
        new_categories=stored.new_categories,
        start=start,
        end=end,
        meters=imported_meters(found),
        columns_left=[*left_out, *found.columns_left],
        alerts=new_alerts,
        quality=checked.result(),
        implausible=_implausible_rows(found),
        utc_offset_minutes=found.utc_offset_minutes,
        seconds=time.monotonic() - began,
    )


@typed
def decide_implausible(scope: Scope, reading_ids: Sequence[str], keep: bool) -> None:
    """Count readings that were set aside as all others, or leave them out again; then evaluate alerts."""
    device_ids = readings.set_implausible_state(scope, reading_ids, "kept" if keep else "left out")
    if device_ids:
        forecasts.fill_actuals(scope)
        alerts.evaluate(scope, device_ids)


@typed
def undo_import(scope: Scope, import_id: str, progress: Progress = silent) -> None:
    """Take an import back, and the alerts and accuracies that rested on it.

    Raises `readings.ImportRefused` when a later import has replaced values of this one.
    """
    with shared_lock(scope.db, progress, scope.user_id):
        device_ids = readings.undo(scope, import_id, progress)
    forecasts.forget_import(scope, import_id)
    forecasts.fill_actuals(scope)
    alerts.evaluate(scope, device_ids)
    readings.finalize_import(scope, import_id)


def recover(db: Database[Document]) -> None:
    """Mend what this machine's programs left half-done when they died, or lost the connection for long."""
    readings.recover(db)
    devices.finish_deletions(db)
    for scope, import_id, device_ids in readings.imports_without_alerts(db):
        alerts.evaluate(scope, device_ids)
        readings.finalize_import(scope, import_id)


def _report(progress: Progress, stage: str, done: int, total: int) -> None:
    with suppress(Cancelled):  # too late: the readings are stored, and their alerts belong to them
        progress(stage, done, total)


def _prefetched_events(prefetched: Callable[[Mapping[str, str]], Events], alone: Mapping[str, str]) -> Events:
    """Return the events found meanwhile; none without a connection, so that `_alerts_of` finds them."""
    try:
        return prefetched(alone)
    except PyMongoError as error:
        if not is_disconnect(error):
            raise
        return {}


def _alerts_of(scope: Scope, stored: Stored, events: Events, progress: Progress) -> list[Alert]:
    """Return the new alerts of what is stored now; none without a connection: then `recover` looks later."""

    def evaluate() -> list[Alert]:
        forecasts.fill_actuals(scope)
        found = alerts.evaluate(scope, stored.device_ids, events)
        readings.finalize_import(scope, stored.import_id)
        return found

    try:
        with readings.own_import(ObjectId(stored.import_id)):
            return retry_on_disconnect(evaluate, progress=progress)
    except PyMongoError as error:
        if not is_disconnect(error):
            raise
        return []


def _read(
    path: Path,
    progress: Progress,
    unasked: Callable[[Sequence[Sheet]], list[SheetPreview]],
    mappings: Sequence[SheetMapping] | None,
) -> tuple[Readings, list[tuple[Sheet, SheetMapping]]]:
    """Return the readings of all sheets that are read, and how each of these is read."""
    progress("Reading the file", 0, 1)
    sheets = [cache_body(sheet, progress) for sheet in readings.open_sheets(path, progress, counted=False)]
    if mappings is None:
        planned = [(preview.sheet, preview.mapping) for preview in unasked(sheets)]
    else:
        planned = [
            (sheet, mapping) for mapping in mappings for sheet in sheets if sheet.name == mapping.sheet
        ]
    found = [(mapping, readings.parse_sheet(sheet, mapping, progress)) for sheet, mapping in planned]
    return combine_sheets(found), planned


def _keep_calorific_value(scope: Scope, found: Readings, mj_per_m3: float) -> None:
    start, _ = _extent(found)
    if start is not None:
        day = start.astimezone(ZoneInfo(scope.timezone)).date()
        readings.set_calorific_value(scope, day, mj_per_m3)


def _remember_mappings(scope: Scope, planned: Sequence[tuple[Sheet, SheetMapping]]) -> None:
    for sheet, mapping in planned:
        readings.remember_mapping(scope, readings.layout_fingerprint(sheet, mapping), mapping)


def _implausible_rows(found: Readings) -> list[ImplausibleRow]:
    if found.implausible is None:
        return []
    return [
        ImplausibleRow(
            row["row"],
            row["device"],
            row["date"].to_pydatetime(),
            None if pd.isna(row["consumption"]) else row["consumption"],
            gettext(readings.REASONS[row["reason"]]),
        )
        for row in found.implausible.to_dict("records")
    ]


def _left_out(planned: Sequence[tuple[Sheet, SheetMapping]]) -> list[readings.LeftOut]:
    """Return the columns that are not read, and the parts that the file's format says are no readings."""
    columns = [part for _, mapping in planned for part in readings.columns_left(mapping)]
    parts = [
        readings.LeftOut(sheet.name, part.name, part.why) for sheet, _ in planned for part in sheet.left_out
    ]
    return [*columns, *parts]


def imported_meters(found: Readings) -> list[ImportedMeter]:
    """Return what readings hold of each meter, in the order of the file."""
    frame = found.frame
    if frame.empty:
        return []
    amount = frame["consumption"]
    if "quantity" in frame:
        amount = frame["quantity"].fillna(amount)
    ends = frame["date"] + pd.to_timedelta(frame["seconds"], unit="s")
    named = pd.DataFrame(
        {"device": frame["device"], "kwh": frame["consumption"], "total": amount, "start": frame["date"],
         "end": ends, "seconds": frame["seconds"]}
    ).groupby("device", sort=False)  # fmt: skip
    sums = named.agg(
        kwh=("kwh", lambda kwh: kwh.sum(min_count=1)),
        total=("total", "sum"),
        count=("total", "size"),
        start=("start", "min"),
        end=("end", "max"),
        seconds=("seconds", "median"),
    )
    meters = []
    for device, of_meter in sums.to_dict("index").items():
        meter = found.meters.get(name_key(str(device)), Meter(str(device)))
        meters.append(
            ImportedMeter(
                device=str(device),
                utility=meter.utility or "electricity",
                direction=meter.direction or "consumption",
                unit=meter.unit or "kWh",
                total=float(of_meter["total"]),
                kwh=None if pd.isna(of_meter["kwh"]) else float(of_meter["kwh"]),
                readings=int(of_meter["count"]),
                start=of_meter["start"].to_pydatetime(),
                end=of_meter["end"].to_pydatetime(),
                interval_minutes=float(of_meter["seconds"]) / 60,
            )
        )
    return meters


LEFT_OUT_NAMED = 6


def describe_meters(meters: Sequence[ImportedMeter], left_out: Sequence[readings.LeftOut]) -> list[str]:
    """Say what was taken of each utility, direction and unit, and what was left out, a sentence each."""
    kinds: dict[tuple[Utility, Direction, str], list[ImportedMeter]] = {}
    for meter in meters:
        kinds.setdefault((meter.utility, meter.direction, meter.unit), []).append(meter)
    sentences = [
        ngettext(
            "{utility}, {direction}: {total} {unit}, one meter.",
            "{utility}, {direction}: {total} {unit}, {count} meters.",
            len(of_kind),
            utility=gettext(UTILITIES[utility].label),
            direction=gettext(DIRECTIONS[direction]).lower(),
            total=formats().number(sum(meter.total for meter in of_kind), 1),
            unit=unit,
        )
        for (utility, direction, unit), of_kind in kinds.items()
    ]
    named = [
        gettext("{column} ({why})", column=part.column, why=part.why.rstrip("."))
        for part in left_out[:LEFT_OUT_NAMED]
    ]
    if more := len(left_out) - len(named):
        named.append(gettext("and {count} more", count=more))
    if named:
        sentences.append(gettext("Left out: {columns}.", columns=", ".join(named)))
    return sentences


def _extent(found: Readings) -> tuple[datetime | None, datetime | None]:
    dates: pd.Series = found.frame["date"]
    if dates.empty:
        return None, None
    return dates.min().to_pydatetime(), dates.max().to_pydatetime()
