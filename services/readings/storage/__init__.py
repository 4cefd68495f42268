"""Readings into the database: whole or not at all, taken back when wanted, and summed by day."""

from services.readings.storage.agreement import agrees
from services.readings.storage.conflicts import OverlapRefused
from services.readings.storage.history import ImportRecord, ImportRefused, conclude, in_hand, list_imports
from services.readings.storage.identify import identify
from services.readings.storage.store import Stored, store
from services.readings.storage.taking_back import recover, undo, without_alerts
from services.readings.storage.unclear import Conflict, Duplicate, MeterUnclear, OnConflict, OnDuplicate

__all__ = [
    "Conflict",
    "Duplicate",
    "ImportRecord",
    "ImportRefused",
    "MeterUnclear",
    "OnConflict",
    "OnDuplicate",
    "OverlapRefused",
    "Stored",
    "agrees",
    "conclude",
    "identify",
    "in_hand",
    "list_imports",
    "recover",
    "store",
    "undo",
    "without_alerts",
]
