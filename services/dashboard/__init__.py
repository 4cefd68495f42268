"""What the dashboard says: the seven figures of a script, and all that its windows show."""

from services.dashboard.charts import CHARTS, ChartSpec, Table, complete, shown_forecast, weekly
from services.dashboard.comparison import Figure
from services.dashboard.figures import Figures
from services.dashboard.forecast import Forecast
from services.dashboard.overview import Budget, Overview, Share, device_overview, overview
from services.dashboard.profiles import DayProfile, HeatMap, LoadDuration, Profile, Trend
from services.dashboard.selection import Filter, Period, Resolution, Series
from services.dashboard.stats import DayTotal, DeviceShare, Quantity, Stats, WeekTotal, as_json, stats

__all__ = [
    "CHARTS",
    "Budget",
    "ChartSpec",
    "DayProfile",
    "DayTotal",
    "DeviceShare",
    "Figure",
    "Figures",
    "Filter",
    "Forecast",
    "HeatMap",
    "LoadDuration",
    "Overview",
    "Period",
    "Profile",
    "Quantity",
    "Resolution",
    "Series",
    "Share",
    "Stats",
    "Table",
    "Trend",
    "WeekTotal",
    "as_json",
    "complete",
    "device_overview",
    "overview",
    "shown_forecast",
    "stats",
    "weekly",
]
