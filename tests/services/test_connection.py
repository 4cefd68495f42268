"""A team's server: what is typed, what is kept, what the server lets Loadlens do, and the secured set."""

import ipaddress
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from replica_set import NAME, PASSWORD, Member, ReplicaSet, free_ports

from services import accounts, dashboard, database
from services.database import (
    ConnectionRefused,
    DatabaseUnavailable,
    TeamServer,
    choose,
    choose_private,
    inspect,
    parse_server,
    place,
    validate_server,
)
from services.database.private.mongod import find_mongod
from services.importing import import_file, undo_import
from services.settings import Settings
from services.startup import opened

DEPLOY = Path(__file__).parents[2] / "resources" / "deploy"
AT_ONCE = "serverSelectionTimeoutMS=800"


class DeployedSet(ReplicaSet):
    """Members that run as those of compose.yaml do."""

    def start(self, port: int) -> None:
        member = self._member(port)
        own = ["--port", str(port), "--replSet", NAME, "--dbpath", member.folder, "--nounixsocket"]
        log = ["--logpath", member.folder / "mongod.log"]
        command = [find_mongod(), "--config", self.folder / "mongod.yaml", *own, *log]
        member.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeployedSet]:
    """The set of resources/deploy with its certificates, keyfile and options, without Docker."""
    if not (shutil.which("sh") and shutil.which("openssl")):
        pytest.skip("the certificates are made by openssl, from a script")
    folder = tmp_path_factory.mktemp("set")
    authority = folder / "authority"
    authority.mkdir()
    script = ["sh", str(DEPLOY / "certificates.sh"), "localhost", str(folder), str(authority)]
    subprocess.run(script, check=True, capture_output=True)
    options = (DEPLOY / "mongod.yaml").read_text()
    for theirs, ours in (
        ("/tls/", f"{folder}/"),
        ("bindIpAll: true", "bindIp: 127.0.0.1"),
        ("cacheSizeGB: 1", "cacheSizeGB: 0.25"),
    ):
        assert theirs in options
        options = options.replace(theirs, ours)
    (folder / "mongod.yaml").write_text(options)
    members = [Member(port, folder / str(port)) for port in free_ports(3)]
    with ExitStack() as ending:
        deployed = DeployedSet(folder, members, tls=True)
        ending.callback(deployed.stop)
        for member in members:
            member.folder.mkdir()
            deployed.start(member.port)
        deployed.initiate()
        yield deployed


@pytest.fixture
def team(secured: DeployedSet) -> tuple[TeamServer, str]:
    """The set as a user of least rights names it, and the password."""
    server, password = parse_server(TeamServer(f"{secured.uri}&{AT_ONCE}"))
    assert password == PASSWORD
    return server, password


def test_pasted_address_is_taken_apart_and_holds_no_password() -> None:
    pasted = "mongodb+srv://ada:p%40ss@cluster.example.com/energy?replicaSet=rs0&tlsCAFile=/etc/ca.pem"
    server, password = parse_server(TeamServer(pasted, tls=False))
    assert password == "p@ss"
    address = "mongodb+srv://cluster.example.com/?replicaSet=rs0&authSource=energy"
    assert server == TeamServer(address, "energy", "ada", True, "/etc/ca.pem")
    assert server.hosts == ("cluster.example.com",)

    assert parse_server(TeamServer(" a.example.com:1, b "))[0].address == "a.example.com:1, b"
    assert parse_server(TeamServer("ada:secret@db.example.com"))[1] == "secret"
    plain, _ = parse_server(TeamServer("mongodb://ada:x@10.0.0.5/?ssl=false"))
    assert (plain.tls, plain.address) == (False, "mongodb://10.0.0.5/?tls=false")
    careless, password = parse_server(TeamServer("mongodb://ada:p@ss/wo?rd@db.example.com"))
    assert (careless.address, password) == ("db.example.com", "p@ss/wo?rd")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (TeamServer(""), "Enter the address of the server"),
        (TeamServer("db.example.com,"), "Enter the address of the server"),
        (TeamServer("db.example.com:99999999"), "address of the database server cannot be used: Port"),
        (TeamServer("http://db.example.com"), "cannot be used: Invalid URI scheme"),
        (TeamServer("db.example.com", "a/b"), "“a/b” cannot be the name"),
        (TeamServer("db.example.com", "admin"), "“admin” cannot be the name"),
        (TeamServer("db.example.com", ca_file="/no/such/ca.pem"), "/no/such/ca.pem is not there"),
        (TeamServer("db.example.com", user="ada", tls=False), "could be read on their way to db.example.com"),
        (TeamServer("mongodb://x/?tlsInsecure=true"), "always checks who a server is"),
    ],
)
def test_what_cannot_be_used_is_refused(wrong: TeamServer, sentence: str) -> None:
    with pytest.raises(ConnectionRefused, match=sentence):
        validate_server(wrong)


def test_plain_connection_is_for_this_machine_or_said_in_so_many_words() -> None:
    validate_server(TeamServer("127.0.0.1:27018,[::1]:27019,localhost", user="ada", tls=False))
    validate_server(TeamServer("mongodb://db.example.com/?tls=false", user="ada", tls=False))


def test_choice_is_kept_without_its_password_and_the_environment_goes_before_it(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, loadlens_data_dir=tmp_path)
    server = TeamServer("db.example.com", user="ada")
    choose(settings, server, "correct horse")
    found = place(settings)
    assert (found.said_by, found.server, found.password) == ("choice", server, "correct horse")
    assert not any(b"correct horse" in file.read_bytes() for file in tmp_path.iterdir())
    assert database.password_of(settings, replace(server, address="evil.example.com")) == ""
    named = Settings(_env_file=None, loadlens_data_dir=tmp_path, mongodb_host="other.example.com")
    assert (place(named).said_by, place(named).server.hosts) == ("environment", ("other.example.com:27017",))

    choose_private(settings)
    assert place(settings).is_private
    assert database.last_chosen(settings) == server
    (tmp_path / "connection.json").write_text("{")
    with pytest.raises(DatabaseUnavailable, match=r"connection\.json .*damaged. Choose the database anew"):
        place(settings)
    choose_private(settings)
    assert place(settings).is_private


def test_main_job_on_the_secured_set_as_a_user_of_least_rights(secured: DeployedSet, tmp_path: Path) -> None:
    settings = Settings(_env_file=None, loadlens_data_dir=tmp_path, mongodb_uri=secured.uri)
    file = tmp_path / "june.csv"
    file.write_text("Date,Device,kWh\n2024-06-01 00:00,Chiller,2.5\n2024-06-01 01:00,Chiller,4\n")
    with opened(settings) as db:
        accounts.register(db, "Ada", "Wong", "ada@example.com", "correct horse battery")
        scope = accounts.scope_of(db, "ada@example.com")
        summary = import_file(scope, file, timezone="UTC")
        assert dashboard.stats(scope).total_consumption == 6.5
        with opened(settings) as colleague:  # another program would do the same
            seen = accounts.scope_of(colleague, "ada@example.com")
            assert dashboard.stats(seen).total_consumption == 6.5
            undo_import(seen, summary.import_id)
        assert dashboard.stats(scope).total_consumption == 0
        assert db.command("hello")["setName"] == NAME
        assert database.missing_indexes(db) == []


def test_inspection_tells_what_the_server_is_and_leaves_nothing(
    secured: DeployedSet, team: tuple[TeamServer, str]
) -> None:
    server, password = team
    server = replace(server, database="inspected")
    with secured.admin() as admin:
        user = server.user
        admin.admin.command("grantRolesToUser", user, roles=[{"role": "readWrite", "db": "inspected"}])
        found = inspect(server, password)
        assert (found.server.kind, found.server.set_name, len(found.server.members)) == (
            "replica set",
            NAME,
            3,
        )
        assert (found.exposed, found.tells_changes, found.clustered) == (False, True, True)
        assert found.holding.kind == "nothing"
        assert admin["inspected"].list_collection_names() == []
        admin["inspected"]["invoices"].insert_one({})
        assert inspect(server, password).holding.kind == "something else"
        admin.drop_database("inspected")


def test_every_failure_has_its_sentence(
    secured: DeployedSet, team: tuple[TeamServer, str], tmp_path: Path
) -> None:
    server, password = team
    authority = tmp_path / "authority"
    authority.mkdir()
    script = ["sh", str(DEPLOY / "certificates.sh"), "localhost", str(tmp_path), str(authority)]
    subprocess.run(script, check=True, capture_output=True)
    with secured.admin() as admin:
        role = {"role": "read", "db": server.database}
        admin.admin.command("createUser", "reader", pwd=PASSWORD, roles=[role])
    port = secured.members[0].port
    wrong: list[tuple[TeamServer, str, str]] = [
        (server, "guessed", "does not know this user with this password"),
        (server, "", "Enter the password of"),
        (
            replace(server, user="reader"),
            password,
            "not every right in power_consumption_db. Ask for the role",
        ),
        (replace(server, ca_file=str(tmp_path / "ca.pem")), password, "Nobody whom this machine trusts"),
        (replace(server, tls=False), password, "hung up: it probably wants TLS"),
        (replace(server, address=f"mongodb://127.0.0.1:9/?{AT_ONCE}"), password, "nothing listens there"),
        (
            replace(server, address=f"mongodb://nowhere.invalid/?{AT_ONCE}"),
            password,
            "name is known to nobody",
        ),
        (
            replace(server, address="mongodb+srv://nowhere.invalid/"),
            password,
            "is known to nobody",
        ),
        (
            replace(server, address=f"mongodb://127.0.0.1:{port}/?replicaSet=other&{AT_ONCE}"),
            password,
            "not of the replica set that the address names",
        ),
    ]
    for named, typed, sentence in wrong:
        with pytest.raises((ConnectionRefused, DatabaseUnavailable), match=sentence) as refusal:
            inspect(named, typed)
        assert PASSWORD not in str(refusal.value)


def test_certificate_for_another_name_and_one_that_has_expired(
    team: tuple[TeamServer, str], tmp_path: Path
) -> None:
    server, password = team
    # The same machine, though not by the name in its certificate.
    elsewhere = server.address.replace("127.0.0.1", "127.1")
    with pytest.raises(DatabaseUnavailable, match="is for another name"):
        inspect(replace(server, address=elsewhere), password)

    expired = tmp_path / "expired.pem"
    expired.write_bytes(expired_certificate())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(expired)
    with (
        socket.create_server(("127.0.0.1", 0)) as listening,
        context.wrap_socket(listening, server_side=True) as secure,
    ):
        Thread(target=answer, args=(secure,), daemon=True).start()
        address = f"mongodb://127.0.0.1:{secure.getsockname()[1]}/?{AT_ONCE}"
        with pytest.raises(DatabaseUnavailable, match=r"has expired\. Have it renewed"):
            inspect(TeamServer(address, ca_file=str(expired)), "")


def answer(secure: ssl.SSLSocket) -> None:
    """Show the certificate to whoever comes, until the socket is closed."""
    while secure.fileno() != -1:
        with suppress(OSError):
            secure.accept()


def expired_certificate() -> bytes:
    """A key and a certificate for this machine that ended yesterday."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    built = built.serial_number(x509.random_serial_number()).add_extension(here, critical=False)
    built = built.not_valid_before(now - timedelta(days=9)).not_valid_after(now - timedelta(days=1))
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return private + built.sign(key, hashes.SHA256()).public_bytes(pem)


def test_two_workstations_work_on_one_server_at_once(
    replicas: ReplicaSet, team_settings: Settings, tmp_path: Path
) -> None:
    """Programs of their own with data folders of their own, and the same MONGODB_URI."""
    with opened(team_settings) as db:
        accounts.register(db, "Ada", "Wong", "ada@example.com", "correct horse battery")
    imports = []
    for number, device in enumerate(("Chiller", "Lift")):
        file = tmp_path / f"{device}.csv"
        file.write_text(f"Date,Device,kWh\n2024-06-01 00:00,{device},2.5\n2024-06-01 01:00,{device},4\n")
        command = ["import", str(file), "--user", "ada@example.com", "--timezone", "UTC"]
        imports.append(workstation(number, team_settings, tmp_path, *command))
    for each in imports:
        _, refused = each.communicate(timeout=120)
        assert each.returncode == 0, refused
    for number in (0, 1):
        stats = workstation(number, team_settings, tmp_path, "stats", "--user", "ada@example.com", "--json")
        told, _ = stats.communicate(timeout=120)
        assert json.loads(told)["totalConsumption"] == 13


def workstation(number: int, settings: Settings, folder: Path, *command: str) -> subprocess.Popen[str]:
    """The command line on one of several computers."""
    assert settings.mongodb_uri
    environment = {
        **os.environ,
        "MONGODB_URI": settings.mongodb_uri.get_secret_value(),
        "MONGODB_NAME": settings.mongodb_name,
        "LOADLENS_DATA_DIR": str(folder / f"workstation {number}"),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "desktop", *command],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
