"""Numbers, periods and moments as the user's locale writes them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale, QTime

NOTHING = "–"


def number(value: float | None, decimals: int = 0) -> str:
    return NOTHING if value is None else QLocale().toString(float(value), "f", decimals)


def kwh(value: float | None) -> str:
    """Energy in kWh, with decimals only where they say something."""
    if value is None:
        return NOTHING
    size = abs(value)
    return f"{number(value, 0 if size >= 1000 else 1 if size >= 10 else 2)} kWh"


def percent(share: float | None, decimals: int = 0) -> str:
    return NOTHING if share is None else f"{number(share * 100, decimals)} %"


def day(value: date) -> str:
    return QLocale().toString(QDate(value.year, value.month, value.day), QLocale.FormatType.ShortFormat)


def moment(value: datetime, zone: str) -> str:
    """A UTC time (aware, or naive UTC as MongoDB gives it) as the clock of ``zone`` shows it."""
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    local = aware.astimezone(ZoneInfo(zone))
    shown = QDateTime(QDate(local.year, local.month, local.day), QTime(local.hour, local.minute))
    return QLocale().toString(shown, QLocale.FormatType.ShortFormat)


def period(kind: str, start: date) -> str:
    """The day, week or month that begins at ``start``; ``kind`` is daily, weekly or monthly."""
    if kind == "monthly":
        return QLocale().toString(QDate(start.year, start.month, start.day), "MMMM yyyy")
    if kind == "weekly":
        template = QCoreApplication.translate("quantities", "{first} to {last}")
        return template.format(first=day(start), last=day(start + timedelta(days=6)))
    return QLocale().toString(QDate(start.year, start.month, start.day), "ddd ") + day(start)
