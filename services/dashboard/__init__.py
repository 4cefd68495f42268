"""What the dashboard says: the seven figures of a script, and all that its windows show."""

from services.dashboard.baseload import Trend
from services.dashboard.breakdown import Share
from services.dashboard.comparison import Figure, Period
from services.dashboard.duration import LoadDuration
from services.dashboard.figures import Figures
from services.dashboard.forecast import Forecast
from services.dashboard.heat_map import HeatMap
from services.dashboard.overview import Budget, Overview, device_overview, overview
from services.dashboard.profile import DayProfile, Profile
from services.dashboard.selection import Filter
from services.dashboard.series import Resolution, Series, summed
from services.dashboard.stats import DayTotal, DeviceShare, Stats, WeekTotal, as_json, stats

__all__ = [
    "Budget",
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
    "Resolution",
    "Series",
    "Share",
    "Stats",
    "Trend",
    "WeekTotal",
    "as_json",
    "device_overview",
    "overview",
    "stats",
    "summed",
]
