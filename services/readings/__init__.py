"""Interval data: from a spreadsheet into the database, and back out of it."""

from services.readings.calorific import convert_volumes, fill_kwh, set_calorific_value
from services.readings.columns import FIELDS, ColumnMap, columns_of_hours
from services.readings.deduplicate import combine_sheets
from services.readings.load_cache import keep_files, load_profile_of
from services.readings.load_profile import Demand, LoadProfile
from services.readings.mapping import (
    Clock,
    MappingRefused,
    SheetMapping,
    find_problem,
    infer_mapping,
    layout_fingerprint,
    looks_like_readings,
)
from services.readings.parse_result import Readings, Refusal
from services.readings.parsing import parse_sheet
from services.readings.previews import (
    SheetPreview,
    cache_body,
    preview_readings,
    preview_sheet,
    read_file,
    remember_mapping,
)
from services.readings.quality import Finding, MeterQuality, Remark, assess_quality, remarks
from services.readings.query import daily_consumption, interval_data, locations, span, sum_file_by_day
from services.readings.refused_rows import save_refused
from services.readings.standard_time import describe_clock
from services.readings.storage import (
    Conflict,
    Duplicate,
    ImportRecord,
    ImportRefused,
    MeterUnclear,
    OnConflict,
    OnDuplicate,
    OverlapRefused,
    Stored,
    finalize_import,
    identify,
    imports_without_alerts,
    is_consistent,
    list_imports,
    own_import,
    recover,
    store,
    undo,
)
from services.sheets.sources import SUFFIXES, FileRefused, Sheet, files_in, open_sheets

__all__ = [
    "FIELDS",
    "SUFFIXES",
    "Clock",
    "ColumnMap",
    "Conflict",
    "Demand",
    "Duplicate",
    "FileRefused",
    "Finding",
    "ImportRecord",
    "ImportRefused",
    "LoadProfile",
    "MappingRefused",
    "MeterQuality",
    "MeterUnclear",
    "OnConflict",
    "OnDuplicate",
    "OverlapRefused",
    "Readings",
    "Refusal",
    "Remark",
    "Sheet",
    "SheetMapping",
    "SheetPreview",
    "Stored",
    "assess_quality",
    "cache_body",
    "columns_of_hours",
    "combine_sheets",
    "convert_volumes",
    "daily_consumption",
    "describe_clock",
    "files_in",
    "fill_kwh",
    "finalize_import",
    "find_problem",
    "identify",
    "imports_without_alerts",
    "infer_mapping",
    "interval_data",
    "is_consistent",
    "keep_files",
    "layout_fingerprint",
    "list_imports",
    "load_profile_of",
    "locations",
    "looks_like_readings",
    "open_sheets",
    "own_import",
    "parse_sheet",
    "preview_readings",
    "preview_sheet",
    "read_file",
    "recover",
    "remarks",
    "remember_mapping",
    "save_refused",
    "set_calorific_value",
    "span",
    "store",
    "sum_file_by_day",
    "undo",
]
