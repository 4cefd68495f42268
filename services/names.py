"""How long a name may be that somebody gives: of an account, a device, a category, a view, a period."""

from typing import TypeVar

from services.errors import LoadlensError

LONGEST = 255
"""Characters: as many as a file's name may have, which names a device where nothing else does."""
TOO_LONG = "“{beginning}…” has {count} characters, and a name at most {most}. Shorten it."
BEGINNING = 30

Refused = TypeVar("Refused", bound=LoadlensError)


def too_long(name: str, refusal: type[Refused]) -> Refused | None:
    """The refusal of a name that is; None for any other."""
    if len(name) <= LONGEST:
        return None
    return refusal(TOO_LONG, **told_of(name))


def check_length(name: str, refusal: type[LoadlensError]) -> None:
    """Raises the refusal of a name that is too long."""
    if refused := too_long(name, refusal):
        raise refused


def told_of(name: str) -> dict[str, object]:
    """What `TOO_LONG` says of a name."""
    return {"beginning": name[:BEGINNING], "count": len(name), "most": LONGEST}


def given(name: str, missing: LoadlensError) -> str:
    """The name without surrounding space. Raises ``missing`` for an empty one, its like for one too long."""
    name = name.strip()
    if not name:
        raise missing
    check_length(name, type(missing))
    return name
