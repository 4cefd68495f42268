"""The pages of the main window."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget


@dataclass(frozen=True)
class Page:
    """A page by its name; ``title`` carries the mnemonic, ``icon`` is one of `theme.icon`."""

    name: str
    title: str
    icon: str
    build: Callable[[], QWidget]


class Navigation(QStackedWidget):
    """Shows one page at a time, each built at the first visit; ``moved`` with the name of the new one."""

    moved = Signal(str)

    def __init__(self, pages: Sequence[Page], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pages = list(pages)
        self._built: dict[str, QWidget] = {}

    @property
    def current(self) -> str:
        """The name of the page on show; empty before the first visit."""
        return next((name for name, page in self._built.items() if page is self.currentWidget()), "")

    def go(self, name: str) -> QWidget:
        """Show the page of that name; the first page if there is none."""
        page = next((page for page in self.pages if page.name == name), self.pages[0])
        if page.name not in self._built:
            self._built[page.name] = page.build()
            self.addWidget(self._built[page.name])
        self.setCurrentWidget(self._built[page.name])
        self._built[page.name].setFocus()  # Tab goes on inside the page
        self.moved.emit(page.name)
        return self._built[page.name]
