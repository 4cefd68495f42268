"""A busy person at the window: what is done in an hour, by way of its buttons, menus, forms and dialogs."""

import random
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd
from PySide6.QtCore import QEventLoop, QPoint, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QFileDialog, QMenu, QMessageBox, QTabBar, QWidget

sys.path.append(str(Path(__file__).parents[1]))
from workplace import Workplace, workplace_of

from desktop import theme
from desktop.app.application import Application
from desktop.features.imports.view_model import Stage
from desktop.features.predictions.view_model import PredictionsViewModel
from desktop.features.reports.view_model import State
from desktop.features.settings.alert_rules_panel import AlertRulesPanel
from desktop.features.settings.facility_settings_panel import FacilitySettingsPanel

EMAIL, PASSWORD = "ada@example.com", "correct horse battery"
METERS, FIRST, LAST = 8, "2024-01-01", "2024-05-01"
PATIENCE_S = 180

Done = Counter[str]
W = TypeVar("W", bound=QWidget)


def wait(true: Callable[[], object], what: str) -> None:
    """Let the application work until something is true; ends the run if it never becomes so."""
    loop, watch, limit = QEventLoop(), QTimer(), QTimer()
    watch.timeout.connect(lambda: loop.quit() if true() else None)
    limit.timeout.connect(lambda: loop.exit(1))
    watch.start(5)
    limit.start(PATIENCE_S * 1000)
    if loop.exec():
        sys.exit(f"Waited {PATIENCE_S} s in vain: {what}.")


def rest(milliseconds: int) -> None:
    """Let the application work for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def readings_of(first: str, last: str, seed: int) -> pd.DataFrame:
    """Hourly readings of all meters, with a shape of days and weeks, and a spike in the seed's hour."""
    hours = pd.date_range(first, last, freq="h", inclusive="left")
    day = 1 + ((hours.hour > 7) & (hours.hour < 19) & (hours.day_of_week < 5)) * 2.0
    chance = np.random.default_rng(seed)
    parts = []
    for number in range(METERS):
        kwh = (number + 1) * day * chance.lognormal(0, 0.1, len(hours))
        kwh[chance.integers(len(hours) // 2, len(hours) - 3)] *= 5
        parts.append(
            pd.DataFrame(
                {
                    "date": hours,
                    "device": f"Meter {number + 1}",
                    "kWh": kwh.round(3),
                    "category": ("Cooling", "Lighting")[number % 2],
                    "location": ("North", "South")[number // 4],
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def register(application: Application) -> None:
    """The first account, by the form."""
    entrance = application.entrance
    entrance.show_registration()
    form = entrance.registration
    entry = ("Ada", "Wong", EMAIL, PASSWORD, PASSWORD)
    for edit, text in zip(form.fields.values(), entry, strict=True):
        edit.setText(text)
    form.submit.click()
    wait(lambda: application.context is not None, "the new account's window")


def sign_in(application: Application) -> Workplace:
    login = application.entrance.login
    wait(lambda: application.entrance.currentWidget() is login, "the form to sign in")
    login.email.setText(EMAIL)
    login.password.setText(PASSWORD)
    login.submit.click()
    wait(lambda: application.context is not None, "the window after signing in")
    assert application.context is not None
    return workplace_of(application)


def sign_out(application: Application) -> None:
    assert application.context is not None
    application.context.window.sign_out_wanted.emit()
    wait(lambda: application.context is None, "the form after signing out")


def bring_in(at: Workplace, path: Path, frame: pd.DataFrame) -> None:
    """Import a file by its page, wait for what follows."""
    frame.to_csv(path, index=False)
    at.show("import", [str(path)])
    wait(lambda: at.imports.stage == Stage.MAPPING, "the columns of the file")
    wait(lambda: not at.imports.mapping.preview.busy, "the preview of the file")
    at.imports.import_ready()
    wait(lambda: at.imports.stage == Stage.SUMMARY, "the end of the import")
    wait_for_models(at)
    at.imports.start_over()


def wait_for_models(at: Workplace) -> None:
    """Predicting, or training, follows an import."""
    rest(50)
    wait(lambda: at.renewal.running is False or not at.window.progress.isVisible(), "the predictions")
    wait(lambda: not at.predictions.training, "the training")


def take_back(at: Workplace) -> None:
    """Undo the latest import, by its button and the question that it asks."""
    page = at.go("import")
    page.tabs.setCurrentIndex(1)
    at.history.refresh()
    wait(lambda: at.history.table.rowCount(), "the list of imports")
    rest(50)
    latest = max(range(at.history.table.rowCount()), key=lambda r: at.history.table.record(r).created_at)
    page.history.list.selectRow(_row_in(page.history.list, at.history.table.index(latest, 0)))
    wait(page.history.undo.isEnabled, "the button that undoes")
    page.history.undo.click()
    _confirm(page)
    wait(lambda: at.history.busy, "the undoing")
    wait(lambda: not at.history.busy, "the end of the undoing")
    page.tabs.setCurrentIndex(0)


def look_at_dashboard(at: Workplace, chance: random.Random, done: Done) -> None:
    """Other days, devices and steps; brushed, drilled into; the readings; a chart copied; a view kept."""
    page, dashboard = at.go("dashboard"), at.dashboard
    wait(lambda: dashboard.devices, "the dashboard")
    for _ in range(12):
        ids = tuple(chance.sample([device[0] for device in dashboard.devices], chance.randint(1, 3)))
        chosen = {
            "device_ids": chance.choice([None, ids]),
            "resolution": chance.choice(["hour", "day", "week", "month"]),
            "period": chance.choice(["all", "last 30 days", "last 7 days"]),
        }
        if replace(dashboard.choice, **chosen) != dashboard.choice:
            _ask(dashboard.loaded, partial(dashboard.choose, **chosen))
        done["choices on the dashboard"] += 1
    dashboard.reset()
    rest(100)
    edges = page.charts.plots["consumption"].edges
    page.charts.brushed.emit(edges[len(edges) // 3], edges[len(edges) // 2])
    rest(300)
    dashboard.clear_brush()
    page.readings.click()
    wait(lambda: page.dialog.table.model().rowCount(), "the readings behind the figures")
    page.dialog.reject()
    for panel in chance.sample(_of_kind(page, "ChartPanel"), 3):
        panel.menu.copy_picture.trigger()
        panel.menu.popup(QPoint(10, 10))
        panel.menu.hide()
    QTest.mouseMove(page.charts.plots["consumption"].viewport(), QPoint(chance.randint(50, 200), 60))
    rest(50)


def visit_pages(at: Workplace, chance: random.Random, done: Done) -> None:
    """Every page and every tab, in both themes."""
    for page in at.window.navigation.pages:
        shown = at.go(page.name)
        rest(120)
        for bar in shown.findChildren(QTabBar):
            for place in (*range(1, bar.count()), 0):
                bar.setCurrentIndex(place)
                rest(60)
                done["pages and tabs visited"] += 1
    theme.choose(chance.choice(["light", "dark"]))
    at.window.resize(chance.choice([1180, 900]), 760)
    at.window.grab()
    QTimer.singleShot(100, lambda: _reject(at.window))
    at.window.show_about()


def edit_devices(at: Workplace, chance: random.Random, done: Done) -> None:
    """Typed, renamed, edited together, added and deleted; then undone and done again."""
    page, devices = at.go("devices"), at.devices
    wait(lambda: devices.count >= METERS, "the devices")
    ids = sorted(row.device.id for row in devices._rows.records)
    for device_id in chance.sample(ids, 3):
        changed = {"rated_power": chance.randint(20, 90) * 1000.0, "avg_usage_hours": chance.randint(1, 24)}
        _ask(devices.history.done, lambda i=device_id, values=changed: devices.edit([i], values))
    together = {"avg_usage_hours": chance.randint(1, 24)}
    _ask(devices.history.done, lambda: devices.edit(ids[:4], together))
    for _ in range(4):
        _ask(devices.history.done, devices.undo)
    _ask(devices.history.done, devices.redo)
    _ask(devices.history.done, devices.undo)
    done["edits of devices, and undone"] += 10
    name = f"Spare {chance.randint(0, 10**9)}"
    _ask(
        devices.history.done,
        lambda: devices.add({"name": name, "rated_power": 100.0, "avg_usage_hours": 1.0}),
    )
    wait(lambda: devices.count > METERS, "the added device")
    page.list.table.selectRow(0)
    for button in ("add", "edit", "categories", "delete"):
        getattr(page.list, button).click()
        wait(lambda: _dialog(at.window), f"the dialog of {button}")
        _reject(at.window)
        wait(lambda: not _dialog(at.window), f"the end of the dialog of {button}")
        done["dialogs opened"] += 1
    added = next(row.device.id for row in devices._rows.records if row.device.name == name)
    _ask(devices.changed, lambda: devices.delete([added]))
    page.list.grouped.click()
    rest(100)
    page.list.grouped.click()
    at.show("devices", chance.choice(ids))
    wait(lambda: at.device.figures, "the figures of a device")
    rest(100)
    page.show_list()


def handle_alerts(at: Workplace, chance: random.Random, done: Done) -> None:
    """Looked at one after the other, acknowledged with a note, marked; the menu over the list."""
    page = at.go("alerts")
    _ask(at.alerts.loaded, at.alerts.refresh)
    rows = at.alerts.table.rowCount()
    if not rows:
        return
    for row in chance.sample(range(rows), min(rows, 6)):
        page.list.setCurrentIndex(at.alerts.table.index(row, 0))
        rest(60)
        done["alerts looked at"] += 1
    page.handling.acknowledge.click()
    dialog = _dialog(page)
    dialog.note.setPlainText("Seen")
    _ask(at.alerts.handled, dialog.accept)
    done["alerts acknowledged"] += 1
    page.handling.open_menu(QPoint(5, 5))
    for menu in page.list.findChildren(QMenu):
        menu.close()
    page.handling.toggle.click()
    rest(50)
    _ask(at.alerts.loaded, page.handling.mark_all.click) if at.alerts.unread else None


def make_reports(at: Workplace, folder: Path, chance: random.Random, done: Done) -> None:
    """Other months and subjects, looked at; one of each kind saved; where to is asked."""
    page, reports = at.go("reports"), at.reports
    wait(lambda: reports.state is State.READY, "the report")
    for _ in range(2):
        subject, period = chance.choice(reports.subjects)[0], chance.choice(reports.periods)[0]
        if (subject, period) == (reports.choice.subject, reports.choice.period):
            continue
        _ask(reports.loaded, lambda s=subject, p=period: reports.choose(subject=s, period=p))
        done["reports made"] += 1
    if reports.report is not None:
        for suffix in (".pdf", ".xlsx"):
            _ask(reports.notified, lambda s=suffix: reports.save(str(folder / f"report{s}")))
            done["reports saved"] += 1
    page.report.ask_where(".pdf")
    for asked in page.findChildren(QFileDialog):
        asked.reject()


def change_settings(at: Workplace, chance: random.Random, done: Done) -> None:
    """The facility stored anew, a rule and a tariff's period looked at."""
    page = at.go("settings")
    panel = page.findChild(FacilitySettingsPanel)
    panel.tariff.add.click()
    _reject(panel)
    rules = page.findChild(AlertRulesPanel)
    rules.add.click()
    _reject(rules)
    done["dialogs opened"] += 2


def train(at: Workplace, done: Done) -> None:
    """Train every model anew, by the page."""
    at.go("predictions")
    model: PredictionsViewModel = at.predictions
    model.train()
    wait(lambda: not model.training, "the training")
    rest(50)
    for period in ("weekly", "monthly", "hourly", "daily"):
        _ask(model.loaded, lambda p=period: model.choose(period=p))
    done["trainings"] += 1


def _ask(answered: object, ask: Callable[[], object]) -> None:
    """Ask for something and wait for its answer."""
    said: list[bool] = []

    def hear(*_: object) -> None:
        said.append(True)

    answered.connect(hear)
    ask()
    wait(lambda: said, f"an answer of {answered}")
    answered.disconnect(hear)


def _of_kind(page: QWidget, name: str) -> list[QWidget]:
    return [widget for widget in page.findChildren(QWidget) if type(widget).__name__ == name]


def _row_in(view: QWidget, index: object) -> int:
    model = view.model()
    return model.mapFromSource(index).row() if hasattr(model, "mapFromSource") else index.row()


def _dialog(over: QWidget) -> QDialog | None:
    return next((dialog for dialog in over.findChildren(QDialog) if dialog.isVisible()), None)


def _reject(over: QWidget) -> None:
    if shown := _dialog(over):
        shown.reject()


def _confirm(over: QWidget) -> None:
    wait(lambda: over.findChild(QMessageBox), "the question")
    over.findChild(QMessageBox).findChild(QWidget, "confirm").click()
