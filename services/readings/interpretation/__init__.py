"""From a sheet of raw cells to what it means, and from that to readings."""

from services.readings.interpretation.columns import FIELDS, ColumnMap
from services.readings.interpretation.decide import decide
from services.readings.interpretation.hours import columns_of_hours
from services.readings.interpretation.interpret import interpret
from services.readings.interpretation.outcome import Readings, Refusal
from services.readings.interpretation.plan import (
    MappingRefused,
    Plan,
    complaint,
    layout_of,
    looks_like_readings,
)
from services.readings.interpretation.sheets import together

__all__ = [
    "FIELDS",
    "ColumnMap",
    "MappingRefused",
    "Plan",
    "Readings",
    "Refusal",
    "columns_of_hours",
    "complaint",
    "decide",
    "interpret",
    "layout_of",
    "looks_like_readings",
    "together",
]
