"""What a heading, a cell or a line above a table says of the numbers: utility, direction, unit and kind."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from services.messages import N_, gettext
from services.readings.units import Kind, Unit, foreign_unit, is_demand, kind_of, unit_of, without_unit
from services.sheets import words
from services.sheets.words import holds_word, plain
from services.units import UNITS
from services.utilities import UTILITIES, Direction, Utility

REASONS: dict[str, str] = {
    "unit": N_("Its unit, {unit}, is none of energy or of a volume that a meter counts."),
    "reactive": N_("Reactive and apparent energy and power factors are no energy used."),
    "money": N_("It is an amount of money."),
    "temperature": N_("It is a temperature or another measure of the climate."),
    "word": N_("Its heading speaks of something other than energy."),
    "identifier": N_("It numbers rows or meters."),
    "implausible": N_("No building uses as much: it numbers something, or its unit is another one."),
    "total": N_("It is the sum of other columns."),
    "beside": N_("Other columns are of the same energy."),
    "unitless": N_("It says no unit, and other columns do."),
    "part": N_("It is a part of what is generated."),
    "net": N_("It is the difference of what is taken and fed in."),
    "utility": N_("Nothing says of what it is a volume. Say it with --utility."),
    "volume": N_("It is the volume that carries the heat, no use of water."),
}


@dataclass(frozen=True)
class Measure:
    """What is said of numbers; None where nothing is."""

    utility: Utility | None = None
    direction: Direction | None = None
    unit: Unit | None = None
    kind: Kind | None = None
    why: str = ""
    """Of `REASONS`, for what is no meter's."""
    foreign: str = ""
    """The unit that is no meter's."""

    def reason(self) -> str:
        """Return why it is left out, as a sentence."""
        return gettext(REASONS[self.why], unit=self.foreign)

    def filled(self, *others: "Measure") -> "Measure":
        """Return this with what only others, the earlier before the later, say."""
        found = self
        for other in others:
            found = Measure(
                found.utility or other.utility,
                found.direction or other.direction,
                found.unit or other.unit,
                found.kind or other.kind,
                found.why or other.why,
                found.foreign or other.foreign,
            )
        return found


NOTHING = Measure()


@lru_cache(maxsize=100_000)
def measure_of(text: str) -> Measure:
    """Return what a heading or a cell says of the numbers that it is about."""
    name = plain(without_unit(text))
    unit, foreign = unit_of(text), foreign_unit(text) or ""
    utility = _utility(name, unit)
    said = Measure(utility, _direction(name), unit, kind_of(text), _why(name, unit, foreign), foreign)
    if unit is None and said.why != "" and not foreign and said.direction and not _is_climate(name):
        # "Electricity production (low tariff)" speaks of no money.
        return replace(said, why=said.why if said.why in {"part", "net", "reactive", "money"} else "")
    return said


def _why(name: str, unit: Unit | None, foreign: str) -> str:
    if foreign:
        if re.search(r"var|va", foreign, re.IGNORECASE) and "/" not in foreign:
            return "reactive"
        if re.search(r"[°º℃℉]|deg|celsius|fahrenheit", foreign, re.IGNORECASE) or foreign in "CF":
            return "temperature"
        return (
            "unit" if foreign.startswith("/") or "/" in foreign else "money" if _is_money(foreign) else "unit"
        )
    if holds_word(name, words.REACTIVE) and not holds_word(name, ("active reactive",)):
        return "reactive"
    if holds_word(name, words.USED_ITSELF):
        return "part"
    if unit:
        return "net" if name in words.NET[:2] else ""
    if _is_climate(name):
        return "temperature"
    if holds_word(name, words.MONEY):
        return "money"
    return ""


def _is_money(foreign: str) -> bool:
    return bool(
        re.fullmatch(
            r"[$€£¥₺₩₹円元]|eur|euros?|usd|gbp|chf|dkk|sek|nok|pln|czk|huf|try|brl|jpy|cny|krw|aud|cad|nzd|inr|"
            r"zar|cents?|ct|pence|k[čc]|zł|ft|kr|p|c",
            foreign,
            re.IGNORECASE,
        )
    )


def _is_climate(name: str) -> bool:
    return holds_word(name, words.TEMPERATURES + words.CLIMATE) or any(
        stem in name for stem in words.TEMPERATURE_STEMS
    )


ELECTRIC_MACHINES = (
    *("heat pump", "heat pumps", "warmepumpe", "pompe a chaleur", "water pump", "water heater", "oil pump"),
    *("gas boiler pump", "steam fan", "cooling water pump", "chilled water pump"),
)


def _utility(name: str, unit: Unit | None) -> Utility | None:
    measure = UNITS[unit].measure if unit else None
    if measure == "power" or holds_word(name, ELECTRIC_MACHINES):
        return None
    if unit == "therm" or unit == "Dth":
        return "gas"
    if unit == "ton-hour":
        return "cooling"
    for utility, vocabulary in words.UTILITIES.items():
        if _holds(name, vocabulary) and (measure is None or measure in UTILITIES[utility].measures):
            return utility
    return None


def _holds(name: str, vocabulary: tuple[str, ...]) -> bool:
    """Return whether a name has a word in it; those written without spaces, anywhere."""
    return holds_word(name, vocabulary) or any(ord(word[0]) > 0x1100 and word in name for word in vocabulary)


def _direction(name: str) -> Direction | None:
    taken = _holds(name, words.TAKEN)
    if _holds(name, words.EXPORT):
        return "export"
    if holds_word(name, words.EXPORT_IF_ALONE) and not taken and _is_alone(name, words.EXPORT_IF_ALONE):
        return "export"
    if _holds(name, words.GENERATION) and not (
        taken and holds_word(name, ("consumption", "verbrauch", "load"))
    ):
        return "generation"
    if (
        holds_word(name, words.GENERATION_IF_ALONE)
        and not taken
        and _is_alone(name, words.GENERATION_IF_ALONE)
    ):
        return "generation"
    return "consumption" if taken else None


def _is_alone(name: str, vocabulary: tuple[str, ...]) -> bool:
    """Return whether all other words of a name are such as headings of meters have."""
    known = {part for word in (*vocabulary, *words.FILLERS, *words.RATES) for part in word.split()}
    return all(part in known or part.isdigit() for part in name.split())


VOCABULARY = {
    part
    for word in (
        *words.CONSUMPTION, *words.ENERGY, *words.DEMAND, *words.REGISTER, *words.EXPORT,
        *words.EXPORT_IF_ALONE,
        *words.GENERATION, *words.GENERATION_IF_ALONE, *words.TAKEN, *words.FILLERS, *words.RATES,
        *(word for utility in words.UTILITIES.values() for word in utility),
    )
    for part in word.split()
}  # fmt: skip


PLACES = {"a", "home", "house", "roof", "site", "system", "utility"}


def names_no_meter(header: str) -> bool:
    """Return whether a heading has only words of quantities, directions, utilities and tariffs.

    What may also be a place is the name of a meter where nothing stands beside it.
    """
    parts = plain(without_unit(header)).split()
    known = all(part in VOCABULARY or part.isdigit() for part in parts)
    return known and not (parts and PLACES.issuperset(parts))


def rates_in(header: str) -> frozenset[str]:
    """Return the words of a heading that tell the registers of one meter apart."""
    return frozenset(part for part in plain(without_unit(header)).split() if part in words.RATES)


def merge(measures: Iterable[Measure]) -> Measure:
    """Return what all say, the earlier before the later."""
    return NOTHING.filled(*measures)


def is_volume(unit: str | None) -> bool:
    """Return whether a unit is one of volume or mass."""
    return unit is not None and UNITS[unit].measure in ("volume", "mass")


def stored_unit(unit: str) -> str:
    """Return the unit that readings are kept in: kWh for what electricity is counted in, else the file's."""
    return "kWh" if is_demand(unit) or unit in {"Wh", "kWh", "MWh", "GWh"} else unit
