"""The log of the private `mongod`, without what was asked of it: that holds names, emails and readings."""

import json
from pathlib import Path

MOST_BYTES = 1 << 20
"""From its end."""
WITH_DATA = {"COMMAND", "WRITE", "QUERY", "INDEX"}
"""Components whose entries quote what was asked."""


def without_commands(data_dir: Path) -> str:
    """Its last lines; of a slow command only how long it took, and in which collection."""
    log = data_dir / "mongod.log"
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - MOST_BYTES))
        lines = file.read().decode("utf-8", errors="replace").splitlines()
    return "".join(f"{told}\n" for line in lines if (told := _told(line)))


def _told(line: str) -> str:
    try:
        entry = json.loads(line)
    except ValueError:
        return ""  # the first, cut off
    if entry.get("c") in WITH_DATA:
        about = entry.get("attr", {})
        entry["attr"] = {key: about[key] for key in ("ns", "type", "durationMillis") if key in about}
    return json.dumps(entry)
