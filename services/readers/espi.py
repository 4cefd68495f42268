"""The entries of a Green Button feed, and how they belong together."""

from array import array
from collections import Counter
from dataclasses import dataclass, field
from xml.parsers import expat

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
        """A parser that reports to this feed."""
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
        """The document is over: entries find each other by their links."""
        meters, points, types = (self._of(kind) for kind in ("MeterReading", "UsagePoint", "ReadingType"))
        self._meter_of = {link: meter for meter in meters for link in meter.related}
        self._point_of = {link: point for point in points for link in point.related}
        self._type_of = {kind.own: kind for kind in types}
        # Short feeds leave the links out: then the first entry of the kind is meant.
        self._first = {entry.kind: entry for entry in reversed(self._entries)}
        self._names = self._named(meters)

    def meter_of(self, block: Block) -> Entry:
        """The MeterReading that a block's entry belongs to."""
        return self._meter_of.get(block.entry.up) or self._first.get("MeterReading", Entry())

    def type_of(self, meter: Entry) -> dict[str, str]:
        """What the ReadingType of a MeterReading says."""
        linked = [self._type_of[link] for link in meter.related if link in self._type_of]
        return (linked[0] if linked else self._first.get("ReadingType", Entry())).fields

    def name_of(self, meter: Entry) -> str:
        """A name for the meter from the titles of its UsagePoint and MeterReading, its own in the feed."""
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
