"""Complaints and judges that are easy to foretell, for tests of what judges."""

import datetime as dt
from dataclasses import dataclass

from features.judging import Judges, judge_all
from features.lexicon import shipped_lexicon
from features.profiles import READS
from features.trees import Guess

DAY = dt.date(2026, 5, 6)


@dataclass(frozen=True)
class Lengths:
    """Fingerprints that are easy to foretell: the length of a text, if it has any."""

    version: str = "lengths"

    def of(self, texts):
        return [[len(text)] if text else [] for text in texts]


@dataclass(frozen=True)
class Always:
    """A classifier that always says the same, and remembers nothing."""

    node: str
    probability: float
    certain: bool = True
    version: str = "always"

    def guesses(self, words, texts):
        assert len(words) == len(texts)
        return [Guess(self.node, self.probability, self.certain) for _ in texts]


JUDGES = Judges(shipped_lexicon(), Lengths())


def complaint(**told):
    """A complaint of which nothing is known but what is told."""
    assert told.keys() <= set(READS), told
    known = {"source": "s", "complaint_id": "1", "kind": "投诉", "event_date": DAY}
    return dict.fromkeys(READS) | known | told


def judged(judges=JUDGES, **told):
    (profile,) = judge_all([complaint(**told)], judges)
    return profile
