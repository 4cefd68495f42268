"""The program that is killed: it says what it will do, does it, and says that it was acknowledged.

``victim.py DATA WORK SEED``, WORK one of ``edits``, ``training``, ``imports``; one JSON object a line.
"""

import json
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from ground import EMAIL, hourly

from services import accounts, alerts, devices, facility, forecasts, notifications
from services.importing import import_file
from services.scope import Document, Scope
from services.settings import Settings
from services.startup import opened

Step = tuple[Document, Callable[[], Document | None]]
"""What is about to be stored, by the names that `state.stored` gives, and how; what else it came to."""


def main() -> None:
    settings = Settings(_env_file=None, loadlens_data_dir=Path(sys.argv[1]))
    chance = random.Random(int(sys.argv[3]))
    with opened(settings) as db:
        scope = accounts.scope_of(db, EMAIL)
        works = {"edits": edits, "training": training, "imports": imports}
        for will, do in works[sys.argv[2]](scope, settings, chance):
            _say({"will": will})
            _say({"done": do() or {}})


def edits(scope: Scope, settings: Settings, chance: random.Random) -> Iterator[Step]:
    """All kinds of edits, one after the other, without end."""
    while True:
        known = devices.list_devices(scope)
        meters = [device for device in known if device.name.startswith("Meter")]
        yield from _device_edits(scope, meters, chance)
        spare = [device for device in known if device.name.startswith("Spare")]
        if spare:
            gone = chance.choice(spare).id
            yield (
                {f"device {gone}": None, f"readings {gone}": None},
                lambda gone=gone: devices.delete_devices(scope, [gone]),
            )
        added = replace(meters[0], id=devices.new_id(), name=f"Added {chance.randrange(10**9)}")
        yield _of_device(added), lambda added=added: devices.add_devices(scope, [added])
        alert = chance.choice(alerts.list_alerts(scope))
        note = f"Seen {chance.randrange(10**9)}"
        yield (
            {f"alert {alert.id}": [True, note]},
            lambda alert=alert, note=note: alerts.acknowledge(scope, [alert.id], note),
        )
        yield from _setting_edits(scope, chance)


def _device_edits(scope: Scope, meters: list[devices.Device], chance: random.Random) -> Iterator[Step]:
    one = replace(chance.choice(meters), rated_power=float(chance.randrange(1, 10**6)))
    yield _of_device(one), lambda: devices.edit_devices(scope, [one])
    now = [one if device.id == one.id else device for device in meters]
    many = [replace(device, avg_usage_hours=chance.randrange(1, 2400) / 100) for device in now]
    merged = {key: value for device in many for key, value in _of_device(device).items()}
    yield merged, lambda: devices.edit_devices(scope, many)


def _setting_edits(scope: Scope, chance: random.Random) -> Iterator[Step]:
    budget = float(chance.randrange(1, 10**6))
    yield {"budget": budget}, lambda: facility.save(scope, facility.Facility(monthly_budget=budget))
    hours = notifications.QuietHours(chance.randrange(0, 12), chance.randrange(13, 24))
    wanted = [hours.from_hour, hours.to_hour]
    yield {"quiet hours": wanted}, lambda: notifications.set_quiet_hours(scope, hours)
    name = f"Category {chance.randrange(10**9)}"
    yield {f"category {name}": True}, lambda: _ignore(devices.add_category(scope, name))


def training(scope: Scope, settings: Settings, chance: random.Random) -> Iterator[Step]:
    """Train every model, then predict with each, without end."""
    while True:
        yield {}, lambda: _trained(scope, settings)
        for report in forecasts.reports(scope, settings):
            yield {}, lambda name=report.name: _predicted(scope, settings, name)


def imports(scope: Scope, settings: Settings, chance: random.Random) -> Iterator[Step]:
    """Files of new meters and of corrected readings, without end."""
    while True:
        number = chance.randrange(10**9)
        path = settings.data_dir.with_name(f"import {number}.csv")
        hourly(f"New {number}", 3, 20, seed=number).to_csv(path, index=False)
        yield {"file": path.name}, lambda path=path: _ignore(import_file(scope, path))


def _trained(scope: Scope, settings: Settings) -> Document:
    forecasts.train(scope, settings)
    return {"version": next(v.id for v in forecasts.versions(scope, settings) if v.in_use)}


def _predicted(scope: Scope, settings: Settings, model: str) -> Document:
    return {"model": model, "predictions": len(forecasts.predict(scope, settings, model))}


def _of_device(device: devices.Device) -> Document:
    return {f"device {device.id}": [device.name, device.rated_power, device.avg_usage_hours]}


def _ignore(_result: object) -> None:
    pass


def _say(said: Document) -> None:
    print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main()
