"""Nobody sees or touches what is another's, whatever they ask for: tried as an attacker would."""

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ContextDecorator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from bson import ObjectId
from bson.raw_bson import RawBSONDocument
from isolation import offered
from isolation.attacks import LONG, OPERATORS, TEXTS, UNKNOWN, keys, passed, places, said
from isolation.table import FOR_ADMINISTRATORS, NO_VALUES, NOT_TRIED, REFUSED_TO_THEIR_OWNER, TABLE, Arguments
from isolation.world import Person, World

from services import alerts, notifications
from services.accounts import NotAllowed
from services.errors import LoadlensError
from services.names import TOO_LONG, UNSEEN
from services.progress import Progress, silent
from services.scope import Scope
from services.settings import Settings

REFUSALS = (LoadlensError, ValueError, TypeError)
UNUSUAL = 100_000
"""No figure of Eve's is as high."""


@dataclass
class Kept:
    """The database as it was, to be compared with and to be given back."""

    world: World
    hashes: dict[str, str] = field(default_factory=dict)
    documents: dict[str, list[RawBSONDocument]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.hashes = self._hashes()
        self.documents = {name: self._documents(name) for name in self.hashes}
        self.secret_numbers = {
            number
            for documents in self.documents.values()
            for document in documents
            if self._is_of(document, self.world.ada)
            for number in said(dict(document))[1]
            if number > UNUSUAL
        }

    def changed(self) -> list[str]:
        """The collections that are not as they were; the audit log may grow."""
        now = self._hashes()
        return [name for name in {**self.hashes, **now} if self.hashes.get(name) != now.get(name)]

    def of_ada(self, collection: str) -> bool:
        """Whether all of Ada's is there as it was."""
        before, now = (
            [document.raw for document in documents if self._is_of(document, self.world.ada)]
            for documents in (self.documents.get(collection, []), self._documents(collection))
        )
        return before == now

    def give_back(self, changed: Sequence[str]) -> None:
        """Undo what was changed."""
        for name in changed:
            if name not in self.hashes:
                self.world.db[name].drop()
                continue
            self.world.db[name].delete_many({})
            if self.documents[name]:
                self.world.db[name].insert_many(self.documents[name])

    def _hashes(self) -> dict[str, str]:
        found: dict[str, str] = self.world.db.command("dbHash")["collections"]
        return found

    def _documents(self, name: str) -> list[RawBSONDocument]:
        raw = self.world.db[name].with_options(
            codec_options=self.world.db.codec_options.with_options(document_class=RawBSONDocument)
        )
        return list(raw.find().sort("_id"))

    @staticmethod
    def _is_of(document: RawBSONDocument, person: Person) -> bool:
        return person.scope.user_id in (document.get("userId"), document["_id"])


@pytest.fixture(scope="module")
def kept(world: World) -> Kept:
    return Kept(world)


def call(name: str, who: Person, arguments: Arguments, role: str | None = None) -> Any:
    """What the function answers, be it a context to be entered, or its refusal."""
    function = FUNCTIONS[name]
    scope = who.scope if role is None else replace(who.scope, role=role)
    same: dict[object, object] = {Settings: who.settings, Progress: silent}
    asking = {offered.who_asks(function): scope if Scope in offered.hints(function).values() else who.session}
    others = {key: same[kind] for key, kind in offered.always(function).items()}
    try:
        answer = function(**asking, **others, **arguments)
        if isinstance(answer, ContextDecorator):
            with answer as entered:
                return entered
        return answer
    except REFUSALS as refusal:
        return refusal


FUNCTIONS = offered.functions()
SLOW = {
    "importing.import_file",
    "readings.previews.preview_readings",
    "readings.refused_rows.save_refused",
    "accounts.own_account.change_email",
    "accounts.own_account.change_password",
    "administration.users.create_user",
    "administration.users.reset_password",
    *(name for name in TABLE if name.startswith("server_migration.")),
}
"""They read a file each time, hash a password, or look for a server of that name."""


def test_every_function_that_is_offered_is_in_the_table() -> None:
    assert set(FUNCTIONS) - set(TABLE) - set(NOT_TRIED) == set(), (
        "say in tests/isolation/table.py how they are called"
    )
    assert {*TABLE, *NOT_TRIED} - set(FUNCTIONS) == set(), "they are gone from the services"


def test_every_argument_is_in_the_table_and_its_owner_is_answered(world: World, kept: Kept) -> None:
    wrong = []
    for name, arguments_of in TABLE.items():
        who = world.root if name in FOR_ADMINISTRATORS else world.eve
        arguments = arguments_of(who, world.eve)
        if set(arguments) != offered.arguments(FUNCTIONS[name]):
            wrong.append(f"{name} takes {sorted(offered.arguments(FUNCTIONS[name]))}")
            continue
        answer = call(name, who, arguments)
        if isinstance(answer, Exception) is not (name in REFUSED_TO_THEIR_OWNER):
            wrong.append(f"{name}: {answer!r}")
        kept.give_back(kept.changed())
    assert wrong == [], "\n".join(wrong)


def test_what_is_another_s_is_neither_shown_nor_touched(world: World, kept: Kept) -> None:
    """Each function, asked by Eve for all of Ada's things, and for each of them beside her own."""
    wrong = []
    for name, arguments_of in TABLE.items():
        if name in FOR_ADMINISTRATORS:
            continue
        mine, hers = (arguments_of(world.eve, whose) for whose in (world.eve, world.ada))
        others = [argument for argument in hers if repr(hers[argument]) != repr(mine[argument])]
        one_by_one = [{**mine, argument: hers[argument]} for argument in others] if len(others) > 1 else []
        for arguments in [hers, *one_by_one]:
            answer = call(name, world.eve, arguments)
            changed = kept.changed()
            wrong += [f"{name} {fault}" for fault in _faults(kept, answer, arguments, changed)]
            kept.give_back(changed)
    written = _written(world.eve.folder)
    assert wrong == [], "\n".join(wrong)
    assert world.ada.mark not in written


@pytest.mark.parametrize("nobody", [None, "", *OPERATORS[:4]])
def test_there_is_no_scope_of_everybody(world: World, nobody: object) -> None:
    with pytest.raises(TypeError):
        replace(world.eve.scope, user_id=nobody)


def test_nobody_stands_in_the_way_of_another_s_mail(world: World, kept: Kept) -> None:
    """Not even by mailing first about what is another's."""
    world.db["outbox"].delete_many(world.ada.scope.owned())
    world.db["alerts"].update_many(world.ada.scope.owned(), {"$set": {"mailDue": True, "read": False}})
    about = [alert["_id"] for alert in world.db["alerts"].find(world.ada.scope.owned())]
    notifications.enqueue(world.eve.scope, about, "first", "first")
    alerts.post(world.ada.scope)
    assert notifications.posted(world.ada.scope, about) == set(about)
    kept.give_back(kept.changed())


def test_administration_is_refused_to_a_user_whatever_the_scope_claims(world: World, kept: Kept) -> None:
    for name in sorted(FOR_ADMINISTRATORS):
        for role in ("user", "admin"):
            for whose in (world.eve, world.ada, world.root):
                answer = call(name, world.eve, TABLE[name](world.eve, whose), role)
                assert isinstance(answer, NotAllowed), f"{name} as {role}"
    assert [one for one in kept.changed() if one != "audit_log"] == []


def test_an_operator_is_no_value(world: World, kept: Kept) -> None:
    """Each place of each argument, with a query's operators and types of the driver in it."""
    wrong = []
    for name, who, where, value, put in _places(world):
        if " key " in where:
            continue  # which Python itself refuses
        for operator in OPERATORS:
            if _is_taken_for_what_it_is(operator, where, value):
                continue
            answer = call(name, who, put(operator))
            if not isinstance(answer, Exception):
                wrong.append(f"{name}({where}={operator!r}) → {answer!r:.80}")
        changed = kept.changed()
        # To ask in a session takes one.
        if others := [one for one in changed if one != "sessions" or not kept.of_ada(one)]:
            wrong.append(f"{name}({where}) changed {others}")
        kept.give_back(changed)
    assert wrong == [], "\n".join(wrong)


def test_words_that_mean_something_to_a_database_are_words(world: World, kept: Kept) -> None:
    """Each text of each argument: the answer is that to any other word nobody knows."""
    wrong = []
    for name, who, where, value, put in _places(world):
        if not isinstance(value, str) or name in SLOW:
            continue
        usual = None
        for text in (UNKNOWN, *TEXTS):
            arguments = put(text)
            answer = call(name, who, arguments)
            changed = kept.changed()
            found = _outcome(answer, changed, world.eve.mark)
            usual = usual or found
            if found != usual and not (not changed and _is_refused_as_name(text, answer)):
                wrong.append(f"{name}({where}={text[:20]!r}) → {found}, not {usual}: {answer!r:.200}")
            if who is world.eve:
                wrong += [f"{name}({where}) {fault}" for fault in _faults(kept, answer, arguments, changed)]
            kept.give_back(changed)
    assert wrong == [], "\n".join(wrong)


def _places(world: World) -> Iterator[tuple[str, Person, str, Any, Any]]:
    for name, arguments_of in TABLE.items():
        who = world.root if name in FOR_ADMINISTRATORS else world.eve
        arguments = arguments_of(who, world.eve)
        for where, value, put in places(arguments):
            is_anything = re.split(r"[.\[ ]", where)[0] in NO_VALUES.get(name, ()) or ".detail" in where
            if not is_anything:
                yield name, who, where, value, put


def _faults(kept: Kept, answer: Any, arguments: Arguments, changed: Sequence[str]) -> Iterator[str]:
    """What the answer, or the database after it, shows of Ada's."""
    words, numbers = said(answer)
    for word in passed(arguments):
        words = words.replace(word, "")
    if kept.world.ada.mark in words.casefold():
        yield f"told {words[:300]}"
    if seen := numbers & kept.secret_numbers:
        yield f"told {sorted(seen)[:5]}"
    for collection in changed:
        if not kept.of_ada(collection):
            yield f"changed {collection}"
        names = keys([dict(document) for document in kept.world.db[collection].find()])
        if odd := [name for name in names if name.startswith("$") or "." in name or "\0" in name]:
            yield f"stored the keys {odd}"


def _is_refused_as_name(text: str, answer: Any) -> bool:
    return isinstance(answer, LoadlensError) and (text, answer.sentence) in [(LONG, TOO_LONG), ("\0", UNSEEN)]


def _outcome(answer: Any, changed: Sequence[str], mark: str) -> tuple[str, list[str], int]:
    """How a function answered: refused or not, what it changed, and how often it told of somebody."""
    if isinstance(answer, Exception):
        str(answer)  # which must be a sentence, whatever stands in it
        return "refused", [], 0
    return "answered", sorted(changed), said(answer)[0].count(mark)


def _is_taken_for_what_it_is(operator: object, where: str, value: object) -> bool:
    """Words by words, where such are wanted, and an id of the driver's own type between services."""
    if isinstance(value, Mapping):
        return isinstance(operator, Mapping)
    own_type = "about", "created", "entry_id"
    return isinstance(operator, ObjectId) and re.split(r"[.\[ ]", where)[0] in own_type


def _written(folder: Path) -> str:
    """All that stands in the files of a folder, workbooks unpacked."""
    found = []
    for path in folder.rglob("*"):
        if path.is_file() and zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                found += [archive.read(part).decode("utf-8", "replace") for part in archive.namelist()]
        elif path.is_file():
            found.append(path.read_bytes().decode("utf-8", "replace"))
    return "\n".join(found).casefold()
