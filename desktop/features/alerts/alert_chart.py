"""The readings around an alert, as a chart takes them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QCoreApplication

from desktop.framework.formatting import kwh, wall_clock
from services.alerts import Alert, alert_context, expected_text
from services.scope import Scope

translate = QCoreApplication.translate
DAY = 86_400

Seconds = npt.NDArray[np.int64]
Energy = npt.NDArray[np.float64]


class Texts:
    """When and how much each interval was, written when it is pointed at."""

    def __init__(self, x: Seconds, energy: Energy, usual: Energy, name: str) -> None:
        self._x, self._energy, self._usual, self._name = x, energy, usual, name

    def __getitem__(self, at: int) -> str:
        lines = [wall_clock(datetime.fromtimestamp(int(self._x[at]), UTC)), kwh(_known(self._energy[at]))]
        if (usual := _known(self._usual[at])) is not None:
            lines.append(f"{self._name}: {kwh(usual)}")
        return "\n".join(lines)


@dataclass(frozen=True, eq=False)
class AlertChart:
    """``x`` in seconds since 1970 of the wall clock as if it were UTC, and so the event's own ``span``."""

    x: Seconds
    kwh: Energy
    usual: Energy
    name: str
    """What ``usual`` is: what was usual, or what is allowed."""
    texts: Texts
    span: tuple[float, float]

    @property
    def caption(self) -> str:
        """Say what is drawn."""
        minutes = int(np.diff(self.x).min(initial=DAY)) // 60
        if minutes == DAY // 60:
            return translate("alerts", "kWh a day; the event is shaded")
        if minutes == 60:
            return translate("alerts", "kWh an hour; the event is shaded")
        return translate("alerts", "kWh in {minutes} minutes; the event is shaded").format(minutes=minutes)


def chart_of(scope: Scope, alert: Alert) -> AlertChart:
    """Return three days before the event, the event, and three days after."""
    found = alert_context(scope, alert)
    x = found.start.astype("datetime64[s]").astype("int64")
    zone = ZoneInfo(scope.timezone)
    span = (_wall_clock(alert.start, zone), _wall_clock(alert.end, zone))
    name = expected_text(alert)
    return AlertChart(x, found.kwh, found.usual, name, Texts(x, found.kwh, found.usual, name), span)


def _wall_clock(moment: datetime, zone: ZoneInfo) -> float:
    return moment.astimezone(zone).replace(tzinfo=UTC).timestamp()


def _known(energy: float) -> float | None:
    return None if np.isnan(energy) else float(energy)
