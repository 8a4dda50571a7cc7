"""How many facts are found, and rightly, in sentences whose facts are known; and how quickly."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.pairs import Comparison, compare
from features.extraction import Facts, extract
from features.extraction.names import brand_spellings
from features.extraction.words import request_words, words
from warehouse.files import read_yaml

CASES = Path(__file__).with_name("extraction_cases.yml")
TOLD = "2026-11-25"
# Every so manieth case is for developing, the others are for testing.
DEVELOPING = 3
# Times that all sentences are read for the speed.
REPEATS = 5
FIELDS = (
    "amounts",
    "dates",
    "events",
    "requests",
    "platforms",
    "brands",
    "series",
    "models",
    "merchants",
    "defects",
    "injured",
)
# A case that is silent about them says nothing of them.
JUDGED_WHERE_GIVEN = frozenset({"events"})


@dataclass
class Score:
    """Facts told, found, and both."""

    told: int = 0
    found: int = 0
    right: int = 0

    def add(self, told: list[str], found: list[str]) -> None:
        """Count one sentence; a fact that is told twice must be found twice."""
        self.told += len(told)
        self.found += len(found)
        self.right += (Counter(told) & Counter(found)).total()

    @property
    def precision(self) -> float:
        """Share of the found facts that are told."""
        return self.right / max(self.found, 1)

    @property
    def recall(self) -> float:
        """Share of the told facts that are found."""
        return self.right / max(self.told, 1)


def cases() -> list[dict[str, Any]]:
    """The sentences with what they tell."""
    found: list[dict[str, Any]] = read_yaml(CASES)
    return found


def found_in(facts: Facts) -> dict[str, list[str]]:
    """The facts as the cases write them."""
    return {
        "amounts": [f"{amount.value.normalize():f} {amount.role}" for amount in facts.amounts],
        "dates": [f"{mention.date}"[: 10 if mention.precision == "day" else 7] for mention in facts.dates],
        "events": [event.kind for event in facts.events],
        "injured": [] if facts.injured is None else [str(facts.injured)],
        **{name: list(getattr(facts, name)) for name in ("requests", "platforms", "brands", "series", "models")},
        **{name: list(getattr(facts, name)) for name in ("merchants", "defects")},
    }


def scores(share: list[dict[str, Any]]) -> dict[str, Score]:
    """The score of each field over some cases."""
    found = {name: Score() for name in FIELDS}
    for case in share:
        facts = found_in(extract(case["text"], dt.date.fromisoformat(case.get("told", TOLD))))
        for name, told in _told(case):
            found[name].add(told, facts[name])
    return found


def shares() -> dict[str, list[dict[str, Any]]]:
    """The cases for developing and those for testing."""
    everything = cases()
    return {
        "developing": everything[::DEVELOPING],
        "testing": [case for place, case in enumerate(everything) if place % DEVELOPING],
    }


def run() -> Comparison:
    """Print precision and recall of each field; time one pass over the text against a look for every word."""
    for name, share in shares().items():
        for field, score in scores(share).items():
            print(
                f"extraction, {name}, {field}: precision {score.precision:.1%}, recall {score.recall:.1%} "
                f"({score.told} told, {score.found} found, {len(share)} sentences)"
            )
    told = dt.date.fromisoformat(TOLD)
    texts = [case["text"] for case in cases()] * REPEATS
    listed = [*brand_spellings(), *words().defects.parts, *words().defects.faults]
    listed += [act for acts in request_words().requests.values() for act in acts]
    return compare(
        "extraction, all facts against a look for every listed brand, part, fault and request",
        len(texts),
        lambda: [extract(text, told) for text in texts],
        lambda: [[word for word in listed if word in text] for text in texts],
    )


def _told(case: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    for name in FIELDS:
        if name in case or name not in JUDGED_WHERE_GIVEN:
            told = case.get(name, [])
            yield name, [str(fact) for fact in (told if isinstance(told, list) else [told])]
