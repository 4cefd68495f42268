"""A program that dies before each of its commands to the server in turn, whatever it was about to do.

``python tests/faults/step_by_step.py [--only WORD]``. Each action is begun again and again, and its program
ends, without a goodbye, before the first, the second … command that writes, until it comes through. After
each death the database is opened as at any start: what the action changes must be as before or as after, or
it is counted as "between" and named; packed readings, imports and indexes must be whole in any case. The exit
status is 1 if they are not, or if an action named in WHOLE was found between.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from bson import ObjectId
from ground import CHECKED, EMAIL, PASSWORD, Tally, bring_in, check_database, hourly, verdict
from pymongo import monitoring

from services import accounts, alerts, devices, facility, forecasts
from services.importing import undo_import
from services.readings import list_imports
from services.scope import Scope
from services.settings import Settings
from services.startup import opened

WRITES = {"insert", "update", "delete", "findAndModify", "renameCollection", "create", "drop", "aggregate",
          "createIndexes", "dropIndexes"}  # fmt: skip
DIED = 9
MOST = 60
"""Commands before an action is taken to be endless."""
FLEETING = {
    "createdAt",
    "updatedAt",
    "at",
    "tellAt",
    "mailDue",
    "trainedAt",
    "password",
    "pid",
    "processCreated",
}
LEFT_OUT = (
    "audit_log",
    "revisions",
    "sessions",
    "sign_in_attempts",
    "settings",
    "turns",
    "load_blocks",
    "system.",
)

State = dict[str, list[str]]

Act = Callable[[Scope, Settings], object]


def _devices(scope: Scope) -> list[devices.Device]:
    return devices.list_devices(scope)


def _ids(scope: Scope) -> list[str]:
    return [alert.id for alert in alerts.list_alerts(scope)]


def _edit_many(scope: Scope, _: Settings) -> None:
    devices.edit_devices(scope, [replace(device, rated_power=77.0) for device in _devices(scope)])


def _rename_one(scope: Scope, _: Settings) -> None:
    devices.edit_devices(scope, [replace(_devices(scope)[0], name="Renamed")])


def _add_many(scope: Scope, _: Settings) -> None:
    first = _devices(scope)[0]
    devices.add_devices(scope, [replace(first, id=devices.new_id(), name=f"New {n}") for n in range(3)])


ACTIONS: dict[str, Act] = {
    "import of new meters": lambda s, at: bring_in(s, at.data_dir, hourly("Fresh", 2, 4)),
    "import that corrects": lambda s, at: bring_in(s, at.data_dir, hourly("Meter", 3, 4, seed=5)),
    "import taken back": lambda s, _: undo_import(s, list_imports(s)[0].id),
    "devices deleted": lambda s, _: devices.delete_devices(s, [d.id for d in _devices(s)[:2]]),
    "devices edited": _edit_many,
    "device renamed": _rename_one,
    "devices added": _add_many,
    "category deleted": lambda s, _: devices.delete_category(s, devices.list_categories(s)[0].id),
    "alerts acknowledged": lambda s, _: alerts.acknowledge(s, _ids(s), "Seen"),
    "alerts normal": lambda s, _: alerts.mark_normal(s, _ids(s)[:1]),
    "device muted": lambda s, _: alerts.mute(s, [_devices(s)[0].id]),
    "facility saved": lambda s, _: facility.save(s, facility.Facility(monthly_budget=5.0)),
    "models trained": lambda s, at: forecasts.train(s, at),
    "periods predicted": lambda s, at: forecasts.predict(s, at),
}
ACTIONS_IN_ORDER = tuple(ACTIONS)
WHOLE = ("import of new meters", "import that corrects", "import taken back", "devices deleted",
         "alerts acknowledged", "device renamed")  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--only", default="", help="only actions with this word in their name")
    chosen = parser.parse_args()
    tally = Tally("Death before each command", ("not whole", *CHECKED))
    with tempfile.TemporaryDirectory() as name:
        # All that opens the database is done in children: a fork of a process with threads is not safe.
        staying = _child(lambda: _stay(Path(name)))
        while not Path(name, "stays").exists():
            time.sleep(0.1)
        for action in (action for action in ACTIONS if chosen.only in action):
            _try(Path(name), action, tally)
        Path(name, "stays").unlink()
        os.waitpid(staying, 0)
    return verdict([tally])


def _stay(folder: Path) -> None:
    """Keep the server running, so that the trials need not start it."""
    with opened(_settings(folder, "stays")):
        Path(folder, "stays").touch()
        while Path(folder, "stays").exists():
            time.sleep(0.1)


def _try(folder: Path, action: str, tally: Tally) -> None:
    number, status, states, settings = 0, DIED, [], None
    told = folder / "told.json"
    while status == DIED and number < MOST:
        number += 1
        if settings is None or states[-1] != states[0]:
            settings = _settings(folder, f"t{ACTIONS_IN_ORDER.index(action)}_{number}")
            _wait(_child(lambda at=settings: _prepare(at, action)))
        status = _wait(_child(lambda at=settings, n=number: _act(at, action, n)))
        _wait(_child(lambda at=settings: _look(at, told)))
        found = json.loads(told.read_text())
        for fault, count in found["faults"].items():
            tally.add(fault, count)
            print(f"    {action}, dead before command {number}: {count} {fault}", flush=True)
        states.append(found["state"])
    odd = [n for n, state in enumerate(states, start=1) if state not in (states[0], states[-1])]
    tally.add("deaths", number - 1)
    tally.add("between", len(odd))
    tally.add("not whole", len(odd) if action in WHOLE else 0)
    differing = sorted({name for n in odd for name in _between(states[n - 1], states[0], states[-1])})
    print(f"    {action}: {number - 1} deaths, between before {odd or 'none'} {differing}", flush=True)


def _between(state: State, before: State, after: State) -> list[str]:
    """The collections that are neither as before nor as after; all that differ, if each of them is either."""
    names = [name for name in state.keys() | before.keys() if state.get(name) != before.get(name)]
    return [name for name in names if state.get(name) != after.get(name)] or names


def _settings(folder: Path, name: str) -> Settings:
    return Settings(_env_file=None, loadlens_data_dir=folder / "data", mongodb_name=name)


def _prepare(settings: Settings, action: str) -> None:
    with opened(settings) as db:
        accounts.register(db, "Ada", "Wong", EMAIL, PASSWORD)
        scope = accounts.scope_of(db, EMAIL)
        category = devices.add_category(scope, "Cooling")
        bring_in(scope, settings.data_dir, hourly("Meter", 3, 40))
        devices.edit_devices(scope, [replace(d, category_id=category.id) for d in _devices(scope)])
        bring_in(scope, settings.data_dir, hourly("Meter", 3, 3, seed=9))
        if action == "periods predicted":
            forecasts.train(scope, settings)


def _act(settings: Settings, action: str, number: int) -> None:
    dying = _Dying(number)
    monitoring.register(dying)
    with opened(settings) as db:
        scope = accounts.scope_of(db, EMAIL)
        dying.armed = True
        ACTIONS[action](scope, settings)
        dying.armed = False


class _Dying(monitoring.CommandListener):
    """Ends the process before the command of that number, once it is armed."""

    def __init__(self, number: int) -> None:
        self.armed, self._left = False, number

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if self.armed and _writes(event):
            self._left -= 1
            if not self._left:
                os._exit(DIED)

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        pass

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        pass


def _writes(event: monitoring.CommandStartedEvent) -> bool:
    if event.command_name == "aggregate":
        return any("$merge" in step or "$out" in step for step in event.command["pipeline"])
    # What is only noted of the action is not it.
    return event.command_name in WRITES and event.command[event.command_name] not in LEFT_OUT


def _look(settings: Settings, told: Path) -> None:
    with opened(settings) as db:
        scope = accounts.scope_of(db, EMAIL)
        tally = Tally("", CHECKED)
        check_database(db, scope, tally)
        tally.add("half done", sum("incoming_" in name for name in db.list_collection_names()))
        faults = {fault: tally.counts[fault] for fault in CHECKED if tally.counts[fault]}
        told.write_text(json.dumps({"faults": faults, "state": _state(scope)}))


def _state(scope: Scope) -> State:
    """All that is stored, without what is another in each run: ids and moments of now."""
    names = sorted(n for n in scope.db.list_collection_names() if not n.startswith(LEFT_OUT))
    return {
        name: sorted(json.dumps(_lasting(d), sort_keys=True, default=str) for d in scope.db[name].find())
        for name in names
    }


def _lasting(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _lasting(v) for k, v in value.items() if k not in FLEETING and not _is_id(v)}
    return [_lasting(v) for v in value if not _is_id(v)] if isinstance(value, list) else value


def _is_id(value: object) -> bool:
    return isinstance(value, ObjectId | bytes)


def _child(work: Callable[[], None]) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        work()
        os._exit(0)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        os._exit(1)


def _wait(pid: int) -> int:
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert status in (0, DIED), "a trial failed for another reason"
    return status


if __name__ == "__main__":
    sys.exit(main())
