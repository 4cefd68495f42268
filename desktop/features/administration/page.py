"""What only an administrator sees: the accounts, what all of them hold, and what was done."""

from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop.features.administration.audit_panel import AuditPanel
from desktop.features.administration.audit_view_model import AuditViewModel
from desktop.features.administration.searched_panel import SearchedPanel
from desktop.features.administration.searched_table import SearchedTable
from desktop.features.administration.users_panel import UsersPanel
from desktop.features.administration.users_view_model import UsersViewModel
from desktop.framework.tabbed_page import TabbedPage
from desktop.widgets.empty_state import EmptyState

translate = QCoreApplication.translate


class AdministrationWindow(TabbedPage):
    """A tab each; what was done or refused on any of them is said above them."""

    def __init__(
        self,
        users: UsersViewModel,
        devices: SearchedTable[Any],
        imports: SearchedTable[Any],
        audit: AuditViewModel,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(translate("AdministrationWindow", "Administration"), parent)
        self.users = UsersPanel(users, self)
        self.devices = SearchedPanel(
            devices, self.tr("Devices"), self.tr("Find a device, an owner or a category"), _no_devices(), self
        )
        self.imports = SearchedPanel(
            imports, self.tr("Imports"), self.tr("Find a file or an owner"), _no_imports(), self
        )
        self.audit = AuditPanel(audit, self)
        self.add_tab(self.tr("U&sers"), self.users)
        self.add_tab(self.tr("&Devices"), self.devices)
        self.add_tab(self.tr("&Imports"), self.imports)
        self.add_tab(self.tr("Audit &log"), self.audit)
        self.announce(
            (users.notified, audit.notified), (users.failed, devices.failed, imports.failed, audit.failed)
        )
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
