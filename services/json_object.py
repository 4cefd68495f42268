"""Small files that hold one JSON object, whatever else somebody may have put into them."""

import json
from pathlib import Path
from typing import Any


def read_object(path: Path) -> dict[str, Any]:
    """Return the object in the file; empty where there is no file.

    Raises `ValueError` for a file that holds anything else, and `OSError` for one that cannot be read.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(found, dict):
        raise ValueError(f"a {type(found).__name__} where an object should be")
    return found
