"""A drop-down list that is searched by typing, for more choices than anybody scrolls through."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QWidget


class SearchChoice(QComboBox):
    """``chosen`` with the value of what the user picked."""

    chosen = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        edit, completer = self.lineEdit(), self.completer()
        assert edit is not None  # as it is editable
        assert completer is not None
        self._edit = edit
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._edit.editingFinished.connect(self._settle)
        self.activated.connect(lambda: self.chosen.emit(self.currentData()))

    def offer(self, choices: Sequence[tuple[object, str]], value: object) -> None:
        """Offer (value, text) of everything there is, and the value that is chosen."""
        if [(self.itemData(i), self.itemText(i)) for i in range(self.count())] != list(choices):
            self.clear()
            for of, text in choices:
                self.addItem(text, of)
        place = next((i for i in range(self.count()) if self.itemData(i) == value), 0)
        self.setCurrentIndex(place)
        self._edit.setCursorPosition(0)

    def _settle(self) -> None:
        """What was typed is a choice, or it is taken back."""
        self.setEditText(self.itemText(self.currentIndex()))
        self._edit.setCursorPosition(0)
