"""The columns of a list of devices, and the words that others write over them."""

from collections.abc import Sequence

from services.readings.interpretation.words import CATEGORY, DEVICE, is_word, plain

NAME, GROUP, POWER, HOURS, STATUS = "name", "category", "rated_power", "avg_usage_hours", "status"

HEADINGS = {
    NAME: "Name",
    GROUP: "Category",
    POWER: "Rated power (W)",
    HOURS: "Average use (h/day)",
    STATUS: "Status",
}
"""A field of `Device`, and its heading in a file that Loadlens writes."""

WORDS = {
    NAME: DEVICE,
    GROUP: CATEGORY,
    POWER: (
        *("rated power", "power", "rating", "rated", "nameplate", "nameplate power", "nameplate rating"),
        *("wattage", "watts", "nennleistung", "leistung", "anschlussleistung", "puissance"),
        *("puissance nominale", "potencia", "potencia nominal", "potenza", "potenza nominale", "vermogen"),
        *("nominaal vermogen", "guc", "anma gucu"),
    ),
    HOURS: (
        *("average use", "avg usage hours", "average usage hours", "average hours", "usage hours", "hours"),
        *("operating hours", "hours a day", "hours per day", "hours day", "run hours", "betriebsstunden"),
        *("stunden", "stunden pro tag", "heures", "heures par jour", "horas", "horas al dia", "ore"),
        *("ore al giorno", "uren", "uren per dag", "saat", "gunluk saat"),
    ),
    STATUS: ("status", "state", "zustand", "etat", "statut", "estado", "stato", "toestand", "durum"),
}
UNITS = ("w", "kw", "mw", "watt", "watts", "h", "h day", "h d", "hours day", "h tag", "h jour")
"""What may stand behind a heading, as `plain` writes it."""


def fields_of(header: Sequence[str | None]) -> dict[str, int]:
    """The column of each field that a row of headings names; empty unless there is one of names."""
    found: dict[str, int] = {}
    for field, words in WORDS.items():
        for column, cell in enumerate(header):
            if column not in found.values() and is_word(without_unit(plain(cell or "")), words):
                found[field] = column
                break
    return found if NAME in found else {}


def without_unit(heading: str) -> str:
    """A plain heading without the unit behind it."""
    unit = max((u for u in UNITS if heading.endswith(f" {u}")), key=len, default="")
    return heading.removesuffix(f" {unit}") if unit else heading
