"""The program and its ``mongod`` killed in turn during edits, imports and training, a hundred times.

``python tests/faults/kill.py [--edits N] [--imports N] [--trainings N] [--meters N] [--seed S]``. A
program that says each write it will do and each that was acknowledged is killed, or its server is, at a
random moment. Then the database is opened as at any start, and compared: every acknowledged write is there,
none twice; models are signed or not there; packed readings, indexes and collections are whole. A bulk edit
that was never acknowledged may be found half (counted as "cut short"). With 340 meters, several processes
train. `kill_imports.py` compares imports reading by reading. The exit status is 1 if anything differs.
"""

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from ground import (
    CHECKED,
    EMAIL,
    PROGRAM,
    SERVER,
    Heard,
    Tally,
    bring_in,
    check_database,
    facility,
    hourly,
    run_victim,
    settings_in,
    verdict,
)

from services import accounts, forecasts
from services.scope import Document, Scope
from services.settings import Settings
from services.startup import opened

DAYS = 120
SHOWN = 10
"""After so many kills the counts are shown."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--edits", type=int, default=40)
    parser.add_argument("--imports", type=int, default=30)
    parser.add_argument("--trainings", type=int, default=30)
    parser.add_argument("--meters", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    # The server's keeper may look into the folder once more.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        settings, chance = settings_in(Path(folder)), random.Random(chosen.seed)
        facility(settings, chosen.meters, DAYS)
        tallies = [
            edits(settings, chosen.edits, chance),
            imports(settings, chosen.imports, chance),
            trainings(settings, chosen.trainings, chance),
        ]
    return verdict(tallies)


def edits(settings: Settings, kills: int, chance: random.Random) -> Tally:
    tally = Tally("Killed during edits", ("lost", *CHECKED))
    for number in range(kills):
        with opened(settings) as db:
            scope = accounts.scope_of(db, EMAIL)
            bring_in(scope, settings.data_dir.parent, hourly(f"Spare {number}-", 3, 10))
            before = stored(scope)
        heard = _killed(settings, "edits", number, chance.uniform(0.0, 1.5), tally)
        with opened(settings) as db:
            scope = accounts.scope_of(db, EMAIL)
            _compare(before, stored(scope), heard, tally)
            check_database(db, scope, tally)
    return tally.done()


def imports(settings: Settings, kills: int, chance: random.Random) -> Tally:
    tally = Tally("Killed during imports", ("lost", *CHECKED))
    with opened(settings) as db:
        scope, begun = accounts.scope_of(db, EMAIL), time.monotonic()
        bring_in(scope, settings.data_dir.parent, hourly("Paced", 3, 20))
        longest = 4 * (time.monotonic() - begun)
    for number in range(kills):
        heard = _killed(settings, "imports", number, chance.uniform(0.0, longest), tally)
        with opened(settings) as db:
            scope = accounts.scope_of(db, EMAIL)
            there = {found["file"]: found["state"] for found in db["imports"].find(scope.owned())}
            for file in (said["file"] for said in heard.acknowledged):
                tally.add("acknowledged")
                tally.add("lost", there.get(file) != "done")
            if heard.pending:
                tally.add("whole" if heard.pending["file"] in there else "taken back")
            check_database(db, scope, tally)
    return tally.done()


def trainings(settings: Settings, kills: int, chance: random.Random) -> Tally:
    faults = ("lost", "half a model", "drafts left", "predictions missing", *CHECKED)
    tally = Tally("Killed during training", faults)
    with opened(settings) as db:
        scope, begun = accounts.scope_of(db, EMAIL), time.monotonic()
        models = len(forecasts.train(scope, settings))
        longest = 2 * (time.monotonic() - begun)
    for number in range(kills):
        heard = _killed(settings, "training", number, chance.uniform(0.0, longest), tally)
        with opened(settings) as db:
            scope = accounts.scope_of(db, EMAIL)
            _check_models(scope, settings, models, heard, tally)
            check_database(db, scope, tally)
    with opened(settings) as db:
        scope = accounts.scope_of(db, EMAIL)
        forecasts.train(scope, settings)
        tally.add("drafts left", sum(1 for _ in settings.models_dir.rglob("*.draft")))
    return tally.done()


def stored(scope: Scope) -> Document:
    """All that edits change, by names of its own."""
    found: Document = {}
    for device in scope.db["devices"].find(scope.owned()):
        found[f"device {device['_id']}"] = [device["name"], device["ratedPower"], device["avgUsageHours"]]
    count = {"$group": {"_id": "$deviceId", "count": {"$sum": 1}}}
    for total in scope.db["consumption_data"].aggregate([{"$match": scope.owned()}, count]):
        found[f"readings {total['_id']}"] = total["count"]
    for alert in scope.db["alerts"].find(scope.owned()):
        noted = alert.get("acknowledged") or {}
        found[f"alert {alert['_id']}"] = [alert["read"], noted.get("note")]
    for category in scope.db["categories"].find(scope.owned()):
        found[f"category {category['name']}"] = True
    about = scope.db["facilities"].find_one(scope.owned()) or {}
    found["budget"] = about.get("monthlyBudget")
    quiet = scope.db["quiet_hours"].find_one(scope.owned())
    found["quiet hours"] = [quiet["fromHour"], quiet["toHour"]] if quiet else None
    return found


def _killed(settings: Settings, work: str, number: int, wait: float, tally: Tally) -> Heard:
    victim = (PROGRAM, SERVER)[number % 2]
    heard = run_victim(settings, work, victim, wait, number)
    if number % SHOWN == SHOWN - 1:
        tally.show()
    tally.add(f"kills of the {victim}" if heard.killed else "too late")
    return heard


def _compare(before: Document, now: Document, heard: Heard, tally: Tally) -> None:
    """What was acknowledged last of each thing must be there, or what was under way in its place."""
    expected = dict(before)
    for said in heard.acknowledged:
        expected.update(said)
        tally.add("acknowledged")
    for key, value in expected.items():
        tally.add("lost", now.get(key) != value and not _under_way(key, now.get(key), heard.pending))
    taken = [key for key, value in heard.pending.items() if now.get(key) == value]
    if heard.pending and 0 < len(taken) < len(heard.pending):
        tally.add("cut short")


def _under_way(key: str, found: Any, pending: Document) -> bool:
    """Whether this is what was begun: a deletion may also have taken some of the readings."""
    if key not in pending:
        # The alerts of a device that is being deleted go with it.
        return found is None and key.startswith("alert ") and any(v is None for v in pending.values())
    return bool(found == pending[key]) or (pending[key] is None and key.startswith("readings "))


def _check_models(scope: Scope, settings: Settings, models: int, heard: Heard, tally: Tally) -> None:
    folder = settings.models_dir / str(scope.user_id)
    known = forecasts.versions(scope, settings)
    there = [path for path in folder.iterdir() if path.is_dir() and path.name.endswith("Z")]
    tally.add("half a model", len(there) - sum(len(version.reports) == models for version in known))
    tally.add("drafts until the next training", sum(1 for _ in folder.glob("*.draft")))
    tally.add("versions whole", len(known))
    for said in heard.acknowledged:
        tally.add("acknowledged")
        if "version" in said:
            tally.add("lost", all(version.id != said["version"] for version in known))
        else:
            asked = {"modelUsed": said["model"], "heldOut": False}
            fewer = scope.db["predictions"].count_documents(scope.owned(asked)) < said["predictions"]
            tally.add("predictions missing", fewer)


if __name__ == "__main__":
    sys.exit(main())
