"""Read Green Button data as a sheet of readings.

ESPI, the Energy Services Provider Interface (NAESB REQ.21): an Atom feed whose entries each hold a
UsagePoint, a MeterReading, a ReadingType or IntervalBlocks, and name each other by links.
"""

from array import array
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from xml.parsers import expat

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from services.readers import limits
from services.readers.sheet import HEAD_ROWS, FileRefused, RawSheet, trim_head

KINDS = ("UsagePoint", "MeterReading", "ReadingType", "IntervalBlock")
TYPE_FIELDS = ("uom", "powerOfTenMultiplier", "accumulationBehaviour")
READING_FIELDS = ("start", "value")
MOST_READINGS = 3_000_000
MOST_ENTRIES = 300_000
MOST_LINKS = 10
"""Links to others that an entry may have; a MeterReading has one to its blocks and one to its type."""
DEEPEST = 100
LONGEST_TITLE = 300
"""A title names a device for each of its readings; names of more than 255 characters are refused."""
LATEST = 2**33
"""Seconds since 1970: the year 2242."""


@dataclass
class Entry:
    """An Atom entry: what it holds, its link to itself, to its folder (up) and to others (related)."""

    kind: str = ""
    title: str = ""
    own: str = ""
    up: str = ""
    related: set[str] = field(default_factory=set)
    fields: dict[str, str] = field(default_factory=dict)
    """What a ReadingType says: the names are ESPI's."""


@dataclass
class Block:
    """The readings under an entry: starts in seconds since 1970, and values as written."""

    entry: Entry
    starts: "array[int]" = field(default_factory=lambda: array("q"))
    values: "array[float]" = field(default_factory=lambda: array("d"))


class Feed:
    """The handlers of an expat parser: no tree is built, only readings take memory.

    Raises ValueError for what is no reading, and for declarations: entities are how XML bombs are made.
    """

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._entries: list[Entry] = []
        self._entry = Entry()
        self._block: Block | None = None
        self._path: list[str] = []
        self._text: list[str] = []
        self._reading: dict[str, str] | None = None
        self._count = 0
        self.elements = 0
        """How many elements have begun."""

    def parser(self) -> "expat.XMLParserType":
        """Return a parser that reports to this feed."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        return parser

    def _doctype(self, name: str, system: str | None, public: str | None, internal: bool) -> None:
        raise ValueError("it declares entities of its own, which no meter export does")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        self._path.append(name)
        self._text.clear()
        self.elements += 1
        if len(self._path) > DEEPEST:
            raise ValueError("its elements are nested too deeply")
        if name == "entry":
            self._begin_entry()
        elif name == "link":
            self._link(attributes)
        elif name in KINDS:
            self._entry.kind = name
        elif name == "IntervalReading":
            self._reading = {}

    def _end(self, tag: str) -> None:
        name = self._path.pop()
        if name == "IntervalReading":
            self._keep()
        elif self._reading is not None:
            if name in READING_FIELDS:
                self._reading[name] = "".join(self._text)
        elif self._path and name == "title" and self._path[-1] == "entry":
            self._entry.title = "".join(self._text).strip()[:LONGEST_TITLE]
        elif name in TYPE_FIELDS:
            self._entry.fields[name] = "".join(self._text).strip()

    def close(self) -> None:
        """Connect the entries by their links, once the document has ended."""
        meters, points, types = (self._of(kind) for kind in ("MeterReading", "UsagePoint", "ReadingType"))
        self._meter_of = {link: meter for meter in meters for link in meter.related}
        self._point_of = {link: point for point in points for link in point.related}
        self._type_of = {kind.own: kind for kind in types}
        # Short feeds leave the links out: then the first entry of the kind is meant.
        self._first = {entry.kind: entry for entry in reversed(self._entries)}
        self._names = self._named(meters)

    def meter_of(self, block: Block) -> Entry:
        """Return the MeterReading that a block's entry belongs to."""
        return self._meter_of.get(block.entry.up) or self._first.get("MeterReading", Entry())

    def type_of(self, meter: Entry) -> dict[str, str]:
        """Return what the ReadingType of a MeterReading says."""
        linked = [self._type_of[link] for link in meter.related if link in self._type_of]
        return (linked[0] if linked else self._first.get("ReadingType", Entry())).fields

    def name_of(self, meter: Entry) -> str:
        """Return a unique name for the meter from the titles of its UsagePoint and MeterReading."""
        return self._names.get(id(meter)) or self._point(meter).title or "Meter"

    def _of(self, kind: str) -> list[Entry]:
        return [entry for entry in self._entries if entry.kind == kind]

    def _point(self, meter: Entry) -> Entry:
        return self._point_of.get(meter.up) or self._first.get("UsagePoint", Entry())

    def _named(self, meters: list[Entry]) -> dict[int, str]:
        siblings = Counter(meter.up for meter in meters)
        seen: Counter[str] = Counter()
        names: dict[int, str] = {}
        for meter in meters:
            titles = [self._point(meter).title, meter.title]
            chosen = [title for title in titles if title] or ["Meter"]
            name = " – ".join(chosen if siblings[meter.up] > 1 else chosen[:1])
            seen[name] += 1
            names[id(meter)] = name if seen[name] == 1 else f"{name} ({seen[name]})"
        return names

    def _begin_entry(self) -> None:
        self._entry, self._block = Entry(), None
        self._entries.append(self._entry)
        if len(self._entries) > MOST_ENTRIES:
            raise ValueError(f"it has more than {MOST_ENTRIES} entries")

    def _link(self, attributes: dict[str, str]) -> None:
        relation, target = attributes.get("rel"), attributes.get("href", "")
        if relation == "self":
            self._entry.own = target
        elif relation == "up":
            self._entry.up = target
        elif relation == "related" and len(self._entry.related) < MOST_LINKS:
            self._entry.related.add(target)

    def _keep(self) -> None:
        reading, self._reading = self._reading or {}, None
        if self._block is None:
            self._block = Block(self._entry)
            self.blocks.append(self._block)
        if not reading.keys() >= set(READING_FIELDS):
            raise ValueError("an interval reading has no start or no value")
        start = int(reading["start"])
        if not 0 <= start < LATEST:
            raise ValueError(f"an interval reading starts {start} seconds after 1970")
        self._block.starts.append(start)
        self._block.values.append(float(reading["value"]))
        self._count += 1
        if self._count > MOST_READINGS:
            raise ValueError(f"it has more than {MOST_READINGS} readings")


WATT_HOURS = "72"
QUANTITIES = {WATT_HOURS: "Consumption (Wh)", "38": "Demand (W)"}
"""Headers by ReadingType.uom."""
REGISTERS = {(WATT_HOURS, "1"): "Register (Wh)", (WATT_HOURS, "3"): "Register (Wh)"}
"""Headers by uom and accumulationBehaviour: 1 is a bulk quantity, 3 cumulative."""
Part = tuple[Block, float, str]
"""Readings, what to multiply them by, and the name of their meter."""

CHUNK = 2**20
"""Bytes read at once; as many without an element are no readings, and might be held several times."""


def open_green_button(path: Path) -> list[RawSheet]:
    """Return a sheet for each quantity of electricity (Wh or W) in the file; raises `FileRefused`.

    Its columns are Date (UTC, start of the interval), Device and the quantity, whose header names the unit.
    """
    limits.check_size(path)
    try:
        quantities = _quantities(_parsed(path))
    except (expat.ExpatError, ValueError, OverflowError, LookupError) as error:
        raise FileRefused(
            "{file} cannot be read as Green Button data ({reason}). Export it again.",
            file=path.name,
            reason=error,
        ) from None
    if not quantities:
        raise FileRefused(
            "{file} holds no Green Button readings of electricity. Export interval data in Wh or W.",
            file=path.name,
        )
    return [_sheet(path, header, parts) for header, parts in quantities.items()]


def _parsed(path: Path) -> Feed:
    feed = Feed()
    parser = feed.parser()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            elements = feed.elements
            parser.Parse(chunk)
            if feed.elements == elements and len(chunk) == CHUNK:
                raise ValueError(f"it has no element in {CHUNK} bytes")
    parser.Parse(b"", True)
    feed.close()
    return feed


def _quantities(feed: Feed) -> dict[str, list[Part]]:
    """Return the parts of each quantity of electricity, by its header."""
    quantities: dict[str, list[Part]] = {}
    for block in feed.blocks:
        meter = feed.meter_of(block)
        kind = feed.type_of(meter)
        unit = kind.get("uom", WATT_HOURS)
        header = REGISTERS.get((unit, kind.get("accumulationBehaviour", "")), QUANTITIES.get(unit))
        if header:
            scale = 10.0 ** int(kind.get("powerOfTenMultiplier", 0))
            quantities.setdefault(header, []).append((block, scale, feed.name_of(meter)))
    return quantities


def _sheet(path: Path, header: str, parts: list[Part]) -> RawSheet:
    if sum(len(device.encode()) * len(block.starts) for block, _, device in parts) > limits.ANSWER:
        raise limits.too_wordy(path)
    table = _table(parts)
    names = ["Date", "Device", header]
    cells = table.slice(0, HEAD_ROWS - 1).to_pydict().values()
    first = [list(map(str, row)) for row in zip(*cells, strict=True)]
    return RawSheet(header, trim_head([names, *first]), len(table) + 1, partial(_body, names, table))


def _table(parts: list[Part]) -> pa.Table:
    starts = np.concatenate([np.frombuffer(block.starts, "int64") for block, _, _ in parts])
    values = [np.frombuffer(block.values, "float64") * scale for block, scale, _ in parts]
    meter = np.repeat(np.arange(len(parts)), [len(block.starts) for block, _, _ in parts])
    devices = pa.array([device for _, _, device in parts], pa.string())
    columns = [
        pa.array(starts * 1_000_000, pa.timestamp("us", "UTC")),
        devices.take(pa.array(meter)),
        pa.array(np.concatenate(values)),
    ]
    return pa.table(columns, names=["0", "1", "2"])


def _body(names: list[str], table: pa.Table, first: int) -> pa.Table:
    if first > 0:
        return table.slice(first - 1)
    moments = pc.binary_join_element_wise(table["0"].cast(pa.timestamp("s")).cast(pa.string()), "+00:00", "")
    columns = [moments, table["1"], table["2"].cast(pa.string())]
    headed = [
        pa.chunked_array([[name], *column.chunks], pa.string())
        for name, column in zip(names, columns, strict=True)
    ]
    return pa.table(headed, names=table.column_names)
