"""A real replica set for tests and faults: `mongod` processes on loopback that ask for a password.

``with replica_set(folder) as members:`` gives a set with an elected primary, and a user that may use one
database and no more. Votes take a second or two, so that a lost primary is replaced quickly.
"""

import datetime
import ipaddress
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from services.database.private.mongod import find_mongod

NAME = "rs0"
DATABASE = "power_consumption_db"
PASSWORD = "only-on-loopback"
SECONDS = 60
SETTINGS = {"electionTimeoutMillis": 2000, "heartbeatIntervalMillis": 500, "heartbeatTimeoutSecs": 2}


@dataclass
class Member:
    """One server of the set; its process is another after each start."""

    port: int
    folder: Path
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def pid(self) -> int:
        assert self.process is not None, "this member is not running"
        return self.process.pid


@dataclass
class ReplicaSet:
    """The set as seen from outside. ``uri`` is for a user who may read and write `DATABASE` alone."""

    folder: Path
    members: list[Member]
    tls: bool
    uri: str = ""
    _users: set[str] = field(default_factory=set)

    @property
    def admin_uri(self) -> str:
        return self._uri("root")

    @property
    def ca_file(self) -> Path:
        """What a client has to trust, where the set speaks TLS."""
        return self.folder / "ca.pem"

    def uri_for(self, database: str) -> str:
        """For a user who may read and write this database and nothing else."""
        user = f"user-of-{database}"
        if user not in self._users:
            role = {"role": "readWrite", "db": database}
            with self.admin() as admin:
                admin.admin.command("createUser", user, pwd=PASSWORD, roles=[role])
            self._users.add(user)
        return self._uri(user)

    def admin(self, port: int | None = None) -> MongoClient[dict[str, Any]]:
        """A client with every right, for the whole set or one member."""
        uri = self._uri("root") if port is None else self._uri("root", port)
        return MongoClient(uri, serverSelectionTimeoutMS=SECONDS * 1000)

    def primary(self) -> Member:
        """The member that takes writes; waits until one has been elected."""
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            for member in self._running():
                with suppress(PyMongoError), self._direct(member, patience=2) as client:
                    if client.admin.command("hello")["isWritablePrimary"]:
                        return member
            time.sleep(0.1)
        raise TimeoutError("no primary was elected")

    def kill_primary(self) -> int:
        """Kill the primary as a power cut would; its port, to start it again."""
        port = self.primary().port
        self.kill(port)
        return port

    def kill(self, port: int, with_signal: int = signal.SIGKILL) -> None:
        """End one member, without a goodbye unless ``with_signal`` is a polite one."""
        member = self._member(port)
        assert member.process is not None
        member.process.send_signal(with_signal)
        member.process.wait(SECONDS)
        member.process = None

    def start(self, port: int) -> None:
        """Start a member that was killed; it catches up by itself."""
        member = self._member(port)
        log = member.folder / "mongod.log"
        arguments: list[str | Path] = ["--dbpath", member.folder, "--logpath", log, "--logappend"]
        arguments += ["--bind_ip", "127.0.0.1", "--port", str(port), "--replSet", NAME, "--nounixsocket"]
        arguments += [
            "--keyFile",
            self.folder / "key",
            "--wiredTigerCacheSizeGB",
            "0.25",
            "--oplogSize",
            "256",
        ]
        arguments += ["--setParameter", "diagnosticDataCollectionEnabled=false"]
        if self.tls:
            arguments += ["--tlsMode", "requireTLS", "--tlsAllowConnectionsWithoutCertificates"]
            arguments += ["--tlsCertificateKeyFile", self.folder / "server.pem", "--tlsCAFile", self.ca_file]
        member.process = subprocess.Popen(
            [find_mongod(), *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )

    def freeze(self, port: int) -> None:
        """Stop one member as a network does that swallows all packets: it is there and never answers."""
        self._signal(port, signal.SIGSTOP)

    def thaw(self, port: int) -> None:
        """Let a frozen member go on."""
        self._signal(port, signal.SIGCONT)

    def stop(self) -> None:
        """End all members."""
        for member in self._running():
            assert member.process is not None
            member.process.kill()
            member.process.wait(SECONDS)
            member.process = None

    def initiate(self) -> None:
        """Make a set of the started members, and its users."""
        hosts = [{"_id": n, "host": f"127.0.0.1:{m.port}"} for n, m in enumerate(self.members)]
        config = {"_id": NAME, "members": hosts, "settings": SETTINGS}
        self._insist(lambda: self._direct(self.members[0]), "replSetInitiate", config)
        root = {"pwd": PASSWORD, "roles": ["root"]}
        self._insist(lambda: self._direct(self.primary()), "createUser", "root", **root)
        self.uri = self.uri_for(DATABASE)

    def _insist(
        self, connect: Callable[[], MongoClient[dict[str, Any]]], command: str, value: Any, **more: Any
    ) -> None:
        """Give a command to a server that may not be ready for it yet."""
        end = time.monotonic() + SECONDS
        while True:
            try:
                with connect() as client:
                    client.admin.command(command, value, **more)
                return
            except PyMongoError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)

    def _running(self) -> list[Member]:
        return [member for member in self.members if member.process is not None]

    def _member(self, port: int) -> Member:
        [found] = [member for member in self.members if member.port == port]
        return found

    def _signal(self, port: int, number: int) -> None:
        process = self._member(port).process
        assert process is not None
        process.send_signal(number)

    def _direct(self, member: Member, patience: int = SECONDS) -> MongoClient[dict[str, Any]]:
        """One member, nobody signed in: it tells what it is, and lets the first user be made."""
        secure: dict[str, Any] = {"tls": True, "tlsCAFile": str(self.ca_file)} if self.tls else {}
        return MongoClient(
            "127.0.0.1",
            member.port,
            directConnection=True,
            serverSelectionTimeoutMS=2000,
            connectTimeoutMS=2000,
            socketTimeoutMS=patience * 1000,
            **secure,
        )

    def _uri(self, user: str, port: int | None = None) -> str:
        ports = [member.port for member in self.members] if port is None else [port]
        hosts = ",".join(f"127.0.0.1:{port}" for port in ports)
        secure = f"&tls=true&tlsCAFile={self.ca_file}" if self.tls else ""
        kind = f"replicaSet={NAME}" if port is None else "directConnection=true"
        return f"mongodb://{user}:{PASSWORD}@{hosts}/?{kind}&authSource=admin{secure}"


@contextmanager
def replica_set(folder: Path, members: int = 3, tls: bool = False) -> Iterator[ReplicaSet]:
    """Servers in an empty folder, with a primary; all are killed at the end."""
    key = folder / "key"
    key.touch(mode=0o600)
    key.write_text(secrets.token_hex(64))
    if tls:
        _write_certificates(folder)
    started = ReplicaSet(folder, [Member(port, folder / str(port)) for port in free_ports(members)], tls)
    try:
        for member in started.members:
            member.folder.mkdir()
            started.start(member.port)
        started.initiate()
        yield started
    finally:
        started.stop()


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def _write_certificates(folder: Path) -> None:
    """``ca.pem``, and ``server.pem`` that it vouches for: a key and a certificate for this machine."""
    authority_key, authority = _certificate("Loadlens test authority", None, None)
    key, certificate = _certificate("127.0.0.1", authority_key, authority)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "ca.pem").write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    (folder / "server.pem").write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))


def _certificate(
    name: str, signer: ec.EllipticCurvePrivateKey | None, issuer: x509.Certificate | None
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """A key and its certificate, signed by itself unless somebody vouches for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")]
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
    )
    return key, built.sign(signer or key, hashes.SHA256())
