"""What an administrator may do, that nobody else may, and that one is always left."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from bson import ObjectId
from pymongo.database import Database

from services import accounts, administration, devices
from services.accounts import Session
from services.accounts.sessions import NewPasswordWanted
from services.accounts.users import NotAllowed
from services.administration import AccountRefused, AuditFilter
from services.errors import LoadlensError
from services.importing import import_file
from services.names import name_fields
from services.scope import Document, Scope
from services.settings import Settings

PASSWORD = "correct horse battery"
GIVEN = "wandering teapot orbit"

Call = Callable[[Scope, str, Path], object]

FUNCTIONS: dict[str, Call] = {
    "list_users": lambda scope, _user, _path: administration.list_users(scope),
    "create_user": lambda scope, _user, _path: administration.create_user(
        scope, "Eve", "Ong", "eve@example.com", GIVEN, "admin"
    ),
    "set_role": lambda scope, user, _path: administration.set_role(scope, user, "admin"),
    "set_status": lambda scope, user, _path: administration.set_status(scope, user, "inactive"),
    "reset_password": lambda scope, user, _path: administration.reset_password(scope, user, GIVEN),
    "all_devices": lambda scope, _user, _path: administration.all_devices(scope),
    "all_imports": lambda scope, _user, _path: administration.all_imports(scope),
    "audit_entries": lambda scope, _user, _path: administration.audit_entries(scope),
    "export_audit_log": lambda scope, _user, path: administration.export_audit_log(scope, path / "log.csv"),
}


@pytest.fixture
def admin(scope: Scope) -> Scope:
    """An administrator beside Ada, who is none."""
    accounts.create_superuser(scope.db, "root@example.com", PASSWORD)
    return accounts.scope_of(scope.db, "root@example.com")


def copy_of(scope: Scope, email: str, **changed: object) -> Scope:
    """One more account, made from another one's document to spare its password's hash."""
    document = {**(scope.db["users"].find_one({"_id": scope.user_id}) or {}), "_id": ObjectId()}
    scope.db["users"].insert_one({**document, **name_fields(email, "email"), **changed})
    return accounts.scope_of(scope.db, email)


def id_of(scope: Scope) -> str:
    return str(scope.user_id)


def accounts_in(db: Database[Document]) -> list[Document]:
    return list(db["users"].find().sort("_id"))


def test_a_user_is_refused_everything(admin: Scope, scope: Scope, tmp_path: Path) -> None:
    functions = {name for name in administration.__all__ if name[0].islower()} - {"details"}
    assert set(FUNCTIONS) == functions
    demoted, closed = (copy_of(admin, f"{name}@example.com") for name in ("demoted", "closed"))
    admin.db["users"].update_one({"_id": demoted.user_id}, {"$set": {"role": "user"}})
    admin.db["users"].update_one({"_id": closed.user_id}, {"$set": {"status": "inactive"}})
    before = accounts_in(admin.db)
    for call in FUNCTIONS.values():
        for nobody in (scope, demoted, closed):  # a scope that still says "admin" is not believed
            for target in (id_of(admin), id_of(nobody)):
                with pytest.raises(NotAllowed, match="nly an administrator"):
                    call(nobody, target, tmp_path)
    assert accounts_in(admin.db) == before
    assert list(tmp_path.iterdir()) == []
    for name, call in FUNCTIONS.items():
        call(admin, id_of(scope if name != "set_status" else demoted), tmp_path)


def test_operators_in_the_place_of_values_do_nothing(admin: Scope, scope: Scope, tmp_path: Path) -> None:
    before = accounts_in(admin.db)
    anyone = {"$ne": None}
    attacks: list[Callable[[], object]] = [
        lambda: administration.list_users(admin, anyone),  # type: ignore[arg-type]
        lambda: administration.create_user(admin, "E", "O", anyone, GIVEN),  # type: ignore[arg-type]
        lambda: administration.create_user(admin, anyone, "O", "e@o.org", GIVEN),  # type: ignore[arg-type]
        lambda: administration.create_user(admin, "E", "O", "e@o.org", GIVEN, "root"),  # type: ignore[arg-type]
        lambda: administration.set_role(admin, anyone, "admin"),  # type: ignore[arg-type]
        lambda: administration.set_role(admin, id_of(scope), anyone),  # type: ignore[arg-type]
        lambda: administration.set_role(admin, id_of(scope), "owner"),  # type: ignore[arg-type]
        lambda: administration.set_status(admin, id_of(scope), anyone),  # type: ignore[arg-type]
        lambda: administration.set_status(admin, "no id", "inactive"),
        lambda: administration.set_status(admin, str(ObjectId()), "inactive"),
        lambda: administration.reset_password(admin, anyone, GIVEN),  # type: ignore[arg-type]
        lambda: administration.reset_password(admin, id_of(scope), anyone),  # type: ignore[arg-type]
        lambda: administration.reset_password(admin, id_of(scope), "short"),
        lambda: administration.all_devices(admin, anyone),  # type: ignore[arg-type]
        lambda: administration.all_imports(admin, anyone),  # type: ignore[arg-type]
        lambda: administration.audit_entries(admin, AuditFilter(text=anyone)),  # type: ignore[arg-type]
        lambda: administration.audit_entries(admin, AuditFilter(user_id=anyone)),  # type: ignore[arg-type]
        lambda: administration.audit_entries(admin, AuditFilter(group="$where")),
        lambda: administration.audit_entries(admin, {"text": {"$ne": 1}}),  # type: ignore[arg-type]
    ]
    for number, attack in enumerate(attacks):
        with pytest.raises((LoadlensError, ValueError)):
            pytest.fail(f"attack {number} gave {attack()}")
    assert accounts_in(admin.db) == before


def test_users_are_found_by_what_was_typed(admin: Scope, scope: Scope) -> None:
    copy_of(scope, "eve.ong+ops@example.com", firstName="Ève", lastName="O'Ng (IT)")

    def found(text: str) -> list[str]:
        return [account.email for account in administration.list_users(admin, text)]

    assert found("") == ["ada@example.com", "eve.ong+ops@example.com", "root@example.com"]
    assert found("WONG ada") == ["ada@example.com"]
    assert found("ève (it)") == ["eve.ong+ops@example.com"]
    assert found("g+o") == ["eve.ong+ops@example.com"]
    assert found(".*") == found("a.a") == found("^ada") == found("wong$") == []
    [ada] = administration.list_users(admin, "wong")
    assert (ada.first_name, ada.role, ada.status, ada.last_sign_in) == ("Ada", "user", "active", None)
    assert "$2b$" not in repr(administration.list_users(admin))


def test_an_account_from_its_making_to_its_closing(admin: Scope, settings: Settings) -> None:
    db = admin.db
    user_id = administration.create_user(admin, " Eve ", "Ong", "eve@example.com", GIVEN)
    eve = accounts.sign_in(db, "eve@example.com", GIVEN)
    with pytest.raises(NewPasswordWanted):
        Session.start(db, settings, eve)
    db["users"].update_one({"_id": ObjectId(user_id)}, {"$set": {"mustChangePassword": False}})
    session = Session.start(db, settings, accounts.sign_in(db, "eve@example.com", GIVEN))

    administration.set_role(admin, user_id, "admin")
    assert session.scope().role == "admin"
    administration.set_role(admin, user_id, "user")
    administration.set_status(admin, user_id, "inactive")
    assert db["sessions"].count_documents({}) == 0
    with pytest.raises(accounts.SessionExpired):
        session.scope()
    with pytest.raises(accounts.SignInRefused, match="inactive"):
        accounts.sign_in(db, "eve@example.com", GIVEN)

    administration.set_status(admin, user_id, "active")
    with pytest.raises(accounts.SessionExpired):
        session.scope()  # closed and opened again, the account still has to be signed in to
    again = Session.start(db, settings, accounts.sign_in(db, "eve@example.com", GIVEN))
    administration.reset_password(admin, user_id, "ladder under moonlight")
    with pytest.raises(accounts.SessionExpired):
        again.scope()
    assert accounts.sign_in(db, "eve@example.com", "ladder under moonlight").must_change_password
    [account] = administration.list_users(admin, "eve")
    assert account.must_change_password
    assert account.last_sign_in is not None

    done = [
        (entry.action, entry.email, entry.subject, administration.details(entry))
        for entry in administration.audit_entries(admin, AuditFilter(group="accounts"))
        if entry.subject == "eve@example.com"
    ]
    by, of = "root@example.com", "eve@example.com"
    assert done == [
        ("password.reset", by, of, ""),
        ("user.status", by, of, "status: inactive → active"),
        ("user.status", by, of, "status: active → inactive"),
        ("user.role", by, of, "role: admin → user"),
        ("user.role", by, of, "role: user → admin"),
        ("user.created", by, of, "role: user"),
    ]


def test_what_cannot_be_is_refused_in_words(admin: Scope) -> None:
    own = id_of(admin)
    with pytest.raises(AccountRefused, match="Settings, Account"):
        administration.reset_password(admin, own, GIVEN)
    with pytest.raises(AccountRefused, match="first and the last name"):
        administration.create_user(admin, " ", "Ong", "eve@example.com", GIVEN)
    with pytest.raises(AccountRefused, match="There is an account with the email ADA@example"):
        administration.create_user(admin, "Ada", "Two", "ADA@example.com", GIVEN)
    for change in (
        lambda: administration.set_role(admin, own, "user"),
        lambda: administration.set_status(admin, own, "inactive"),
    ):
        with pytest.raises(AccountRefused, match=r"root@example\.com is the only active administrator"):
            change()
    second = copy_of(admin, "second@example.com")
    administration.set_status(admin, id_of(second), "inactive")  # who is no help any more
    with pytest.raises(AccountRefused, match="only active administrator"):
        administration.set_role(admin, own, "user")
    administration.set_role(admin, own, "admin")
    copy_of(admin, "third@example.com")
    administration.set_role(admin, own, "user")
    with pytest.raises(NotAllowed):
        administration.list_users(admin)


def test_administrators_who_remove_each_other_leave_one(admin: Scope) -> None:
    db = admin.db
    others = [copy_of(admin, f"admin{i}@example.com") for i in range(3)]
    everyone = [admin, *others]
    for round_ in range(8):
        db["users"].update_many({"_id": {"$in": [s.user_id for s in everyone]}}, {"$set": {"role": "admin"}})
        db["users"].update_many({}, {"$set": {"status": "active"}})
        start = Barrier(len(everyone))

        def remove(place: int, start: Barrier = start, demote: bool = round_ % 2 == 0) -> None:
            victim = id_of(everyone[(place + 1) % len(everyone)])
            start.wait()
            try:
                if demote:
                    administration.set_role(everyone[place], victim, "user")
                else:
                    administration.set_status(everyone[place], victim, "inactive")
            except (NotAllowed, AccountRefused):
                pass

        with ThreadPoolExecutor(len(everyone)) as pool:
            list(pool.map(remove, range(len(everyone))))
        left = db["users"].count_documents({"role": "admin", "status": "active"})
        assert left >= 1, f"round {round_}"
        assert left < len(everyone), f"round {round_}"


def test_who_asked_before_another_took_the_lock_waits_for_it(admin: Scope) -> None:
    second = copy_of(admin, "second@example.com")
    lock = {"_id": "administrators"}
    # The server says how late it was when a command began, not when it was done.
    admin.db["settings"].insert_one({**lock, "until": datetime.now(UTC) + timedelta(seconds=12)})
    with ThreadPoolExecutor(1) as pool:
        change = pool.submit(administration.set_role, admin, id_of(second), "user")
        with pytest.raises(TimeoutError):
            change.result(timeout=0.5)
        admin.db["settings"].update_one(lock, {"$set": {"until": datetime.now(UTC)}})
        change.result()


def test_a_program_that_died_holds_nobody_up(admin: Scope) -> None:
    second = copy_of(admin, "second@example.com")
    until = datetime.now(UTC) + timedelta(seconds=0.6)
    admin.db["settings"].insert_one({"_id": "administrators", "until": until})
    administration.set_role(admin, id_of(second), "user")
    assert datetime.now(UTC) >= until


def test_all_devices_and_imports_tell_whose_they_are(admin: Scope, scope: Scope, tmp_path: Path) -> None:
    other = copy_of(scope, "bob@example.com")
    days = "\n".join(f"2024-03-{day:02},Pump,{day}" for day in range(1, 11))
    (tmp_path / "pumps.csv").write_text(f"date,device,kWh\n{days}\n")
    import_file(scope, tmp_path / "pumps.csv", timezone="UTC")
    devices.add_device(other, "Fan (spare)")

    fan, pump = sorted(administration.all_devices(admin), key=lambda device: device.name)
    assert (pump.name, pump.owner, pump.readings) == ("Pump", "ada@example.com", 10)
    assert pump.last == datetime(2024, 3, 10, tzinfo=UTC)
    assert (fan.name, fan.owner, fan.readings, fan.last) == ("Fan (spare)", "bob@example.com", 0, None)
    assert [device.name for device in administration.all_devices(admin, "bob (spare")] == ["Fan (spare)"]
    assert administration.all_devices(admin, "P.mp") == []

    [brought] = administration.all_imports(admin)
    assert (brought.file, brought.who, brought.state, brought.added) == (
        "pumps.csv",
        "ada@example.com",
        "done",
        10,
    )
    assert administration.all_imports(admin, "ADA pumps.csv") == [brought]
    assert administration.all_imports(admin, "pumps?csv") == []
