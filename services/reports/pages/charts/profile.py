"""The average day: working days against weekends."""

import numpy as np
import numpy.typing as npt

from services.dashboard import Profile
from services.reports.pages.charts import svg
from services.reports.pages.charts.frame import SHORTER, Frame, ticks_to
from services.reports.pages.charts.palette import ACCENT, FORECAST
from services.reports.wording import Wording

WIDTH, HEIGHT = 240.0, 122.0
HOURS = (0, 6, 12, 18, 24)


def profile_lines(profile: Profile, wording: Wording) -> str:
    """Mean kW of each hour with a band from the 10th to the 90th percentile of the days."""
    days = [d for d in (profile.weekday, profile.weekend) if np.isfinite(d.mean).any()]
    most = max((float(np.nanmax(day.high)) for day in days), default=0.0)
    frame = Frame(WIDTH, HEIGHT * SHORTER[wording.paper], ticks_to(most))
    parts = frame.grid(wording)
    for day, colour in ((profile.weekend, FORECAST), (profile.weekday, ACCENT)):
        if np.isfinite(day.mean).all():
            low, high = _steps(frame, day.low), _steps(frame, day.high)
            parts.append(svg.polygon([*high, *reversed(low)], colour, 0.16))
            parts.append(svg.polyline(_steps(frame, day.mean), colour, 1.4))
    parts += [frame.below_axis(hour / 24, f"{hour:02}") for hour in HOURS]
    return svg.svg(WIDTH, frame.height, parts)


def _steps(frame: Frame, kw: npt.NDArray[np.float64]) -> list[svg.Point]:
    """Each hour's value in its middle, drawn on to both ends of the day."""
    middle = [(frame.x((hour + 0.5) / 24), frame.y(float(value))) for hour, value in enumerate(kw)]
    return [(frame.x(0), middle[0][1]), *middle, (frame.x(1), middle[-1][1])]
