"""Read Green Button data as a sheet of readings.

ESPI, the Energy Services Provider Interface (NAESB REQ.21): an Atom feed whose entries each hold a
UsagePoint, a MeterReading, a ReadingType or IntervalBlocks, and name each other by links.
"""

from array import array
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from xml.parsers import expat

from services.readers import limits
from services.readers.series import NET, Kind, Series, choose, sheets_of
from services.readers.sheet import FileRefused, RawSheet
from services.readers.xml_stream import DEEPEST, parse, too_deep

KINDS = ("UsagePoint", "MeterReading", "ReadingType", "IntervalBlock")
TYPE_FIELDS = (
    "uom",
    "powerOfTenMultiplier",
    "accumulationBehaviour",
    "commodity",
    "dataQualifier",
    "flowDirection",
    "intervalLength",
)
READING_FIELDS = ("start", "duration", "value", "quality")
NEEDED = {"start", "value"}
MOST_READINGS = 3_000_000
MOST_ENTRIES = 300_000
MOST_LINKS = 10
"""Links to others that an entry may have; a MeterReading has one to its blocks and one to its type."""
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
    """What a ReadingType says, and a UsagePoint of its service: the names are ESPI's."""


@dataclass
class Block:
    """The readings under an entry: starts in seconds since 1970, lengths in seconds, values as written."""

    entry: Entry
    starts: "array[int]" = field(default_factory=lambda: array("q"))
    seconds: "array[int]" = field(default_factory=lambda: array("q"))
    """0 where a reading does not say its own."""
    values: "array[float]" = field(default_factory=lambda: array("d"))
    estimated: bytearray = field(default_factory=bytearray)


class Feed:
    """The handlers of a document (`xml_stream.Handlers`). Raises ValueError for what is no reading."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._entries: list[Entry] = []
        self._entry = Entry()
        self._block: Block | None = None
        self._path: list[str] = []
        self._text: list[str] = []
        self.characters = self._text.append
        self._reading: dict[str, str] | None = None
        self._count = 0
        self._nobody = Entry()
        self.elements = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin an entry or a reading, or take a link."""
        name = tag.rpartition(" ")[2]
        self._path.append(name)
        self._text.clear()
        self.elements += 1
        if len(self._path) > DEEPEST:
            raise too_deep()
        if name == "entry":
            self._begin_entry()
        elif name == "link":
            self._link(attributes)
        elif name in KINDS:
            self._entry.kind = name
        elif name == "IntervalReading":
            self._reading = {}

    def end(self, tag: str) -> None:
        """Keep a reading, or what an entry says."""
        name = self._path.pop()
        if name == "IntervalReading":
            self._keep()
        elif self._reading is not None:
            if name in READING_FIELDS:
                self._reading[name] = "".join(self._text)
        elif self._path and name == "title" and self._path[-1] == "entry":
            self._entry.title = "".join(self._text).strip()[:LONGEST_TITLE]
        elif name in TYPE_FIELDS or (name == "kind" and self._path[-1:] == ["ServiceCategory"]):
            self._entry.fields[name] = "".join(self._text).strip()

    def close(self) -> None:
        """Connect the entries by their links, once the document has ended."""
        self._kinds = {kind: [entry for entry in self._entries if entry.kind == kind] for kind in KINDS}
        self._parents = {kind: self._children_links(kind) for kind in ("MeterReading", "UsagePoint")}
        self._types = {entry.own: entry for entry in self._kinds["ReadingType"]}
        self._names = self._named(self._kinds["MeterReading"])

    def meter_of(self, block: Block) -> Entry:
        """Return the MeterReading that a block belongs to. Raises ValueError where nothing says it."""
        return self._parent(block.entry, "MeterReading")

    def type_of(self, meter: Entry) -> dict[str, str]:
        """Return what the ReadingType of a MeterReading says."""
        linked = [self._types[link] for link in sorted(meter.related) if link in self._types]
        # Short feeds leave the links out: then the only entry of the kind is meant.
        found = linked or self._kinds["ReadingType"]
        return found[0].fields if linked or len(found) == 1 else {}

    def point_of(self, meter: Entry) -> Entry:
        """Return the UsagePoint that a MeterReading belongs to."""
        return self._parent(meter, "UsagePoint")

    def _children_links(self, kind: str) -> dict[str, Entry]:
        """Return the entries of a kind by the links that they have to others, and by their own."""
        entries = self._kinds[kind]
        return {entry.own: entry for entry in entries if entry.own} | {
            link: entry for entry in entries for link in sorted(entry.related)
        }

    def _parent(self, entry: Entry, kind: str) -> Entry:
        """Return the entry that links to another one's folder, or whose own link is above it."""
        links = self._parents[kind]
        linked = links.get(entry.up) or links.get(entry.up.rpartition("/")[0])
        if linked:
            return linked
        entries = self._kinds[kind]
        if len(entries) > 1:
            raise ValueError(f"no link says which {kind} of {len(entries)} some readings belong to")
        return entries[0] if entries else self._nobody

    def name_of(self, meter: Entry) -> str:
        """Return a unique name for the meter from the titles of its UsagePoint and MeterReading."""
        return self._names.get(id(meter)) or self.point_of(meter).title or "Meter"

    def _named(self, meters: list[Entry]) -> dict[int, str]:
        siblings = Counter(meter.up for meter in meters)
        seen: Counter[str] = Counter()
        names: dict[int, str] = {}
        for meter in meters:
            titles = [self.point_of(meter).title, meter.title]
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
        relation, target = attributes.get("rel"), attributes.get("href", "").rstrip("/")
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
        if not reading.keys() >= NEEDED:
            raise ValueError("an interval reading has no start or no value")
        start = int(reading["start"])
        if not 0 <= start < LATEST:
            raise ValueError(f"an interval reading starts {start} seconds after 1970")
        self._block.starts.append(start)
        self._block.seconds.append(int(reading.get("duration") or 0))
        self._block.values.append(float(reading["value"]))
        self._block.estimated.append(reading.get("quality", "").strip() in ESTIMATED)
        self._count += 1
        if self._count > MOST_READINGS:
            raise ValueError(f"it has more than {MOST_READINGS} readings")


class Unit(NamedTuple):
    """What a unit of ESPI is called, and of what it is where nothing else says."""

    name: str
    utility: str = ""
    kind: Kind = "energy"


UNITS = {
    "31": Unit("J"),
    "38": Unit("W", "electricity", "demand"),
    "42": Unit("m3"),
    "72": Unit("Wh", "electricity"),
    "119": Unit("ft3"),
    "128": Unit("gal"),
    "130": Unit("imp gal"),
    "132": Unit("Btu"),
    "134": Unit("L"),
    "169": Unit("therm", "gas"),
    "5": Unit("A"),
    "29": Unit("V"),
    "61": Unit("VA"),
    "63": Unit("var"),
    "65": Unit("cos phi"),
    "71": Unit("VAh"),
    "73": Unit("varh"),
    "122": Unit("ft3/h"),
    "125": Unit("m3/h"),
    "133": Unit("BTU/h"),
}
"""By ReadingType.uom; "0" and none say nothing."""
SERVICES = {"0": "electricity", "1": "gas", "2": "water", "5": "heat", "6": "cooling"}
"""By UsagePoint.ServiceCategory.kind."""
COMMODITIES = {
    "1": "electricity",
    "2": "electricity",
    "7": "gas",
    "8": "fuel",
    "9": "water",
    "10": "steam",
    "12": "heat",
    "13": "cooling",
    "14": "water",
}
FORWARD, REVERSE = "1", "19"
DIRECTIONS = {FORWARD: "consumption", REVERSE: "export", "4": NET, "20": "", "0": "", "": ""}
"""By ReadingType.flowDirection, from the view of whoever is served; others are of reactive energy."""
REGISTERS = {"1", "3"}
"""ReadingType.accumulationBehaviour of a bulk quantity and of a cumulative one."""
EXTREMES = {"8", "9"}
"""ReadingType.dataQualifier of a maximum and a minimum."""
ESTIMATED = {"8", "9", "12"}
"""Reading qualities of what was estimated from another day or between two values, or projected."""


def open_green_button(path: Path) -> list[RawSheet]:
    """Return a sheet for each utility and unit of energy, volume or demand; raises `FileRefused`."""
    limits.check_size(path)
    try:
        found = _series(_parsed(path))
    except (expat.ExpatError, ValueError, OverflowError, LookupError) as error:
        raise FileRefused(
            "{file} cannot be read as Green Button data ({reason}). Export it again.",
            file=path.name,
            reason=error,
        ) from None
    kept, left = choose(found, finest_only=True)
    sheets = sheets_of(path, kept, left)
    if not sheets:
        raise FileRefused(
            "{file} holds no Green Button readings of energy. Export interval data in Wh, W, therms or m³.",
            file=path.name,
        )
    return sheets


def _parsed(path: Path) -> Feed:
    feed = Feed()
    parse(path, feed)
    feed.close()
    return feed


def _series(feed: Feed) -> list[Series]:
    """Return the readings of each MeterReading."""
    found: dict[int, Series] = {}
    for block in feed.blocks:
        meter = feed.meter_of(block)
        kind = feed.type_of(meter)
        series = found.setdefault(id(meter), _empty(feed, meter, kind))
        scale = 10.0 ** int(kind.get("powerOfTenMultiplier") or 0)
        usual = int(kind.get("intervalLength") or 0) if series.kind != "register" else 0
        series.starts.extend(block.starts)
        series.seconds.extend(seconds or usual for seconds in block.seconds)
        series.values.extend(value * scale for value in block.values)
        series.estimated.extend(block.estimated)
    return list(found.values())


def _empty(feed: Feed, meter: Entry, kind: dict[str, str]) -> Series:
    """Return the series of a MeterReading, without readings."""
    point = feed.point_of(meter)
    said = kind.get("uom", "0")
    unit = UNITS.get(said, Unit("" if said == "0" else f"uom {said}"))
    flow = kind.get("flowDirection", "")
    name, is_register = unit.name, kind.get("accumulationBehaviour") in REGISTERS
    if flow not in DIRECTIONS:
        name = f"{name} (flowDirection {flow})"
    elif kind.get("dataQualifier") in EXTREMES:
        name = f"{name} (dataQualifier {kind['dataQualifier']})"
    return Series(
        feed.name_of(meter),
        name,
        SERVICES.get(point.fields.get("kind", ""))
        or COMMODITIES.get(kind.get("commodity", ""))
        or unit.utility,
        DIRECTIONS.get(flow, ""),
        "register" if is_register and unit.kind == "energy" else unit.kind,
        str(id(point)),
    )
