"""What Loadlens is to know of the facility, and what it does by itself: a tab for each."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.widgets.page_scroll import PageScroll
from desktop.widgets.tabbed_title import TabbedTitle


class SettingsWindow(QWidget):
    """Panels that know nothing of each other; each says itself what it refused or did."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._top = TabbedTitle(self.tr("Settings"), self)
        self._panels: list[type[QWidget]] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 8, 0)
        layout.setSpacing(12)
        layout.addLayout(self._top)
        layout.addWidget(self._top.pages, 1)

    def add(self, title: str, panel: QWidget) -> None:
        """One more tab; the title may hold a mnemonic, the panel has a layout and is scrolled."""
        self._panels.append(type(panel))
        self._top.add(title, PageScroll(panel, self))

    def show_panel(self, panel: type[QWidget]) -> None:
        """Bring the panel of this kind before the user's eyes."""
        self._top.tabs.setCurrentIndex(self._panels.index(panel))
