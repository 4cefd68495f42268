"""The way from page to page, at the left of the main window."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop import theme

WIDE, NARROW = 208, 60
ICON = QSize(20, 20)
ROOM_BESIDE = 68
"""Pixels that a button needs beside its title."""


class Sidebar(QFrame):
    """One button a page, and others at the bottom; icons alone while collapsed."""

    chosen = Signal(str)
    user_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self._collapsed = False
        self._buttons: dict[str, _SidebarButton] = {}
        self._group = QButtonGroup(self)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(8, 12, 8, 12)
        self._layout.setSpacing(4)
        self._layout.addStretch()
        self.user = self.add_below("", "account-circle-outline")
        self.user.clicked.connect(self.user_wanted)
        self.setFixedWidth(WIDE)

    def add_page(self, name: str, title: str, icon: str) -> None:
        """Add a button that is checked while its page is on show."""
        button = _SidebarButton(title, theme.icon(icon, checked="accent_text"), self)
        button.setCheckable(True)
        self._group.addButton(button)
        button.clicked.connect(lambda: self.chosen.emit(name))
        self._buttons[name] = button
        self._layout.insertWidget(len(self._group.buttons()) - 1, button)

    def set_user(self, name: str, email: str) -> None:
        """Show who is signed in; the email as a tool tip."""
        elided = self.user.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, WIDE - ROOM_BESIDE)
        self.user.set_words(
            elided.replace("&", "&&"), self.tr("Signed in as {name}").format(name=name), email
        )

    def add_below(self, title: str, icon: str) -> "_SidebarButton":
        """Add a button at the bottom, for its owner to connect."""
        button = _SidebarButton(title, theme.icon(icon), self)
        self._buttons[title] = button
        self._layout.addWidget(button)
        return button

    def check(self, name: str) -> None:
        """Mark the page on show."""
        self._buttons[name].setChecked(True)

    def set_badge(self, name: str, count: int) -> None:
        """Show a number at a page's button; none for 0."""
        self._buttons[name].set_badge(count)

    def set_collapsed(self, collapsed: bool) -> None:
        """Show icons alone, or icons with their names."""
        if collapsed != self._collapsed:
            self._collapsed = collapsed
            self.setFixedWidth(NARROW if collapsed else WIDE)
            for button in self._buttons.values():
                button.set_collapsed(collapsed)


class _SidebarButton(QPushButton):
    def __init__(self, title: str, icon: QIcon, parent: QWidget) -> None:
        super().__init__(parent)
        self._title = title
        self._plain = title.replace("&", "")
        self._hint = ""
        self._collapsed = False
        self._badge = QLabel(self)
        self._badge.setObjectName("badge")
        self._badge.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._badge.hide()
        self.setIcon(icon)
        self.setIconSize(ICON)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._write()

    def set_words(self, title: str, plain: str, hint: str) -> None:
        """Set what is written, what is read out, and what is told besides."""
        self._title, self._plain, self._hint = title, plain, hint
        self._write()

    def set_collapsed(self, collapsed: bool) -> None:
        self._collapsed = collapsed
        self._write()
        self._place_badge()

    def set_badge(self, count: int) -> None:
        self._badge.setText(self.locale().toString(count) if count < 100 else "99+")
        self._badge.setVisible(count > 0)
        self._badge.adjustSize()
        self._place_badge()
        self.setAccessibleDescription(self.tr("{count} unread").format(count=count) if count else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_badge()

    def _write(self) -> None:
        self.setText("" if self._collapsed else self._title)
        self.setAccessibleName(self._plain)
        self.setToolTip(self._hint or (self._plain if self._collapsed else ""))

    def _place_badge(self) -> None:
        right, top = self.width() - self._badge.width(), (self.height() - self._badge.height()) // 2
        self._badge.move(*((right, 0) if self._collapsed else (right - 8, top)))
