"""All that a report says, as plain values: what the pages and the workbook are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from services import alerts, dashboard, forecasts, ids, readings
from services.alerts import Alert, SilentMeter
from services.dashboard import Comparison, Figure, Overview, Series, overview, whole_part
from services.day_label import as_label
from services.facility import Facility, facility_of
from services.local_times import day_start
from services.messages import formats
from services.progress import Progress, silent
from services.reports.amounts import FIGURES, change
from services.reports.subject import NoReadings, Period, Subject, devices_of
from services.scope import Scope
from services.settings import Settings
from services.typed import typed
from services.version import installed_version

STAGE = "Gathering the report"
LEAST = 0.5
"""Of less than this part of the days nothing is compared with what was planned."""
Paper = Literal["a4", "us-letter"]
LETTER = {"BZ", "CA", "CL", "CO", "CR", "DO", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"}
"""Countries that print on Letter, after Unicode's CLDR; ISO 3166."""
KINDS: dict[str, forecasts.PeriodKind] = {"month": "monthly", "week": "weekly"}
PERIODS_SHOWN = 13
"""So many months or weeks, the report's own the last, so that a month stands beside its last year's."""


@dataclass(frozen=True)
class Contents:
    """A report of one subject and period. Energy in kWh, demand in kW; times are the facility's."""

    facility: Facility
    subject: Subject
    period: Period
    timezone: str
    made_at: datetime
    """Aware, in the facility's time zone."""
    made_by: str
    """The program and its version."""
    now: Overview
    """The period, day by day."""
    figures: dict[str, Figure]
    """Those of `amounts.FIGURES` that are known, as the dashboard shows and compares them."""
    expected: npt.NDArray[np.float64] | None
    """kWh forecast for each day of the period; NaN where none was."""
    forecast: forecasts.MadeAhead | None
    """What had been forecast of the period before it began."""
    history: Series
    """The last `PERIODS_SHOWN` months or weeks; NaN where there are no readings."""
    next_month: tuple[float, float, float] | None
    """The forecast (value, lower, upper) of the month that follows, where it is the one that comes next;
    NaN for an interval that is not known."""
    events: list[Alert]
    """The alerts that overlap the period, the worst first."""
    silent: list[SilentMeter]
    """The meters that sent no readings for a part of the period, by when that began."""

    @property
    def budget(self) -> float | None:
        """The monthly budget (kWh), which is the whole facility's."""
        whole_month = self.subject.kind == "facility" and self.period.kind == "month"
        return self.facility.monthly_budget if whole_month else None

    @property
    def over_budget(self) -> tuple[float, float] | None:
        """By which part the days that have all readings are over their part of the budget, and which part of
        the period these are; None without a budget, and where less than half of the days have them."""
        used, part = whole_part(self.now.coverage, self.now.daily.kwh, self._days)
        over = change(used, self.budget and self.budget * part)
        return None if over is None or part < LEAST else (over, part)

    @property
    def _days(self) -> dashboard.Period:
        return dashboard.Period(self.period.start, self.period.end)

    def a_day(self, compared: Comparison) -> Comparison:
        """Return sums over what both periods have as kWh a day."""
        basis = self.now.figures.before
        assert basis is not None, "nothing is compared with no period"
        if basis.whole:
            return Comparison(compared.now / self.period.days, compared.then / basis.other.length)
        return Comparison(compared.now / basis.covered, compared.then / basis.covered)

    @property
    def covered_days(self) -> float:
        """Days that readings cover, a part of a day as that part."""
        total, day = self.now.figures.total.value, self.now.figures.average_day.value
        return total / day if total and day else 0.0

    @property
    def paper(self) -> Paper:
        """What printers hold in the facility's country, else in the reader's."""
        country = self.facility.country or formats().territory
        return "us-letter" if country in LETTER else "a4"

    @property
    def missing_days(self) -> int:
        """Days of the period without any reading."""
        return int(np.isnan(self.now.consumption.kwh).sum())


def dates_of(moments: npt.NDArray[np.datetime64]) -> list[date]:
    """Return the days of moments, datetime64[n]."""
    days: list[date] = moments.astype("datetime64[D]").tolist()
    return days


@typed
def gather(
    scope: Scope, settings: Settings, subject: Subject, period: Period, progress: Progress = silent
) -> Contents:
    """Return what a report of this subject and period says.

    Raises `NoReadings` when the period has no readings, and whatever ``progress`` raises.
    """
    progress(STAGE, 0, 3)
    now = _overview(scope, subject, period)
    if now is None:
        raise _no_readings(subject, period)
    progress(STAGE, 1, 3)
    device_ids = devices_of(scope, subject)
    return Contents(
        facility=facility_of(scope),
        subject=subject,
        period=period,
        timezone=scope.timezone,
        made_at=datetime.now(UTC).astimezone(ZoneInfo(scope.timezone)),
        made_by=f"Loadlens {installed_version()}".strip(),
        now=now,
        figures=_figures(now),
        expected=_expected_days(scope, settings, period, device_ids and [d.id for d in now.devices if d.kwh]),
        forecast=forecasts.made_ahead(
            scope, KINDS[period.kind], period.start, device_ids and [d.id for d in now.devices if d.kwh]
        ),
        history=_history(scope, subject, period),
        next_month=now.figures.next_month if _comes_next(scope, period) else None,
        events=_events(scope, period, device_ids),
        silent=alerts.silent_meters(scope, period.start, period.end, device_ids),
    )


def _no_readings(subject: Subject, period: Period) -> NoReadings:
    span = {"start": period.start, "end": period.end}
    if subject.kind == "facility":
        return NoReadings(
            "There are no readings of the facility from {start} to {end}. Choose another period.", **span
        )
    return NoReadings(
        "There are no readings of {subject} from {start} to {end}. Choose another period.",
        subject=subject.name,
        **span,
    )


def _overview(scope: Scope, subject: Subject, period: Period) -> Overview | None:
    """Return the overview of a period by the day; None where it has no readings."""
    found = overview(scope, subject.within(period.start, period.end), "day")
    return found if np.isfinite(found.consumption.kwh).any() else None


def _figures(now: Overview) -> dict[str, Figure]:
    figures: dict[str, Figure] = {name: getattr(now.figures, name) for name in FIGURES}
    return {name: figure for name, figure in figures.items() if figure.value is not None}


def _expected_days(
    scope: Scope, settings: Settings, period: Period, device_ids: Sequence[str] | None
) -> npt.NDArray[np.float64] | None:
    """Return kWh forecast for each day of the period by the best model, float64[days]; NaN without one.

    Of the whole facility (None), or the sum over devices. A day that was forecast counts as it was
    forecast; one that the model was tested on, as it was held out. None where no day was forecast.
    """
    known = forecasts.reports(scope, settings)
    if not known:
        return None
    owners = [None] if device_ids is None else ids.object_ids(device_ids)
    query = {
        "type": "daily",
        "modelUsed": known[0].name,
        "deviceId": {"$in": owners},
        "timestamp": {"$gte": as_label(period.start), "$lte": as_label(period.end)},
    }
    # Of each device's day the last one stays: forecast after held out.
    found = scope.db["predictions"].find(scope.owned(query)).sort("heldOut", -1)
    once = {(p["deviceId"], p["timestamp"].date()): p["predictedValue"] for p in found}
    days = [period.start + timedelta(days=i) for i in range(period.days)]
    # A device without a forecast that day leaves the sum unknown.
    sums = np.array([sum(once.get((owner, day), np.nan) for owner in owners) for day in days])
    return sums if np.isfinite(sums).any() else None


def _history(scope: Scope, subject: Subject, period: Period) -> Series:
    first = period
    for _ in range(PERIODS_SHOWN - 1):
        first = first.previous
    return overview(scope, subject.within(first.start, period.end), period.kind).consumption


def _comes_next(scope: Scope, period: Period) -> bool:
    """Whether the readings end in this month, so that the next month's forecast is of the one after it."""
    span = readings.span(scope)
    return span is not None and period.kind == "month" and period.start <= span[1] <= period.end


def _events(scope: Scope, period: Period, device_ids: tuple[str, ...] | None) -> list[Alert]:
    start, end = (day_start(day, scope.timezone) for day in (period.start, period.end + timedelta(days=1)))
    return alerts.worst_first(
        [
            alert
            for alert in alerts.list_alerts(scope)
            if alert.start < end
            and alert.end > start
            and (device_ids is None or alert.device_id in device_ids)
        ]
    )
