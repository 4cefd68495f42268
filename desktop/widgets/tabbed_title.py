"""A page's title with tabs beside it."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QTabBar, QWidget


class TabbedTitle(QHBoxLayout):
    """``pages`` shows what was added with the chosen one of ``tabs``; the page places it below."""

    def __init__(self, title: str, page: QWidget) -> None:
        super().__init__()
        self.tabs = QTabBar(page)
        self.tabs.setAccessibleName(QCoreApplication.translate("TabbedTitle", "Parts of this page"))
        self.pages = QStackedWidget(page)
        self.tabs.currentChanged.connect(self.pages.setCurrentIndex)
        heading = QLabel(title, page)
        heading.setProperty("role", "title")
        self.addWidget(heading)
        self.addSpacing(20)
        self.addWidget(self.tabs, 0, Qt.AlignmentFlag.AlignBottom)
        self.addStretch()

    def add(self, name: str, part: QWidget) -> None:
        """One more tab; its name may hold a mnemonic."""
        self.pages.addWidget(part)
        self.tabs.addTab(name)
