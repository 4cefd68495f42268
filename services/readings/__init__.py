"""Interval data: from a spreadsheet into the database, and back out of it."""

from services.readings.columns import FIELDS, REQUIRED, ColumnMap, map_columns
from services.readings.query import daily_consumption, interval_data, locations, span
from services.readings.read import FileRefused, Table, open_table
from services.readings.storage import Stored, agrees, rebuild, recover, store
from services.readings.validate import MappingRefused, Readings, Refusal, validate

__all__ = [
    "FIELDS",
    "REQUIRED",
    "ColumnMap",
    "FileRefused",
    "MappingRefused",
    "Readings",
    "Refusal",
    "Stored",
    "Table",
    "agrees",
    "daily_consumption",
    "interval_data",
    "locations",
    "map_columns",
    "open_table",
    "rebuild",
    "recover",
    "span",
    "store",
    "validate",
]
