"""How the sheets of a file are read: as remembered, else as decided, but for what was said."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import pandas as pd

from services.progress import Progress, silent
from services.readings import mappings
from services.readings.interpretation import (
    ColumnMap,
    Plan,
    Readings,
    complaint,
    decide,
    interpret,
    layout_of,
    looks_like_readings,
    together,
)
from services.readings.interpretation.units import kind_of, unit_of
from services.readings.sources import Sheet, open_sheets
from services.scope import Scope
from services.typed import typed


@dataclass(frozen=True)
class SheetPreview:
    """One sheet of a file and how it would be read."""

    sheet: Sheet
    plan: Plan
    remembered: bool
    """Whether somebody said so about a file of the same layout."""


@typed
def decided(scope: Scope, sheet: Sheet) -> SheetPreview:
    """How a sheet is read unless somebody says otherwise."""
    plan = decide(sheet, scope.timezone)
    remembered = mappings.recall(scope, layout_of(sheet, plan), plan)
    return SheetPreview(sheet, remembered or plan, remembered is not None)


@typed
def plan_unasked(
    scope: Scope,
    sheets: Sequence[Sheet],
    column_map: ColumnMap | None,
    timezone: str | None,
    day_first: bool | None,
) -> list[SheetPreview]:
    """The sheets that look like readings, with what is said about all of them.

    Raises `MappingRefused` when none does, with what it lacks.
    """
    found = [_with(decided(scope, sheet), column_map, timezone, day_first) for sheet in sheets]
    alike = [preview for preview in found if looks_like_readings(preview.plan)]
    if not alike and (objection := complaint(found[0].plan)):
        raise objection
    return alike


def read_file(path: Path, timezone: str) -> Readings:
    """The readings of all sheets of a file that look like such, without a database.

    Raises `FileRefused` and `MappingRefused`.
    """
    sheets = [reading_once(sheet, silent) for sheet in open_sheets(path)]
    found = [(sheet, decide(sheet, timezone)) for sheet in sheets]
    alike = [(sheet, plan) for sheet, plan in found if looks_like_readings(plan)] or found[:1]
    return together([(plan, interpret(sheet, plan)) for sheet, plan in alike])


def reading_once(sheet: Sheet, progress: Progress) -> Sheet:
    """The sheet, which hands out the rows it has read when they are asked for again."""
    kept: dict[int, pd.DataFrame] = {}

    def body(first: int, progress: Progress = progress) -> pd.DataFrame:
        if first not in kept:
            kept.clear()
            kept[first] = sheet.body(first, progress)
        return kept[first]

    return replace(sheet, body=body)


def _with(
    preview: SheetPreview, column_map: ColumnMap | None, timezone: str | None, day_first: bool | None
) -> SheetPreview:
    said = {f: column for f, column in asdict(column_map).items() if column is not None} if column_map else {}
    plan = replace(
        preview.plan,
        map=replace(preview.plan.map, **said),
        timezone=timezone or preview.plan.timezone,
        day_first=preview.plan.day_first if day_first is None else day_first,
    )
    if header := said.get("consumption"):
        plan = replace(
            plan, layout="long", meters=(), kind=kind_of(header) or "energy", unit=unit_of(header) or "kWh"
        )
    return replace(preview, plan=plan)
