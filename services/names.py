"""What is the same name, and how long one may be: of an account, a device, a category, a view, a period."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import TypeVar

from services.errors import LoadlensError
from services.messages import N_

LONGEST = 255
"""Characters: as many as a file's name may have, which names a device where nothing else does."""
TOO_LONG = N_("“{beginning}…” has {count} characters, and a name at most {most}. Shorten it.")
UNSEEN = N_("This name has no character that can be seen. Enter another one.")
BEGINNING = 30

DEFAULT_IGNORABLE = (
    *("00AD", "034F", "061C", "115F-1160", "17B4-17B5", "180B-180F", "200B-200F", "202A-202E", "2060-206F"),
    *("3164", "FE00-FE0F", "FEFF", "FFA0", "FFF0-FFF8", "1BCA0-1BCA3", "1D173-1D17A", "E0000-E0FFF"),
)
"""Code points that are not seen where a font does not know them, such as soft hyphens, zero-width spaces,
marks of writing direction, variation selectors and tags: Default_Ignorable_Code_Point of Unicode's
DerivedCoreProperties.txt. Python's unicodedata does not tell them."""

_CONTROLS = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)) if not chr(code).isspace()]
_IGNORED = re.compile(
    "[{}{}]+".format(
        "".join(map(re.escape, _CONTROLS)),
        "".join("-".join(rf"\U{code:0>8}" for code in codes.split("-")) for codes in DEFAULT_IGNORABLE),
    )
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_DOTTED_I = re.compile("i\u0307+")

Refused = TypeVar("Refused", bound=LoadlensError)
T = TypeVar("T")


def name_key(name: str) -> str:
    """Return what two names have in common if they are the same name, else not; empty for one not seen.

    Ignores compatibility forms (full width, ligatures, "m²" for "m2"), composition, case, what is not seen
    and how much white space there is. The key of a key is the key itself. What cannot be stored (lone
    surrogates) is U+FFFD. "İ" is "i" and "I" too, for a dot above i is not seen; the Turkish "ı" is none.
    """
    if name.isascii() and name.isprintable():
        return " ".join(name.split()).casefold()
    seen = _IGNORED.sub("", unicodedata.normalize("NFKC", _SURROGATES.sub("\ufffd", name)))
    folded = unicodedata.normalize("NFKC", _IGNORED.sub("", seen).casefold())
    plain = _DOTTED_I.sub("i", _IGNORED.sub("", folded))
    return unicodedata.normalize("NFKC", " ".join(plain.split()))


def name_fields(name: str | None, field: str = "name") -> dict[str, str | None]:
    """Return what a document says of its name: itself and, for the unique index, its key."""
    return {field: name, f"{field}Key": name_key(name or "")}


def find_by_name(named: Iterable[tuple[str, T]]) -> Callable[[str], T | None]:
    """Return what gives the thing of a name: of the very spelling, else the first of the same key."""
    exact: dict[str, T] = {}
    by_key: dict[str, T] = {}
    for name, thing in named:
        exact.setdefault(name, thing)
        by_key.setdefault(name_key(name), thing)
    return lambda name: exact.get(name, by_key.get(name_key(name)))


def too_long(name: str, refusal: type[Refused]) -> Refused | None:
    """Return the refusal of a name that is; None for any other."""
    if len(name) <= LONGEST:
        return None
    return refusal(TOO_LONG, **told_of(name))


def check_length(name: str, refusal: type[LoadlensError]) -> None:
    """Raise the refusal of a name that is too long."""
    if refused := too_long(name, refusal):
        raise refused


def told_of(name: str) -> dict[str, object]:
    """Return what `TOO_LONG` says of a name."""
    return {"beginning": name[:BEGINNING], "count": len(name), "most": LONGEST}


def check_name(name: str, refusal: type[LoadlensError]) -> None:
    """Raise the refusal of a name that is too long or not seen."""
    if not name_key(name):
        raise refusal(UNSEEN)
    check_length(name, refusal)


def given(name: str, missing: LoadlensError) -> str:
    """Return the name without surrounding space.

    Raises ``missing`` for an empty one, its like for one that is too long or not seen.
    """
    name = name.strip()
    if not name:
        raise missing
    check_name(name, type(missing))
    return name
