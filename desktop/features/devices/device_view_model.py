"""One device in full: what it is, how it stands to its nameplate, its readings, events and data quality."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from desktop.features.alerts.model import AlertsModel
from desktop.features.devices.device_figures import DeviceFigures
from desktop.features.devices.device_questions import Facts, events_of, facts_of, figures_of, quality_of
from desktop.features.devices.device_rows import short, status_name, verdict
from desktop.framework.table_export import TableExport
from desktop.framework.tasks import run
from services.accounts import Session
from services.alerts import Alert
from services.scope import Scope

T = TypeVar("T")


class DeviceViewModel(QObject):
    """Each part arrives on its own: ``facts_known``, ``figures_known``, ``events_known``, ``quality_known``.

    ``opened`` when another device is asked for, ``gone`` when it is not there any more.
    """

    opened = Signal()
    facts_known = Signal()
    figures_known = Signal()
    events_known = Signal()
    quality_known = Signal()
    gone = Signal()
    failed = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._forget("")
        self.events = AlertsModel(self)
        self.export = TableExport(self)
        self.export.failed.connect(self.failed)

    def _forget(self, device_id: str) -> None:
        self.device_id = device_id
        self.span: tuple[float, float] | None = None
        self.facts: Facts | None = None
        self.figures: DeviceFigures | None = None
        self.quality: list[str] = []

    @property
    def name(self) -> str:
        return self.facts.device.name if self.facts else ""

    @property
    def description(self) -> str:
        """Category, rating, hours, status and places in a line."""
        if self.facts is None:
            return ""
        device = self.facts.device
        power, hours = device.rated_power, device.avg_usage_hours
        known = [
            device.category or self.tr("no category"),
            self.tr("{power} W").format(power=short(power)) if power else self.tr("rated power not known"),
            self.tr("hours a day not known")
            if hours is None
            else self.tr("{hours} h/day").format(hours=short(hours)),
            status_name(device.status),
            *self.facts.places,
        ]
        return " · ".join(known)

    @property
    def verdict(self) -> str:
        """How it stands to its nameplate, in a sentence."""
        return verdict(self.facts.nameplate) if self.facts else ""

    @property
    def suspicious(self) -> bool:
        return self.facts is not None and self.facts.nameplate.suspicious

    def open(self, device_id: str) -> None:
        """Show this device; what was known of another is forgotten."""
        if device_id != self.device_id:
            self._forget(device_id)
            self.events.show([])
            self.opened.emit()
        self.refresh()

    def refresh(self) -> None:
        """Read the device that is shown anew."""
        if not self.device_id:
            return
        self._ask(facts_of, self._take_facts)
        self._look()
        self._ask(events_of, self._take_events)
        self._ask(quality_of, self._take_quality)

    def brush(self, span: tuple[float, float] | None) -> None:
        """Figures and profile of this span (seconds of the facility's clock), or of all days."""
        if span != self.span:
            self.span = span
            self._look()

    def _look(self) -> None:
        span = self.span
        self._ask(
            lambda scope, device_id: figures_of(scope, device_id, span),
            lambda figures: self._take_figures(figures) if span == self.span else None,
        )

    def _ask(self, question: Callable[[Scope, str], T], answered: Callable[[T], None]) -> None:
        """Off the GUI thread; an answer about a device that is not shown any more is not heard."""
        asked = self.device_id
        task = run(lambda: question(self._session.scope(), asked), parent=self)
        task.succeeded.connect(lambda answer: answered(answer) if asked == self.device_id else None)
        task.failed.connect(self.failed)

    def _take_facts(self, facts: Facts | None) -> None:
        self.facts = facts
        if facts is None:
            self._forget("")
            self.gone.emit()
        else:
            self.facts_known.emit()

    def _take_figures(self, figures: DeviceFigures) -> None:
        self.figures = figures
        self.figures_known.emit()

    def _take_events(self, found: tuple[str, list[Alert]]) -> None:
        self.events.timezone, alerts = found
        self.events.show(alerts)
        self.events_known.emit()

    def _take_quality(self, said: list[str]) -> None:
        self.quality = said
        self.quality_known.emit()
