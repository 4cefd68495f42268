"""Where the data lives, and how it gets to a team's server."""

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal

from desktop.features.settings.database_text import Finding, inspection_in_words, whereabouts_in_words
from desktop.features.settings.server_fields import MASK, Fields, fields_of, password_for
from desktop.framework.formatting import number
from desktop.framework.tasks import Task, run
from services import accounts, database, moving
from services.accounts import Session
from services.database import Inspection, TeamServer, Whereabouts
from services.moving import Moved
from services.progress import Progress
from services.settings import Settings


@dataclass(frozen=True)
class _Loaded:
    may: bool
    whereabouts: Whereabouts
    server: TeamServer | None
    has_password: bool
    timezone: str


@dataclass(frozen=True)
class Shown:
    """What the page shows besides the fields."""

    may: bool = False
    """Whether this account looks after the database."""
    where: list[Finding] = field(default_factory=list)
    private: bool = True
    fixed: bool = False
    """Whether the environment says where the data is, so that nothing can be chosen."""


class DatabaseViewModel(QObject):
    """``loaded`` when the page is as things are; ``changed`` when another database is to be opened."""

    loaded = Signal()
    tested = Signal(list)
    """What the test of a connection has shown, as `Finding`s."""
    failed = Signal(str)
    notified = Signal(str)
    busy_changed = Signal(bool)
    progressed = Signal(str, int, int, float)
    moved = Signal(str)
    move_failed = Signal(str)
    """With why it could not be, empty when the user stopped it."""
    changed = Signal()

    def __init__(self, session: Session, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._settings = session, settings
        self._zone = "UTC"
        self._moving: Task | None = None
        self.shown = Shown()
        self.fields: Fields = fields_of(None)
        self.password = ""
        """`MASK` where one is kept."""
        self.half_copied = False
        """Whether the last test has found the half copy of a move that was stopped."""

    @property
    def moving(self) -> bool:
        """Whether a move is under way: then nothing is written that can wait."""
        return self._moving is not None

    def refresh(self) -> None:
        task = run(self._load, parent=self)
        task.succeeded.connect(self._show)
        task.failed.connect(self.failed)

    def test(self, password: str, fields: Fields) -> None:
        """Do there all that Loadlens does; a ``password`` that is the mask is the one that is kept."""
        server = TeamServer(**fields)
        self._start(lambda: self._try_server(server, password)).succeeded.connect(self._show_test)

    def use_server(self, password: str, fields: Fields) -> None:
        """Work in the database that is there, and move nothing."""
        server = TeamServer(**fields)
        self._start(lambda: self._use_server(server, password)).succeeded.connect(self.changed)

    def use_private(self) -> None:
        """Work in the private database again, as it was left."""
        task = self._start(lambda: moving.use_private(self._session.scope(), self._settings))
        task.succeeded.connect(self.changed)

    def move(self, password: str, fields: Fields) -> None:
        """Move everything to the server, then ``moved``; `open_anew` has it opened there."""
        server = TeamServer(**fields)

        def work(progress: Progress) -> Moved:
            scope = self._session.scope()
            typed = password_for(self._settings, server, password)
            return moving.move(scope, self._settings, server, typed, progress)

        self._moving = task = run(work, parent=self, with_progress=True)
        task.progressed.connect(self.progressed)
        task.succeeded.connect(self._tell_moved)
        task.failed.connect(self.move_failed)
        task.cancelled.connect(lambda: self.move_failed.emit(""))
        task.finished.connect(self._end_move)

    def cancel_move(self) -> None:
        """Stop; what is copied stays there, to go on or to be dropped."""
        if self._moving is not None:
            self._moving.cancel()

    def drop_copy(self, password: str, fields: Fields) -> None:
        """Take away what a move that was stopped has left on the server."""
        server = TeamServer(**fields)

        def drop() -> None:
            scope = self._session.scope()
            typed = password_for(self._settings, server, password)
            moving.drop_copy(scope, self._settings, server, typed)

        task = self._start(drop)
        task.succeeded.connect(lambda: self.notified.emit(self.tr("The half copy is dropped.")))
        task.succeeded.connect(lambda: self.test(password, fields))

    def open_anew(self) -> None:
        """Have the program open the database that is chosen now."""
        self.changed.emit()

    def _try_server(self, server: TeamServer, password: str) -> Inspection:
        typed = password_for(self._settings, server, password)
        return moving.try_server(self._session.scope(), server, typed)

    def _use_server(self, server: TeamServer, password: str) -> None:
        typed = password_for(self._settings, server, password)
        moving.use_server(self._session.scope(), self._settings, server, typed)

    def _start(self, work: Callable[[], object]) -> Task:
        self.busy_changed.emit(True)
        task = run(work, parent=self)
        task.failed.connect(self.failed)
        task.finished.connect(lambda: self.busy_changed.emit(False))
        return task

    def _load(self) -> _Loaded:
        scope = self._session.scope()
        found = database.whereabouts(scope.db, self._settings)
        server = found.named if found.said_by == "environment" else database.last_chosen(self._settings)
        known = found.said_by != "environment" and server is not None
        has_password = known and bool(database.password_of(self._settings, server or TeamServer("")))
        return _Loaded(accounts.looks_after(scope), found, server, has_password, scope.timezone)

    def _show(self, loaded: _Loaded) -> None:
        self._zone = loaded.timezone
        self.fields = fields_of(loaded.server)
        self.password = MASK if loaded.has_password else ""
        said_by = loaded.whereabouts.said_by
        where = whereabouts_in_words(loaded.whereabouts)
        self.shown = Shown(loaded.may, where, said_by == "nobody", said_by == "environment")
        self.loaded.emit()

    def _show_test(self, found: Inspection) -> None:
        self.half_copied = found.holding.copy is not None
        self.tested.emit(list(inspection_in_words(found, self._zone)))

    def _tell_moved(self, moved: Moved) -> None:
        sentence = self.tr(
            "Everything is on the server: {documents} documents in {count} collections, each compared with "
            "the original. From now on Loadlens works there; the private database stays as it was."
        )
        self.moved.emit(sentence.format(documents=number(moved.documents), count=number(len(moved.sums))))

    def _end_move(self) -> None:
        self._moving = None
