"""What people do about alerts."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Signal

from desktop.framework.tasks import run
from services import alerts
from services.accounts import Session
from services.scope import Scope

MORNING = 8


class AlertHandling(QObject):
    """``done`` when what was asked for is stored."""

    done = Signal()
    failed = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session

    def acknowledge(self, alert_ids: Sequence[str], note: str) -> None:
        """Take note of these alerts, which makes them read."""
        self._do(lambda scope: alerts.acknowledge(scope, alert_ids, note))

    def snooze(self, alert_ids: Sequence[str], wait: timedelta | None) -> None:
        """Put these alerts off; until tomorrow morning without a ``wait``."""
        self._do(lambda scope: alerts.snooze(scope, alert_ids, _until(wait, scope)))

    def snooze_devices(self, device_ids: Sequence[str], wait: timedelta | None) -> None:
        """Tell nothing of these devices; until tomorrow morning without a ``wait``."""
        self._do(lambda scope: alerts.snooze_device(scope, device_ids, _until(wait, scope)))

    def mute(self, device_ids: Sequence[str], muted: bool) -> None:
        self._do(lambda scope: alerts.mute(scope, device_ids, muted))

    def mark_normal(self, alert_ids: Sequence[str], normal: bool) -> None:
        """Say that these events were normal after all, or were not; the detector learns it at once."""

        def teach(scope: Scope) -> None:
            if taught := alerts.mark_normal(scope, alert_ids, normal):
                alerts.evaluate(scope, taught)

        self._do(teach)

    def _do(self, work: Callable[[Scope], object]) -> None:
        task = run(lambda: work(self._session.scope()), parent=self)
        task.succeeded.connect(self.done)
        task.failed.connect(self.failed)


def _until(wait: timedelta | None, scope: Scope) -> datetime:
    now = datetime.now(ZoneInfo(scope.timezone))
    if wait is not None:
        return now.astimezone(UTC) + wait
    tomorrow = (now + timedelta(days=1)).replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return tomorrow.astimezone(UTC)
