"""What a page declares of itself, from which the window, its menus, the tray and the jobs are made."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from services.messages import gettext

if TYPE_CHECKING:
    from desktop.widgets.banner import Banner
    from desktop.widgets.progress_panel import ProgressPanel
    from services.accounts import Session
    from services.settings import Settings

V = TypeVar("V", bound=QObject)


class Refreshable(Protocol):
    """A view-model whose page can be read anew."""

    def refresh(self) -> None:
        """Read anew what the page shows."""


class Shell(Protocol):
    """The window around the pages."""

    navigation: "Navigation"
    banner: "Banner"
    """What was done or went wrong, whichever page is on show."""
    end_banner: "Banner"
    """An offer that stays until it is taken or dismissed."""
    progress: "ProgressPanel"
    """What goes on in the background."""

    def show_user(self) -> None:
        """Show name and email of the user of now."""


class PageContext(QObject):
    """What the pages of one signed-in user share: view-models, the window, and the way to other pages.

    ``imported`` with the summaries of imports that are stored; ``reconnected`` after a lost connection;
    ``collections_changed`` with the names of what any program changed in the database; ``announced`` with
    what a popup says, worst first; ``unread_changed`` with a page's name and how much is unread there;
    ``restart_wanted`` when another database is to be opened.
    """

    imported = Signal(list)
    reconnected = Signal()
    collections_changed = Signal(object)
    announced = Signal(list)
    unread_changed = Signal(str, int)
    restart_wanted = Signal()
    window: Shell

    def __init__(
        self,
        session: "Session",
        settings: "Settings",
        pages: "Sequence[PageSpec]",
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.session, self.settings = session, settings
        self.pages = list(pages)
        self._specs = {spec.kind: spec for page in pages for spec in page.view_models}
        self._view_models: dict[type[QObject], QObject] = {}
        self._visited: list[Refreshable] = []
        self._read_at: dict[Refreshable, float] = {}
        self.imported.connect(lambda _summaries: self.refresh_all())

    def get(self, kind: type[V]) -> V:
        """Return the view-model of this class, made at the first request."""
        if kind not in self._view_models:
            self._view_models[kind] = self._specs[kind].make(self)
        return cast(V, self._view_models[kind])

    def go(self, page: str) -> QWidget:
        """Bring a page before the user's eyes, and return it."""
        raise NotImplementedError

    def show(self, page: str, target: Any) -> None:
        """Bring a page before the user's eyes, and on it what ``target`` names."""
        shown = self.go(page)
        spec = next(spec for spec in self.pages if spec.name == page)
        if spec.show is not None:
            spec.show(self, shown, target)

    def notify(self, title: str, text: str) -> None:
        """Tell what was done while the window may be in the tray."""
        raise NotImplementedError

    def warn(self, title: str, text: str) -> None:
        """Tell what went wrong while the window may be in the tray."""
        raise NotImplementedError

    def visit(self, view_model: Refreshable) -> None:
        """Read what a page shows that was just built, and anew whenever it may have changed."""
        self._visited.append(view_model)
        self._refresh(view_model)

    def refresh_all(self, but: Refreshable | None = None) -> None:
        """Read anew what the pages show that were visited."""
        for view_model in self._shown():
            if view_model is not but:
                self._refresh(view_model)

    def follow(self, collections: set[str], seen: float) -> None:
        """Read anew what rests on these collections and was not read since ``seen`` (`time.monotonic`)."""
        for view_model in self._shown():
            spec = self._specs.get(cast(type[QObject], type(view_model)))
            if spec and spec.follows & collections and self._read_at.get(view_model, seen) <= seen:
                self._refresh(view_model)
        self.collections_changed.emit(collections)

    def _shown(self) -> list[Refreshable]:
        always = [cast(Refreshable, self.get(kind)) for kind, spec in self._specs.items() if spec.always]
        return [*self._visited, *(found for found in always if found not in self._visited)]

    def _refresh(self, view_model: Refreshable) -> None:
        self._read_at[view_model] = time.monotonic()
        view_model.refresh()


@dataclass(frozen=True)
class ViewModelSpec:
    """A view-model of a page, by its class."""

    kind: type[QObject]
    make: Callable[[PageContext], QObject]
    follows: frozenset[str] = frozenset()
    """The collections of the database on which rests what it shows."""
    always: bool = False
    """Whether it is read even before its page was visited."""


@dataclass(frozen=True)
class Command:
    """A way to a page besides its button: an entry of the tray's menu, and of the window's."""

    title: str
    icon: str
    run: Callable[[PageContext], object]
    shortcut: str = ""
    """A portable key sequence; with one, the command stands in the window's File menu, too."""

    @property
    def label(self) -> str:
        """The title as it is shown."""
        return gettext(self.title)


@dataclass(frozen=True)
class Question:
    """What is asked before the user leaves; ``action`` names the button that leaves."""

    title: str
    consequence: str
    action: str


@dataclass(frozen=True)
class PageSpec:
    """One page; its titles are messages marked with `N_`."""

    name: str
    title: str
    """Carries the mnemonic."""
    icon: str
    build: Callable[[PageContext], QWidget]
    """Make the page, at the first visit."""
    view_models: Sequence[ViewModelSpec] = ()
    connect: Callable[[PageContext], None] | None = None
    """Connect its view-models with what happens elsewhere, once after sign-in."""
    show: Callable[[PageContext, Any, Any], None] | None = None
    """Show one thing on the page, given the page and what was asked for."""
    commands: Sequence[Command] = ()
    jobs: Mapping[str, Callable[[PageContext], None]] = field(default_factory=dict)
    """How the window starts jobs of `services.jobs`, by their names."""
    admins_only: bool = False
    before_leaving: Callable[[PageContext], Question | None] = lambda _context: None
    """What is asked before the user leaves, as work under way would be lost."""
    holds_jobs: Callable[[PageContext], bool] = lambda _context: False
    """Whether nothing may be written in the background now."""

    @property
    def label(self) -> str:
        """The title as it is shown."""
        return gettext(self.title)


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
