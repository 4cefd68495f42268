"""Every file of tests/cases becomes the readings that its NAME.expected.json says, or is refused as it says.

What is compared is what is stored: the meters with their utility, direction and unit, and their readings.
"""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from services.errors import LoadlensError
from services.importing import import_file
from services.scope import Scope
from services.units import UNITS

CASES = Path(__file__).parents[1] / "cases"


def expected(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def cases() -> list[Any]:
    names = sorted(path.name.removesuffix(".expected.json") for path in CASES.glob("*.expected.json"))
    return names


@pytest.mark.parametrize("name", cases())
def test_case(scope: Scope, name: str) -> None:
    want = expected(CASES / f"{name}.expected.json")
    options = dict(zip(want["options"][::2], want["options"][1::2], strict=True))
    ways = [want, *want.get("or", [])]
    said = refusal(scope, CASES / want["file"], options.get("--timezone"))
    if said:
        sentences = [way["sentence"] for way in ways if way["outcome"] != "imported"]
        assert any(re.search(sentence, said) for sentence in sentences), said
    else:
        found = stored(scope)
        assert any(are_same(way["meters"], found) for way in ways if way["outcome"] == "imported"), found


def refusal(scope: Scope, path: Path, timezone: str | None) -> str:
    """Import a file; return the sentence by which it is refused, empty if it is not."""
    try:
        import_file(scope, path, timezone=timezone)
    except LoadlensError as error:
        return str(error)
    return ""


def stored(scope: Scope) -> list[dict[str, Any]]:
    """What each meter has: totals in its unit and in kWh, how many readings, the first and its length."""
    found = []
    for device in scope.db["devices"].find({"userId": scope.user_id}):
        rows = list(scope.db["consumption_data"].find({"deviceId": device["_id"]}).sort("date", 1))
        amounts = [row.get("quantity", row["consumption"]) for row in rows]
        kwh = [row["consumption"] for row in rows]
        found.append(
            {
                **{field: device[field] for field in ("utility", "direction", "unit")},
                "device": device["name"],
                "total": sum(amounts),
                "kwh": None if None in kwh else sum(kwh),
                "readings": len(rows),
                "start": rows[0]["date"],
                "interval_minutes": rows[0]["interval"] / 60,
            }
        )
    return found


def are_same(wanted: list[dict[str, Any]], found: list[dict[str, Any]]) -> bool:
    """Whether each meter that is wanted is there, and no other."""
    left = list(found)
    for want in wanted:
        alike = next((meter for meter in left if is_same(want, meter)), None)
        if alike is None:
            return False
        left.remove(alike)
    return not left


def is_same(want: dict[str, Any], found: dict[str, Any]) -> bool:
    total = found["total"] * UNITS[found["unit"]].factor / UNITS[want["unit"]].factor
    starts = want["start"] is None or datetime.fromisoformat(want["start"]) == found["start"]
    minutes = want["interval_minutes"]
    names = want["device"] is None or want["device"] in found["device"]
    same = all(found[field] == want[field] for field in ("utility", "direction", "readings"))
    known = (found["kwh"] is None) == (want["kwh"] is None)
    return bool(
        starts
        and names
        and same
        and known
        and total == pytest.approx(want["total"], rel=1e-6)
        and (want["kwh"] is None or found["kwh"] == pytest.approx(want["kwh"], rel=1e-4))
        and minutes in (None, found["interval_minutes"])
    )
