"""Decide how each sheet of a file is read: as remembered, else as inferred, but for what a person said."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pandas as pd
from pydantic import TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel, to_snake

from services.progress import Progress, silent
from services.readings.columns import ColumnMap
from services.readings.deduplicate import combine_sheets
from services.readings.mapping import (
    Clock,
    SheetMapping,
    find_problem,
    infer_mapping,
    layout_fingerprint,
    looks_like_readings,
)
from services.readings.parse_result import Readings
from services.readings.parsing import parse_sheet
from services.readings.plausibility import find_implausible
from services.readings.units import Kind, Unit, is_demand, kind_of, unit_of
from services.scope import Scope
from services.sheets.sources import Sheet, open_sheets
from services.typed import typed
from services.utilities import Direction, Utility


@dataclass(frozen=True)
class SheetPreview:
    """One sheet of a file and how it would be read."""

    sheet: Sheet
    mapping: SheetMapping
    remembered: bool
    """Whether somebody said so about a file of the same layout."""


@dataclass(frozen=True)
class Answers:
    """What somebody says of all readings of a file that neither a heading nor a cell says; None: nothing."""

    unit: Unit | None = None
    units: Mapping[str, Unit] = field(default_factory=dict)
    """By the heading of a column, of this one alone."""
    utility: Utility | None = None
    direction: Direction | None = None
    kind: Kind | None = None
    interval_minutes: float | None = None
    stamp: Literal["start", "end"] | None = None

    def of(self, mapping: SheetMapping) -> SheetMapping:
        """Return the mapping with these answers."""
        said = {
            name: value
            for name in ("utility", "direction", "interval_minutes", "stamp")
            if (value := getattr(self, name)) is not None
        }
        if self.kind:
            said["kind"] = self.kind
            said["kind_from_numbers"] = False
        if self.units:
            said["units"] = tuple(self.units.items())
        if self.unit:
            said |= {"unit": self.unit, "unit_known": True}
            if is_demand(self.unit):
                said["kind"] = "demand"
        return replace(mapping, **said)


@typed
def preview_sheet(scope: Scope, sheet: Sheet, timezone: str | None = None) -> SheetPreview:
    """Return how a sheet is read unless somebody says otherwise."""
    mapping = infer_mapping(sheet, timezone or scope.timezone)
    remembered = recall_mapping(scope, layout_fingerprint(sheet, mapping), mapping)
    return SheetPreview(sheet, remembered or mapping, remembered is not None)


@typed
def preview_readings(
    scope: Scope,
    sheets: Sequence[Sheet],
    column_map: ColumnMap | None,
    timezone: str | None,
    day_first: bool | None,
    clock: Clock | None = None,
    answers: Answers | None = None,
) -> list[SheetPreview]:
    """Return the sheets that look like readings, with what is said about all of them.

    Raises `MappingRefused` when none does, with what it lacks.
    """
    answers = answers or Answers()
    found = [
        _with_answers(preview_sheet(scope, sheet, timezone), column_map, timezone, day_first, clock, answers)
        for sheet in sheets
    ]
    alike = [preview for preview in found if looks_like_readings(preview.mapping)]
    if not alike and (objection := find_problem(found[0].mapping)):
        raise objection
    return alike


def read_file(path: Path, timezone: str) -> Readings:
    """Return the readings of all sheets of a file that look like such, without a database.

    Those that are not plausible are in ``implausible`` alone.
    Raises `FileRefused` and `MappingRefused`.
    """
    sheets = [cache_body(sheet, silent) for sheet in open_sheets(path)]
    found = [(sheet, infer_mapping(sheet, timezone)) for sheet in sheets]
    alike = [(sheet, mapping) for sheet, mapping in found if looks_like_readings(mapping)] or found[:1]
    read = combine_sheets([(mapping, parse_sheet(sheet, mapping)) for sheet, mapping in alike])
    reasons = find_implausible(read.frame)
    aside = read.frame.loc[reasons.index].assign(reason=reasons)
    return replace(read, frame=read.frame.drop(aside.index), implausible=aside)


def cache_body(sheet: Sheet, progress: Progress) -> Sheet:
    """Return the sheet, which hands out the rows it has read when they are asked for again."""
    kept: dict[int, pd.DataFrame] = {}

    def body(first: int, progress: Progress = progress) -> pd.DataFrame:
        if first not in kept:
            kept.clear()
            kept[first] = sheet.body(first, progress)
        return kept[first]

    return replace(sheet, body=body)


def _with_answers(
    preview: SheetPreview,
    column_map: ColumnMap | None,
    timezone: str | None,
    day_first: bool | None,
    clock: Clock | None,
    answers: Answers,
) -> SheetPreview:
    said = {f: column for f, column in asdict(column_map).items() if column is not None} if column_map else {}
    mapping = replace(
        preview.mapping,
        map=replace(preview.mapping.map, **said),
        timezone=timezone or preview.mapping.timezone,
        day_first=preview.mapping.day_first if day_first is None else day_first,
        clock=clock or preview.mapping.clock,
    )
    if header := said.get("consumption"):
        mapping = replace(
            mapping, layout="long", meters=(), kind=kind_of(header) or "energy", unit=unit_of(header) or "kWh"
        )
    return replace(preview, mapping=answers.of(mapping))


ADAPTER = TypeAdapter(SheetMapping)

OF_THE_FILE = ("sheet", "header", "header_rows", "columns", "device_name", "left_out")
"""Told by each file itself: two files of one layout may be two meters' and begin with other titles."""


@typed
def remember_mapping(scope: Scope, layout: str, mapping: SheetMapping) -> None:
    """Store the mapping for files of this layout (`layout_fingerprint`), in the place of an earlier one."""
    kept = {to_camel(name): value for name, value in ADAPTER.dump_python(mapping, mode="json").items()}
    scope.db["mappings"].update_one(
        scope.owned({"layout": layout}),
        {"$set": {"plan": kept, "updatedAt": datetime.now(UTC)}},
        upsert=True,
    )


@typed
def recall_mapping(scope: Scope, layout: str, decided: SheetMapping) -> SheetMapping | None:
    """Return the stored mapping as it fits the file of the inferred mapping ``decided``; None without one.

    What was not known then, or not to an older Loadlens, is as decided now; what a newer one wrote besides
    is left out.
    """
    stored = scope.db["mappings"].find_one(scope.owned({"layout": layout}))
    if stored is None:
        return None
    remembered = {to_snake(name): value for name, value in stored["plan"].items() if value is not None}
    of_file = {name: getattr(decided, name) for name in OF_THE_FILE}
    try:
        return ADAPTER.validate_python({**asdict(decided), **remembered, **of_file})
    except ValidationError:
        return None


@typed
def forget_mapping(scope: Scope, layout: str) -> None:
    """Decide about files of this layout anew from now on."""
    scope.db["mappings"].delete_one(scope.owned({"layout": layout}))
