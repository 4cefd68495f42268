"""Decide how each sheet of a file is read: as remembered, else as inferred, but for what a person said."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
from pydantic import TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel, to_snake

from services.progress import Progress, silent
from services.readings.columns import ColumnMap
from services.readings.deduplicate import combine_sheets
from services.readings.mapping import (
    SheetMapping,
    find_problem,
    infer_mapping,
    layout_fingerprint,
    looks_like_readings,
)
from services.readings.parse_result import Readings
from services.readings.parsing import parse_sheet
from services.readings.units import kind_of, unit_of
from services.scope import Scope
from services.sheets.sources import Sheet, open_sheets
from services.typed import typed


@dataclass(frozen=True)
class SheetPreview:
    """One sheet of a file and how it would be read."""

    sheet: Sheet
    plan: SheetMapping
    remembered: bool
    """Whether somebody said so about a file of the same layout."""


@typed
def preview_sheet(scope: Scope, sheet: Sheet) -> SheetPreview:
    """How a sheet is read unless somebody says otherwise."""
    plan = infer_mapping(sheet, scope.timezone)
    remembered = recall_mapping(scope, layout_fingerprint(sheet, plan), plan)
    return SheetPreview(sheet, remembered or plan, remembered is not None)


@typed
def preview_readings(
    scope: Scope,
    sheets: Sequence[Sheet],
    column_map: ColumnMap | None,
    timezone: str | None,
    day_first: bool | None,
) -> list[SheetPreview]:
    """The sheets that look like readings, with what is said about all of them.

    Raises `MappingRefused` when none does, with what it lacks.
    """
    found = [_with_answers(preview_sheet(scope, sheet), column_map, timezone, day_first) for sheet in sheets]
    alike = [preview for preview in found if looks_like_readings(preview.plan)]
    if not alike and (objection := find_problem(found[0].plan)):
        raise objection
    return alike


def read_file(path: Path, timezone: str) -> Readings:
    """The readings of all sheets of a file that look like such, without a database.

    Raises `FileRefused` and `MappingRefused`.
    """
    sheets = [cache_body(sheet, silent) for sheet in open_sheets(path)]
    found = [(sheet, infer_mapping(sheet, timezone)) for sheet in sheets]
    alike = [(sheet, plan) for sheet, plan in found if looks_like_readings(plan)] or found[:1]
    return combine_sheets([(plan, parse_sheet(sheet, plan)) for sheet, plan in alike])


def cache_body(sheet: Sheet, progress: Progress) -> Sheet:
    """The sheet, which hands out the rows it has read when they are asked for again."""
    kept: dict[int, pd.DataFrame] = {}

    def body(first: int, progress: Progress = progress) -> pd.DataFrame:
        if first not in kept:
            kept.clear()
            kept[first] = sheet.body(first, progress)
        return kept[first]

    return replace(sheet, body=body)


def _with_answers(
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


PLAN = TypeAdapter(SheetMapping)

OF_THE_FILE = ("sheet", "header", "header_rows", "columns", "device_name")
"""Told by each file itself: two files of one layout may be two meters' and begin with other titles."""


@typed
def remember_mapping(scope: Scope, layout: str, plan: SheetMapping) -> None:
    """Keep the plan for files of this layout (`interpretation.layout_of`), in the place of an earlier one."""
    kept = {to_camel(name): value for name, value in PLAN.dump_python(plan, mode="json").items()}
    scope.db["mappings"].update_one(
        scope.owned({"layout": layout}),
        {"$set": {"plan": kept, "updatedAt": datetime.now(UTC)}},
        upsert=True,
    )


@typed
def recall_mapping(scope: Scope, layout: str, decided: SheetMapping) -> SheetMapping | None:
    """The remembered plan as it fits the file about which ``decided`` was decided; None without one.

    What was not known then, or not to an older Loadlens, is as decided now; what a newer one wrote besides
    is left out.
    """
    stored = scope.db["mappings"].find_one(scope.owned({"layout": layout}))
    if stored is None:
        return None
    remembered = {to_snake(name): value for name, value in stored["plan"].items() if value is not None}
    of_file = {name: getattr(decided, name) for name in OF_THE_FILE}
    try:
        return PLAN.validate_python({**asdict(decided), **remembered, **of_file})
    except ValidationError:
        return None


@typed
def forget_mapping(scope: Scope, layout: str) -> None:
    """Decide about files of this layout anew from now on."""
    scope.db["mappings"].delete_one(scope.owned({"layout": layout}))
