"""All that the dashboard's charts draw."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from desktop.features.dashboard.series import baseload, budget, consumption, cusum, weeks
from desktop.features.dashboard.shapes import heat_map, load_duration, profile
from desktop.features.dashboard.shares import breakdown, pareto
from desktop.framework.drawing import Drawing
from services.dashboard import Overview, Resolution

translate = QCoreApplication.translate


@dataclass(frozen=True, eq=False)
class Charts:
    """Those over time show all chosen days, the others the brushed ones of them."""

    consumption: Drawing
    weeks: Drawing
    heat_map: Drawing
    baseload: Drawing
    cusum: Drawing
    budget: Drawing
    profile: Drawing
    load_duration: Drawing
    devices: Drawing
    categories: Drawing
    pareto: Drawing


def charts(whole: Overview, part: Overview, resolution: Resolution) -> Charts:
    """``part`` is of the brushed days, or ``whole`` again."""
    return Charts(
        consumption=consumption(whole, resolution, whole.budget.budget if resolution == "month" else None),
        weeks=weeks(whole),
        heat_map=heat_map(whole),
        baseload=baseload(whole),
        cusum=cusum(whole),
        budget=budget(whole),
        profile=profile(part),
        load_duration=load_duration(part),
        devices=breakdown(part.devices),
        categories=breakdown(
            part.categories,
            translate(
                "dashboard", "None of these devices has a category. Give them one on the devices page."
            ),
        ),
        pareto=pareto(part.devices),
    )
