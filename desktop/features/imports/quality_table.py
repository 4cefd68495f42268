"""Data quality of meters as a table: what was found of each kind, and all of it in sentences."""

from datetime import datetime
from functools import partial

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.features.imports.plan_settings import in_words
from desktop.framework.formatting import NOTHING, moment, number, percent
from desktop.framework.record_table import Column, natural
from services.readings.quality import Finding, MeterQuality, remarks

translate = QCoreApplication.translate

KINDS: dict[str, str] = {
    "gaps": str(QT_TRANSLATE_NOOP("QualityTable", "Missing")),
    "duplicates": str(QT_TRANSLATE_NOOP("QualityTable", "Duplicates")),
    "zero_runs": str(QT_TRANSLATE_NOOP("QualityTable", "Zero")),
    "negative": str(QT_TRANSLATE_NOOP("QualityTable", "Negative")),
    "stuck_runs": str(QT_TRANSLATE_NOOP("QualityTable", "Stuck")),
    "outliers": str(QT_TRANSLATE_NOOP("QualityTable", "Outliers")),
    "interval_changes": str(QT_TRANSLATE_NOOP("QualityTable", "Interval changes")),
}
"""A field of `MeterQuality`, and the heading of the column of how many readings are concerned."""


def quality_columns(zone: str) -> list[Column[MeterQuality]]:
    """A row a meter; times in the sentences are those of ``zone``."""
    found = [
        Column(
            translate("QualityTable", title),
            partial(_shown, kind),
            partial(_readings, kind),
            numeric=True,
        )
        for kind, title in KINDS.items()
    ]
    return [
        Column(
            translate("QualityTable", "Meter"),
            lambda meter: meter.device,
            lambda meter: natural(meter.device),
        ),
        Column(
            translate("QualityTable", "Interval"),
            lambda meter: in_words(meter.interval_minutes) if meter.interval_minutes else NOTHING,
            lambda meter: meter.interval_minutes,
            numeric=True,
        ),
        Column(
            translate("QualityTable", "Complete"),
            lambda meter: percent(meter.completeness, 1),
            lambda meter: meter.completeness,
            numeric=True,
        ),
        *found,
    ]


def sentences(meter: MeterQuality, zone: str) -> list[str]:
    """All that is remarkable about a meter, the gravest first; that it is sound, where nothing is."""
    return [
        translate("remarks", remark.sentence).format(
            **{name: _written(value, zone) for name, value in remark.details.items()}
        )
        for remark in remarks(meter, zone)
    ]


def flaws(meter: MeterQuality) -> int:
    """How many kinds of flaws were found."""
    return sum(getattr(meter, kind).count > 0 for kind in KINDS)


def _readings(kind: str, meter: MeterQuality) -> int:
    found: Finding = getattr(meter, kind)
    return found.readings


def _shown(kind: str, meter: MeterQuality) -> str:
    return number(_readings(kind, meter)) if _readings(kind, meter) else NOTHING


def _written(value: str | int | float | datetime, zone: str) -> str:
    if isinstance(value, datetime):
        return moment(value, zone)
    return value if isinstance(value, str) else number(value, 0 if float(value).is_integer() else 1)
