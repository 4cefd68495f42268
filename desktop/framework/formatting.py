"""Numbers, periods and moments as the user's locale writes them."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from services.messages import formats

NOTHING = "–"


def number(value: float | None, decimals: int = 0) -> str:
    return NOTHING if value is None else QLocale().toString(float(value), "f", decimals)


def kwh(value: float | None) -> str:
    """Energy in kWh, with decimals only where they say something."""
    return NOTHING if value is None else f"{rounded(value)} kWh"


def kw(value: float | None) -> str:
    """Demand in kW."""
    return NOTHING if value is None else f"{rounded(value)} kW"


def carbon(kilograms: float | None) -> str:
    """Write emissions of CO2, in tonnes from one tonne on."""
    if kilograms is None:
        return NOTHING
    return f"{rounded(kilograms / 1000)} t" if abs(kilograms) >= 1000 else f"{rounded(kilograms)} kg"


def money(value: float | None, currency: str) -> str:
    """Write an amount in a currency (ISO 4217), with cents only where it is small."""
    if value is None:
        return NOTHING
    symbol = currency_symbol(currency)
    return QLocale().toCurrencyString(float(value), symbol, 0 if abs(value) >= 1000 else 2)


def rounded(value: float) -> str:
    """Write a number with decimals only where they say something."""
    size = abs(value)
    return number(value, 0 if size >= 1000 else 1 if size >= 10 else 2)


@cache
def currency_symbol(currency: str) -> str:
    """Return the sign of a currency (ISO 4217); its code if there is none."""
    iso, sign = QLocale.CurrencySymbolFormat.CurrencyIsoCode, QLocale.CurrencySymbolFormat.CurrencySymbol
    everywhere = QLocale.matchingLocales(
        QLocale.Language.AnyLanguage, QLocale.Script.AnyScript, QLocale.Country.AnyCountry
    )
    # Elsewhere a dollar may be written US$.
    signs = {of.currencySymbol(sign) for of in everywhere if of.currencySymbol(iso) == currency}
    return min(signs - {""}, key=len, default=currency)


def percent(share: float | None, decimals: int = 0) -> str:
    return NOTHING if share is None else f"{number(share * 100, decimals)} %"


def day(value: date) -> str:
    """Write a day in full: 8 July 2017."""
    return formats().day(value)


def short_day(value: date) -> str:
    """Write a day for a narrow column, the month by its name: 8 Jul 2017."""
    return formats().medium_day(value)


def days_in_words(first: date, last: date) -> str:
    """Write the days from one to another, as briefly as can be: 12–18 Mar 2024."""
    begin, end = (QDate(of.year, of.month, of.day) for of in (first, last))
    whole = QLocale().toString(end, "d MMM yyyy")
    if first == last:
        return whole
    if first.year != last.year:
        return f"{QLocale().toString(begin, 'd MMM yyyy')} – {whole}"
    if first.month != last.month:
        return f"{QLocale().toString(begin, 'd MMM')} – {whole}"
    return f"{first.day}–{whole}"


def moment(value: datetime, zone: str) -> str:
    """Write a UTC time as the clock of ``zone`` shows it: 8 July 2017, 18:30."""
    return formats().moment(_local(value, zone))


def short_moment(value: datetime, zone: str) -> str:
    """Write the same for a narrow column: 8 Jul 2017, 18:30."""
    return formats().medium_moment(_local(value, zone))


def _local(value: datetime, zone: str) -> datetime:
    """Return the time on the clock of ``zone``; naive is UTC, as MongoDB gives it."""
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(ZoneInfo(zone))


def hour(start: datetime) -> str:
    """The hour that begins at a time as the facility's clocks show it."""
    return f"{QLocale().toString(QDate(start.year, start.month, start.day), 'ddd')} {wall_clock(start)}"


def wall_clock(local: datetime) -> str:
    """Write a time that is the facility's clock's already: 8 Jul 2017, 18:30."""
    return formats().medium_moment(local)


def period(kind: str, start: date) -> str:
    """The day, week or month that begins at ``start``; ``kind`` is daily, weekly or monthly."""
    if kind == "monthly":
        return QLocale().toString(QDate(start.year, start.month, start.day), "MMMM yyyy")
    if kind == "weekly":
        template = QCoreApplication.translate("quantities", "{first} to {last}")
        return template.format(first=short_day(start), last=short_day(start + timedelta(days=6)))
    return QLocale().toString(QDate(start.year, start.month, start.day), "ddd ") + short_day(start)
