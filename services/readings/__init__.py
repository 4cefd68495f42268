"""Interval data: from a spreadsheet into the database, and back out of it."""

from services.readings.columns import FIELDS, REQUIRED, ColumnMap, map_columns
from services.readings.interpretation import (
    Plan,
    complaint,
    decide,
    interpret,
    layout_of,
    looks_like_readings,
)
from services.readings.query import daily_consumption, interval_data, locations, span
from services.readings.read import Table, open_table
from services.readings.sources import SUFFIXES, FileRefused, Sheet, files_in, open_sheets
from services.readings.storage import Stored, agrees, rebuild, recover, store
from services.readings.validate import MappingRefused, Readings, Refusal, validate

__all__ = [
    "FIELDS",
    "REQUIRED",
    "SUFFIXES",
    "ColumnMap",
    "FileRefused",
    "MappingRefused",
    "Plan",
    "Readings",
    "Refusal",
    "Sheet",
    "Stored",
    "Table",
    "agrees",
    "complaint",
    "daily_consumption",
    "decide",
    "files_in",
    "interpret",
    "interval_data",
    "layout_of",
    "locations",
    "looks_like_readings",
    "map_columns",
    "open_sheets",
    "open_table",
    "rebuild",
    "recover",
    "span",
    "store",
    "validate",
]
