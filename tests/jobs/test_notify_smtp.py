"""Handing mails to a server: plain, with a password, encrypted, and every way in which it fails."""

import datetime as dt
import ipaddress
import socket
import ssl
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from jobs.notify import _connection
from reports.mail import Recipient, compose
from warehouse.errors import RadarError

# The servers here are on this machine; the warning is for others.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

USER, PASSWORD = "radar@office", "p:a/s s%"
WRITTEN = "radar%40office:p%3Aa%2Fs%20s%25"


class Mailbox:
    """Keeps what it gets; refuses some recipients."""

    def __init__(self):
        self.got = []

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        if address.startswith("nobody"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        self.got.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 OK"


@pytest.fixture
def serve():
    """Starts mail servers on free ports of this machine."""
    running = []

    def serve(**options):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        controller = Controller(Mailbox(), hostname="127.0.0.1", port=port, **options)
        controller.start()
        running.append(controller)
        return controller.handler, port

    yield serve
    for controller in running:
        controller.stop()


@pytest.fixture
def certificate(tmp_path):
    """A certificate for 127.0.0.1 that its holder signed himself, and a server context with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "server.pem"
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(secret + signed.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return path, context


def message(to="duty@example.com"):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "radar@example.com", to, "预警"
    mail.set_content("热点")
    return mail


def send(url, mail=None):
    with _connection(url) as connection:
        connection.send_message(mail or message())


def test_a_digest_arrives_as_it_was_composed(serve):
    mailbox, port = serve()
    hotspot = {
        "id": "0123456789ab", "level": "red", "status": "new", "subject": "杭州市 热水器", "reason": "近7日30件。\n.\nQUIT",
        "window_start": dt.date(2026, 3, 10), "last_date": dt.date(2026, 3, 16), "rule": "VOL-4", "observed": 30,
        "expected": 5.0, "ratio": 6.0,
    }  # fmt: skip
    recipient = Recipient("duty", "值班员", "duty@example.com")
    digest = compose("投诉雷达 <radar@example.com>", recipient, "s", "测试", dt.date(2026, 3, 16), [hotspot], None)
    send(f"smtp://127.0.0.1:{port}", digest)
    ((sender, recipients, content),) = mailbox.got
    assert (sender, recipients) == ("radar@example.com", ["duty@example.com"])
    got = message_from_bytes(content, policy=policy.default)
    assert got["Subject"] == digest["Subject"]
    assert got["Message-ID"] == digest["Message-ID"]
    assert got.get_body(("plain",)).get_content().split() == digest.get_body(("plain",)).get_content().split()


def test_several_mails_go_over_one_connection(serve):
    mailbox, port = serve()
    with _connection(f"smtp://127.0.0.1:{port}") as connection:
        for name in ("a", "b", "c"):
            connection.send_message(message(f"{name}@example.com"))
    assert [recipients for _, recipients, _ in mailbox.got] == [[f"{name}@example.com"] for name in "abc"]


@pytest.fixture
def accounts():
    """Options of a server that wants a password, and the pairs it was given."""
    given = []

    def authenticator(server, session, envelope, mechanism, data):
        assert isinstance(data, LoginPassword)
        given.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=given[-1] == (USER, PASSWORD), handled=False)

    return given, {"authenticator": authenticator, "auth_required": True, "auth_require_tls": False}


def test_user_and_password_may_hold_any_character(serve, accounts):
    given, options = accounts
    mailbox, port = serve(**options)
    send(f"smtp://{WRITTEN}@127.0.0.1:{port}")
    assert set(given) == {(USER, PASSWORD)}
    assert len(mailbox.got) == 1


def test_a_wrong_password_is_an_error_that_does_not_tell_it(serve, accounts):
    mailbox, port = serve(**accounts[1])
    with pytest.raises(RadarError, match=r"mail server 127\.0\.0\.1: SMTPAuthenticationError") as caught:
        send(f"smtp://radar:hunter2@127.0.0.1:{port}")
    assert "hunter2" not in str(caught.value)
    assert mailbox.got == []


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_encrypted_to_a_server_whose_certificate_is_trusted(serve, certificate, monkeypatch, scheme):
    path, context = certificate
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    mailbox, port = serve(**{"ssl_context" if scheme == "smtps" else "tls_context": context})
    send(f"{scheme}://127.0.0.1:{port}")
    assert len(mailbox.got) == 1


def test_a_server_without_encryption_gets_nothing_where_it_was_asked_for(serve):
    mailbox, port = serve()
    with pytest.raises(RadarError, match=r"mail server 127\.0\.0\.1: "):
        send(f"smtp+starttls://127.0.0.1:{port}")
    assert mailbox.got == []


def test_a_refused_connection_is_a_clear_error():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(RadarError, match=r"mail server 127\.0\.0\.1: ConnectionRefusedError") as caught:
        send(f"smtp://radar:hunter2@127.0.0.1:{port}")
    assert "hunter2" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_refused_recipient_is_a_clear_error(serve):
    mailbox, port = serve()
    with pytest.raises(RadarError, match=r"mail server 127\.0\.0\.1: SMTPRecipientsRefused"):
        send(f"smtp://127.0.0.1:{port}", message("nobody@example.com"))
    assert mailbox.got == []


@pytest.mark.parametrize(
    "url",
    ["", "localhost", "localhost:25", "http://localhost", "smtp://", "smtp://:25", "smtp://host:port", "smtp://host:99999"],
)
def test_an_address_of_another_form_is_refused(url):
    with pytest.raises(RadarError, match="RADAR_SMTP is not of the form"):
        send(url)


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_a_server_that_nobody_vouches_for_gets_neither_mail_nor_password(serve, certificate, accounts, scheme):
    given, options = accounts
    context = certificate[1]
    mailbox, port = serve(**options, **{"ssl_context" if scheme == "smtps" else "tls_context": context})
    with pytest.raises(RadarError, match=r"(?i)certificate"):
        send(f"{scheme}://{WRITTEN}@127.0.0.1:{port}")
    assert given == []
    assert mailbox.got == []
