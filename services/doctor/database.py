"""Checks of what an open database holds, and of its server."""

import socket
import time
from datetime import UTC, datetime, timedelta

from pymongo.database import Database
from pymongo.errors import OperationFailure
from pymongo.write_concern import WriteConcern

from services import accounts, database, forecasts, notifications, readings
from services.accounts import User
from services.database import Place, schema
from services.database.schema import VERSION
from services.database.team_server import is_exposed, is_local
from services.doctor.check import Context, Unwell, Well, well
from services.messages import N_, formats
from services.notifications import MailSettings
from services.readings.storage.history import is_abandoned
from services.scope import Document
from services.settings import Settings

CONFIRMED = WriteConcern("majority", wtimeout=10_000, j=True)
SECONDS_TO_MEET = 3
"""The driver asks each member of a replica set by itself, beginning when it connects."""
SERVERS = {
    "private": N_(
        "MongoDB {version}, private to this machine, database {name}; writes are on the disk of the server "
        "when acknowledged"
    ),
    "standalone": N_(
        "MongoDB {version}, standalone, database {name}; writes are on the disk of the server when "
        "acknowledged"
    ),
    "replica set": N_(
        "MongoDB {version}, replica set {set_name} of {members}, database {name}; writes are on the disk of "
        "the majority when acknowledged"
    ),
    "sharded cluster": N_(
        "MongoDB {version}, sharded cluster, database {name}; writes are on the disk of the majority when "
        "acknowledged"
    ),
}


def check_server(context: Context) -> Well:
    """Check who can listen on the way, and that the server keeps what it acknowledges."""
    db, settings = context.database, context.settings
    place, server = database.place(settings), database.describe(db.client)
    _check_way(place)
    _check_acknowledgement(db)
    if server.kind == "replica set":
        _check_members(db)
    return well(
        SERVERS["private" if place.is_private else server.kind],
        version=server.version,
        name=db.name,
        set_name=server.set_name,
        members=len(server.members),
    )


def _check_way(place: Place) -> None:
    """Who can listen on the way there, and who else is let in."""
    if place.server is None or all(is_local(host) for host in place.server.hosts):
        return
    host = place.server.hosts[0]
    if is_exposed(place.server) and place.server.options.get("tls") != "false":
        raise Unwell(
            "What goes to {host}, passwords too, can be read on its way. Turn TLS on, for the server and in "
            "its address.",
            host=host,
        )
    if not place.server.user and "authmechanism" not in place.server.options:
        raise Unwell(
            "The server at {host} lets in everybody who reaches it. Have it ask for user and password.",
            host=host,
        )


def _check_acknowledgement(db: Database[Document]) -> None:
    concern = db.write_concern.document
    if concern.get("w") != "majority" or concern.get("j") is False:
        raise Unwell(
            "The address of the server asks for w={w}: what was acknowledged can be lost with the server. "
            "Take w and journal out of it.",
            w=concern.get("w", 1),
        )
    try:
        # By really writing: a server without a journal refuses, one without a majority waits.
        db["settings"].with_options(write_concern=CONFIRMED).update_one(
            {"_id": "doctor"}, {"$set": {"at": datetime.now(UTC)}}, upsert=True
        )
    except OperationFailure as error:
        raise Unwell(
            "The server does not confirm that what is written stays ({reason}). Have its journal turned on, "
            "and enough of its replica set running.",
            reason=str(error).split(", full error", maxsplit=1)[0],
        ) from None


def _check_members(db: Database[Document]) -> None:
    deadline = time.monotonic() + SECONDS_TO_MEET
    while (away := _away(db)) and time.monotonic() < deadline:
        time.sleep(0.1)
    if away:
        raise Unwell(
            "{members} of the replica set cannot be reached. Have them started, or the network looked at: "
            "with one more away nothing can be stored.",
            members=", ".join(sorted(away)),
        )


def _away(db: Database[Document]) -> list[str]:
    members = db.client.topology_description.server_descriptions().values()
    return [
        f"{member.address[0]}:{member.address[1]}"
        for member in members
        if member.server_type_name in {"Unknown", "RSGhost", "RSOther"}
    ]


def check_schema(context: Context) -> Well:
    """Check that the database is of this version."""
    db = context.database
    version = schema.version_of(db)
    if version != VERSION:
        raise Unwell(
            "The database is of version {found}, this Loadlens of {known}. Start Loadlens anew.",
            found=version,
            known=VERSION,
        )
    return well(N_("version {version}, as this Loadlens wants it"), version=version)


def check_indexes(context: Context) -> Well:
    """Check that none is missing."""
    db = context.database
    missing = database.missing_indexes(db)
    if missing:
        raise Unwell("Missing: {names}. Restore a backup.", names=", ".join(missing))
    return well(N_("all there"))


SAME_NAMES = {
    "users": N_(
        "Among the accounts, “{name}” and “{later}” are the same name in two spellings. An earlier Loadlens "
        "kept them apart; only their very spelling still does. Rename one ({count} in all)."
    ),
    "categories": N_(
        "Among the categories, “{name}” and “{later}” are the same name in two spellings. An earlier "
        "Loadlens kept them apart; only their very spelling still does. Rename one ({count} in all)."
    ),
    "devices": N_(
        "Among the devices, “{name}” and “{later}” are the same name in two spellings. An earlier Loadlens "
        "kept them apart; only their very spelling still does. Rename one ({count} in all)."
    ),
    "views": N_(
        "Among the views, “{name}” and “{later}” are the same name in two spellings. An earlier Loadlens "
        "kept them apart; only their very spelling still does. Rename one ({count} in all)."
    ),
}


def check_names(context: Context) -> Well:
    """Check that no two names are the same that an earlier Loadlens kept apart."""
    db = context.database
    found = schema.name_clashes(db)
    if not found:
        return well(N_("each is another"))
    collection, name, later = found[0]
    raise Unwell(SAME_NAMES[collection], name=name, later=later, count=len(found))


LONGEST_IMPORT = timedelta(days=1)


def check_imports(context: Context) -> Well:
    """Check that none was left half-done, here or long ago on another machine."""
    db = context.database
    under_way, here = {"state": {"$in": ["running", "undoing"]}}, socket.gethostname()
    for found in db["imports"].find({**under_way, "host": here}):
        if is_abandoned(found):
            raise Unwell(
                "The import of {file} was cut short. Start Loadlens anew, and it is taken back.",
                file=found["file"],
            )
    long_ago = {"createdAt": {"$lt": datetime.now(UTC) - LONGEST_IMPORT}}
    if left := db["imports"].find_one({**under_way, **long_ago, "host": {"$ne": here}}):
        raise Unwell(
            "The import of {file} that {host} began on {day} was never finished. Start Loadlens there, and "
            "it is taken back.",
            file=left["file"],
            host=left["host"],
            day=formats().day(left["createdAt"].astimezone()),
        )
    done, running = (db["imports"].count_documents({"state": state}) for state in ("done", "running"))
    return well(N_("{done} done, {running} running now"), done=done, running=running)


def check_monthly_blocks(context: Context) -> Well:
    """Check that the monthly blocks equal the readings, but for accounts with an import under way."""
    db = context.database
    differing = [
        user
        for user in accounts.everyone(db)
        if not readings.is_consistent(accounts.scope(db, user), context.progress)
    ]
    wrong = [user.email for user in differing if not _is_importing(db, user)]
    if wrong:
        raise Unwell(
            "The packed readings of {emails} differ from the readings. Restore a backup.",
            emails=", ".join(wrong),
        )
    if differing:
        emails = ", ".join(user.email for user in differing)
        return well(N_("not compared for {emails}: an import is running"), emails=emails)
    return well(N_("equal to the readings of every account"))


def _is_importing(db: Database[Document], user: User) -> bool:
    under_way = {"userId": accounts.scope(db, user).user_id, "state": {"$in": ["running", "undoing"]}}
    return db["imports"].find_one(under_way, {"_id": True}) is not None


def check_models(context: Context) -> Well:
    """Check that no model in use would be refused."""
    db, settings = context.database, context.settings
    everyone = accounts.everyone(db)
    trained = 0
    for number, user in enumerate(everyone):
        context.progress("Looking at the models", number, len(everyone))
        scope = accounts.scope(db, user)
        trained += len(forecasts.reports(scope, settings))
        if refused := forecasts.refused_models(scope, settings):
            raise Unwell(
                "A model of {email} is not used: {reason} Train the models again.",
                email=user.email,
                reason=refused[0],
            )
    if not trained:
        return well(N_("none trained yet"))
    return well(N_("{count} trained, each signed by this installation"), count=trained)


LONGEST_WAIT = timedelta(days=1)


def check_mail(context: Context) -> Well:
    """Greet each mail server, and send nothing. Raises `MailRefused` of one that cannot be used."""
    db, settings = context.database, context.settings
    wanted = _enabled_mail(db, settings)
    if not wanted:
        return well(N_("nobody has alerts mailed"))
    servers = {(mail.host, mail.port, mail.security): mail for mail in wanted}
    for number, mail in enumerate(servers.values()):
        context.progress("Greeting the mail servers", number, len(servers))
        notifications.greet(mail)
    waiting = db["outbox"].count_documents(
        {"state": "waiting", "createdAt": {"$lt": datetime.now(UTC) - LONGEST_WAIT}}
    )
    if waiting:
        raise Unwell(
            "{count} mails wait for more than a day. Settings, Mail says why each was not sent.",
            count=waiting,
        )
    return well(
        N_("{servers} answered; nothing was sent"), servers=", ".join(sorted({m.host for m in wanted}))
    )


def _enabled_mail(db: Database[Document], settings: Settings) -> list[MailSettings]:
    scopes = [accounts.scope(db, user) for user in accounts.everyone(db) if user.status == "active"]
    found = [notifications.mail_settings(scope, settings) for scope in scopes]
    return [mail for mail in found if mail.enabled]
