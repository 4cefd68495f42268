"""Undo and redo, as buttons and as keys."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from desktop import theme
from desktop.features.devices.view_model import DevicesViewModel
from desktop.widgets.tooltips import hint


class UndoButtons(QWidget):
    """Their tool tips say what they would do; the keys work wherever in ``parent`` the focus is."""

    def __init__(self, view_model: DevicesViewModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._history = view_model.history
        self.undo, self.redo = QToolButton(self), QToolButton(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        keys = QKeySequence.StandardKey
        for button, icon, command, key in (
            (self.undo, "undo", view_model.undo, keys.Undo),
            (self.redo, "redo", view_model.redo, keys.Redo),
        ):
            button.setIcon(theme.icon(icon))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(command)
            layout.addWidget(button)
            shortcut = QShortcut(QKeySequence(key), parent, command)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._history.moved.connect(self._offer)
        self._offer()

    def _offer(self) -> None:
        for button, word, said in (
            (self.undo, self.tr("Undo"), self._history.undo_text),
            (self.redo, self.tr("Redo"), self._history.redo_text),
        ):
            told = f"{word}: {said}" if said else word
            button.setEnabled(bool(said))
            button.setToolTip(hint(told))
            button.setAccessibleName(told)
