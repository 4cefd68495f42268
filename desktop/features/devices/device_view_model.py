"""One device in full: its fields, check of the nameplate, readings, events and data quality."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeVar

import numpy as np
from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop.features.alerts.model import AlertsModel
from desktop.features.dashboard.drawings import drawing
from desktop.features.devices.fields import facts, verdict
from desktop.features.imports.summary import quality_sentences
from desktop.framework.drawing import Drawing
from desktop.framework.formatting import day, kw, kwh, moment, number, percent
from desktop.framework.table_export import TableExport
from desktop.framework.view_model import SessionViewModel
from services.accounts import Session
from services.alerts import Alert, list_alerts
from services.dashboard import Overview, device_overview
from services.devices import Device, find_device
from services.importing import decide_implausible
from services.nameplate import Nameplate, check_nameplates, measure
from services.readings import assess_quality, describe_implausible, interval_data, list_implausible
from services.scope import Scope

translate = QCoreApplication.translate
T = TypeVar("T")
SET_ASIDE_SHOWN = 5


@dataclass(frozen=True)
class DeviceFigure:
    """A figure on its card."""

    name: str
    value: str
    hint: str


@dataclass(frozen=True, eq=False)
class DeviceFigures:
    """The charts over time are of all days, the figures and the profile of the brushed ones of them."""

    figures: list[DeviceFigure]
    consumption: Drawing
    heat_map: Drawing
    profile: Drawing
    empty: bool
    """Whether there are no readings at all."""


def _device_figures(whole: Overview, part: Overview, zone: str) -> DeviceFigures:
    """Describe all days and ``part``, the brushed ones of them; ``zone`` is the time zone of the moments."""
    return DeviceFigures(
        _figures(part, zone),
        drawing("consumption", whole),
        drawing("heat_map", whole),
        drawing("profile", part),
        not whole.heat_map.days.size,
    )


def _figures(overview: Overview, zone: str) -> list[DeviceFigure]:
    figures, at = overview.figures, overview.figures.peak_demand_at
    return [
        DeviceFigure(translate("device", "Total"), kwh(figures.total.value), _period(overview)),
        DeviceFigure(
            translate("device", "Average day"), kwh(figures.average_day.value), _day_count(overview)
        ),
        DeviceFigure(
            translate("device", "Peak demand"), kw(figures.peak_demand.value), moment(at, zone) if at else ""
        ),
        DeviceFigure(
            translate("device", "Baseload"),
            kw(figures.baseload.value),
            translate("device", "what never switches off"),
        ),
        DeviceFigure(
            translate("device", "Load factor"),
            percent(figures.load_factor.value),
            translate("device", "mean ÷ peak demand"),
        ),
    ]


def _period(overview: Overview) -> str:
    days = overview.heat_map.days
    if not len(days):
        return ""
    template = translate("device", "{first} to {last}")
    return template.format(first=day(days[0].astype(object)), last=day(days[-1].astype(object)))


def _day_count(overview: Overview) -> str:
    read = int(np.isfinite(overview.daily.kwh).sum())
    return translate("device", "of {count} days with readings").format(count=number(read))


@dataclass(frozen=True)
class DeviceFacts:
    """A device, how it compares with its nameplate, and where it is."""

    device: Device
    nameplate: Nameplate
    locations: list[str]


def _load_facts(scope: Scope, device_id: str) -> DeviceFacts | None:
    device = find_device(scope, device_id)
    if device is None:
        return None
    used = measure(scope, [device_id])
    [nameplate] = check_nameplates([device], used)
    places = used[device_id].places if device_id in used else {}
    return DeviceFacts(device, nameplate, sorted(filter(None, places)))


def _load_figures(scope: Scope, device_id: str, span: tuple[float, float] | None) -> DeviceFigures:
    whole = device_overview(scope, device_id)
    part = device_overview(scope, device_id, *_days(span)) if span else whole
    return _device_figures(whole, part, scope.timezone)


def _days(span: tuple[float, float]) -> tuple[date, date]:
    """Return the first day and the last of a span whose end is excluded."""
    first, last = (datetime.fromtimestamp(second, UTC).date() for second in (span[0], span[1] - 1))
    return first, last


def _load_events(scope: Scope, device_id: str) -> tuple[str, list[Alert]]:
    return scope.timezone, [alert for alert in list_alerts(scope) if alert.device_id == device_id]


@dataclass(frozen=True)
class DeviceQuality:
    """What is remarkable about a device's readings, and those that are not plausible."""

    sentences: list[str]
    left_out: list[str]
    """Ids of readings that were set aside and count nowhere."""
    kept: list[str]
    """Ids of those that somebody kept."""


def _load_quality(scope: Scope, device_id: str) -> DeviceQuality:
    found = list_implausible(scope, [device_id])
    aside = [reading for reading in found if reading.state == "left out"]
    lines = [describe_implausible(reading, scope.timezone) for reading in aside[:SET_ASIDE_SHOWN]]
    if aside:
        head = translate("device", "Not plausible and set aside, so that they count nowhere: {count}")
        lines = ["\n".join([head.format(count=number(len(aside))), *lines])]
    return DeviceQuality(
        _quality_sentences(scope, device_id) + lines,
        [reading.id for reading in aside],
        [reading.id for reading in found if reading.state == "kept"],
    )


def _quality_sentences(scope: Scope, device_id: str) -> list[str]:
    meters = assess_quality(interval_data(scope, device_ids=[device_id]))
    return [sentence for meter in meters for sentence in quality_sentences(meter, scope.timezone)]


class DeviceViewModel(SessionViewModel):
    """Each part arrives on its own: ``facts_known``, ``figures_known``, ``events_known``, ``quality_known``.

    ``opened`` when another device is to be shown, ``gone`` when it does not exist any more.
    """

    opened = Signal()
    facts_known = Signal()
    figures_known = Signal()
    events_known = Signal()
    quality_known = Signal()
    gone = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(session, parent)
        self._clear("")
        self.events = AlertsModel(self)
        self.export = TableExport(self)
        self.export.failed.connect(self.failed)

    def _clear(self, device_id: str) -> None:
        self.device_id = device_id
        self.span: tuple[float, float] | None = None
        self.facts: DeviceFacts | None = None
        self.figures: DeviceFigures | None = None
        self.quality = DeviceQuality([], [], [])

    @property
    def name(self) -> str:
        return self.facts.device.name if self.facts else ""

    @property
    def description(self) -> str:
        """Return what is known of the device and its locations, in a line."""
        if self.facts is None:
            return ""
        return " · ".join([*facts(self.facts.device, with_unknown=True), *self.facts.locations])

    @property
    def verdict(self) -> str:
        """Return how it compares with its nameplate, as a sentence."""
        return verdict(self.facts.nameplate) if self.facts else ""

    @property
    def suspicious(self) -> bool:
        return self.facts is not None and self.facts.nameplate.suspicious

    def open(self, device_id: str) -> None:
        """Show this device, and nothing of the one before."""
        if device_id != self.device_id:
            self._clear(device_id)
            self.events.show([])
            self.opened.emit()
        self.refresh()

    def refresh(self) -> None:
        """Read the device that is shown again."""
        if not self.device_id:
            return
        self._ask(_load_facts, self._show_facts, "facts")
        self._load_figures()
        self._ask(_load_events, self._show_events, "events")
        self._ask(_load_quality, self._show_quality, "quality")

    def brush(self, span: tuple[float, float] | None) -> None:
        """Show figures and profile of this span (seconds of the facility's clock), or of all days."""
        if span != self.span:
            self.span = span
            self._load_figures()

    def _load_figures(self) -> None:
        span = self.span
        self._ask(
            lambda scope, device_id: _load_figures(scope, device_id, span), self._show_figures, "figures"
        )

    def _ask(self, work: Callable[[Scope, str], T], then: Callable[[T], None], name: str) -> None:
        """Ask about the device that is shown; drop the answer if it is not shown any more."""
        device_id = self.device_id
        self.ask(
            lambda scope: work(scope, device_id),
            lambda answer: then(answer) if device_id == self.device_id else None,
            name=name,
        )

    def _show_facts(self, found: DeviceFacts | None) -> None:
        self.facts = found
        if found is None:
            self._clear("")
            self.gone.emit()
        else:
            self.facts_known.emit()

    def _show_figures(self, figures: DeviceFigures) -> None:
        self.figures = figures
        self.figures_known.emit()

    def _show_events(self, found: tuple[str, list[Alert]]) -> None:
        self.events.timezone, alerts = found
        self.events.show(alerts)
        self.events_known.emit()

    def decide_implausible(self, keep: bool) -> None:
        """Count the readings that were set aside as all others, or leave those that were kept out again."""
        reading_ids = self.quality.left_out if keep else self.quality.kept
        self.ask(
            lambda scope: decide_implausible(scope, reading_ids, keep),
            lambda _done: self.refresh(),
        )

    def _show_quality(self, found: DeviceQuality) -> None:
        self.quality = found
        self.quality_known.emit()
