"""Photograph every window and dialog, light and dark: ``python tests/desktop/tour.py DIR``.

Starts Loadlens over a private database in a temporary folder, registers, imports the sample file and
trains, all by way of the windows; nothing of the user's own installation is touched.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import keyring
from keyring.backends.null import Keyring
from PySide6.QtCore import QEventLoop, QSettings, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox, QScrollArea, QTabBar, QWidget

sys.path.append(str(Path(__file__).parents[1]))
from workplace import Workplace, workplace_of

from desktop import theme
from desktop.app.application import Application, dress
from desktop.features.accounts.database_choice_dialog import DatabaseChoiceDialog
from desktop.features.imports.view_model import Stage
from desktop.features.settings.backup_panel import BackupPanel
from desktop.features.settings.database_panel import DatabasePanel, MoveDialog
from desktop.features.settings.facility_settings_panel import FacilitySettingsPanel, TariffPeriodDialog
from services import accounts
from services.settings import Settings

SAMPLE = Path(__file__).parents[2] / "resources" / "sample" / "consumption_data.xlsx"
PASSWORD = "correct horse battery"
SECONDS = 300
PAGES = ("dashboard", "devices", "predictions", "alerts", "reports", "import", "settings")


def wait(true: Callable[[], object]) -> None:
    """Let the application work until something is true; ends the tour if it never becomes so."""
    loop, watch, limit = QEventLoop(), QTimer(), QTimer()
    watch.timeout.connect(lambda: loop.quit() if true() else None)
    limit.timeout.connect(lambda: loop.exit(1))
    watch.start(20)
    limit.start(SECONDS * 1000)
    if loop.exec():
        sys.exit(f"Waited {SECONDS} s in vain.")


def rest(milliseconds: int) -> None:
    """Let the application work for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


class Camera:
    """Takes each picture twice, in light and in dark."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def shoot(self, widget: QWidget, name: str) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        for mode in ("light", "dark"):
            theme.apply(app, mode)
            rest(250)
            widget.grab().save(str(self._folder / f"{name}-{mode}.png"))
        theme.apply(app, "light")


def enter(application: Application, camera: Camera) -> Workplace:
    """The entrance, as far as the new account's window."""
    entrance = application.entrance
    camera.shoot(entrance, "01-login")
    entrance.login.email.setText("ada@example.com")
    entrance.login.password.setText("a wrong password")
    entrance.login.submit.click()
    wait(entrance.login.banner.isVisible)
    camera.shoot(entrance, "02-login-refused")
    entrance.show_new_password("ada@example.com", "given", False)
    entrance.new_password.password.setText("password1234")
    rest(500)
    camera.shoot(entrance, "02-new-password")
    entrance.show_start()
    camera.shoot(entrance, "03-start")
    entrance.start.show_progress("Adding readings", 30_000, 148_920, 14)
    camera.shoot(entrance, "04-start-progress")
    entrance.start.show_refusal("Port 27017 is in use by another program. Name a free one in MONGODB_PORT.")
    camera.shoot(entrance, "05-start-refused")
    entrance.choose_database()
    rest(400)
    camera.shoot(entrance.findChild(DatabaseChoiceDialog), "05-database-choice")
    entrance.findChild(DatabaseChoiceDialog).reject()
    entrance.show_registration()
    form = entrance.registration
    form.fields["email"].setText("ada")
    form.submit.click()
    camera.shoot(entrance, "06-registration-hints")
    entry = ("Ada", "Wong", "ada@example.com", PASSWORD, PASSWORD)
    for edit, text in zip(form.fields.values(), entry, strict=True):
        edit.setText(text)
    form.submit.click()
    wait(lambda: application.context is not None)
    assert application.context is not None
    return workplace_of(application)


def pages(workplace: Workplace, camera: Camera, suffix: str) -> None:
    for place, name in enumerate(PAGES):
        workplace.go(name)
        rest(1500)
        camera.shoot(workplace.window, f"{suffix}{place}-{name}")


def tabs(workplace: Workplace, camera: Camera, prefix: str) -> None:
    """What is behind the tabs of the pages."""
    for page in ("predictions", "reports", "settings"):
        bar = workplace.go(page).findChild(QTabBar)
        for place in range(1, bar.count()):
            bar.setCurrentIndex(place)
            show_whole(workplace.window, bar)
            rest(400)
            name = bar.tabText(place).replace("&", "").replace(" ", "-").lower()
            wait(lambda name=name: name != "diagnostics" or workplace.diagnostics.checks)
            camera.shoot(workplace.window, f"{prefix}-{page}-{name}")
        bar.setCurrentIndex(0)


def show_whole(window: QWidget, below: QWidget) -> None:
    """Scroll to the end of what holds this widget."""
    for area in window.findChildren(QScrollArea):
        if area.isAncestorOf(below):
            area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())


def bring_in(workplace: Workplace, camera: Camera) -> None:
    """The import of the sample, and the training that follows it."""
    imports = workplace.imports
    workplace.show("import", [str(SAMPLE)])
    wait(lambda: imports.stage == Stage.MAPPING)
    wait(lambda: not imports.mapping.preview.busy)
    camera.shoot(workplace.window, "20-import-mapping")
    page = workplace.go("import")
    page.files.mapping.more.setChecked(True)
    page.files.mapping.preview.setCurrentIndex(1)
    camera.shoot(workplace.window, "20-import-mapping-more")
    imports.import_ready()
    rest(1200)
    camera.shoot(workplace.window, "21-import-running")
    wait(lambda: imports.stage == Stage.SUMMARY)
    wait(lambda: workplace.predictions.training)
    camera.shoot(workplace.window, "22-import-summary")
    workplace.go("predictions")
    camera.shoot(workplace.window, "23-training-on-its-page")
    wait(lambda: not workplace.predictions.training)
    several(workplace, camera)


def several(workplace: Workplace, camera: Camera) -> None:
    """Files at once, one of which asks and one is none; the history and the watched folder."""
    page = workplace.go("import")
    with tempfile.TemporaryDirectory() as folder:
        days = "\n".join(f"{day:02}/03/2017,Chiller,2.5" for day in range(1, 12))
        Path(folder, "ambiguous.csv").write_text(f"Date,Meter,kWh\n{days}\n31,Chiller,lots\n")
        Path(folder, "letter.txt").write_text("Dear all\nnothing to see here\n")
        workplace.show("import", [folder])
        wait(lambda: workplace.imports.stage == Stage.MAPPING)
        camera.shoot(workplace.window, "25-import-asks")
        page.files.mapping.question.day.click()
        wait(lambda: not workplace.imports.mapping.preview.busy)
        camera.shoot(workplace.window, "26-import-answered")
        workplace.imports.import_ready()
        wait(lambda: workplace.imports.stage == Stage.SUMMARY)
        camera.shoot(workplace.window, "27-import-refused-rows")
        page.files.queue.list.choose(1)
        camera.shoot(workplace.window, "28-import-refused-file")
    for place, name in ((1, "history"), (2, "watched")):
        page.tabs.setCurrentIndex(place)
        rest(600)
        camera.shoot(workplace.window, f"29-import-{name}")
    page.history.list.choose(0)
    page.history.undo.click()
    wait(lambda: page.findChild(QMessageBox))
    camera.shoot(page.findChild(QMessageBox), "29-import-undo")
    page.findChild(QMessageBox).reject()
    page.show_files()


def looks_closer(workplace: Workplace, camera: Camera) -> None:
    """The dashboard brushed, drilled into and by the hour; its readings; what is known of the facility."""
    page, dashboard = workplace.go("dashboard"), workplace.dashboard
    charts = page.charts
    dashboard.reset()
    dashboard.choose(resolution="day")
    rest(1500)
    first, last = charts.plots["consumption"].edges[40], charts.plots["consumption"].edges[54]
    charts.brushed.emit(first, last)
    rest(1500)
    camera.shoot(workplace.window, "36-dashboard-brushed")
    dashboard.clear_brush()
    rest(800)
    camera.shoot(charts, "37-dashboard-charts")
    dashboard.choose(period="last 30 days", device_ids=(dashboard.devices[0][0],), resolution="hour")
    rest(800)
    camera.shoot(workplace.window, "38-dashboard-device-by-hour")
    page.readings.click()
    wait(lambda: page.dialog.table.model().rowCount())
    camera.shoot(page.dialog, "39-readings")
    page.dialog.reject()
    dashboard.choose(resolution="day")
    dashboard.reset()
    panel = workplace.go("settings").findChild(FacilitySettingsPanel)
    panel.tariff.add.click()
    camera.shoot(panel.findChild(TariffPeriodDialog), "39-tariff-period")
    panel.findChild(TariffPeriodDialog).reject()


def asks_about_backup(workplace: Workplace, camera: Camera) -> None:
    """A backup in the list, and the question before it replaces everything."""
    panel = workplace.go("settings").findChild(BackupPanel)
    workplace.show("settings", "backup")
    workplace.backups.back_up(workplace.backups.proposed)
    wait(lambda: panel.list.model().rowCount())
    rest(600)
    camera.shoot(workplace.window, "39-backups")
    panel.list.choose(0)
    panel.restore.click()
    wait(lambda: panel.findChild(QMessageBox))
    camera.shoot(panel.findChild(QMessageBox), "39-backup-restore")
    panel.findChild(QMessageBox).reject()


def asks_about_move(workplace: Workplace, camera: Camera) -> None:
    """What a test of a connection shows, and the way of everything to that server."""
    panel = workplace.go("settings").findChild(DatabasePanel)
    workplace.show("settings", "database")
    workplace.window.resize(1180, 760)
    panel.form.address.setText("db.example.com")
    panel.form.user.setText("loadlens")
    panel.findings.show_findings(
        [("MongoDB 7.0.14, a single server.", True), ("What is sent is not encrypted.", False)]
    )
    camera.shoot(workplace.window, "39-database-tested")
    panel.move_there.click()
    dialog = panel.findChild(MoveDialog)
    camera.shoot(dialog, "39-move")
    dialog.progress.show()
    dialog.progress.show_progress("Copying to the server", 30_000, 148_920, 14)
    camera.shoot(dialog, "39-moving")
    dialog.reject()


def dialogs(workplace: Workplace, camera: Camera) -> None:
    """Every dialog of the devices page, and those of the window itself."""
    devices = workplace.go("devices").list
    rest(800)
    devices.table.selectRow(0)
    for name in ("add", "edit", "categories", "delete"):
        button = getattr(devices, name)
        button.click()
        wait(lambda: _dialog(workplace.window))
        rest(400)
        shown = _dialog(workplace.window)
        camera.shoot(shown, f"40-devices-{name}")
        shown.reject()
        wait(lambda: not _dialog(workplace.window))
    QTimer.singleShot(600, lambda: _shoot_about(workplace, camera))
    workplace.window.show_about()
    workplace.window.overlay.cover()
    camera.shoot(workplace.window, "42-drop-overlay")
    workplace.window.overlay.hide()


def one_device(workplace: Workplace, camera: Camera) -> None:
    """The devices as a tree, and one of them in full."""
    page = workplace.go("devices")
    page.list.grouped.click()
    rest(600)
    camera.shoot(workplace.window, "43-devices-tree")
    page.list.grouped.click()
    page.list.table.selectRow(0)
    page.list.commands.show_chosen()
    rest(2000)
    camera.shoot(workplace.window, "44-device")
    page.show_list()


def _shoot_about(workplace: Workplace, camera: Camera) -> None:
    about = _dialog(workplace.window)
    camera.shoot(about, "41-about")
    about.reject()


def _dialog(window: QWidget) -> QDialog | None:
    return next((dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()), None)


def narrow(workplace: Workplace, camera: Camera) -> None:
    workplace.window.resize(760, 640)
    for place, name in enumerate(PAGES):
        workplace.go(name)
        rest(400)
        camera.shoot(workplace.window, f"5{place}-narrow-{name}")
    tabs(workplace, camera, "58-narrow")


def administration(application: Application, camera: Camera) -> None:
    """What an administrator sees, who signs in after Ada."""
    assert application.context is not None
    application.context.main.sign_out()
    wait(application.entrance.isVisible)
    opened = application._opening.result()
    accounts.create_superuser(opened.db, "grace@example.com", PASSWORD)
    accounts.register(opened.db, "Eve", "Ong", "eve@example.com", PASSWORD)
    login = application.entrance.login
    login.email.setText("grace@example.com")
    login.password.setText(PASSWORD)
    login.submit.click()
    wait(lambda: application.context is not None)
    workplace = workplace_of(application)
    page = workplace.go("administration")
    wait(lambda: workplace.users.found.ready)
    for width, height in ((1180, 760), (900, 640)):
        workplace.window.resize(width, height)
        for place, name in enumerate(("users", "devices", "imports", "audit")):
            page.tabs.setCurrentIndex(place)
            rest(1000)
            camera.shoot(workplace.window, f"60-administration-{name}-{width}")
    page.tabs.setCurrentIndex(0)
    page.users.list.choose(0)
    for name in ("add", "password", "role", "status"):
        getattr(page.users, name).click()
        wait(lambda: _dialog(workplace.window))
        rest(600)
        shown = _dialog(workplace.window)
        camera.shoot(shown, f"61-administration-{name}")
        shown.reject()
        wait(lambda: not _dialog(workplace.window))


def cut_off(workplace: Workplace, camera: Camera) -> None:
    """What stands above the pages while the database is away."""
    workplace.go("dashboard")
    workplace.connection.lost.emit(workplace.connection.sentence)
    rest(400)
    camera.shoot(workplace.window, "59-connection-lost")
    workplace.connection.back.emit()


def main() -> None:
    camera = Camera(Path(sys.argv[1]))
    keyring.set_keyring(Keyring())
    with tempfile.TemporaryDirectory() as folder:
        QSettings.setDefaultFormat(QSettings.Format.IniFormat)
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, folder)
        app = QApplication([])
        dress(app)
        application = Application(
            app, Settings(_env_file=None, loadlens_data_dir=Path(folder) / "data"), None
        )
        application.start()
        try:
            workplace = enter(application, camera)
            workplace.window.resize(1280, 820)
            pages(workplace, camera, "1")
            bring_in(workplace, camera)
            pages(workplace, camera, "3")
            tabs(workplace, camera, "35")
            looks_closer(workplace, camera)
            asks_about_backup(workplace, camera)
            asks_about_move(workplace, camera)
            dialogs(workplace, camera)
            one_device(workplace, camera)
            narrow(workplace, camera)
            cut_off(workplace, camera)
            administration(application, camera)
        finally:
            application.end()


if __name__ == "__main__":
    main()
