"""Hours of use in one process: the real window over the real services, looked at after every hour.

``python tests/faults/soak.py [--hours-simulated 8] [--pace 1.0]``. An hour is what a busy person does in one,
without the pauses: signs in, imports two files and takes one back, makes twelve choices on the dashboard,
visits every page and tab, edits, adds and deletes devices and undoes it, handles alerts, makes reports,
opens every dialog, trains every second hour, signs out. ``--pace 0.5`` does half as many choices.

After each hour it prints memory, threads, handles, objects and what the private ``mongod`` holds. The exit
status is 1 if memory, threads, handles, objects or connections went on growing after the warm-up.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import astuple
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import json

import keyring
import user
import vitals
from keyring.backends.null import Keyring
from PySide6.QtCore import QCoreApplication, QEvent, QSettings
from PySide6.QtWidgets import QApplication
from vitals import COLUMNS, Vitals

from desktop.app.application import Application, dress
from desktop.framework import native_libraries as memory
from services.settings import Settings

GROWTH = {"rss": 4.0, "threads": 0.5, "handles": 0.5, "children": 0.5, "qt_objects": 25.0, "widgets": 2.0,
          "objects": 2500.0, "connections": 0.5, "cursors": 0.2}  # fmt: skip
"""So much of each in an hour is growth: MB, numbers. The server's memory is bounded by its cache."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--hours-simulated", type=int, default=8)
    parser.add_argument("--warm-up", type=int, default=2, help="hours before memory is expected to be flat")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--census", action="store_true", help="name the kinds of objects that grew")
    chosen = parser.parse_args()
    keyring.set_keyring(Keyring())
    with tempfile.TemporaryDirectory() as folder:
        QSettings.setDefaultFormat(QSettings.Format.IniFormat)
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, folder)
        memory.share_arenas()
        app = QApplication([])
        app.setQuitOnLastWindowClosed(False)
        dress(app)
        settings = Settings(_env_file=None, loadlens_data_dir=Path(folder) / "data")
        application = Application(app, settings, None)
        application.start()
        try:
            return soak(application, Path(folder), chosen)
        finally:
            application.end()


def soak(application: Application, folder: Path, chosen: argparse.Namespace) -> int:
    """All hours; the exit status."""
    chance, done, looks = random.Random(chosen.seed), Counter[str](), []
    begun = time.monotonic()
    first_day(application, folder)
    looks.append(look(application, folder))
    print("hour  second  " + "  ".join(f"{name:>11}" for name in COLUMNS))
    show(0, begun, looks[0])
    before = Counter[str]()
    for hour in range(1, chosen.hours_simulated + 1):
        an_hour(application, folder, hour, chance, done)
        looks.append(look(application, folder))
        show(hour, begun, looks[-1])
        if chosen.census and hour in (chosen.warm_up, chosen.hours_simulated):
            now = vitals.census()
            if before:
                tell_growth(now - before, hour - chosen.warm_up)
            before = now
    print(", ".join(f"{count} {what}" for what, count in done.items()))
    return verdict(looks, chosen.warm_up)


def first_day(application: Application, folder: Path) -> None:
    """An account with four months of readings and trained models."""
    user.register(application)
    assert application.context is not None
    user.bring_in(
        user.workplace_of(application), folder / "first.csv", user.readings_of(user.FIRST, user.LAST, 0)
    )
    user.sign_out(application)


def an_hour(
    application: Application, folder: Path, hour: int, chance: random.Random, done: Counter[str]
) -> None:
    """What is stored at its end is as much as at its beginning."""
    at = user.sign_in(application)
    user.bring_in(at, folder / "may.csv", user.readings_of("2024-05-01", "2024-05-15", hour))
    user.look_at_dashboard(at, chance, done)
    user.visit_pages(at, chance, done)
    user.edit_devices(at, chance, done)
    user.handle_alerts(at, chance, done)
    user.make_reports(at, folder, chance, done)
    user.change_settings(at, chance, done)
    if hour % 2 == 0:
        user.train(at, done)
    user.take_back(at)
    user.sign_out(application)
    done["imports, and taken back"] += 2
    done["sign-ins and sign-outs"] += 1


def look(application: Application, folder: Path) -> Vitals:
    """When all that the hour left to be done or deleted is."""
    user.rest(300)
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()
    server = json.loads((folder / "data" / "mongod.json").read_text())["pid"]
    return vitals.look(application._opening.result().db, server)


def show(hour: int, begun: float, seen: Vitals) -> None:
    figures = "  ".join(f"{value:>11,.0f}" for value in astuple(seen))
    print(f"{hour:>4}  {time.monotonic() - begun:>6.0f}  {figures}", flush=True)


def tell_growth(grown: Counter[str], hours: int) -> None:
    for kind, count in grown.most_common(40):
        if count >= hours:
            print(f"    {count / hours:>8.1f} an hour  {kind}")


def verdict(looks: list[Vitals], warm_up: int) -> int:
    """Start, end and slope of each figure; 1 if any grew."""
    calm = looks[warm_up:]
    if len(calm) < 3:
        print("Too few hours after the warm-up to tell of growth.")
        return 0
    slopes = vitals.slopes(calm, [float(hour) for hour in range(len(calm))])
    growing = [name for name, most in GROWTH.items() if slopes[name] > most]
    print(f"{'':>12}  {'start':>10}  {'warm':>10}  {'end':>10}  {'an hour':>10}")
    for name in COLUMNS:
        start, warm, end = (getattr(one, name) for one in (looks[0], calm[0], looks[-1]))
        flag = "  grows" if name in growing else ""
        print(f"{name:>12}  {start:>10,.0f}  {warm:>10,.0f}  {end:>10,.0f}  {slopes[name]:>+10,.2f}{flag}")
    return 1 if growing else 0


if __name__ == "__main__":
    sys.exit(main())
