"""A page's title with tabs beside it, or below it where there is no room."""

from PySide6.QtCore import QCoreApplication, QRect, Qt
from PySide6.QtWidgets import QBoxLayout, QLabel, QStackedWidget, QTabBar, QWidget

GAP = 32


class TabbedTitle(QBoxLayout):
    """``pages`` shows what was added with the chosen one of ``tabs``; the page places it below."""

    def __init__(self, title: str, page: QWidget) -> None:
        super().__init__(QBoxLayout.Direction.LeftToRight)
        self.setSpacing(0)
        self.tabs = QTabBar(page)
        self.tabs.setAccessibleName(QCoreApplication.translate("TabbedTitle", "Parts of this page"))
        self.pages = QStackedWidget(page)
        self.tabs.currentChanged.connect(self.pages.setCurrentIndex)
        self.tabs.currentChanged.connect(self.tabs.updateGeometry)  # the chosen one is bold, and wider
        self._heading = QLabel(title, page)
        self._heading.setProperty("role", "title")
        self._heading.setContentsMargins(0, 0, GAP, 0)
        self.addWidget(self._heading)
        self.addWidget(self.tabs, 0, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft)
        self.addStretch()

    def add(self, name: str, part: QWidget) -> None:
        """One more tab; its name may hold a mnemonic."""
        self.pages.addWidget(part)
        self.tabs.addTab(name)

    def setGeometry(self, place: QRect) -> None:  # noqa: N802 - Qt's own
        wanted = self._heading.sizeHint().width() + self.tabs.sizeHint().width()
        beside = wanted <= place.width()
        direction = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if direction != self.direction():
            self.setDirection(direction)
        super().setGeometry(place)
