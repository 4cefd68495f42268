"""How sound the readings of each meter are."""

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop.features.imports.summary import ImportSummaryModel
from desktop.widgets.plain_label import PlainLabel
from desktop.widgets.record_view import RecordView


class QualityPanel(QWidget):
    """A row a meter, and below them all that is to be said of the chosen one."""

    def __init__(self, summary: ImportSummaryModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._summary = summary
        self.list = RecordView(self.tr("Data quality of each meter"), summary.quality, self, sorts=True)
        self.sentences = PlainLabel(parent=self)
        self.sentences.setWordWrap(True)
        said = QFrame(self)
        said.setProperty("role", "card")
        inside = QVBoxLayout(said)
        inside.setContentsMargins(12, 8, 12, 8)
        inside.addWidget(self.sentences)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 10, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.list, 1)
        layout.addWidget(said)
        self.list.selectionModel().selectionChanged.connect(self._say)
        summary.shown.connect(lambda: self.list.choose(0))

    def _say(self) -> None:
        self.sentences.setText("\n".join(self._summary.sentences(self.list.row)))
