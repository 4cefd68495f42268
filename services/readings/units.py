"""What a heading says of unit and kind, and what a number in that unit is in kWh."""

import re
from dataclasses import dataclass
from typing import Literal

from services.sheets import words
from services.sheets.words import plain

Kind = Literal["energy", "demand", "register"]
Unit = Literal["Wh", "kWh", "MWh", "W", "kW", "MW"]


@dataclass(frozen=True)
class UnitKind:
    """What a unit measures, and its factor to kWh or kW."""

    kind: Literal["energy", "demand"]
    factor: float


UNITS: dict[Unit, UnitKind] = {
    "Wh": UnitKind("energy", 1e-3),
    "kWh": UnitKind("energy", 1.0),
    "MWh": UnitKind("energy", 1e3),
    "W": UnitKind("demand", 1e-3),
    "kW": UnitKind("demand", 1.0),
    "MW": UnitKind("demand", 1e3),
}
SPELLINGS = {unit.casefold(): unit for unit in UNITS}
SPELLED_OUT = re.compile(
    r"\b(kilo|mega|)\s?-?watt(?:\s?-?(?:hours?|stunden?|heures?|ora|uur|uren|saat))?\b", re.IGNORECASE
)
WRITTEN = re.compile(r"(?<![^\W_])([km]?w)(?:\s?[·*.-]?\s?(h))?(?![^\W_])(?!\s*/)", re.IGNORECASE)
LONE_W = re.compile(r"^\W*w\W*$|[\[(,/_]\s*w\s*[\])]?\s*$", re.IGNORECASE)


def unit_of(header: str) -> Unit | None:
    """Return the unit that a heading names, None where it names none."""
    mention = _mention(_abbreviated(header))
    return SPELLINGS[(mention[1] + (mention[2] or "")).casefold()] if mention else None


def _mention(header: str) -> re.Match[str] | None:
    """Return where a heading names its unit; a W in a meter's name is none."""
    found = None
    for match in WRITTEN.finditer(header):
        if match[0] not in {"w", "W"} or _is_watt(header, match):
            found = match
    return found


def _is_watt(header: str, match: re.Match[str]) -> bool:
    """Return whether a lone W is the unit: in brackets or last, and not after a word that it would number."""
    if LONE_W.search(header):
        return True
    before = plain(header[: match.start()]).split()
    return (
        match.end() == len(header) and before[-1:] != [] and before[-1] not in words.LOCATION + words.DEVICE
    )


def _abbreviated(header: str) -> str:
    def short(match: re.Match[str]) -> str:
        prefix = {"kilo": "k", "mega": "m"}.get(match[1].casefold(), "")
        return f"{prefix}w" + ("" if match[0].casefold().endswith("watt") else "h")

    return SPELLED_OUT.sub(short, header)


def without_unit(header: str) -> str:
    """Return a heading without its unit and the brackets around it: "Hall 3 [kWh]" is "Hall 3"."""
    short = _abbreviated(header)
    mention = _mention(short)
    if mention is None:
        return header.strip()
    bare = re.sub(r"[\[(]\s*[\])]", "", short[: mention.start()] + short[mention.end() :])
    return " ".join(bare.split()).strip(" ,;:/_-–")


def meter_name(header: str) -> str:
    """Return the meter that a column of a wide sheet names: without its unit and a last word for energy."""
    name = without_unit(header)
    parts = name.split()
    for length in (3, 2, 1):
        if len(parts) > length and _is_quantity(plain(" ".join(parts[-length:]))):
            parts = parts[:-length]
    return " ".join(parts).strip(" ,;:/_-–") or header.strip()


def _is_quantity(word: str) -> bool:
    return word in words.CONSUMPTION + words.ENERGY + words.DEMAND + words.REGISTER


def kind_of(header: str) -> Kind | None:
    """Return the kind of number that a heading names; None where it may be energy or a register."""
    name = plain(without_unit(header))
    unit = unit_of(header)
    if unit and UNITS[unit].kind == "demand":
        return "demand"
    if words.holds_word(name, words.REGISTER):
        return "register"
    if words.holds_word(name, words.CONSUMPTION):
        return "energy"
    if unit is None and words.is_word(name, words.DEMAND):
        return "demand"
    return None


def is_pure(header: str) -> bool:
    """Return whether a heading says only what is measured, and no meter: "kWh", "Verbrauch (kWh)"."""
    name = plain(without_unit(header))
    return not name or _is_quantity(name)
