"""What an alert says, in the user's language and figures."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QTime

from desktop.framework.formatting import day, money, number, rounded
from services.alerts import Alert

translate = QCoreApplication.translate
MIDNIGHT = "00:00"
HOURS, FEW_HOURS = 24, 48
"""Of a day; what lasts longer is told in days."""


def in_words(alert: Alert, zone: str) -> str:
    """Its sentences; those of an alert that an older Loadlens has found in English."""
    if not alert.sentences:
        return alert.message
    words = {name: _word(name, value, alert.currency) for name, value in alert.details.items()}
    words["device"] = subject(alert)
    words["when"] = _when(alert.start, alert.end, ZoneInfo(zone))
    return " ".join(translate("alerts", sentence).format(**words) for sentence in alert.sentences)


def subject(alert: Alert) -> str:
    """What it is about: a device, a category, or everything."""
    return alert.device or translate("alerts", "The facility")


def lasting(alert: Alert) -> str:
    """How long it lasted, in hours or in days."""
    hours = (alert.end - alert.start) / timedelta(hours=1)
    if hours < 1:
        return translate("alerts", "{count} min").format(count=number(60 * hours))
    if hours < FEW_HOURS:
        return translate("alerts", "{count} h").format(count=number(hours, 0 if hours == int(hours) else 1))
    return translate("alerts", "{count} days").format(count=number(hours / HOURS))


def _word(name: str, value: object, currency: str) -> str:
    if name.endswith("cost") and isinstance(value, float):
        return money(value, currency)
    if name in ("passed", "last"):
        return _weekday_and_day(date.fromisoformat(str(value)))
    if isinstance(value, bool | datetime):
        return ""
    return rounded(value) if isinstance(value, float) else str(value)


def _when(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    first, after = _local(start, zone), _local(end, zone)
    last = after - timedelta(minutes=1)
    if f"{first:%H:%M}" == f"{after:%H:%M}" == MIDNIGHT:
        if first.date() == last.date():
            return translate("alerts", "on {day}").format(day=_weekday_and_day(first))
        return translate("alerts", "from {first} to {last}").format(
            first=_weekday_and_day(first), last=_weekday_and_day(last)
        )
    if first.date() == last.date():
        return translate("alerts", "between {start} and {end} on {day}").format(
            start=_time(first), end=_time(after), day=_weekday_and_day(first)
        )
    return translate("alerts", "from {start} on {first} to {end} on {last}").format(
        start=_time(first), first=_weekday_and_day(first), end=_time(after), last=_weekday_and_day(after)
    )


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(zone)


def _weekday_and_day(value: date) -> str:
    name = QLocale().toString(QDate(value.year, value.month, value.day), "ddd")
    return f"{name} {day(value)}"


def _time(moment: datetime) -> str:
    return QLocale().toString(QTime(moment.hour, moment.minute), QLocale.FormatType.ShortFormat)
