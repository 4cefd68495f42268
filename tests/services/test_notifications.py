"""Mail through the outbox to a real server: encrypted, refused, away and back, killed half-way."""

import datetime as dt
import os
import signal
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from socket import socket
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from bson import ObjectId
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services import notifications
from services.notifications import MailRefused, MailSettings, MailSettingsRefused, QuietHours
from services.scope import Scope
from services.settings import Settings

PASSWORD = "s3cret of the mail server"
ACCEPTED = "250 OK"


class Box:
    """What a server does with each mail: by default it takes it."""

    def __init__(self) -> None:
        self.mails: list[Message] = []
        self.answer: Callable[[Envelope], str] = lambda _: ACCEPTED
        self.recipient_answer: Callable[[str], str] = lambda _: ACCEPTED

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.recipient_answer(address)
        if answer == ACCEPTED:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.answer(envelope)
        if answer == ACCEPTED:
            self.mails.append(message_from_bytes(envelope.content))
        return answer


def _accepts(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"ada", PASSWORD.encode())
    return AuthResult(success=right, handled=False)


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A certificate for localhost, with its key, that this process trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return path


@pytest.fixture
def serve(certificate: Path) -> Iterator[Callable[..., tuple[Box, int]]]:
    """Start a mail server; its box and port."""
    running: list[Controller] = []

    def start(security: str = "none", auth: bool = False, port: int = 0) -> tuple[Box, int]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        box = Box()
        controller = Controller(
            box,
            hostname="localhost",
            port=port or _free_port(),
            ssl_context=context if security == "tls" else None,
            tls_context=context if security == "starttls" else None,
            require_starttls=security == "starttls",
            auth_required=auth,
            auth_require_tls=security == "starttls",
            authenticator=_accepts if auth else None,
        )
        controller.start()
        running.append(controller)
        return box, controller.port

    yield start
    for controller in running:
        controller.stop(no_assert=True)


def _free_port() -> int:
    with socket() as probe:
        probe.bind(("localhost", 0))
        port: int = probe.getsockname()[1]
        return port


def mail(port: int, security: str = "none", user: str = "", **changes: object) -> MailSettings:
    fields: dict[str, object] = {
        "enabled": True,
        "host": "localhost",
        "port": port,
        "security": security,
        "user": user,
        "sender": "loadlens@example.com",
        "recipients": ("ada@example.com",),
        **changes,
    }
    return MailSettings(**fields)  # type: ignore[arg-type]


def write(scope: Scope, subject: str = "Pump used 24.0 kWh") -> None:
    assert notifications.enqueue(scope, [ObjectId()], subject, f"{subject}\n\nMore in the window: 5 °C.")


def make_due(scope: Scope) -> None:
    """As if the wait, and every lease, were over."""
    past = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)
    scope.db["outbox"].update_many({}, {"$set": {"dueAt": past, "claimedUntil": past}})


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mail_goes_out_encrypted_and_signed_in(
    scope: Scope,
    settings: Settings,
    serve: Callable[..., tuple[Box, int]],
    security: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    box, port = serve(security, auth=True)
    notifications.save_mail_settings(scope, settings, mail(port, security, "ada"), "wrong")
    write(scope)

    assert notifications.send_due(scope, settings) == 0
    (waiting,) = notifications.list_mails(scope)
    assert (waiting.state, waiting.tries) == ("waiting", 1)
    assert "does not accept the user" in waiting.sentence
    with pytest.raises(MailRefused, match="does not accept the user “ada”"):
        notifications.send_test(scope, settings, mail(port, security, "ada"))

    notifications.save_mail_settings(scope, settings, mail(port, security, "ada"), PASSWORD)
    assert notifications.send_due(scope, settings) == 0  # not before its time
    notifications.retry(scope)
    assert notifications.send_due(scope, settings) == 1
    notifications.send_test(scope, settings, mail(port, security, "ada"))
    first, test = box.mails
    assert (first["Subject"], first["To"]) == ("Pump used 24.0 kWh", "ada@example.com")
    assert "5 °C" in first.get_payload(decode=True).decode()
    assert test["Subject"] == "Loadlens: test mail"
    assert notifications.list_mails(scope)[0].state == "sent"
    assert notifications.send_due(scope, settings) == 0
    assert len(box.mails) == 2
    # Nothing that is logged or stored holds the password.
    everything = [
        str(document) for name in scope.db.list_collection_names() for document in scope.db[name].find()
    ]
    assert PASSWORD not in caplog.text + "".join(everything)
    assert PASSWORD not in (settings.data_dir / "secrets.json").read_text()


def test_a_server_is_known_by_its_certificate(
    scope: Scope,
    settings: Settings,
    serve: Callable[..., tuple[Box, int]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    box, port = serve("starttls")
    _, plain = serve()
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(MailRefused, match=r"certificate of localhost:.* is not trusted"):
        notifications.send_test(scope, settings, mail(port, "starttls"))
    with pytest.raises(MailRefused, match="does not offer what the settings ask for"):
        notifications.send_test(scope, settings, mail(plain, "starttls"))
    with pytest.raises(MailRefused, match="does not speak this encryption"):
        notifications.send_test(scope, settings, mail(plain, "tls"))
    assert box.mails == []


def test_refusals_are_told_apart(
    scope: Scope, settings: Settings, serve: Callable[..., tuple[Box, int]]
) -> None:
    box, port = serve()
    both = ("ada@example.com", "bo@example.com")
    notifications.save_mail_settings(scope, settings, mail(port, recipients=both))
    box.answer = lambda _: "451 come back later"
    write(scope)
    assert notifications.send_due(scope, settings) == 0
    (waiting,) = notifications.list_mails(scope)
    assert waiting.state == "waiting"
    assert (
        waiting.sentence.format(**waiting.details)
        == f"localhost:{port} refused the mail: 451 come back later."
    )
    assert waiting.due_at > dt.datetime.now(dt.UTC)

    # Of two recipients one is put off: only that one gets it later.
    box.answer = lambda _: ACCEPTED
    box.recipient_answer = lambda to: "450 busy" if to.startswith("bo") else ACCEPTED
    make_due(scope)
    assert notifications.send_due(scope, settings) == 1
    assert notifications.list_mails(scope)[0].state == "waiting"
    taken: list[str] = []
    box.answer = lambda envelope: taken.extend(envelope.rcpt_tos) or ACCEPTED
    box.recipient_answer = lambda _: ACCEPTED
    make_due(scope)
    assert notifications.send_due(scope, settings) == 1
    assert taken == ["bo@example.com"]
    assert box.mails[0]["Message-ID"] == box.mails[1]["Message-ID"]

    # What is refused for good does not hold up what comes behind it, and is tried again when asked for.
    box.answer = lambda envelope: "554 no" if b"unwelcome" in envelope.content else ACCEPTED
    write(scope, "unwelcome")
    write(scope, "welcome")
    assert notifications.send_due(scope, settings) == 1
    make_due(scope)
    assert notifications.send_due(scope, settings) == 0
    states = {m.subject: m.state for m in notifications.list_mails(scope)}
    assert (states["unwelcome"], states["welcome"]) == ("failed", "sent")
    box.answer = lambda _: ACCEPTED
    notifications.retry(scope)
    assert notifications.send_due(scope, settings) == 1


def test_mail_waits_for_the_network_and_goes_once(
    scope: Scope, settings: Settings, serve: Callable[..., tuple[Box, int]]
) -> None:
    port = _free_port()
    notifications.save_mail_settings(scope, settings, mail(port))
    for number in range(20):
        write(scope, f"Alert {number}")
    assert notifications.send_due(scope, settings) == 0
    (tried,) = [m for m in notifications.list_mails(scope) if m.tries]
    assert "cannot be reached" in tried.sentence
    with pytest.raises(MailRefused, match="cannot be reached"):
        notifications.send_test(scope, settings, mail(port))

    box, _ = serve(port=port)
    make_due(scope)
    senders = [threading.Thread(target=notifications.send_due, args=(scope, settings)) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert sorted(m["Subject"] for m in box.mails) == sorted(f"Alert {n}" for n in range(20))
    assert len({m["Message-ID"] for m in box.mails}) == 20
    assert all(m.state == "sent" for m in notifications.list_mails(scope))


SENDER = """
import sys
from pathlib import Path
from services import accounts, notifications
from services.database import opened
from services.settings import Settings
settings = Settings(_env_file=None, loadlens_data_dir=Path(sys.argv[1]), mongodb_name=sys.argv[2])
with opened(settings) as db:
    scope = accounts.scope_of(db, "ada@example.com")
    print(notifications.send_due(scope, settings), flush=True)
"""


def test_a_sender_that_is_killed_loses_nothing(
    scope: Scope, settings: Settings, serve: Callable[..., tuple[Box, int]]
) -> None:
    """At whatever point ``kill -9`` hits it; the server itself does it, in the middle of the conversation."""
    box, port = serve()
    notifications.save_mail_settings(scope, settings, mail(port))
    write(scope)

    def start() -> "subprocess.Popen[str]":
        arguments = [sys.executable, "-c", SENDER, str(settings.data_dir), scope.db.name]
        return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])

    # Before the server has the mail: it went to nobody, and goes out once the lease is over.
    box.recipient_answer = lambda _: os.kill(killed.pid, signal.SIGKILL) or ACCEPTED
    killed = start()
    assert killed.wait(60) == -signal.SIGKILL
    assert box.mails == []
    box.recipient_answer = lambda _: ACCEPTED
    assert notifications.send_due(scope, settings) == 0  # the lease of the dead
    make_due(scope)

    # When the server has it, but nobody could note that: it comes again, under the same name.
    box.answer = lambda _: os.kill(killed.pid, signal.SIGKILL) or ACCEPTED
    killed = start()
    assert killed.wait(60) == -signal.SIGKILL
    assert len(box.mails) == 1
    box.answer = lambda _: ACCEPTED
    assert notifications.send_due(scope, settings) == 0
    make_due(scope)
    with start() as sender:
        assert sender.communicate(timeout=60)[0].strip() == "1"
    assert len(box.mails) == 2
    assert len({m["Message-ID"] for m in box.mails}) == 1
    make_due(scope)
    assert notifications.send_due(scope, settings) == 0


def test_settings_that_cannot_work_or_would_give_the_password_away_are_refused(
    scope: Scope, settings: Settings
) -> None:
    good = mail(587, "starttls", "ada", host="smtp.example.com")
    for changes, said in (
        ({"host": " "}, "name of the mail server"),
        ({"port": 0}, "port"),
        ({"recipients": ()}, "who gets the mail"),
        ({"recipients": ("ada at home",)}, "“ada at home” is not an email address"),
        ({"sender": "a@b\nBcc: c@d"}, "is not an email address"),
        ({"security": "none"}, "Without encryption"),
    ):
        with pytest.raises(MailSettingsRefused, match=said):
            notifications.save_mail_settings(scope, settings, good.__class__(**{**vars(good), **changes}))
    # A password is for the server that it was typed for.
    notifications.save_mail_settings(scope, settings, good, PASSWORD)
    assert notifications.has_password(scope, settings, good)
    assert not notifications.has_password(scope, settings, mail(587, user="ada", host="smtp.evil.example"))


def test_the_environment_names_the_server(scope: Scope, settings: Settings) -> None:
    changes = {"email_host": "smtp.example.com", "email_port": 465, "email_host_user": "plant@example.com"}
    named = settings.model_copy(update=changes)
    assert notifications.mail_settings(scope, named) == MailSettings(
        False, "smtp.example.com", 465, "tls", "plant@example.com", "plant@example.com", ("ada@example.com",)
    )


def test_nothing_is_sent_in_quiet_hours(
    scope: Scope, settings: Settings, serve: Callable[..., tuple[Box, int]]
) -> None:
    box, port = serve()
    notifications.save_mail_settings(scope, settings, mail(port))
    write(scope)
    hour = dt.datetime.now(ZoneInfo(scope.timezone)).hour
    notifications.set_quiet_hours(scope, QuietHours(hour, (hour + 2) % 24))
    assert notifications.send_due(scope, settings) == 0
    assert box.mails == []
    notifications.set_quiet_hours(scope, QuietHours((hour + 2) % 24, hour))
    assert notifications.send_due(scope, settings) == 1


@pytest.mark.parametrize(
    ("hours", "moment", "over"),
    [
        ((22, 7), "2024-03-05T23:30", "2024-03-06T07:00"),
        ((22, 7), "2024-03-06T06:59", "2024-03-06T07:00"),
        ((22, 7), "2024-03-06T07:00", "2024-03-06T07:00"),
        ((12, 14), "2024-03-06T13:00", "2024-03-06T14:00"),
        ((12, 14), "2024-03-06T11:00", "2024-03-06T11:00"),
        # Clocks are put forward that night.
        ((22, 7), "2024-03-30T23:30", "2024-03-31T07:00"),
    ],
)
def test_quiet_hours_end_by_the_facilitys_clock(hours: tuple[int, int], moment: str, over: str) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    at, expected = (dt.datetime.fromisoformat(text).replace(tzinfo=berlin) for text in (moment, over))
    assert QuietHours(*hours).over(at, "Europe/Berlin") == expected
