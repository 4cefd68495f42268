"""The main job as a facility manager does it: from the first start to the alert, all of it real."""

from pathlib import Path

import pandas as pd
import pytest
from pymongo.database import Database
from PySide6.QtCore import QMimeData, QModelIndex, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from workplace import Workplace, workplace_of

from desktop.app.application import Application
from desktop.features.alerts.page import AlertsWindow
from desktop.features.dashboard.page import DashboardWindow
from desktop.features.imports.page import ImportWindow
from desktop.features.imports.view_model import Stage
from desktop.features.predictions.page import PredictionsWindow
from desktop.framework.formatting import kwh
from services import accounts, alerts, dashboard, forecasts
from services.scope import Document
from services.settings import Settings

SAMPLE = Path(__file__).parents[2] / "resources" / "sample" / "consumption_data.xlsx"
PASSWORD = "correct horse battery"
PATIENCE = 60_000


def test_from_the_first_start_to_the_alert(
    application: Application, settings: Settings, db: Database[Document], qtbot: QtBot
) -> None:
    register(application, qtbot)
    workplace = sign_in(application, qtbot)
    application.tray.icon.show()
    drop(workplace, SAMPLE)
    with qtbot.waitSignal(workplace.renewal.predicted, timeout=3 * PATIENCE):
        import_in_california(workplace, qtbot)
    scope = accounts.scope_of(db, "ada@example.com")
    sees_the_figures(workplace, dashboard.stats(scope), qtbot)
    sees_the_predictions(workplace, forecasts.list_predictions(scope, "daily", None, "combination"), qtbot)
    before = forecasts.reports(scope, settings)
    trains_again(workplace, qtbot)
    after = forecasts.reports(scope, settings)
    assert {report.name for report in after} == {report.name for report in before}
    assert min(report.trained_at for report in after) > max(report.trained_at for report in before)
    opens_the_alert_from_the_popup(application, workplace, alerts.list_alerts(scope), qtbot)
    assert alerts.unread_count(scope) == len(alerts.list_alerts(scope)) - 1


def register(application: Application, qtbot: QtBot) -> None:
    application.entrance.login.register.click()
    form = application.entrance.registration
    typed = {
        "first_name": "Ada",
        "last_name": "Wong",
        "email": "ada@example.com",
        "password": PASSWORD,
        "repeated": PASSWORD,
    }
    for field, text in typed.items():
        qtbot.keyClicks(form.fields[field], text)
    qtbot.keyClick(form.fields["repeated"], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: application.context is not None, timeout=PATIENCE)
    application.context.window.sign_out_wanted.emit()
    qtbot.waitUntil(application.entrance.login.isVisible)


def sign_in(application: Application, qtbot: QtBot) -> Workplace:
    login = application.entrance.login
    qtbot.keyClicks(login.email, "ada@example.com")
    qtbot.keyClicks(login.password, PASSWORD)
    qtbot.keyClick(login.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: application.context is not None, timeout=PATIENCE)
    return workplace_of(application)


def drop(workplace: Workplace, path: Path) -> None:
    file = QMimeData()
    file.setUrls([QUrl.fromLocalFile(str(path))])
    held = (Qt.DropAction.CopyAction, file, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(workplace.window, QDragEnterEvent(QPoint(300, 300), *held))
    QApplication.sendEvent(workplace.window, QDropEvent(QPointF(300, 300), *held))


def import_in_california(workplace: Workplace, qtbot: QtBot) -> None:
    page = workplace.window.navigation.go("import")
    assert isinstance(page, ImportWindow)
    qtbot.waitUntil(lambda: workplace.imports.stage is Stage.MAPPING, timeout=PATIENCE)
    page.files.mapping.settings.timezone.setCurrentText("America/Los_Angeles")
    qtbot.waitUntil(page.files.mapping.start.isEnabled, timeout=PATIENCE)
    page.files.mapping.start.click()
    qtbot.waitUntil(lambda: workplace.imports.stage is Stage.SUMMARY, timeout=PATIENCE)
    figures = {label: value for label, value, _meaning in workplace.imports.summary.outcome.figures}
    assert (figures["Read"], figures["Added"], figures["Refused"]) == ("30,528", "30,522", "0")


def sees_the_figures(workplace: Workplace, expected: dashboard.Stats, qtbot: QtBot) -> None:
    page = workplace.go("dashboard")
    assert isinstance(page, DashboardWindow)
    sheet = pd.read_excel(SAMPLE)
    assert expected.total_consumption == pytest.approx(sheet["Consumption (kWh)"].sum())
    assert expected.predicted_next_month is not None
    shown = f"Predicted next month: {kwh(expected.predicted_next_month)}"
    qtbot.waitUntil(lambda: page.cards.next_month.accessibleName() == shown, timeout=PATIENCE)
    assert page.cards.total.accessibleName() == f"Total consumption: {kwh(expected.total_consumption)}"
    assert page.charts.plots["consumption"].drawn == pytest.approx(
        [day.consumption for day in expected.daily_data]
    )


def sees_the_predictions(workplace: Workplace, expected: list[forecasts.Prediction], qtbot: QtBot) -> None:
    page = workplace.go("predictions")
    assert isinstance(page, PredictionsWindow)
    qtbot.waitUntil(lambda: bool(workplace.predictions.models), timeout=PATIENCE)
    workplace.predictions.choose(model="linear_regression")
    table = page.content.table.model()
    qtbot.waitUntil(lambda: table.rowCount(QModelIndex()) == len(expected), timeout=PATIENCE)
    assert any(prediction.accuracy is not None for prediction in expected)


def trains_again(workplace: Workplace, qtbot: QtBot) -> None:
    page = workplace.go("predictions")
    assert isinstance(page, PredictionsWindow)
    with qtbot.waitSignal(workplace.predictions.trained, timeout=3 * PATIENCE):
        page.train.click()
    qtbot.waitUntil(lambda: not workplace.predictions.training, timeout=PATIENCE)


def opens_the_alert_from_the_popup(
    application: Application, workplace: Workplace, expected: list[alerts.Alert], qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: workplace.alerts.unread == len(expected), timeout=PATIENCE)
    assert str(len(expected)) in application.tray.icon.toolTip()
    workplace.window.hide()
    with qtbot.waitSignal(workplace.alerts.selected, timeout=PATIENCE) as selected:
        application.tray.icon.messageClicked.emit()
    page = workplace.window.navigation.go("alerts")
    assert isinstance(page, AlertsWindow)
    assert workplace.window.isVisible()
    opened = workplace.alerts.alert(selected.args[0])
    assert opened.severity == "high"
    qtbot.waitUntil(lambda: workplace.alerts.unread == len(expected) - 1, timeout=PATIENCE)
