"""What is known against versions of MongoDB, and whether it holds for the server in use.

From MongoDB's own records at cve.org: those by which somebody without an account gets at a server, and one by
which somebody with an account does, which Loadlens closes for its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from pymongo.database import Database

from services import database
from services.database import Server
from services.database.private import address
from services.doctor.check import Context, Unwell, Well, well
from services.messages import N_
from services.scope import Document

AS_OF = "November 2026"

Way = Literal["zlib", "scripting", "replica set", "any message"]
"""By what a server can be got at."""


@dataclass(frozen=True)
class Advisory:
    """One flaw; a series that is not named has it if it is older than all that are and ``older`` says so."""

    name: str
    way: Way
    needs_login: bool
    older: bool
    fixed: Mapping[str, int]
    """By series, such as 6.0: the first patch without it."""

    def affects(self, version: str) -> bool:
        """Return whether a server of that version has it."""
        series, patch = _split_version(version)
        if series in self.fixed:
            return patch < self.fixed[series]
        first, last = min(map(_number, self.fixed)), max(map(_number, self.fixed))
        # A series between those named was given up before it was mended.
        return _number(series) < last if _number(series) > first else self.older


ADVISORIES = (
    Advisory(
        "CVE-2025-14847",
        "zlib",
        needs_login=False,
        older=True,
        fixed={"4.4": 30, "5.0": 32, "6.0": 27, "7.0": 28, "8.0": 17, "8.2": 3},
    ),
    Advisory(
        "CVE-2026-9740",
        "any message",
        needs_login=False,
        older=False,
        fixed={"7.0": 35, "8.0": 24, "8.2": 10, "8.3": 3},
    ),
    Advisory(
        "CVE-2026-11933",
        "scripting",
        needs_login=True,
        older=True,
        fixed={"4.4": 31, "5.0": 34, "6.0": 29, "7.0": 37, "8.0": 26, "8.2": 11, "8.3": 4},
    ),
    Advisory(
        "CVE-2026-118383",
        "replica set",
        needs_login=False,
        older=True,
        fixed={"4.4": 32, "5.0": 35, "6.0": 30, "7.0": 48, "8.0": 37, "8.3": 16, "9.0": 7},
    ),
)


def check_known_flaws(context: Context) -> Well:
    """Check that the server does not let strangers do what they must not."""
    db, settings = context.database, context.settings
    server = database.describe(db.client)
    is_private = database.place(settings).is_private
    known = [advisory for advisory in ADVISORIES if advisory.affects(server.version)]
    is_open = {
        "zlib": offers_zlib(db),
        "scripting": not is_private,
        "replica set": server.kind != "standalone",
        "any message": not (is_private and address.HAS_SOCKETS and settings.mongodb_port is None),
    }
    still_open = [advisory for advisory in known if is_open[advisory.way]]
    if not is_private:
        _require_closed(server, [advisory for advisory in still_open if not advisory.needs_login])
    if not known:
        return well(N_("MongoDB {version}; nothing is known against it (as of {as_of})"), **_of(server))
    closed = [advisory for advisory in known if advisory not in still_open]
    if not still_open:
        sentence = N_("MongoDB {version}; known against it, and closed here: {closed} (as of {as_of})")
    elif not closed:
        sentence = N_("MongoDB {version}; known against it: {open} (as of {as_of}). Have it upgraded")
    else:
        sentence = N_("MongoDB {version}; known against it: {open}; closed here: {closed} (as of {as_of})")
    return well(sentence, open=_names(still_open), closed=_names(closed), **_of(server))


def offers_zlib(db: Database[Document]) -> bool:
    """Return whether the server answers with zlib if asked for it."""
    return "zlib" in db.client.admin.command("hello", compression=["zlib"]).get("compression", ())


def _require_closed(server: Server, found: list[Advisory]) -> None:
    if any(advisory.way == "zlib" for advisory in found):
        raise Unwell(
            "MongoDB {version} gives away what lies in its memory, passwords too, to anybody who reaches it "
            "({names}). Have it upgraded to {fixed} or newer; until then, have zlib taken out of its "
            "net.compression.compressors.",
            names=_names(found),
            fixed=_first_without(found, server.version),
            version=server.version,
        )
    if found:
        raise Unwell(
            "Anybody who reaches this MongoDB {version} can end it without signing in, or worse ({names}). "
            "Have it upgraded to {fixed} or newer; until then, let only the machines reach it that need it.",
            names=_names(found),
            fixed=_first_without(found, server.version),
            version=server.version,
        )


def _of(server: Server) -> dict[str, str]:
    return {"version": server.version, "as_of": AS_OF}


def _names(advisories: Iterable[Advisory]) -> str:
    return ", ".join(advisory.name for advisory in advisories)


def _first_without(advisories: list[Advisory], version: str) -> str:
    """The first version of the same series without all of them; else of the newest series."""
    series, _ = _split_version(version)
    if not all(series in advisory.fixed for advisory in advisories):
        series = max((series for advisory in advisories for series in advisory.fixed), key=_number)
    return f"{series}.{max(advisory.fixed.get(series, 0) for advisory in advisories)}"


def _split_version(version: str) -> tuple[str, int]:
    major, minor, patch, *_ = [*version.split("-")[0].split("."), "0", "0"]
    return f"{major}.{minor}", int(patch)


def _number(series: str) -> tuple[int, ...]:
    return tuple(map(int, series.split(".")))
