"""The main job: a file of meter readings into readings, their days, and alerts about them."""

import time
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

import pandas as pd

from services import accounts, alerts, forecasts, readings
from services.alerts import Alert
from services.progress import Cancelled, Progress, silent
from services.readings import ColumnMap, Readings, Refusal, Table
from services.scope import Scope

PREVIEW_ROWS = 20


@dataclass(frozen=True)
class Preview:
    """A file's table, which columns were recognised, and its first rows as text."""

    table: Table
    column_map: ColumnMap
    rows: list[list[str]]


@dataclass(frozen=True)
class ImportSummary:
    """What became of the rows of a file.

    ``read`` = ``added`` + ``already_there`` + ``changed`` + ``combined`` + the number ``refused``.
    """

    import_id: str
    file: str
    read: int
    added: int
    already_there: int
    changed: int
    combined: int
    """Rows of spring's missing hour, whose energy is in the reading after it."""
    refused: list[Refusal]
    new_devices: list[str]
    new_categories: list[str]
    start: datetime | None
    end: datetime | None
    alerts: list[Alert]
    """The new ones, worst first."""
    seconds: float


def preview(path: Path) -> Preview:
    """Read a file and recognise its columns. Raises `readings.FileRefused`."""
    table = readings.open_table(path)
    cells = table.frame.head(PREVIEW_ROWS).astype("object")
    rows = cells.where(cells.notna(), "").astype("str").to_numpy().tolist()
    return Preview(table, readings.map_columns(table.columns), rows)


def import_file(
    scope: Scope,
    path: Path,
    column_map: ColumnMap | None = None,
    timezone: str | None = None,
    progress: Progress = silent,
) -> ImportSummary:
    """Import a file whole or not at all; then fill in forecasts' actual values and evaluate alerts.

    ``column_map`` overrides what is recognised, field by field; an empty name says that there is no such
    column. ``timezone`` (IANA name) is that of the file's wall-clock times, the facility's unless given;
    the first import's becomes the facility's.
    Raises `readings.FileRefused` and `readings.MappingRefused`, and whatever ``progress`` raises.
    """
    began = time.monotonic()
    progress("Reading the file", 0, 1)
    table = readings.open_table(path)
    recognised = readings.map_columns(table.columns)
    chosen = replace(recognised, **_said(column_map)) if column_map else recognised
    progress("Checking the rows", 0, 1)
    found = readings.validate(table, chosen, timezone or scope.timezone)
    if timezone and timezone != scope.timezone and readings.span(scope) is None:
        scope = accounts.set_timezone(scope, timezone)
    stored = readings.store(scope, found, path.name, progress)
    with suppress(Cancelled):  # too late: the readings are stored, and their alerts belong to them
        progress("Looking for alerts", 0, 1)
    forecasts.fill_actuals(scope)
    new_alerts = alerts.evaluate(scope, stored.device_ids) if stored.added or stored.changed else []
    start, end = _extent(found)
    return ImportSummary(
        import_id=stored.import_id,
        file=path.name,
        read=found.rows_read,
        added=stored.added,
        already_there=stored.already_there + found.repeated,
        changed=stored.changed,
        combined=found.combined,
        refused=found.refused,
        new_devices=stored.new_devices,
        new_categories=stored.new_categories,
        start=start,
        end=end,
        alerts=new_alerts,
        seconds=time.monotonic() - began,
    )


def _said(column_map: ColumnMap) -> dict[str, str]:
    return {field: column for field, column in asdict(column_map).items() if column is not None}


def _extent(found: Readings) -> tuple[datetime | None, datetime | None]:
    dates: pd.Series = found.frame["date"]
    if dates.empty:
        return None, None
    return dates.min().to_pydatetime(), dates.max().to_pydatetime()
