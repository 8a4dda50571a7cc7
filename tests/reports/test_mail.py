"""Alert mails: the same news makes the same bytes, and no text of a complaint becomes header or markup."""

import datetime as dt
from email import message_from_bytes, policy

import html5lib
import pytest

from reports.mail import Recipient, compose

AS_OF = dt.date(2026, 3, 16)
HOSTILE = "云杉\r\nBcc: everyone@example.com\r\n\r\n<script>alert(1)</script>"


def hotspot(**changes):
    figures = {
        "id": "0123456789ab",
        "level": "red",
        "status": "new",
        "subject": "杭州市 热水器",
        "reason": "近7日30件，预期5.0件。",
        "window_start": dt.date(2026, 3, 10),
        "last_date": AS_OF,
        "rule": "VOL-4",
        "observed": 30,
        "expected": 5.04,
        "ratio": 5.95,
    }
    return {**figures, **changes}


def mail(*hotspots, recipient=None, as_of=AS_OF, report="/reports/2026-W12.html", stream_zh="12315投诉举报"):
    recipient = recipient or Recipient("duty", "值班员", "duty@example.com")
    sender = "投诉雷达 <radar@example.com>"
    return compose(sender, recipient, "hotline_12315", stream_zh, as_of, hotspots or [hotspot()], report)


def received(message):
    """The message as a mail program reads it."""
    return message_from_bytes(message.as_bytes(policy=policy.SMTP), policy=policy.default)


def html_of(message):
    return received(message).get_body(("html",)).get_content()


def text_of(message):
    return received(message).get_body(("plain",)).get_content()


def test_the_message_says_who_what_and_when():
    got = received(mail(hotspot(), hotspot(level="blue"), hotspot(level="blue")))
    assert got["From"] == "投诉雷达 <radar@example.com>"
    assert got["To"].addresses[0].addr_spec == "duty@example.com"
    assert got["To"].addresses[0].display_name == "值班员"
    assert got["Subject"] == "投诉雷达 2026-03-16 12315投诉举报热点预警3条（红1蓝2）"
    assert got["Date"].datetime == dt.datetime(2026, 3, 16, 18, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    assert got["Auto-Submitted"] == "auto-generated"
    assert got.get_content_type() == "multipart/alternative"


def test_both_parts_say_the_same_news():
    message = mail(hotspot(ratio=250.0))
    for part in (text_of(message), html_of(message)):
        for said in ("杭州市 热水器", "新增", "近7日30件，预期5.0件。", "0123456789ab", "VOL-4", "2026-03-10", "2026-W12.html"):
            assert said in part
    assert "&gt;100" in html_of(message)


def test_without_a_report_none_is_named():
    assert "周报" not in text_of(mail(report=None))
    assert "周报" not in html_of(mail(report=None))


def test_the_same_news_makes_the_same_bytes():
    assert mail().as_bytes(policy=policy.SMTP) == mail().as_bytes(policy=policy.SMTP)


def test_the_message_id_tells_news_people_and_days_apart():
    ids = [
        mail()["Message-ID"],
        mail(hotspot(observed=31, reason="近7日31件。"))["Message-ID"],
        mail(as_of=AS_OF + dt.timedelta(days=1))["Message-ID"],
        mail(recipient=Recipient("head", "值班员", "duty@example.com"))["Message-ID"],
    ]
    assert len(set(ids)) == 4
    assert mail()["Message-ID"] == ids[0]
    assert ids[0].startswith("<")
    assert ids[0].endswith("@complaint-radar>")


def test_the_bytes_have_smtp_line_ends_and_lengths():
    content = mail(hotspot(reason="很长的理由" * 1000)).as_bytes(policy=policy.SMTP)
    lines = content.split(b"\r\n")
    assert all(b"\n" not in line and b"\r" not in line for line in lines)
    assert max(map(len, lines)) <= 998


@pytest.mark.parametrize("field", ["subject", "reason", "rule", "id"])
def test_hostile_texts_become_neither_header_nor_part_nor_markup(field):
    clean, message = received(mail()), mail(hotspot(**{field: HOSTILE}))
    got = received(message)
    assert got.keys() == clean.keys()
    assert "Bcc" not in got
    assert [part.get_content_type() for part in got.walk()] == [part.get_content_type() for part in clean.walk()]
    page = html5lib.parse(html_of(message), namespaceHTMLElements=False)
    assert page.findall(".//script") == []
    assert "<script>alert(1)</script>" in "".join(page.itertext())


def test_a_boundary_in_a_text_does_not_split_the_message():
    boundary = mail()["Content-Type"].params["boundary"]
    got = received(mail(hotspot(reason=f"\r\n--{boundary}--\r\n--{boundary}\r\nContent-Type: text/html\r\n\r\n<b>x</b>")))
    assert [part.get_content_type() for part in got.walk()] == ["multipart/alternative", "text/plain", "text/html"]


@pytest.mark.parametrize(
    "changes",
    [
        {"stream_zh": "12315\r\nBcc: everyone@example.com"},
        {"recipient": Recipient("x", "值班员\r\nBcc: everyone@example.com", "duty@example.com")},
        {"recipient": Recipient("x", "值班员", "duty@example.com\r\nBcc: everyone@example.com")},
    ],
)
def test_line_breaks_in_header_texts_are_refused(changes):
    with pytest.raises(ValueError, match=r"(?i)linefeed|CR|LF|invalid|newline|parse"):
        mail(**changes)


def test_html_is_valid():
    html5lib.HTMLParser(strict=True).parse(html_of(mail(hotspot(subject=HOSTILE))))
