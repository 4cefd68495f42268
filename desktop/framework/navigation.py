"""The pages of the main window."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.framework.page_spec import PageSpec


class Navigation(QStackedWidget):
    """Shows one page at a time, each built at the first visit; ``moved`` with the name of the new one."""

    moved = Signal(str)

    def __init__(
        self, pages: Sequence[PageSpec], build: Callable[[PageSpec], QWidget], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.pages = list(pages)
        self._build = build
        self._built: dict[str, QWidget] = {}

    @property
    def current(self) -> str:
        """The name of the page on show; empty before the first visit."""
        return next((name for name, page in self._built.items() if page is self.currentWidget()), "")

    def go(self, name: str) -> QWidget:
        """Show the page of that name; the first page if there is none."""
        spec = next((page for page in self.pages if page.name == name), self.pages[0])
        if spec.name not in self._built:
            self._built[spec.name] = self._build(spec)
            self.addWidget(self._built[spec.name])
        self.setCurrentWidget(self._built[spec.name])
        self._built[spec.name].setFocus()  # Tab goes on inside the page
        self.moved.emit(spec.name)
        return self._built[spec.name]
