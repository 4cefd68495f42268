"""The README's pictures, of the sample facility: ``python tests/desktop/pictures.py resources/pictures``.

On a desktop with a tray, of 1280 × 860 or more, the popup is photographed, too, with all of the screen.
Nothing of the user's own installation is touched.
"""

import sys
import tempfile
from pathlib import Path

import keyring
import numpy as np
from keyring.backends.null import Keyring
from PySide6.QtCore import QSettings
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QApplication
from tour import rest, wait

sys.path.append(str(Path(__file__).parents[1]))
from workplace import Workplace, workplace_of

from desktop import theme
from desktop.app.application import Application, dress
from desktop.app.startup import demo
from services.settings import Settings

SIZE = 1180, 760
ALIKE = 0xF0F0F0
"""Colours with these bits in common are one."""
COLOURS, INDEXED = 256, QImage.Format.Format_Indexed8


def save(picture: QPixmap, path: Path) -> None:
    """In the commonest of its colours that differ, so that the repository stays small; Qt would dither."""
    image = picture.toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.width())
    colours, number, count = np.unique(pixels, return_inverse=True, return_counts=True)
    ordered = colours[np.argsort(-count)]
    _, kinds = np.unique(ordered & ALIKE, return_index=True)
    kept = ordered[np.sort(kinds)[:COLOURS]]
    parts, of_kept = (each[:, None].view(np.uint8).astype(float) for each in (colours, kept))
    nearest = np.square(parts[:, None] - of_kept).sum(axis=2).argmin(axis=1)
    indexed = nearest.astype(np.uint8)[number.reshape(pixels.shape)]
    few = QImage(indexed.tobytes(), image.width(), image.height(), image.width(), INDEXED)
    few.setColorTable(kept.tolist())
    few.save(str(path), quality=0)


def popup(application: Application, workplace: Workplace, folder: Path) -> None:
    """What the tray says of the alerts that are unread at the start."""
    workplace.delivery._notified_until = None
    workplace.delivery.notify()
    rest(1500)
    save(QApplication.primaryScreen().grabWindow(0), folder / "tray.png")


def windows(workplace: Workplace, folder: Path) -> None:
    """The predictions, and the alert that cost most with the chart around it."""
    workplace.go("predictions")
    wait(lambda: workplace.predictions.outlook)
    rest(1500)
    save(workplace.window.grab(), folder / "predictions.png")
    workplace.alerts.set_order("worst")
    workplace.go("alerts")
    rest(1000)
    dearest = max(workplace.alerts.table.records, key=lambda alert: alert.cost or 0)
    workplace.show("alerts", (dearest.id,))
    rest(2000)
    save(workplace.window.grab(), folder / "alerts.png")


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    keyring.set_keyring(Keyring())
    with tempfile.TemporaryDirectory() as data:
        QSettings.setDefaultFormat(QSettings.Format.IniFormat)
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, data)
        app = QApplication([])
        dress(app)
        theme.apply(app, "light")
        settings = Settings(_env_file=None, loadlens_data_dir=Path(data) / "data")
        application = Application(app, settings, demo(False))
        application.start()
        try:
            wait(lambda: application.context is not None)
            workplace = workplace_of(application)
            assert workplace is not None
            workplace.window.resize(*SIZE)
            windows(workplace, folder)
            if application.tray.available:
                popup(application, workplace, folder)
        finally:
            application.end()


if __name__ == "__main__":
    main()
