"""The buttons that zoom a preview of pages, and where in it the user is."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from desktop import theme
from desktop.widgets.page_preview import PagePreview


class PreviewBar(QWidget):
    """Stands above a `PagePreview`."""

    def __init__(self, preview: PagePreview, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preview = preview
        self.farther = self._tool("magnify-minus-outline", self.tr("Zoom out (Ctrl+-)"))
        self.zoom = QLabel(self)
        self.closer = self._tool("magnify-plus-outline", self.tr("Zoom in (Ctrl++)"))
        self.fit = self._tool("arrow-expand-horizontal", self.tr("Fit the width (Ctrl+0)"))
        self.place = QLabel(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (self.farther, self.zoom, self.closer, self.fit, self.place):
            layout.addWidget(part)
        for label in (self.zoom, self.place):
            label.setProperty("role", "muted")
        self.farther.clicked.connect(preview.zoom_out)
        self.closer.clicked.connect(preview.zoom_in)
        self.fit.clicked.connect(preview.fit_width)
        preview.zoomed.connect(self._show_zoom)
        preview.turned.connect(self._show_place)

    def _tool(self, icon: str, words: str) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(theme.icon(icon))
        button.setToolTip(words)
        button.setAccessibleName(words)
        return button

    def _show_zoom(self, zoom: float) -> None:
        self.zoom.setText(f"{self.locale().toString(round(zoom * 100))} %")

    def _show_place(self, page: int) -> None:
        self.place.setText(self.tr("Page {page} of {pages}").format(page=page, pages=self._preview.count))
