"""A file among several that cannot be read."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from desktop import theme
from desktop.features.imports.view_model import ImportViewModel
from desktop.widgets.plain_label import PlainLabel

ICON = QSize(48, 48)
WIDTH = 520


class ImportRefusalPanel(QWidget):
    """Says why; the other files can be imported all the same."""

    def __init__(self, view_model: ImportViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self._icon = QLabel(self)
        self.sentence = PlainLabel(parent=self)
        self.sentence.setWordWrap(True)
        self.sentence.setFixedWidth(WIDTH)
        self.start = QPushButton(self)
        self.start.setProperty("role", "primary")
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addStretch()
        for label in (self._icon, self.sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for widget in (self._icon, self.sentence, self.start):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch()
        self.start.clicked.connect(view_model.start)
        view_model.stage_changed.connect(self._show)
        theme.changed.connect(self._paint_icon)
        self._paint_icon()

    def _show(self) -> None:
        self.sentence.setText(self._view_model.refusal)
        self.sentence.setMinimumHeight(max(0, self.sentence.heightForWidth(WIDTH)))  # -1 of no text
        clear = len(self._view_model.files.clear)
        self.start.setText(self.tr("I&mport the others that are ready"))
        self.start.setVisible(clear > 0)

    def _paint_icon(self) -> None:
        picture = theme.icon("file-alert-outline", "warning").pixmap(ICON, self.devicePixelRatio())
        self._icon.setPixmap(picture)
