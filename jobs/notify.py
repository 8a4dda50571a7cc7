"""Hotspots into alert mails: to an SMTP server where one is configured, else into the outbox folder."""

from __future__ import annotations

import datetime as dt
import os
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import unquote, urlsplit

from pydantic import ValidationError

from jobs.hotspots import read_hotspots
from reports.mail import Recipient, compose
from warehouse.contracts import Strict
from warehouse.errors import RadarError
from warehouse.files import read_yaml, reference_yaml
from warehouse.sources import streams

if TYPE_CHECKING:
    from warehouse.home import Home
    from warehouse.storage import Warehouse

SMTP_VARIABLE = "RADAR_SMTP"
SMTP_SECONDS = 30
DEFAULT_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class Subscription(Strict):
    """Who gets which alerts."""

    id: str
    name: str
    address: str
    levels: list[Literal["red", "orange", "yellow", "blue"]]
    streams: list[str] = []


class Subscriptions(Strict):
    """All subscriptions and the sender of the mails."""

    sender: str
    subscriptions: list[Subscription]


@dataclass(frozen=True)
class Notified:
    """Mails of this run: those made or sent now, and those that were there before."""

    files: list[Path]
    sent: int


def subscriptions(home: Home) -> Subscriptions:
    """The office's own subscriptions in the home, else those that ship with the package.

    Raises:
        RadarError: the office's file is not understood.
    """
    own = home.root / "config" / "subscriptions.yml"
    try:
        return Subscriptions.model_validate(read_yaml(own) if own.is_file() else reference_yaml("subscriptions"))
    except ValidationError as error:
        first = error.errors()[0]
        raise RadarError(f"{own}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def notify(warehouse: Warehouse, stream: str, as_of: dt.date, report: Path | None) -> Notified:
    """Mail the hotspots of a day, one digest per subscriber who wants any of them.

    A message lies in the outbox as an `.eml` file; with a server configured it goes there once it was handed over, so that
    a rerun sends what is missing and nothing twice.

    Raises:
        RadarError: the server refuses or cannot be reached.
    """
    hotspots = [row for row in read_hotspots(warehouse, as_of) if row["stream"] == stream]
    messages = dict(_messages(warehouse.home, stream, as_of, hotspots, report))
    waiting = {path: message for path, message in messages.items() if not _delivered(path, message)}
    server = os.environ.get(SMTP_VARIABLE)
    if server is None:
        for path, message in waiting.items():
            _keep(path, message)
    elif waiting:
        with _connection(server) as connection:
            for path, message in waiting.items():
                connection.send_message(message)
                _keep(path, message)
    return Notified(sorted(messages), len(waiting) if server else 0)


def _messages(
    home: Home, stream: str, as_of: dt.date, hotspots: list[dict[str, Any]], report: Path | None
) -> Iterator[tuple[Path, EmailMessage]]:
    book = subscriptions(home)
    for subscription in book.subscriptions:
        wanted = [hotspot for hotspot in hotspots if hotspot["level"] in subscription.levels]
        if wanted and (not subscription.streams or stream in subscription.streams):
            recipient = Recipient(subscription.id, subscription.name, subscription.address)
            message = compose(
                book.sender, recipient, stream, streams()[stream].zh, as_of, wanted, str(report) if report else None
            )
            yield home.outbox / f"{as_of}-{stream}-{subscription.id}.eml", message


def _bytes(message: EmailMessage) -> bytes:
    return message.as_bytes(policy=policy.SMTP)


def _delivered(path: Path, message: EmailMessage) -> bool:
    return path.is_file() and path.read_bytes() == _bytes(message)


def _keep(path: Path, message: EmailMessage) -> None:
    path.write_bytes(_bytes(message))


@contextmanager
def _connection(server: str) -> Iterator[smtplib.SMTP]:
    """A connection to `smtp://`, `smtp+starttls://` or `smtps://[user:password@]host[:port]`."""
    url = urlsplit(server)
    try:
        port = url.port or DEFAULT_PORTS.get(url.scheme, 0)
    except ValueError:
        port = 0
    if not port or not url.hostname:
        raise RadarError(f"{SMTP_VARIABLE} is not of the form smtp://, smtp+starttls:// or smtps://[user:password@]host[:port]")
    # Neither mail nor password go to a server that no trusted authority vouches for.
    trusted = ssl.create_default_context()
    try:
        with _open(url.scheme, url.hostname, port, trusted) as connection:
            if url.scheme == "smtp+starttls":
                connection.starttls(context=trusted)
            if url.username:
                connection.login(unquote(url.username), unquote(url.password or ""))
            yield connection
    except (OSError, smtplib.SMTPException) as error:
        raise RadarError(f"mail server {url.hostname}: {type(error).__name__}: {error}") from error


def _open(scheme: str, host: str, port: int, trusted: ssl.SSLContext) -> smtplib.SMTP:
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=SMTP_SECONDS, context=trusted)
    return smtplib.SMTP(host, port, timeout=SMTP_SECONDS)
