"""Which column of a spreadsheet holds what."""

import re
import unicodedata
from collections.abc import Iterable

from services.readings.interpretation.columns import FIELDS, REQUIRED, ColumnMap

__all__ = ["FIELDS", "REQUIRED", "ColumnMap", "kwh_per_unit", "map_columns"]

WORDS: dict[str, tuple[str, ...]] = {
    "date": (
        "date",
        "datetime",
        "timestamp",
        "time",
        "start",
        "interval start",
        "reading date",
        "datum",
        "fecha",
    ),
    "device": ("device", "device name", "meter", "meter id", "meter name", "equipment", "appliance", "name"),
    "consumption": (
        "consumption",
        "usage",
        "energy",
        "kwh",
        "wh",
        "mwh",
        "value",
        "reading",
        "power consumption",
    ),
    "category": ("category", "type", "group", "device type", "kind"),
    "location": ("location", "site", "building", "room", "place", "zone", "area"),
    "notes": ("notes", "note", "comment", "comments", "remarks", "description"),
}

UNIT = re.compile(r"\b(kwh|wh|mwh)\b")


def map_columns(columns: Iterable[str]) -> ColumnMap:
    """Recognise columns by their headers: a header that is a known word first, then one that holds it."""
    headers = {column: plain(column) for column in columns}
    found: dict[str, str] = {}
    for fits in (_is_word, _holds_word):
        for field in WORDS:
            free = [column for column in headers if column not in found.values()]
            match = next((c for w in WORDS[field] for c in free if fits(headers[c], w)), None)
            if field not in found and match is not None:
                found[field] = match
    return ColumnMap(**found)


def kwh_per_unit(header: str) -> float:
    """What a number under this header is in kWh: Wh and MWh are told by the header, kWh otherwise."""
    unit = UNIT.search(plain(header))
    return {"wh": 1e-3, "mwh": 1e3}.get(unit[1], 1.0) if unit else 1.0


def plain(header: str) -> str:
    """A header in lower case, without accents, its words parted by single spaces."""
    letters = unicodedata.normalize("NFKD", header.casefold())
    return " ".join(re.findall(r"[^\W_]+", "".join(c for c in letters if not unicodedata.combining(c))))


def _is_word(header: str, word: str) -> bool:
    return UNIT.sub("", header).strip() == word or header == word


def _holds_word(header: str, word: str) -> bool:
    return f" {word} " in f" {header} "
