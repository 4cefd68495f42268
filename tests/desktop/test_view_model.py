import threading

import pytest
from PySide6.QtCore import QCoreApplication, Signal
from pytestqt.qtbot import QtBot

from desktop.framework.view_model import SessionViewModel, ViewModel
from services import accounts
from services.errors import LoadlensError
from services.progress import Progress
from services.scope import Scope
from services.settings import Settings

PASSWORD = "correct horse battery"


class Toy(ViewModel):
    saved = Signal()


@pytest.fixture
def toy(qapp: QCoreApplication) -> Toy:
    return Toy()


def test_the_answer_and_what_is_said_of_it_come_to_whoever_asked(toy: Toy, qtbot: QtBot) -> None:
    answers: list[int] = []
    with qtbot.waitSignals([toy.notified, toy.saved]):
        toy.start(lambda: 7, answers.append, notice="Done.").succeeded.connect(toy.saved)
    assert answers == [7]


def test_a_refusal_goes_to_failed_or_to_whoever_wants_it(toy: Toy, qtbot: QtBot) -> None:
    def refuse() -> None:
        raise LoadlensError("There is no {what}.", what="meter")

    with qtbot.waitSignal(toy.failed) as failed:
        toy.start(refuse)
    assert failed.args == ["There is no meter."]
    refused: list[str] = []
    with qtbot.assertNotEmitted(toy.failed):
        toy.start(refuse, on_failed=refused.append)
        toy.start(refuse, quiet=True)
        qtbot.waitUntil(lambda: refused == ["There is no meter."])


def test_busy_lasts_until_the_last_of_several_has_finished(toy: Toy, qtbot: QtBot) -> None:
    first, second = threading.Event(), threading.Event()
    heard: list[bool] = []
    toy.busy_changed.connect(heard.append)
    toy.start(first.wait, busy=True)
    task = toy.start(second.wait, busy=True)
    with qtbot.waitSignal(task.finished):
        second.set()
    assert (toy.busy, heard) == (True, [True])
    first.set()
    qtbot.waitUntil(lambda: not toy.busy)
    assert heard == [True, False]


def test_the_newest_question_of_a_name_wins(toy: Toy, qtbot: QtBot) -> None:
    """Even where the earlier one was answered already, and its answer is on its way."""
    answered, answers = threading.Event(), []

    def earlier() -> str:
        answered.set()
        return "earlier"

    task = toy.start(earlier, answers.append, name="list")
    assert answered.wait(5)
    with qtbot.waitSignal(task.cancelled):
        toy.start(lambda: "newest", answers.append, name="list")
    qtbot.waitUntil(lambda: answers == ["newest"])
    qtbot.waitUntil(lambda: not toy.is_running("list"))


def test_progress_is_shown_and_work_can_be_cancelled(toy: Toy, qtbot: QtBot) -> None:
    def work(progress: Progress) -> None:
        while True:
            progress("Counting", 1, 1)

    with qtbot.waitSignal(toy.progressed):
        task = toy.start(work, with_progress=True, name="count")
    assert toy.is_running("count")
    with qtbot.waitSignal(task.cancelled):
        toy.cancel_task("count")


def test_what_a_user_asks_gets_the_scope(scope: Scope, settings: Settings, qtbot: QtBot) -> None:
    user = accounts.sign_in(scope.db, "ada@example.com", PASSWORD)
    view_model = SessionViewModel(accounts.Session.start(scope.db, settings, user))
    answers: list[object] = []
    view_model.ask(lambda scope, _progress: scope.user_id, answers.append, with_progress=True)
    qtbot.waitUntil(lambda: answers == [scope.user_id], timeout=10_000)
