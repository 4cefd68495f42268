"""Where the data lives, and what a server was found to be, in sentences."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QLocale

from desktop.framework.formatting import moment, number
from services.database import Holding, Inspection, Location, Server
from services.messages import gettext


@dataclass(frozen=True)
class Finding:
    """One sentence, and whether all is well with what it tells."""

    text: str
    well: bool = True


def location_text(found: Location) -> list[Finding]:
    """Say where the data lives, and who said so."""
    if found.named is None:
        sentence = gettext(
            "In the private database on this computer, which nobody else reaches: {folder} ({size}).",
        )
        return [Finding(sentence.format(folder=found.folder, size=_size(found.size)))]
    sentence = gettext("On a team's server: {server}, database {name}.")
    findings = [Finding(sentence.format(server=", ".join(found.named.hosts), name=found.database))]
    findings += [Finding(_server(found.server)), _encryption(found.exposed)]
    if found.said_by == "environment":
        findings.append(
            Finding(
                gettext(
                    "The environment or .env says so (MONGODB_URI or MONGODB_HOST). That goes before what is "
                    "chosen here.",
                )
            )
        )
    if found.size:
        sentence = gettext("The private database in {folder} ({size}) is not in use.")
        findings.append(Finding(sentence.format(folder=found.folder, size=_size(found.size))))
    return findings


def inspection_text(found: Inspection, zone: str) -> Iterator[Finding]:
    """Say what a test of a connection has shown; moments in the time zone."""
    yield Finding(_server(found.server))
    yield _encryption(found.exposed)
    yield Finding(gettext("The user has every right that Loadlens needs."))
    if found.tells_changes:
        yield Finding(gettext("It tells of changes: everybody sees within seconds what others do."))
    else:
        yield Finding(gettext("It tells of no changes: what others do is looked for every few seconds."))
    yield _holding(found.holding, zone)


def _server(server: Server) -> str:
    if server.kind == "replica set":
        return gettext("MongoDB {version}, the replica set {name} of {count}: {members}.").format(
            version=server.version,
            name=server.set_name,
            count=number(len(server.members)),
            members=", ".join(server.members),
        )
    if server.kind == "sharded cluster":
        return gettext("MongoDB {version}, a sharded cluster.").format(version=server.version)
    return gettext("MongoDB {version}, a single server.").format(version=server.version)


def _encryption(exposed: bool) -> Finding:
    if exposed:
        sentence = gettext("What is sent is not encrypted: passwords and readings can be read on their way.")
        return Finding(sentence, well=False)
    return Finding(gettext("What is sent cannot be read on its way."))


def _holding(holding: Holding, zone: str) -> Finding:
    if holding.kind == "nothing":
        return Finding(gettext("The database there is empty: everything can be moved to it."))
    if holding.kind == "loadlens":
        sentence = gettext(
            "A database of Loadlens is there, with {accounts} accounts and {readings} readings: "
            "use it as it is, or enter another name to move to.",
        )
        return Finding(sentence.format(accounts=number(holding.accounts), readings=number(holding.readings)))
    if holding.copy is not None:
        sentence = gettext(
            "Half a copy of the database on {source} is there, begun {when}. "
            "A move from there goes on where it stopped.",
        )
        source, when = holding.copy.source, moment(holding.copy.began, zone)
        return Finding(sentence.format(source=source, when=when), well=False)
    sentence = gettext("The database there holds something else. Enter another name for the database.")
    return Finding(sentence, well=False)


def _size(size: int) -> str:
    return QLocale().formattedDataSize(size, 0 if size < 1 << 20 else 1)
