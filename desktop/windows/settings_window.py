"""What Loadlens is to know of the facility, and what it does by itself: a tab for each."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from desktop.widgets.page_scroll import PageScroll


class SettingsWindow(QWidget):
    """Panels that know nothing of each other; each says itself what it refused or did."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tabs = QTabBar(self)
        self.tabs.setAccessibleName(self.tr("Parts of this page"))
        self._pages = QStackedWidget(self)
        self._panels: list[QWidget] = []
        self.tabs.currentChanged.connect(self._pages.setCurrentIndex)
        title = QLabel(self.tr("Settings"), self)
        title.setProperty("role", "title")
        top = QHBoxLayout()
        top.addWidget(title)
        top.addSpacing(20)
        top.addWidget(self.tabs, 0, Qt.AlignmentFlag.AlignBottom)
        top.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 8, 0)
        layout.setSpacing(12)
        layout.addLayout(top)
        layout.addWidget(self._pages, 1)

    def add(self, title: str, panel: QWidget) -> None:
        """One more tab; the title may hold a mnemonic, the panel has a layout and is scrolled."""
        self._panels.append(panel)
        self._pages.addWidget(PageScroll(panel, self))
        self.tabs.addTab(title)

    def show_panel(self, panel: type[QWidget]) -> None:
        """Bring the panel of this kind before the user's eyes."""
        self.tabs.setCurrentIndex([type(shown) for shown in self._panels].index(panel))
