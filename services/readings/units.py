"""What a heading or a cell says of a unit, and what a number in that unit is."""

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from services.sheets import words
from services.sheets.words import plain
from services.units import UNITS as METER_UNITS

Kind = Literal["energy", "demand", "register"]
Unit = Literal[
    "Wh", "kWh", "MWh", "GWh", "J", "kJ", "MJ", "GJ", "TJ", "Btu", "kBtu", "MMBtu", "therm", "Dth", "kcal",
    "Mcal", "Gcal", "ton-hour", "W", "kW", "MW", "GW", "m3", "L", "hL", "ft3", "CCF", "MCF", "gal", "kgal",
    "imp gal", "g", "kg", "t", "lb", "klb",
]  # fmt: skip
"""Symbols of `services.units.UNITS` that a meter may count in."""


class Mention(NamedTuple):
    """Where a text names a unit."""

    start: int
    end: int
    unit: str
    """The symbol of a meter's unit, else the unit as it is written."""
    is_meters: bool
    """Whether meters count in it: neither money nor reactive energy, a ratio or a temperature."""


SPELLINGS: dict[Unit, str] = {
    "Wh": r"w[\s·*.-]?h|watt\s?-?hours?|wattstunden?",
    "kWh": r"k\s?w[\s·*.-]?h(?:rs?)?"
    r"|kilo\s?-?watt\s?-?(?:hours?|stunden?|heures?|ora|ore|uur|uren|saat|horas?|timer?|timmar)"
    r"|квт[\s·*.-]?ч|千瓦[时時]|キロワット時|킬로와트시",
    "MWh": r"m\s?w[\s·*.-]?h"
    r"|mega\s?-?watt\s?-?(?:hours?|stunden?|heures?|ora|uur|uren|saat|horas?)|兆瓦[时時]",
    "GWh": r"g\s?w[\s·*.-]?h",
    "J": r"joules?",
    "kJ": r"kj|kilojoules?",
    "MJ": r"mj|megajoules?",
    "GJ": r"gj|gigajoules?",
    "TJ": r"tj|terajoules?",
    "Btu": r"btus?",
    "kBtu": r"kbtus?",
    "MMBtu": r"mm\s?btus?|mbtu\s?\((?:mmbtu|million)[^)]*\)|million\sbtus?",
    "therm": r"therms?|thm|thms",
    "Dth": r"dth|dekatherms?|decatherms?",
    "kcal": r"kcal",
    "Mcal": r"mcal",
    "Gcal": r"gcal",
    "ton-hour": r"ton[\s-]?h(?:ou)?rs?|rth",
    "W": r"watts?",
    "kW": r"kw|kilo\s?-?watts?",
    "MW": r"mw|mega\s?-?watts?",
    "GW": r"gw",
    "m3": r"[ns]?m[3³]|㎥|m\^3|cbm|smc|cu\.?\s?m|cubic\sm(?:et(?:er|re)s?)?"
    r"|kl|kilolit(?:er|re)s?|kubikmeter|立方米|루베",
    "L": r"lit(?:er|re)s?|litri|litros?|litru|ltr",
    "hL": r"hl|hektoliter",
    "ft3": r"ft[3³]|cf|cu\.?\s?ft|cubic\sf(?:ee|oo)t",
    "CCF": r"ccf|hcf|hundred\scubic\sfeet",
    "MCF": r"mcf|kcf|thousand\scubic\sfeet",
    "gal": r"(?:us\s?)?gal(?:lons?)?(?:\s?\(us\))?|usg",
    "kgal": r"kgal(?:lons?)?|thousand\sgallons",
    "imp gal": r"imp(?:erial)?\.?\s?gal(?:lons?)?|uk\s?gal(?:lons?)?",
    "kg": r"kgs?|kilograms?",
    "t": r"tonnes?|tonnen|metric\stons?",
    "lb": r"lbs?\.?|pounds?",
    "klb": r"k\s?lbs?\.?|mlb",
}  # fmt: skip
LONE = {"W": "W", "w": "W", "J": "J", "L": "L", "l": "L", "t": "t", "g": "g"}
"""Letters that are units in brackets, behind a comma or by themselves."""
NO_METERS = (
    r"[kmg]?v?var[\s·*.-]?h?|[km]va(?:r?h)?|va(?:r?h)|[km]v|m?amps?|ampere|volts?|hz|ppm|lux|lx|[khm]?pa|bar|mbar|"
    r"m/s|km/h|rpm|db|cos\s?(?:phi|φ)|°\s?[cf]?|º\s?[cf]|℃|℉|deg(?:rees)?\.?\s?[cf]\b|celsius|fahrenheit|"
    r"[kgt]?g?\s?co[2₂](?:e|eq)?|t?co[2₂](?:e|eq)?"
)
MONEY = (
    r"eur|euros?|usd|gbp|chf|dkk|sek|nok|pln|czk|huf|try|brl|jpy|cny|krw|aud|cad|nzd|inr|zar|cents?|ct|pence|"
    r"k[čc]|zł|ft"
)
SIGNS_OF_MONEY = r"[$€£¥₺₩₹]|円|元"
NO_METERS_LONE = {"A", "V", "F", "C", "K", "%", "h", "s", "min", "hrs", "mm", "p", "c", "kr"}
LEFT, RIGHT = r"(?<![^\W_])", r"(?![^\W_])"
RATIO = r"\s?/\s?(?:[^\W\d_]|m[2²³])"
KNOWN = re.compile(
    LEFT
    + "(?:"
    + "|".join(f"(?P<u{number}>{pattern})" for number, pattern in enumerate(SPELLINGS.values()))
    + rf"|(?P<no>{NO_METERS})|(?P<money>{MONEY}))"
    + RIGHT
    + rf"(?P<ratio>{RATIO})?",
    re.IGNORECASE,
)
PER = re.compile(rf"/\s?(?:[km]?wh?|m3|m³|therm|l|gj){RIGHT}", re.IGNORECASE)
IN_BRACKETS = re.compile(r"[\[(]\s*([^\])(\[]{1,12}?)\s*[\])]")
EXPLAINED = re.compile(r"\((?:thousand|million|hundred)[^)]*\)", re.IGNORECASE)
CAMEL = re.compile(r"(?<=[a-z]{2})([kKMG]?W[hH]|[KM]wh|[kKM]W)(?![a-z])")
LAST = re.compile(r"(?:[,/_]\s*|^\W*)([^\W\d_]|%)\W*$")
SYMBOLS: tuple[Unit, ...] = tuple(SPELLINGS)


@lru_cache(maxsize=100_000)
def mention(text: str) -> Mention | None:
    """Return where a text names a unit and which: the last one, money and ratios before all others."""
    bare = EXPLAINED.sub(lambda match: " " * len(match[0]), parted(text))
    if money := re.search(SIGNS_OF_MONEY, bare):
        return Mention(money.start(), money.end(), money[0], False)
    if per := PER.search(bare):
        return Mention(per.start(), per.end(), per[0], False)
    found: Mention | None = None
    for match in KNOWN.finditer(bare):
        if match["ratio"] or (match["money"] and not _is_set_apart(bare, match)):
            if match["ratio"]:
                return Mention(match.start(), match.end(), match[0], False)
            continue
        if match["no"] or match["money"]:
            if match["money"]:
                return Mention(match.start(), match.end(), match[0], False)
            found = Mention(match.start(), match.end(), match[0], False)
        else:
            number = next(number for number in range(len(SYMBOLS)) if match[f"u{number}"])
            found = Mention(match.start(), match.end(), SYMBOLS[number], True)
    return found or _lone(bare)


def parted(text: str) -> str:
    """Return a heading like "UsageKwh" with its unit set apart."""
    return CAMEL.sub(r" \1", text)


def _is_set_apart(text: str, match: re.Match[str]) -> bool:
    """Return whether money is named as a unit is; "ct" and "ft" are the ends of other words' names, too."""
    return len(match[0]) > 2 or text[match.start() - 1 : match.start()] in {"[", "(", ""}


def _lone(text: str) -> Mention | None:
    for match in IN_BRACKETS.finditer(text):
        if (one := match[1]) in LONE or one in NO_METERS_LONE:
            return Mention(match.start(1), match.end(1), LONE.get(one, one), one in LONE)
    behind = LAST.search(text)
    if behind and (behind[1] in LONE or behind[1] in NO_METERS_LONE):
        one = behind[1]
        return Mention(behind.start(1), behind.end(1), LONE.get(one, one), one in LONE)
    if text[-2:-1] == " " and text[-1] in "Ww":
        before = plain(text[:-1]).split()
        if before and before[-1] not in words.LOCATION + words.DEVICE:
            return Mention(len(text) - 1, len(text), "W", True)
    return None


def unit_of(header: str) -> Unit | None:
    """Return the unit of meters that a heading names, None where it names none or another."""
    found = mention(header)
    return found.unit if found and found.is_meters else None  # type: ignore[return-value]


def foreign_unit(header: str) -> str | None:
    """Return the unit that a heading names if meters do not count in it: money, kvarh, °C, kWh/m²."""
    found = mention(header)
    return found.unit if found and not found.is_meters else None


def is_demand(unit: str) -> bool:
    """Return whether a unit is one of power."""
    return METER_UNITS[unit].measure == "power"


def without_unit(header: str) -> str:
    """Return a heading without its unit and the brackets around it: "Hall 3 [kWh]" is "Hall 3"."""
    found = mention(header)
    if found is None:
        return header.strip()
    header = EXPLAINED.sub(lambda match: " " * len(match[0]), parted(header))
    bare = re.sub(r"[\[(]\s*[\])]", "", header[: found.start] + header[found.end :])
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
    if unit and is_demand(unit):
        return "demand"
    if words.holds_word(name, words.REGISTER):
        return "register"
    if words.holds_word(name, words.CONSUMPTION) or any(stem in name for stem in words.CONSUMPTION_STEMS):
        return "energy"
    if unit is None and words.is_word(name, words.DEMAND):
        return "demand"
    return None


def is_pure(header: str) -> bool:
    """Return whether a heading says only what is measured, and no meter: "kWh", "Verbrauch (kWh)"."""
    name = plain(without_unit(header))
    return not name or _is_quantity(name)
