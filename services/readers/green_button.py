"""Green Button data as a sheet of readings.

ESPI, the Energy Services Provider Interface (NAESB REQ.21): an Atom feed whose entries each hold a
UsagePoint, a MeterReading, a ReadingType or IntervalBlocks, and name each other by links.
"""

from functools import partial
from pathlib import Path
from xml.parsers import expat

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from services.readers import limits
from services.readers.espi import Block, Feed
from services.readers.sheet import HEAD_ROWS, FileRefused, RawSheet, trim_head

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
    """The parts of each quantity of electricity, by its header."""
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
