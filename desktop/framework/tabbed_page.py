"""A page of tabs: its title beside them, and above its parts what was done or went wrong on any of them."""

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, QRect, Qt, SignalInstance
from PySide6.QtWidgets import QBoxLayout, QLabel, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from desktop.widgets.banner import Banner

GAP = 32
MARGINS = (24, 20, 24, 20)


class TabbedPage(QWidget):
    """`add_tab` adds a part; `announce` says on the ``banner`` what the parts' view-models did or refused."""

    def __init__(
        self,
        title: str,
        parent: QWidget | None = None,
        margins: tuple[int, int, int, int] = MARGINS,
        spacing: int = 8,
    ) -> None:
        super().__init__(parent)
        self.banner = Banner(self)
        self._title = TabbedTitle(title, self)
        self.tabs = self._title.tabs
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*margins)
        layout.setSpacing(spacing)
        layout.addLayout(self._title)
        layout.addWidget(self.banner)
        layout.addWidget(self._title.pages, 1)

    def add_tab(self, name: str, part: QWidget) -> None:
        """Add one more tab; its name may hold a mnemonic."""
        self._title.add(name, part)

    def announce(self, notified: Iterable[SignalInstance], failed: Iterable[SignalInstance]) -> None:
        """Show the sentences of these signals: what was done, and what went wrong."""
        for signal in notified:
            signal.connect(self.banner.show_info)
        for signal in failed:
            signal.connect(self.banner.show_error)


class TabbedTitle(QBoxLayout):
    """A title with tabs beside it, or below it where there is no room; ``pages`` shows the chosen part."""

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
        """Add one more tab; its name may hold a mnemonic."""
        self.pages.addWidget(part)
        self.tabs.addTab(name)

    def setGeometry(self, place: QRect) -> None:  # noqa: N802 - Qt's own
        wanted = self._heading.sizeHint().width() + self.tabs.sizeHint().width()
        beside = wanted <= place.width()
        direction = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if direction != self.direction():
            self.setDirection(direction)
        super().setGeometry(place)
