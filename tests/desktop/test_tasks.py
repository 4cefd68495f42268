import threading
import time

import pytest
from pymongo.errors import AutoReconnect
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QThread
from pytestqt.qtbot import QtBot

from desktop.framework import tasks
from services.database.errors import ConnectionLost
from services.errors import LoadlensError
from services.progress import Progress

HUGE = 10**9


@pytest.fixture
def owner(qapp: QCoreApplication) -> QObject:
    return QObject()


def _count(to: int, progress: Progress) -> int:
    for done in range(to):
        progress("Counting", done, to)
        time.sleep(0.002)
    return to


def test_the_result_comes_to_the_gui_thread_with_few_reports_on_the_way(qtbot: QtBot, owner: QObject) -> None:
    threads, reports = [], []
    task = tasks.run(_count, 400, parent=owner, with_progress=True)
    task.progressed.connect(lambda *report: reports.append(report))
    task.succeeded.connect(lambda _result: threads.append(QThread.currentThread()))
    with qtbot.waitSignal(task.finished), qtbot.waitSignal(task.succeeded) as result:
        pass
    assert result.args == [400]
    assert threads == [QCoreApplication.instance().thread()]
    assert 2 <= len(reports) < 200
    stage, done, total, seconds_left = reports[-1]
    assert (stage, total) == ("Counting", 400)
    assert done < 400
    assert seconds_left > 0


def test_a_cancelled_task_stops_at_its_next_report(qtbot: QtBot, owner: QObject) -> None:
    task = tasks.run(_count, HUGE, parent=owner, with_progress=True)
    with qtbot.waitSignal(task.cancelled):
        task.cancel()


def test_a_refusal_comes_as_its_sentence(qtbot: QtBot, owner: QObject) -> None:
    def refuse() -> None:
        raise LoadlensError("Row {row} of {file} has no date.", row=7, file="may.xlsx")

    task = tasks.run(refuse, parent=owner)
    with qtbot.waitSignal(tasks.refused) as refused, qtbot.waitSignal(task.failed) as failed:
        pass
    assert failed.args == ["Row 7 of may.xlsx has no date."]
    assert isinstance(refused.args[0], LoadlensError)


def test_an_unforeseen_error_goes_to_the_log_and_not_to_the_user(
    qtbot: QtBot, owner: QObject, caplog: pytest.LogCaptureFixture
) -> None:
    task = tasks.run(lambda: [][0], parent=owner)
    with qtbot.waitSignal(task.failed) as failed:
        pass
    assert "index" not in failed.args[0]
    assert "IndexError" in caplog.text


def test_work_whose_owner_is_gone_stops_and_is_heard_of_no_more(qtbot: QtBot, owner: QObject) -> None:
    begun, undone = threading.Event(), threading.Event()

    def work(progress: Progress) -> None:
        begun.set()
        try:
            _count(HUGE, progress)
        finally:
            undone.set()

    heard: list[object] = []
    task = tasks.run(work, parent=owner, with_progress=True)
    task.cancelled.connect(lambda: heard.append("cancelled"))
    begun.wait()
    owner.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qtbot.waitUntil(undone.is_set)
    qtbot.wait(20)
    assert heard == []


def test_the_end_waits_until_everything_is_undone(owner: QObject) -> None:
    begun, undone = threading.Event(), []

    def work(progress: Progress) -> None:
        begun.set()
        try:
            _count(HUGE, progress)
        finally:
            undone.append("rolled back")

    tasks.run(work, parent=owner, with_progress=True)
    begun.wait()
    tasks.stop_all()
    assert undone == ["rolled back"]


def test_a_lost_connection_has_a_sentence(qtbot: QtBot, owner: QObject) -> None:
    def ask() -> None:
        raise AutoReconnect("127.0.0.1:27017: connection closed")

    refusals = []
    tasks.refused.connect(refusals.append)
    try:
        task = tasks.run(ask, parent=owner)
        with qtbot.waitSignal(task.failed) as failed:
            pass
        assert failed.args[0].startswith("The connection to the database was lost")
        qtbot.waitUntil(lambda: bool(refusals))
    finally:
        tasks.refused.disconnect(refusals.append)
    assert isinstance(refusals[0], ConnectionLost)
