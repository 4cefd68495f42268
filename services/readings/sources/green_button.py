"""Green Button data as a sheet of readings.

ESPI, the Energy Services Provider Interface (NAESB REQ.21): an Atom feed whose entries each hold a
UsagePoint, a MeterReading, a ReadingType or IntervalBlocks, and name each other by links.
"""

import time
from pathlib import Path
from xml.parsers import expat

import numpy as np
import pandas as pd

from services.progress import Progress, silent
from services.readings.sources import limits
from services.readings.sources.espi import Block, Feed
from services.readings.sources.sheet import HEAD_ROWS, FileRefused, Sheet

WATT_HOURS = "72"
QUANTITIES = {WATT_HOURS: "Consumption (Wh)", "38": "Demand (W)"}
"""Headers by ReadingType.uom."""
REGISTERS = {(WATT_HOURS, "1"): "Register (Wh)", (WATT_HOURS, "3"): "Register (Wh)"}
"""Headers by uom and accumulationBehaviour: 1 is a bulk quantity, 3 cumulative."""
Part = tuple[Block, float, str]
"""Readings, what to multiply them by, and the name of their meter."""

CHUNK = 2**20
"""Bytes read at once; as many without an element are no readings, and might be held several times."""


def open_green_button(path: Path, progress: Progress = silent) -> list[Sheet]:
    """A sheet for each quantity of electricity (Wh or W) in the file; raises `FileRefused`.

    Its columns are Date (UTC, start of the interval), Device and the quantity, whose header names the unit.
    """
    limits.check_plain(path)
    try:
        quantities = _quantities(_parsed(path, progress))
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
    return [_sheet(path, header, _frame(parts)) for header, parts in quantities.items()]


def _parsed(path: Path, progress: Progress) -> Feed:
    feed, size = Feed(), path.stat().st_size
    parser = feed.parser()
    deadline = time.monotonic() + limits.SECONDS
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            elements = feed.elements
            parser.Parse(chunk)
            if feed.elements == elements and len(chunk) == CHUNK:
                raise ValueError(f"it has no element in {CHUNK} bytes")
            progress("Reading the file", file.tell(), size)
            if time.monotonic() > deadline:
                raise limits.too_slow(path)
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


def _frame(parts: list[Part]) -> pd.DataFrame:
    starts = np.concatenate([np.frombuffer(block.starts, "int64") for block, _, _ in parts])
    values = [np.frombuffer(block.values, "float64") * scale for block, scale, _ in parts]
    devices = np.repeat([device for _, _, device in parts], [len(block.starts) for block, _, _ in parts])
    dates = pd.Series(starts.astype("datetime64[s]").astype("datetime64[us]")).dt.tz_localize("UTC")
    return pd.DataFrame({0: dates, 1: pd.Series(devices, dtype="str"), 2: np.concatenate(values)})


def _sheet(path: Path, header: str, frame: pd.DataFrame) -> Sheet:
    names: list[str | None] = ["Date", "Device", header]
    first = frame.head(HEAD_ROWS - 1).astype("str")

    def body(n: int, progress: Progress = silent) -> pd.DataFrame:
        if n > 0:
            return frame.iloc[n - 1 :].reset_index(drop=True)
        return pd.concat([pd.DataFrame([names]), frame.astype("str")], ignore_index=True).astype("str")

    return Sheet(path, header, [names, *first.to_numpy().tolist()], len(frame) + 1, False, body)
