"""Alert mails: one digest per person and day, as a message that any mail program opens."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any
from zoneinfo import ZoneInfo

from reports.drawing import LEVEL_COLOURS
from reports.templating import environment
from reports.wording import LEVELS_ZH

SHANGHAI = ZoneInfo("Asia/Shanghai")
# Mails are dated by the business date, not by the clock, so that a rerun makes the same message.
SENT_AT = dt.time(18, 0, tzinfo=SHANGHAI)


@dataclass(frozen=True)
class Recipient:
    """Who gets the digest."""

    id: str
    name: str
    address: str


def compose(
    sender: str,
    recipient: Recipient,
    stream: str,
    stream_zh: str,
    as_of: dt.date,
    hotspots: Sequence[dict[str, Any]],
    report: str | None,
) -> EmailMessage:
    """A digest of hotspots; the same news makes the same message, byte for byte.

    Args:
        sender: `Name <address>`.
        recipient: who gets it.
        stream: stream the hotspots are of.
        stream_zh: its Chinese name.
        as_of: business date.
        hotspots: rows of `gold.hotspots`, strongest first.
        report: where the weekly report lies.
    """
    counts = "".join(f"{zh}{n}" for level, zh in LEVELS_ZH.items() if (n := sum(h["level"] == level for h in hotspots)))
    title = f"投诉雷达 {as_of} {stream_zh}热点预警{len(hotspots)}条（{counts}）"
    values = {"title": title, "hotspots": hotspots, "report": report, "colours": LEVEL_COLOURS}
    text = environment().get_template("mail.txt.j2").render(values)
    html = environment().get_template("mail.html.j2").render(values)
    identity = hashlib.sha256(f"{recipient.id}|{stream}|{as_of}|{text}".encode()).hexdigest()[:32]
    message = EmailMessage()
    # Header texts come from reviewed files and dates only; the address classes refuse line breaks all the same.
    message["From"] = _address(sender)
    message["To"] = Address(recipient.name, addr_spec=recipient.address)
    message["Subject"] = title
    message["Date"] = format_datetime(dt.datetime.combine(as_of, SENT_AT))
    message["Message-ID"] = f"<{identity}@complaint-radar>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    message.set_boundary(f"=_{identity}")
    return message


def _address(text: str) -> Address:
    name, address = parseaddr(text)
    return Address(name, addr_spec=address)
