"""What each reading of a table measures: by its cells, its heading, and what somebody said of the sheet."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from services.messages import N_, gettext
from services.readings.mapping import MappingRefused, SheetMapping
from services.readings.measures import NOTHING, Measure, is_volume, measure_of, merge, stored_unit
from services.readings.meter_names import with_mark
from services.readings.parse_result import LeftOut
from services.readings.units import Kind, is_demand, kind_of, meter_name, unit_of
from services.sheets import cells, words
from services.sheets.words import plain
from services.units import UNITS
from services.utilities import UTILITIES, Direction, Utility

Codes = npt.NDArray[np.int64]

ASKS_UNIT = N_(
    "Nothing says in which unit “{name}” is, and {utility} is counted in several. Say it with --unit, such "
    "as --unit {example}, or --unit “{name}={example}” for this one alone."
)
ASKS_ANY_UNIT = N_(
    "Nothing says in which unit “{name}” is, nor what it measures. Say it with --unit, such as --unit kWh."
)
ASKS_UTILITY = N_(
    "Nothing says of what “{name}” ({unit}) is a volume. Say it with --utility: gas, water, steam or fuel."
)


@dataclass(frozen=True)
class Quantity:
    """What readings measure, everything decided."""

    utility: Utility
    direction: Direction
    unit: str
    """In which the file says it."""
    kind: Kind
    label: str
    """What the file calls it, for names and sentences."""
    is_default: bool
    """Whether it is electricity taken, which needs no word."""

    @property
    def factor(self) -> float:
        """By which a number is multiplied: to kWh or kW, or to be in the same unit where it is no energy."""
        return 1.0 if is_volume(self.unit) else UNITS[self.unit].factor


class MeasureCodes:
    """The different measures of a table's readings, and which each reading has."""

    def __init__(self, mapping: SheetMapping, table: pd.DataFrame) -> None:
        self._mapping = mapping
        self.rows, self._in_rows = _of_rows(table, mapping)
        self._columns = _columns(mapping)

    def codes(self, row: Codes | None, column: Codes | None, count: int) -> Codes:
        """Return the measure of each reading, by its position among rows and columns."""
        of_row = (
            np.zeros(count, "int64") if self.rows is None else self.rows if row is None else self.rows[row]
        )
        of_column = np.zeros(count, "int64") if column is None or len(self._columns) < 2 else column
        return of_row * len(self._columns) + of_column

    def quantity(self, code: int) -> "Quantity | LeftOut":
        """Return what a measure is. Raises `MappingRefused` where nobody says it."""
        row, column = divmod(code, len(self._columns))
        said, label = self._in_rows[row] if self._in_rows else (NOTHING, "")
        heading = self._columns[column]
        return decide(self._mapping, said, heading, label)

    def is_volume_of_unknown(self, code: int) -> bool:
        """Return whether nobody says of what a measure is a volume."""
        said = self._in_rows[code // len(self._columns)][0] if self._in_rows else NOTHING
        return is_volume(said.unit) and said.utility is None

    def label(self, code: int) -> str:
        """Return what the file calls a measure."""
        row, column = divmod(code, len(self._columns))
        return (self._in_rows[row][1] if self._in_rows else "") or self._columns[column]


def _columns(mapping: SheetMapping) -> tuple[str, ...]:
    """Return the headings that say what readings are; those of hours say nothing but the time."""
    return mapping.meters if mapping.layout == "wide" else (mapping.map.consumption or "",)


def _of_rows(table: pd.DataFrame, mapping: SheetMapping) -> tuple[Codes | None, list[tuple[Measure, str]]]:
    names = [name for name in mapping.beside.measures if name in table.columns]
    device = mapping.map.device
    parts: list[tuple[np.ndarray, list[Measure], list[str]]] = []
    for name in names:
        codes, distinct = pd.factorize(cells.text(table[name]))
        texts = [str(text) for text in distinct]
        parts.append((codes, [measure_of(text) for text in texts], texts))
    if device and device in table.columns:
        codes, distinct = pd.factorize(cells.text(table[device]))
        named = [_of_name(str(text)) for text in distinct]
        if any(one != NOTHING for one in named):
            parts.append((codes, named, [""] * len(distinct)))
    if not parts:
        return None, []
    keys, measures, labels = parts[0]
    for codes, others, texts in parts[1:]:
        pairs, found = pd.factorize(keys.astype("int64") * len(others) + codes)
        both = [divmod(int(pair), len(others)) for pair in found]
        measures, labels = (
            [measures[one].filled(others[two]) for one, two in both],
            [" ".join(filter(None, (labels[one], texts[two]))) for one, two in both],
        )
        keys = pairs
    return keys.astype("int64"), list(zip(measures, labels, strict=True))


def _of_name(name: str) -> Measure:
    """Return what the name of a meter says of it: gas, feed-in."""
    found = measure_of(name)
    direction = found.direction if found.direction != "consumption" else None
    return Measure(found.utility if found.utility != "electricity" else None, direction)


def decide(mapping: SheetMapping, cell: Measure, heading: str, label: str = "") -> "Quantity | LeftOut":
    """Return what readings below a heading with such cells in their row are."""
    said = merge([cell, replace(measure_of(heading), why="", foreign="")])
    if cell.why:
        return LeftOut(mapping.sheet, label or heading, cell.reason())
    unit = _unit(mapping, cell, heading)
    utility = said.utility or mapping.utility
    if unit is None and utility is None and mapping.layout == "long" and plain(heading) in words.SOMETHING:
        raise MappingRefused(ASKS_ANY_UNIT, name=heading)
    if unit and is_volume(unit) and utility is None:
        name = label or meter_name(heading) or mapping.device_name
        raise MappingRefused(ASKS_UTILITY, name=name, unit=unit)
    if utility == "water" and unit and not is_volume(unit):
        utility = None
    if unit is None:
        if utility not in (None, "electricity", "heat", "cooling"):
            raise _asks_unit(label or heading or mapping.device_name, utility)
        unit = mapping.unit
    direction = said.direction or mapping.direction
    return Quantity(
        utility or "electricity",
        direction or "consumption",
        unit,
        _kind(mapping, cell, heading, unit),
        label or meter_name(heading),
        utility in (None, "electricity") and direction in (None, "consumption"),
    )


def _asks_unit(name: str, utility: Utility) -> MappingRefused:
    label = gettext(UTILITIES[utility].label)
    return MappingRefused(ASKS_UNIT, name=name, utility=label, example=UTILITIES[utility].unit)


def _unit(mapping: SheetMapping, cell: Measure, heading: str) -> str | None:
    """Return the unit that the cells, the heading, or somebody says."""
    if said := dict(mapping.units).get(heading):
        return said
    if cell.unit:
        return cell.unit
    units = {unit_of(column) for column in _columns(mapping)}
    if len(units) == 1 and None not in units:
        return mapping.unit
    own = unit_of(heading)
    return own or (mapping.unit if mapping.unit_known else None)


def _kind(mapping: SheetMapping, cell: Measure, heading: str, unit: str) -> Kind:
    if is_demand(unit):
        return "demand"
    kinds = {kind_of(column) for column in _columns(mapping)}
    if {"register", "energy"} <= kinds:
        return kind_of(heading) or mapping.kind
    kind = cell.kind if cell.kind == "register" else mapping.kind
    return kind if kind != "demand" else "energy"


def name_by_measure(
    device: pd.Series, measure: Codes, quantities: dict[int, Quantity], *, by_label: bool
) -> tuple[pd.Series, dict[str, Quantity], list[tuple[int, int]]]:
    """Give what a device measures besides its first quantity names of its own.

    Returns the devices of the rows (categorical), the quantity of each name, and the pairs of a device's
    code and a measure that other readings of the device are better than.
    """
    codes = device.cat.codes.to_numpy().astype("int64")
    size = max(quantities) + 1
    keys, pairs = pd.factorize(codes * size + measure)
    of_device: defaultdict[int, list[int]] = defaultdict(list)
    for pair in pairs.tolist():
        of_device[pair // size].append(pair % size)
    categories = device.cat.categories
    name_of: dict[int, str] = {}
    told: dict[str, Quantity] = {}
    worse: list[tuple[int, int]] = []
    for code, found in of_device.items():
        base = str(categories[code])
        kept = found if by_label else _best(found, quantities)
        worse += [(code, one) for one in found if one not in kept]
        first = min(kept, key=lambda one: (quantities[one].direction != "consumption", found.index(one)))
        lead = quantities[first]
        for one in kept:
            quantity = quantities[one]
            same = (quantity.utility, quantity.direction) == (lead.utility, lead.direction)
            name = base if same and (one == first or not by_label) else with_mark(base, _mark(quantity))
            name_of[code * size + one] = name
            told.setdefault(name, quantity)
    names = [name_of.get(pair, "") for pair in pairs.tolist()]
    places, distinct = pd.factorize(np.array(names, dtype="object"))
    renamed = pd.Series(pd.Categorical.from_codes(places[keys], categories=pd.Index(distinct, dtype="str")))
    return renamed, told, worse


def _mark(quantity: Quantity) -> str:
    return meter_name(quantity.label) or quantity.direction


def _best(found: Sequence[int], quantities: dict[int, Quantity]) -> list[int]:
    """Return the measures of one device without those that measure the same otherwise."""
    groups: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for one in found:
        groups[quantities[one].utility, quantities[one].direction].append(one)
    kept: list[int] = []
    for group in groups.values():
        ranks = {one: _rank(quantities[one]) for one in group}
        best = min(ranks.values())
        kept += [one for one in group if ranks[one] == best]
    return kept


def _rank(quantity: Quantity) -> int:
    return {"energy": 0, "register": 2, "demand": 3}[quantity.kind] + int(is_volume(quantity.unit))


def in_units(frame: pd.DataFrame, told: dict[str, Quantity]) -> pd.DataFrame:
    """Return readings with ``quantity`` in the unit of their meter, and kWh of what is energy alone."""
    other = {name: q for name, q in told.items() if stored_unit(q.unit) != "kWh"}
    if not other:
        return frame
    codes, names = pd.factorize(frame["device"])
    per_unit, to_kwh = np.ones(len(names)), np.ones(len(names))
    for position, name in enumerate(names):
        quantity = other.get(str(name))
        if quantity is None:
            per_unit[position] = np.nan
        elif is_volume(quantity.unit):
            to_kwh[position] = np.nan
        else:
            per_unit[position] = 1 / UNITS[quantity.unit].factor
    amount = frame["consumption"].to_numpy()
    quantity_column = amount * per_unit[codes]
    return frame.assign(quantity=quantity_column, consumption=amount * to_kwh[codes])
