"""Views of the dashboard that the user gave a name."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from desktop.framework.tasks import run
from services import views
from services.accounts import Session
from services.scope import Scope
from services.views import NamedView, View


class SavedViewsViewModel(QObject):
    """``changed`` when `views` are others; ``chosen`` with the `View` that the user wants to see."""

    changed = Signal()
    chosen = Signal(object)
    failed = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.views: list[NamedView] = []

    @property
    def names(self) -> list[str]:
        return [view.name for view in self.views]

    def refresh(self) -> None:
        self._do(lambda scope: None)

    def choose(self, name: str) -> None:
        """Show the view of this name."""
        self.chosen.emit(next(view.view for view in self.views if view.name == name))

    def save(self, name: str, view: View) -> None:
        """Keep a view under a name, in the place of one that has it."""
        self._do(lambda scope: views.save(scope, name, view))

    def rename(self, name: str, to: str) -> None:
        self._do(lambda scope: views.rename(scope, name, to))

    def delete(self, name: str) -> None:
        self._do(lambda scope: views.delete(scope, name))

    def _do(self, change: Callable[[Scope], None]) -> None:
        def changed() -> list[NamedView]:
            scope = self._session.scope()
            change(scope)
            return views.named(scope)

        task = run(changed, parent=self)
        task.succeeded.connect(self._show)
        task.failed.connect(self.failed)

    def _show(self, found: list[NamedView]) -> None:
        self.views = found
        self.changed.emit()
