"""Numbers, amounts, days and times as a language and a country write them (Unicode's CLDR, by Babel)."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.dates import (
    format_date,
    format_interval,
    format_skeleton,
    format_time,
    get_datetime_format,
    get_day_names,
    get_month_names,
)
from babel.numbers import NumberPattern, format_decimal, parse_pattern

ENGLISH = "en_GB"
"""What is written where nobody has chosen: ``8 July 2017``, ``1,234.5``, ``18:30``."""
NOT_KNOWN = "–"
"""Stands where a value is not known."""
_NBSP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Formats:
    """How one locale writes; ``locale`` is a CLDR name such as ``de_AT``, unknown ones read as English."""

    locale: str = ENGLISH

    @property
    def language(self) -> str:
        """Return the language's code, ISO 639-1."""
        return _parse(self.locale).language

    @property
    def territory(self) -> str | None:
        """Return the country's code, ISO 3166; None where the locale names none."""
        return _parse(self.locale).territory

    def number(self, value: float | None, decimals: int = 0) -> str:
        """Write a number with so many decimals."""
        if value is None:
            return NOT_KNOWN
        locale = _parse(self.locale)
        if round(value, decimals) == 0:
            value = 0  # not “-0.0”
        return str(format_decimal(value, _decimal_pattern(locale, decimals), locale))

    def rounded(self, value: float | None) -> str:
        """Write a number with decimals only where they say something: none from 1,000 on, one from 10."""
        if value is None:
            return NOT_KNOWN
        size = abs(value)
        return self.number(value, 0 if size >= 1000 else 1 if size >= 10 else 2)

    def percent(self, share: float | None, decimals: int = 0) -> str:
        """Write a share of 1 as per cent."""
        return NOT_KNOWN if share is None else f"{self.number(share * 100, decimals)} %"

    def money(self, value: float | None, currency: str, decimals: int = 0) -> str:
        """Write an amount with the code of its currency (ISO 4217): ``EUR 1,234``, ``1.234 EUR``."""
        if value is None:
            return NOT_KNOWN
        pattern = _parse(self.locale).currency_formats["standard"].pattern.split(";")[0]
        amount = self.number(abs(value), decimals)
        sign = "-" if value < 0 and float(f"{value:.{decimals}f}") != 0 else ""
        if pattern.index("¤") < re.search("[#0]", pattern).start():  # type: ignore[union-attr]
            return f"{currency}{_NBSP}{sign}{amount}"
        return f"{sign}{amount}{_NBSP}{currency}"

    def day(self, value: date) -> str:
        """Write a day in full: ``8 July 2017``."""
        return str(format_date(value, "long", _parse(self.locale)))

    def day_and_weekday(self, value: date) -> str:
        """Write a day with the short name of its weekday, as it stands in a sentence: ``Sat 8 Jul 2017``."""
        locale = _parse(self.locale)
        weekday = get_day_names("abbreviated", "format", locale)[value.weekday()]
        return f"{weekday} {self.medium_day(value)}"

    def medium_day(self, value: date) -> str:
        """Write a day for a narrow column, the month by its name: ``8 Jul 2017``."""
        return str(format_skeleton("yMMMd", value, locale=_parse(self.locale)))

    def short_day(self, value: date) -> str:
        """Write a day within a year, for an axis or a table: ``8 Jul``."""
        return str(format_skeleton("MMMd", value, locale=_parse(self.locale)))

    def days(self, first: date, last: date) -> str:
        """Write the days from one to another as briefly as can be: ``12–18 Mar 2024``."""
        return str(format_interval(first, last, "yMMMd", locale=_parse(self.locale)))

    def month(self, value: date) -> str:
        """Write the month of a day: ``March 2017``."""
        return str(format_skeleton("yMMMM", value, locale=_parse(self.locale)))

    def short_month(self, value: date) -> str:
        """Write the month of a day for an axis: ``Mar``."""
        return str(get_month_names("abbreviated", "stand-alone", _parse(self.locale))[value.month])

    def weekday(self, index: int) -> str:
        """Write the short name of a weekday, 0 = Monday."""
        return str(get_day_names("abbreviated", "stand-alone", _parse(self.locale))[index])

    def time(self, value: datetime) -> str:
        """Write the time of day: ``18:30``."""
        return str(format_time(value.time(), "short", locale=_parse(self.locale)))

    def moment(self, value: datetime) -> str:
        """Write a day in full and its time, as its own clock shows it: ``8 July 2017, 18:30``."""
        return self._joined(self.day(value), value)

    def medium_moment(self, value: datetime) -> str:
        """Write a day and its time for a narrow column: ``8 Jul 2017, 18:30``."""
        return self._joined(self.medium_day(value), value)

    def _joined(self, day: str, value: datetime) -> str:
        glue = str(get_datetime_format("medium", locale=_parse(self.locale)))
        return glue.replace("{1}", day).replace("{0}", self.time(value))


@cache
def _parse(name: str) -> Locale:
    try:
        return Locale.parse(name.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale.parse(ENGLISH)


@cache
def _decimal_pattern(locale: Locale, decimals: int) -> NumberPattern:
    """Return the locale's pattern of numbers, with exactly so many decimals."""
    whole = locale.decimal_formats[None].pattern.split(";")[0].split(".")[0]
    return parse_pattern(f"{whole}.{'0' * decimals}" if decimals else whole)
