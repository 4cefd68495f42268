"""The list of devices out to a spreadsheet and in from one, with a look at what would change."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.features.devices.device_edits import list_import
from desktop.features.devices.device_rows import field_name, short, status_name, written
from desktop.features.devices.view_model import DevicesViewModel
from desktop.framework.formatting import NOTHING, number
from desktop.framework.record_table import Column, RecordTable, natural
from desktop.framework.tasks import run
from services.accounts import Session
from services.device_lists import BadCell, ListPlan, export_devices, plan_list
from services.devices import Device
from services.messages import gettext


@dataclass(frozen=True)
class Line:
    """One field of one device that the list would change; of a new device all in one."""

    device: str
    what: str
    before: str
    after: str


class DeviceListViewModel(QObject):
    """``planned`` when a file was read and held against the devices; ``brought_in`` when it is stored.

    ``notified`` with a sentence about a file that was written or needs nothing, ``failed`` with a refusal.
    """

    planned = Signal()
    brought_in = Signal()
    notified = Signal(str)
    failed = Signal(str)

    def __init__(self, session: Session, devices: DevicesViewModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._devices = devices
        self._plan = ListPlan("", [], [], 0)
        self.lines: RecordTable[Line] = RecordTable(self._line_columns(), id, self)
        self.bad: RecordTable[BadCell] = RecordTable(self._bad_columns(), id, self)

    @property
    def file(self) -> str:
        return self._plan.file

    @property
    def acceptable(self) -> bool:
        return not self._plan.bad

    @property
    def summary(self) -> str:
        """What the list would do, or why it cannot be taken, in a sentence or two."""
        plan = self._plan
        if plan.bad:
            return self.tr(
                "Nothing was imported, because {count} cells cannot be taken. "
                "Mend them in the file and import it again."
            ).format(count=number(len(plan.bad)))
        counts = [
            (self.tr("new: {count}"), len(plan.new)),
            (self.tr("changed: {count}"), len(plan.changed)),
            (self.tr("as they are: {count}"), plan.unchanged),
        ]
        said = ", ".join(template.format(count=number(count)) for template, count in counts if count)
        sentences = [self.tr("Devices in the list: {counts}.").format(counts=said)]
        if plan.new_categories:
            names = ", ".join(plan.new_categories)
            sentences.append(self.tr("New categories: {names}.").format(names=names))
        return " ".join(sentences)

    def open(self, path: str) -> None:
        """Read a list and say what it would change; nothing is stored."""
        task = run(
            lambda progress: plan_list(self._session.scope(), Path(path), progress),
            parent=self,
            with_progress=True,
        )
        task.succeeded.connect(self._take)
        task.failed.connect(self.failed)

    def bring_in(self) -> None:
        """Store what the list says, whole or not at all."""
        self._devices.history.do(list_import(self._plan), self.failed.emit)
        self.brought_in.emit()

    def export(self, path: str) -> None:
        """Write the devices that are shown, in their order."""
        devices = [row.device for row in self._devices.table.rows]
        task = run(lambda: export_devices(devices, Path(path)), parent=self)
        task.succeeded.connect(lambda _done: self.notified.emit(self._written(path, len(devices))))
        task.failed.connect(self.failed)

    def _take(self, plan: ListPlan) -> None:
        self._plan = plan
        if not (plan.bad or plan.new or plan.changed):
            self.notified.emit(self.tr("{file} changes nothing: all is as it says.").format(file=plan.file))
            return
        new = [Line(d.name, self.tr("new device"), "", self._in_full(d)) for d in plan.new]
        changed = [
            Line(c.before.name, field_name(f), written(c.before, f), written(c.after, f))
            for c in plan.changed
            for f in c.fields
        ]
        self.lines.reset(self._line_columns(), [*new, *changed])
        self.bad.reset(self._bad_columns(), plan.bad)
        self.planned.emit()

    def _in_full(self, device: Device) -> str:
        said = [
            device.category,
            self.tr("{power} W").format(power=short(device.rated_power)) if device.rated_power else "",
            self.tr("{hours} h/day").format(hours=short(device.avg_usage_hours))
            if device.avg_usage_hours is not None
            else "",
            status_name(device.status),
        ]
        return " · ".join(filter(None, said))

    def _written(self, path: str, count: int) -> str:
        return self.tr("{count} devices were written to {file}.").format(
            count=number(count), file=Path(path).name
        )

    def _line_columns(self) -> list[Column[Line]]:
        return [
            Column(self.tr("Device"), lambda line: line.device, lambda line: natural(line.device)),
            Column(self.tr("What changes"), lambda line: line.what),
            Column(self.tr("Before"), lambda line: line.before),
            Column(self.tr("After"), lambda line: line.after),
        ]

    def _bad_columns(self) -> list[Column[BadCell]]:
        return [
            Column(self.tr("Row"), lambda cell: number(cell.row), lambda cell: cell.row, numeric=True),
            Column(self.tr("Column"), lambda cell: cell.column),
            Column(self.tr("Cell"), lambda cell: cell.value or NOTHING),
            Column(
                self.tr("What is wrong"),
                lambda cell: gettext(cell.reason, **cell.details),
            ),
        ]
