"""Names that are the same to a person, and what becomes of them: tracebacks, lost readings, doubled devices.

Sixty pairs of spellings of one name go into a database of their own each way that names come in: in one
file with a row a reading or a column a meter, from two files one after the other, and from the list of
devices; and are given by hand to devices, categories and views, which are renamed, too. Nothing may end in
a traceback, every reading of a file is added or refused by row, and there is one device in the end.

    python tests/faults/name_pairs.py
"""

import sys
import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from services import accounts, devices, views
from services.database import opened
from services.device_lists import import_list, plan_list
from services.errors import LoadlensError
from services.importing import ImportSummary, import_file
from services.scope import Scope
from services.settings import Settings

DAYS = 14
SPACES = "\u00a0\u1680\u2000\u2003\u2007\u2009\u202f\u205f\u3000\t"
UNSEEN = (
    *("\u00ad", "\u034f", "\u061c", "\u115f", "\u17b4", "\u180e", "\u200b", "\u200c", "\u200d", "\u200e"),
    *("\u202a", "\u202c", "\u2060", "\u2066", "\u2069", "\u3164", "\ufe0f", "\ufeff", "\uffa0", "\U000e0041"),
)
ACCENTED = ("Kühlung", "Chaudière", "Ñuñoa", "Värmepump", "Ångström", "Việt Nam", "ポンプ", "한국")
PAIRS = [
    *((f"Chiller 1 {n}", f"Chiller{space}1 {n}") for n, space in enumerate(SPACES)),
    *((f"Lighting {n}", f"Light{unseen}ing {n}") for n, unseen in enumerate(UNSEEN)),
    *((name, unicodedata.normalize("NFD", name)) for name in ACCENTED),
    *(("Pump", "pump"), ("Lüfter", "LÜFTER"), ("Straße", "STRASSE"), ("ΟΔΟΣ", "οδος"), ("Насос", "НАСОС")),
    *(("KAZAN DAİRESİ", "kazan dairesi"), ("Fan 1", "Ｆａｎ　１"), ("Office", "Oﬃce"), ("Flur", "ﬂur")),
    *(
        ("Heat m2", "Heat m²"),
        ("Line 2", "Line ₂"),
        ("Hall II", "Hall Ⅱ"),
        ("Ohm Ω", "Ohm \u2126"),
        ("Hall  3", "Hall 3"),
    ),
    *(
        ("½ Halle", "1⁄2 Halle"),
        ("IJmond", "Ĳmond"),
        ("Hall…", "Hall..."),
        ("Pumpe", "\u2003Pumpe "),
        ("Mühle", "MÜHLE"),
    ),
    *(("Unit 3", "Unit ③"), ("No 4", "№ 4"), ("ﾎﾟﾝﾌﾟ", "ポンプ")),
]


def frame(name: str, month: int, first: float) -> pd.DataFrame:
    dates = pd.date_range(f"2024-{month:02}-01", periods=DAYS)
    return pd.DataFrame({"Date": dates, "Meter": name, "kWh": [first + 7 * n % 13 for n in range(DAYS)]})


def imported(scope: Scope, folder: Path, *files: pd.DataFrame) -> Counter[str]:
    """What went wrong with files of the same meter that hold 28 values in all."""
    read = added = refused = 0
    for number, readings in enumerate(files):
        readings.to_csv(folder / f"{number}.csv", index=False)
        summary: ImportSummary = import_file(scope, folder / f"{number}.csv")
        read, added = read + summary.read, added + summary.added
        refused += len(summary.refused)
    doubled = len(devices.list_devices(scope)) - 1
    return Counter(lost=2 * DAYS - added - refused, doubled=doubled)


def long_layout(scope: Scope, folder: Path, one: str, other: str) -> Counter[str]:
    return imported(scope, folder, pd.concat([frame(one, 1, 100), frame(other, 2, 300)]))


def long_at_the_same_times(scope: Scope, folder: Path, one: str, other: str) -> Counter[str]:
    return imported(scope, folder, pd.concat([frame(one, 1, 100), frame(other, 1, 300)]))


def wide_layout(scope: Scope, folder: Path, one: str, other: str) -> Counter[str]:
    parts = [frame(one, 1, 100), frame(other, 2, 300)]
    return imported(
        scope,
        folder,
        pd.concat([p.set_axis(["Date", "x", p["Meter"][0]], axis=1) for p in parts]).drop(columns="x"),
    )


def wide_at_the_same_times(scope: Scope, folder: Path, one: str, other: str) -> Counter[str]:
    table = frame(one, 1, 100)[["Date", "kWh"]].set_axis(["Date", one], axis=1)
    return imported(scope, folder, table.assign(**{other: frame(other, 1, 300)["kWh"]}))


def across_files(scope: Scope, folder: Path, one: str, other: str) -> Counter[str]:
    return imported(scope, folder, frame(one, 1, 100), frame(other, 2, 300))


def list_of_devices(scope: Scope, folder: Path, one: str, other: str) -> Counter[str]:
    for name in (one, other):
        pd.DataFrame({"Name": [name], "Category": [name]}).to_csv(folder / "list.csv", index=False)
        import_list(scope, plan_list(scope, folder / "list.csv"))
    doubled = len(devices.list_devices(scope)) - 1 + len(devices.list_categories(scope)) - 1
    return Counter(doubled=doubled)


def by_hand(scope: Scope, folder: Path, one: str, other: str) -> Counter[str]:
    third = "Another name"
    device = devices.add_device(scope, third)
    category = devices.add_category(scope, third).id
    views.save(scope, third, views.View())
    devices.add_device(scope, one)
    devices.add_category(scope, one)
    views.save(scope, one, views.View())
    taken = 0
    attempts: list[Callable[[], object]] = [
        lambda: devices.add_device(scope, other),
        lambda: devices.edit_device(scope, device, other),
        lambda: devices.add_category(scope, other),
        lambda: devices.rename_category(scope, category, other),
        lambda: views.rename(scope, third, other),
    ]
    for attempt in attempts:
        try:
            attempt()
        except LoadlensError:
            taken += 1
    views.save(scope, other, views.View())
    return Counter(doubled=len(attempts) - taken + max(0, len(views.named(scope)) - 2))


WAYS = (
    *(long_layout, long_at_the_same_times, wide_layout, wide_at_the_same_times, across_files),
    *(list_of_devices, by_hand),
)


def main() -> int:
    wrong: Counter[str] = Counter()
    with TemporaryDirectory() as data:
        settings = Settings(_env_file=None, loadlens_data_dir=Path(data) / "data")
        with opened(settings) as db:
            accounts.register(db, "Ada", "Wong", "ada@example.com", "correct horse battery")
            scope = accounts.set_timezone(accounts.scope_of(db, "ada@example.com"), "Europe/Berlin")
            kept = {"users", "settings", "turns"}
            print(f"{'way':24}{'pairs':>7}{'tracebacks':>12}{'refused':>9}{'lost':>7}{'doubled':>9}")
            for way in WAYS:
                found: Counter[str] = Counter()
                for one, other in PAIRS:
                    for name in set(db.list_collection_names()) - kept:
                        db[name].delete_many({})
                    try:
                        found += +way(scope, Path(data), one, other)
                    except LoadlensError as error:
                        found["refused"] += 1
                        print(f"  {way.__name__}: {one!r}, {other!a}: {error}")
                    except Exception as error:
                        found["tracebacks"] += 1
                        print(f"  {way.__name__}: {one!r}, {other!a}: {type(error).__name__}")
                counts = [found[what] for what in ("tracebacks", "refused", "lost", "doubled")]
                print("{:24}{:7}{:12}{:9}{:7}{:9}".format(way.__name__, len(PAIRS), *counts), flush=True)
                wrong += found
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
