"""The charts of the pages, drawn as SVG at the size at which they stand on the paper."""

from services.reports.pages.charts.columns import day_columns, period_columns
from services.reports.pages.charts.duration import duration_curve
from services.reports.pages.charts.heat_map import heat_map
from services.reports.pages.charts.profile import profile_lines

__all__ = ["day_columns", "duration_curve", "heat_map", "period_columns", "profile_lines"]
