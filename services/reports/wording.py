"""How a report writes numbers, dates and sentences: in English unless the desktop knows better."""

from datetime import date, datetime
from typing import Literal, Protocol

Paper = Literal["a4", "us-letter"]
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NOTHING = "–"
LETTER = {"BZ", "CA", "CL", "CO", "CR", "DO", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"}
"""Countries that print on Letter, after Unicode's CLDR."""


def paper_of(country: str | None) -> Paper:
    """What printers hold in a country (ISO 3166)."""
    return "us-letter" if country in LETTER else "a4"


class Wording(Protocol):
    """What a language and a country write in their own way."""

    @property
    def language(self) -> str:
        """Two letters, ISO 639-1."""

    @property
    def paper(self) -> Paper:
        """What printers there hold."""

    def say(self, template: str, **details: object) -> str:
        """A sentence of the report with its named details filled in."""

    def number(self, value: float, decimals: int = 0) -> str:
        """A number with the separators of the country."""

    def money(self, value: float, currency: str, decimals: int = 0) -> str:
        """An amount of an ISO 4217 currency."""

    def day(self, value: date) -> str:
        """A day in full: 14 March 2017."""

    def short_day(self, value: date) -> str:
        """A day within a year, for an axis or a table: 14 Mar."""

    def month(self, value: date) -> str:
        """The month of a day: March 2017."""

    def short_month(self, value: date) -> str:
        """The month of a day for an axis: Mar."""

    def weekday(self, index: int) -> str:
        """The short name of a weekday, 0 = Monday."""

    def time(self, value: datetime) -> str:
        """The time of day: 18:30."""


class English:
    """Wording of the command line, and of a system without a language."""

    language = "en"

    def __init__(self, paper: Paper = "a4") -> None:
        self.paper = paper

    def say(self, template: str, **details: object) -> str:
        return template.format(**details) if details else template

    def number(self, value: float, decimals: int = 0) -> str:
        return f"{value:,.{decimals}f}"

    def money(self, value: float, currency: str, decimals: int = 0) -> str:
        return f"{currency} {value:,.{decimals}f}"

    def day(self, value: date) -> str:
        return f"{value.day} {MONTHS[value.month - 1]} {value.year}"

    def short_day(self, value: date) -> str:
        return f"{value.day} {MONTHS[value.month - 1][:3]}"

    def month(self, value: date) -> str:
        return f"{MONTHS[value.month - 1]} {value.year}"

    def short_month(self, value: date) -> str:
        return MONTHS[value.month - 1][:3]

    def weekday(self, index: int) -> str:
        return WEEKDAYS[index]

    def time(self, value: datetime) -> str:
        return f"{value:%H:%M}"
