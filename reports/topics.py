"""What a slice of complaints is about (投诉话题), as one self-contained HTML page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from reports.templating import environment, style_sheet
from reports.wording import count
from warehouse.contracts import contract_of

PROFILE = "silver.complaint_profiles"


@dataclass(frozen=True)
class TermRow:
    """A word that sets the slice apart.

    Attributes:
        term: the word.
        used: distinct texts of the slice that use it.
        elsewhere: distinct texts of the comparison that do.
        used_share: share of the slice's distinct texts.
        elsewhere_share: share of the comparison's.
        z_score: log-odds ratio over its standard error.
    """

    term: str
    used: int
    elsewhere: int
    used_share: float
    elsewhere_share: float
    z_score: float


@dataclass(frozen=True)
class Compared:
    """The slice beside other complaints.

    Attributes:
        complaints: complaints that it is compared with.
        texts: distinct texts among them.
        terms: words that the slice uses clearly more, the most telling first.
    """

    complaints: int
    texts: int
    terms: list[TermRow]


@dataclass(frozen=True)
class Named:
    """A merchant or place and its complaints."""

    name: str
    complaints: int


@dataclass(frozen=True)
class Passage:
    """The passage of a typical complaint that says most about the topic."""

    complaint_id: str
    sentence: str


@dataclass(frozen=True)
class Topic:
    """Complaints about one matter.

    Attributes:
        label: its name; empty where no word sets it apart.
        terms: the words of the label.
        complaints: how many complaints it has.
        voices: how many of them are worded independently.
        cohesion: mean similarity of two of them, 0 to 1.
        first_day: day of the first complaint within the days looked at.
        last_day: day of the last.
        merchants: respondents named most.
        places: cities or provinces named most.
        typical: passages of the most central complaints, the most central first.
        complaint_ids: all of them, the newest first.
    """

    label: str
    terms: list[str]
    complaints: int
    voices: int
    cohesion: float
    first_day: dt.date
    last_day: dt.date
    merchants: list[Named]
    places: list[Named]
    typical: list[Passage]
    complaint_ids: list[str]


@dataclass(frozen=True)
class TopicFigures:
    """All that the page shows.

    Attributes:
        subject: the slice by name.
        conditions: its conditions, columns of `silver.complaint_profiles` to values; any value of a column will do.
        stream: the stream.
        stream_zh: its Chinese name.
        first_day: first day looked at.
        last_day: last one.
        baseline_days: days before them that are compared with; none where 0.
        complaints: complaints of the slice.
        read: how many of these were read, the most recent ones; the words and topics are of these.
        texts: distinct texts among those read.
        new: the slice beside itself in the days before; None where it had no complaints then.
        apart: the slice beside the other complaints of the same days; None where there are none.
        topics: the largest topics.
        topics_found: how many there are in all.
        without_topic: complaints read that belong to none.
        versions: what the answer depends on, by name.
    """

    subject: str
    conditions: dict[str, list[str]]
    stream: str
    stream_zh: str
    first_day: dt.date
    last_day: dt.date
    baseline_days: int
    complaints: int
    read: int
    texts: int
    new: Compared | None
    apart: Compared | None
    topics: list[Topic]
    topics_found: int
    without_topic: int
    versions: dict[str, str]

    @property
    def is_capped(self) -> bool:
        """Whether there are more complaints than were read."""
        return self.read < self.complaints


def render_topics(figures: TopicFigures, **measures: Any) -> str:
    """The page; the same figures give the same text, byte for byte.

    Args:
        figures: what it shows.
        measures: `least` (complaints of a topic), `minimum` (texts that use a term) and `score` (its z-score), as they hold.
    """
    named = {column.name: column.zh for column in contract_of(PROFILE).columns}
    conditions = {named[column]: values for column, values in figures.conditions.items()}
    return (
        environment()
        .get_template("topics.html.j2")
        .render(f=figures, conditions=conditions, style=Markup(style_sheet()), sentences=summary(figures), **measures)
    )


def summary(figures: TopicFigures) -> list[str]:
    """What the slice is about, in a few sentences."""
    said = [f"共{count(figures.complaints)}投诉举报，不同文本{figures.texts}篇。"]
    if figures.is_capped:
        said[0] = (
            f"共{count(figures.complaints)}投诉举报，以下只分析其中最近的{count(figures.read)}（不同文本{figures.texts}篇）。"
        )
    if figures.topics:
        largest = figures.topics[0]
        inside = figures.read - figures.without_topic
        said.append(
            f"归并出话题{figures.topics_found}个，涵盖{count(inside)}；"
            f"最大的是“{largest.label or '未命名'}”（{count(largest.complaints)}）。"
        )
    else:
        said.append("没有归并出话题。")
    if figures.new and figures.new.terms:
        said.append(f"与此前{figures.baseline_days}日相比，新出现或明显增多的是{_words(figures.new)}。")
    if figures.apart and figures.apart.terms:
        said.append(f"与同期其他投诉相比，突出的是{_words(figures.apart)}。")
    return said


def _words(compared: Compared, most: int = 5) -> str:
    return "、".join(f"“{row.term}”" for row in compared.terms[:most])
