"""The load-duration curve: for how much of the time demand was at least so high."""

from services.dashboard import LoadDuration
from services.reports.pages.charts import svg
from services.reports.pages.charts.frame import SHORTER, Frame, ticks_to
from services.reports.pages.charts.palette import ACCENT
from services.reports.wording import Wording

WIDTH, HEIGHT = 240.0, 122.0


def duration_curve(curve: LoadDuration, wording: Wording) -> str:
    """Demand (kW) falling over the share of the time (0..1)."""
    most = float(curve.demand[0]) if len(curve.demand) else 0.0
    frame = Frame(WIDTH, HEIGHT * SHORTER[wording.paper], ticks_to(most), right=12)
    points = [
        (frame.x(float(share)), frame.y(float(kw)))
        for share, kw in zip(curve.share, curve.demand, strict=True)
    ]
    parts = frame.grid(wording)
    if points:
        left, right = (frame.x(0), points[0][1]), (frame.x(1), points[-1][1])
        curve_points = [left, *points, right]
        ground = [(frame.x(1), frame.y(0)), (frame.x(0), frame.y(0))]
        parts.append(svg.polygon([*curve_points, *ground], ACCENT, 0.16))
        parts.append(svg.polyline(curve_points, ACCENT, 1.4))
    parts += [frame.below_axis(p / 100, f"{wording.number(p)} %") for p in (0, 25, 50, 75, 100)]
    return svg.svg(WIDTH, frame.height, parts)
