"""Precision, recall and speed of masking on labelled complaints, beside the patterns that one would write in an hour."""

from __future__ import annotations

import csv
import gzip
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from benchmarks.masking_cases import Case, Label, labelled_cases
from benchmarks.pairs import Comparison, compare
from features.masking import Finding, Kind, mask, personal_data
from simulator.drafting import Drafter
from simulator.rows import RowWriter
from simulator.scenario import preset
from simulator.seeds import stream

SEED = 20261124
CASES = 3000
TEXTS = 5000
REAL_TEXTS = 100_000
# Beside the checkout, where a machine has them: file and column by name.
REAL_DATA = Path(__file__).parents[2] / "shared" / "data"
REAL = {
    "reviews": ("shop_reviews/reviews.csv.gz", "review"),
    "messages": ("gov_messages_2020/messages.csv", "留言详情"),
    "replies": ("gov_messages_2020/messages_with_replies.csv", "答复意见"),
    "car complaints": ("auto12365_2024/complaints.csv", "投诉简述"),
}
ALL = "all"
# Longer numbers first, so that no shorter pattern bites a piece off them.
PLAIN = {
    Kind.EMAIL: re.compile(r"[\w.-]+@[\w-]+\.[\w.-]+", re.ASCII),
    Kind.CITIZEN_NUMBER: re.compile(r"\d{17}[\dXx]"),
    Kind.VIN: re.compile(r"[A-HJ-NPR-Z0-9]{17}"),
    Kind.BANK_CARD: re.compile(r"\d{16,19}"),
    Kind.MOBILE: re.compile(r"1[3-9]\d{9}"),
    Kind.LANDLINE: re.compile(r"0\d{2,3}-?\d{7,8}"),
    Kind.PLATE: re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][A-Z0-9]{5,6}"),
    Kind.CHAT_ID: re.compile(r"(?:微信|QQ)号?[:：]?[\w-]{5,20}", re.ASCII),
    Kind.ADDRESS: re.compile(r"\d+(?:号楼|栋|幢)(?:\d+单元)?(?:\d+室?)?"),
    Kind.NAME: re.compile(r"(?:姓名|联系人|投诉人|本人)[:：]?[一-鿿]{2,3}"),
}


class Score(NamedTuple):
    """Of one kind: labels, those masked from end to end, findings, and those that cover a part of any label."""

    labelled: int
    masked: int
    found: int
    right: int

    @property
    def recall(self) -> float:
        """Share of the labels that are masked; nan without any."""
        return self.masked / self.labelled if self.labelled else math.nan

    @property
    def precision(self) -> float:
        """Share of the findings that are right; nan without any."""
        return self.right / self.found if self.found else math.nan


Finder = Callable[[str], list[Finding]]


def scores(cases: Iterable[Case], find: Finder = personal_data) -> dict[str, Score]:
    """Scores by kind, and of all kinds under `all`; a label may be covered by findings of another kind."""
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in (*Kind, ALL)}
    for case in cases:
        findings = find(case.text)
        for label in case.labels:
            for kind in (label.kind, ALL):
                counts[kind].update(labelled=1, masked=is_covered(label, findings))
        for finding in findings:
            for kind in (finding.kind, ALL):
                counts[kind].update(found=1, right=any(overlap(finding, label) for label in case.labels))
    return {kind: Score(*(count[name] for name in Score._fields)) for kind, count in counts.items()}


def is_covered(label: Label, findings: Iterable[Finding]) -> bool:
    """Whether findings cover all characters of a label."""
    covered = {place for finding in findings for place in range(finding.start, finding.end)}
    return covered.issuperset(range(label.start, label.end))


def overlap(finding: Finding, label: Label) -> int:
    """How many characters of a label a finding covers."""
    return max(0, min(finding.end, label.end) - max(finding.start, label.start))


def real_texts(name: str) -> Iterator[str]:
    """Texts of real people, of a key of `REAL`.

    Raises:
        FileNotFoundError: they are not on this machine.
    """
    file_name, column = REAL[name]
    path = REAL_DATA / file_name
    with gzip.open(path, "rt", encoding="utf-8-sig") if path.suffix == ".gz" else path.open(encoding="utf-8-sig") as file:
        yield from (row[column] for row in csv.DictReader(file) if row[column])


def plain_findings(text: str) -> list[Finding]:
    """What the plain patterns find, each on its own."""
    return [Finding(kind, *match.span()) for kind, pattern in PLAIN.items() for match in pattern.finditer(text)]


def plain_mask(text: str) -> str:
    """The text through one plain substitution after the other."""
    for pattern in PLAIN.values():
        text = pattern.sub("***", text)
    return text


def run() -> Comparison:
    """Scores on labelled complaints, counts on real ones, and generated complaints through both maskers."""
    cases = labelled_cases(SEED, CASES)
    plain = scores(cases, plain_findings)
    print(f"masking: {'kind':16}{'labelled':>9}{'recall':>8}{'precision':>11}{'plain recall':>14}{'plain precision':>17}")
    for kind, score in scores(cases).items():
        ours, other = (
            f"{score.recall:>8.1%}{score.precision:>11.1%}",
            f"{plain[kind].recall:>14.1%}{plain[kind].precision:>17.1%}",
        )
        print(f"masking: {kind:16}{score.labelled:>9}{ours}{other}")
    for name in REAL if REAL_DATA.is_dir() else ():
        texts = list(islice(real_texts(name), REAL_TEXTS))
        found = Counter(finding.kind for text in texts for finding in personal_data(text))
        print(f"masking: in {len(texts):,} {name}: {', '.join(f'{kind} {count}' for kind, count in found.most_common())}")
    drafter = Drafter(1, preset("national-year", scale=0.05))
    complaints = RowWriter(drafter).rows(stream(1, "texts"), drafter.draft(0))["具体问题"].to_pylist()[:TEXTS]
    masked = sum(mask(text) != text for text in complaints) / len(complaints)
    length = sum(map(len, complaints)) / len(complaints)
    print(f"masking: complaints of {length:.0f} characters, {masked:.0%} of them with something to mask")
    return compare(
        "masking, texts, against plain patterns",
        len(complaints),
        lambda: [mask(text) for text in complaints],
        lambda: [plain_mask(text) for text in complaints],
    )
