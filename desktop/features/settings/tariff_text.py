"""Months, days of the week and hours of a tariff in words."""

from collections.abc import Callable, Collection

from PySide6.QtCore import QCoreApplication, QLocale, QTime

translate = QCoreApplication.translate


def month_name(month: int) -> str:
    """Short; 1..12."""
    return QLocale().standaloneMonthName(month, QLocale.FormatType.ShortFormat)


def day_name(weekday: int) -> str:
    """Short; 0 = Monday."""
    return QLocale().standaloneDayName(weekday + 1, QLocale.FormatType.ShortFormat)


def months(chosen: Collection[int]) -> str:
    """Return runs of months, also over the turn of the year: Nov–Mar, Jul."""
    if len(chosen) == 12:
        return translate("tariff", "all year")
    return ", ".join(_run(first, last, month_name) for first, last in _runs(chosen, range(1, 13)))


def weekdays(chosen: Collection[int]) -> str:
    """Return runs of days: Mon–Fri, Sun."""
    if len(chosen) == 7:
        return translate("tariff", "every day")
    return ", ".join(_run(first, last, day_name) for first, last in _runs(chosen, range(7)))


def hour(value: int) -> str:
    """An hour of the day as the locale writes times; 24 is the midnight at the day's end."""
    if value == 24:
        return translate("tariff", "midnight")
    return QLocale().toString(QTime(value, 0), QLocale.FormatType.ShortFormat)


def _run(first: int, last: int, name: Callable[[int], str]) -> str:
    return name(first) if first == last else f"{name(first)}–{name(last)}"


def _runs(chosen: Collection[int], circle: range) -> list[tuple[int, int]]:
    """First and last of each unbroken run around the circle."""
    begins = [i for i in circle if i in chosen and _beside(i, -1, circle) not in chosen]
    ends = [i for i in circle if i in chosen and _beside(i, 1, circle) not in chosen]
    # A run over the turn of the circle ends before it begins.
    turned = bool(begins) and ends[0] < begins[0]
    return list(zip(begins, ends[1:] + ends[:1] if turned else ends, strict=True))


def _beside(i: int, step: int, circle: range) -> int:
    return circle[(circle.index(i) + step) % len(circle)]
