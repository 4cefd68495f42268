"""What only an administrator sees: the accounts, what all of them hold, and what was done."""

from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.features.administration.audit_panel import AuditPanel
from desktop.features.administration.audit_view_model import AuditViewModel
from desktop.features.administration.searched_panel import SearchedPanel
from desktop.features.administration.searched_table import SearchedTable
from desktop.features.administration.users_panel import UsersPanel
from desktop.features.administration.users_view_model import UsersViewModel
from desktop.widgets.banner import Banner
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.tabbed_title import TabbedTitle

translate = QCoreApplication.translate


class AdministrationWindow(QWidget):
    """A tab each; what was done or refused on any of them is said above them."""

    def __init__(
        self,
        users: UsersViewModel,
        devices: SearchedTable[Any],
        imports: SearchedTable[Any],
        audit: AuditViewModel,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.banner = Banner(self)
        self.users = UsersPanel(users, self)
        self.devices = SearchedPanel(
            devices, self.tr("Devices"), self.tr("Find a device, an owner or a category"), _no_devices(), self
        )
        self.imports = SearchedPanel(
            imports, self.tr("Imports"), self.tr("Find a file or an owner"), _no_imports(), self
        )
        self.audit = AuditPanel(audit, self)
        top = TabbedTitle(self.tr("Administration"), self)
        top.add(self.tr("U&sers"), self.users)
        top.add(self.tr("&Devices"), self.devices)
        top.add(self.tr("&Imports"), self.imports)
        top.add(self.tr("Audit &log"), self.audit)
        self.tabs = top.tabs
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self.banner)
        layout.addWidget(top.pages, 1)
        for told in (users.notified, audit.notified):
            told.connect(self.banner.show_info)
        for failed in (users.failed, devices.failed, imports.failed, audit.failed):
            failed.connect(self.banner.show_error)
        self.tabs.currentChanged.connect(self.banner.hide)


def _no_devices() -> EmptyState:
    return EmptyState(
        "power-plug-outline",
        translate("AdministrationWindow", "No devices yet"),
        translate(
            "AdministrationWindow", "As soon as anybody imports readings, their devices are listed here."
        ),
    )


def _no_imports() -> EmptyState:
    return EmptyState(
        "file-import-outline",
        translate("AdministrationWindow", "Nothing was imported yet"),
        translate("AdministrationWindow", "Every import of every user is listed here with its counts."),
    )
