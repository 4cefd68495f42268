"""Readings into the database: whole or not at all, taken back when wanted, and summed by day."""

from services.readings.storage.conflicts import (
    Conflict,
    Duplicate,
    MeterUnclear,
    OnConflict,
    OnDuplicate,
    OverlapRefused,
)
from services.readings.storage.consistency_check import is_consistent
from services.readings.storage.history import (
    ImportRecord,
    ImportRefused,
    finalize_import,
    list_imports,
    own_import,
)
from services.readings.storage.implausible import (
    ImplausibleReading,
    describe_implausible,
    list_implausible,
    set_implausible_aside,
    set_implausible_state,
)
from services.readings.storage.meter_identity import identify
from services.readings.storage.rollback import imports_without_alerts, recover, undo
from services.readings.storage.store import Stored, store

__all__ = [
    "Conflict",
    "Duplicate",
    "ImplausibleReading",
    "ImportRecord",
    "ImportRefused",
    "MeterUnclear",
    "OnConflict",
    "OnDuplicate",
    "OverlapRefused",
    "Stored",
    "describe_implausible",
    "finalize_import",
    "identify",
    "imports_without_alerts",
    "is_consistent",
    "list_implausible",
    "list_imports",
    "own_import",
    "recover",
    "set_implausible_aside",
    "set_implausible_state",
    "store",
    "undo",
]
