"""Cells of the table of devices: how they are typed into, and how a suspicious one looks."""

from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop import theme
from desktop.features.devices.device_dialog import LONGEST_NAME
from desktop.features.devices.device_rows import EDITABLE, field_name, statuses
from desktop.features.devices.table import SUSPICIOUS_ROLE
from desktop.features.devices.view_model import DevicesViewModel
from desktop.widgets.choice import Choice
from desktop.widgets.number_edit import NumberEdit

Index = QModelIndex | QPersistentModelIndex


class SuspicionDelegate(QStyledItemDelegate):
    """Paints what is suspicious as a warning."""

    def initStyleOption(  # noqa: N802 - the name that Qt calls
        self, option: QStyleOptionViewItem, index: Index
    ) -> None:
        super().initStyleOption(option, index)
        if index.data(SUSPICIOUS_ROLE):
            option.palette.setColor(QPalette.ColorRole.Text, QColor(theme.tokens().danger))
            option.font.setBold(True)


class DeviceDelegate(SuspicionDelegate):
    """A list where there is something to choose from, a field for anything else."""

    def __init__(self, view_model: DevicesViewModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        field = EDITABLE[index.column()]
        if field in ("category_id", "status"):
            choices = self._view_model.categories.choices if field == "category_id" else statuses()
            choice = Choice(field_name(field), choices, parent)
            choice.activated.connect(lambda: self._take(choice))
            # With its list open, the arrows move in that and take nothing yet.
            QTimer.singleShot(0, choice, choice.showPopup)
            return choice
        edit = NumberEdit(parent) if field != "name" else QLineEdit(parent)
        edit.setMaxLength(LONGEST_NAME)
        edit.setAccessibleName(field_name(field))
        return edit

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if editor.property("begun"):
            return  # rows that are read anew meanwhile do not take away what is being typed
        editor.setProperty("begun", True)
        value: Any = index.data(Qt.ItemDataRole.EditRole)
        if isinstance(editor, Choice | NumberEdit):
            editor.set_value(value)
        elif isinstance(editor, QLineEdit):
            editor.setText(value)
        if isinstance(editor, QLineEdit):
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, Choice | NumberEdit):
            model.setData(index, editor.value)
        elif isinstance(editor, QLineEdit):
            model.setData(index, editor.text())

    def updateEditorGeometry(  # noqa: N802 - the name that Qt calls
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        rect: QRect = option.rect
        room = max(rect.width(), editor.sizeHint().width() if isinstance(editor, QComboBox) else 0)
        editor.setGeometry(QRect(rect.topLeft(), rect.size()).adjusted(0, 0, room - rect.width(), 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        super().paint(painter, option, index)
        if focused and index.column() < len(EDITABLE):
            painter.save()
            painter.setPen(QPen(QColor(theme.tokens().accent_text), 1, Qt.PenStyle.DotLine))
            painter.drawRect(option.rect.adjusted(2, 2, -3, -3))
            painter.restore()

    def _take(self, editor: QWidget) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor)
