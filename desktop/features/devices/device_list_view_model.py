"""The list of devices as a spreadsheet: export it, and import one after a preview of what it changes."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.features.devices.edits import import_edit
from desktop.features.devices.fields import facts, field_label, field_text
from desktop.features.devices.view_model import DevicesViewModel
from desktop.framework.formatting import NOTHING, number
from desktop.framework.record_table import Column, RecordTable, natural
from desktop.framework.view_model import SessionViewModel
from services.accounts import Session
from services.device_lists import BadCell, ListPlan, export_devices, plan_list
from services.messages import gettext


@dataclass(frozen=True)
class ListChange:
    """One field of one device that the list changes; of a new device all in one."""

    device: str
    what: str
    before: str
    after: str


class DeviceListViewModel(SessionViewModel):
    """``planned`` when a file was read and compared with the devices."""

    planned = Signal()

    def __init__(self, session: Session, devices: DevicesViewModel, parent: QObject | None = None) -> None:
        super().__init__(session, parent)
        self._devices = devices
        self._plan = ListPlan("", [], [], 0)
        self.lines: RecordTable[ListChange] = RecordTable(self._line_columns(), id, self)
        self.bad: RecordTable[BadCell] = RecordTable(self._bad_columns(), id, self)

    @property
    def file(self) -> str:
        return self._plan.file

    @property
    def acceptable(self) -> bool:
        return not self._plan.bad

    @property
    def summary(self) -> str:
        """Return what the list changes, or why it cannot be taken, in a sentence or two."""
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
        counted = ", ".join(template.format(count=number(count)) for template, count in counts if count)
        sentences = [self.tr("Devices in the list: {counts}.").format(counts=counted)]
        if plan.new_categories:
            names = ", ".join(plan.new_categories)
            sentences.append(self.tr("New categories: {names}.").format(names=names))
        return " ".join(sentences)

    def open(self, path: str) -> None:
        """Read a list and show what it changes; nothing is stored."""
        self.ask(
            lambda scope, progress: plan_list(scope, Path(path), progress), self._show, with_progress=True
        )

    def import_list(self) -> None:
        """Store the list, whole or not at all."""
        self._devices.history.do(import_edit(self._plan), self.failed.emit)

    def export(self, path: str) -> None:
        """Write the devices that are shown, in their order."""
        devices = [row.device for row in self._devices.table.rows]
        notice = self.tr("{count} devices were written to {file}.").format(
            count=number(len(devices)), file=Path(path).name
        )
        self.start(lambda: export_devices(devices, Path(path)), notice=notice)

    def _show(self, plan: ListPlan) -> None:
        self._plan = plan
        if not (plan.bad or plan.new or plan.changed):
            self.notified.emit(self.tr("{file} changes nothing: all is as it says.").format(file=plan.file))
            return
        new = [
            ListChange(d.name, self.tr("new device"), "", " · ".join(facts(d, with_unknown=False)))
            for d in plan.new
        ]
        changed = [
            ListChange(c.before.name, field_label(f), field_text(c.before, f), field_text(c.after, f))
            for c in plan.changed
            for f in c.fields
        ]
        self.lines.reset(self._line_columns(), [*new, *changed])
        self.bad.reset(self._bad_columns(), plan.bad)
        self.planned.emit()

    def _line_columns(self) -> list[Column[ListChange]]:
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
