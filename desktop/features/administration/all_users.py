"""The devices and the imports of all users."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QObject

from desktop.features.administration.searched_table import SearchedTable
from desktop.features.imports.history_view_model import count_column, state_column
from desktop.framework.formatting import NOTHING, moment, number
from desktop.framework.record_table import Column, natural
from services.accounts import Session
from services.administration import OwnedDevice, all_devices, all_imports
from services.readings import ImportRecord

translate = QCoreApplication.translate


def everyones_devices(session: Session, parent: QObject) -> SearchedTable[OwnedDevice]:
    """All devices of all users."""
    return SearchedTable(session, all_devices, _device_columns, parent)


def everyones_imports(session: Session, parent: QObject) -> SearchedTable[ImportRecord]:
    """All imports of all users."""
    return SearchedTable(session, all_imports, _import_columns, parent)


def _device_columns(at: SearchedTable[OwnedDevice]) -> Sequence[Column[OwnedDevice]]:
    statuses = {"active": translate("everyones", "Active"), "inactive": translate("everyones", "Inactive")}
    return [
        Column(translate("everyones", "Device"), lambda of: of.name, lambda of: natural(of.name)),
        Column(translate("everyones", "Owner"), lambda of: of.owner),
        Column(translate("everyones", "Category"), lambda of: of.category or NOTHING),
        Column(translate("everyones", "Status"), lambda of: statuses.get(of.status, of.status)),
        Column(
            translate("everyones", "Readings"),
            lambda of: number(of.readings),
            lambda of: of.readings,
            numeric=True,
        ),
        Column(
            translate("everyones", "Last reading"),
            lambda of: moment(of.last, at.zone) if of.last else NOTHING,
            lambda of: of.last.timestamp() if of.last else 0.0,
        ),
    ]


def _import_columns(at: SearchedTable[ImportRecord]) -> Sequence[Column[ImportRecord]]:
    return [
        Column(
            translate("everyones", "Imported"),
            lambda of: moment(of.created_at, at.zone),
            lambda of: of.created_at.timestamp(),
        ),
        Column(translate("everyones", "File"), lambda of: of.file, lambda of: natural(of.file)),
        Column(translate("everyones", "Owner"), lambda of: of.who),
        state_column(translate("everyones", "State")),
        count_column(translate("everyones", "Added"), "added"),
        count_column(translate("everyones", "Refused"), "refused"),
    ]
