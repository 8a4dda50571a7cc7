"""Which strings may be proposed for the lexicon at all: neither amounts nor dates nor people."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache

from pydantic import Field

from warehouse.files import reference_lines, reference_yaml
from warehouse.strict import Strict


class NewWordRules(Strict):
    """`new_words.yml`; see there for what each figure means."""

    version: int
    longest: int = Field(ge=2)
    texts: int = Field(ge=1)
    pmi: float
    entropy: float = Field(ge=0)
    growth: float = Field(ge=0)
    confidence: float = Field(gt=0, lt=1)
    covered: float = Field(gt=0, le=1)
    examples: int = Field(ge=1)
    shown: int = Field(ge=0)
    context: int = Field(ge=0, le=12)
    starts: list[str]
    ends: list[str]
    inner: str
    numerals: str
    measures: list[str]
    name_share: float = Field(gt=0, le=1)


@cache
def new_word_rules() -> NewWordRules:
    """The rules in force."""
    return NewWordRules.model_validate(reference_yaml("new_words"))


@cache
def stop_phrases() -> frozenset[str]:
    """Stop words of more than one character: they may be cut off a word, where single ones are parts of many."""
    return frozenset(word for word in reference_lines("stopwords") if len(word) > 1)


def is_amount(word: str) -> bool:
    """Whether a normalised string is a number, an amount, a date, or one with a character more: 3天内, 两个月, 降价6000."""
    return _amount().search(word) is not None


def is_person(word: str, places: Iterable[str] = (), known: Callable[[str], bool] = lambda _: True) -> bool:
    """Whether a normalised string names somebody, by itself or by where it stands.

    Rather a brand is kept out that reads like a name than a name let in: brands come with the merchants.

    Args:
        word: such as 王建国, 李经理, 任某.
        places: the word with what stands around it; decides of names whose characters are seldom those of names.
        known: whether a word is in a dictionary: 维修 before a title is, a given name is not.
    """
    people = _people()
    titled = people.titled.fullmatch(word)
    if titled and not known(titled["rest"]):
        return True
    if people.addressed.fullmatch(word) or people.usual.fullmatch(word):
        return word[:2] not in people.words
    if not people.possible.fullmatch(word):
        return False
    seen = list(places)
    told = sum(people.announced(word, place) for place in seen)
    return told > 0 and told >= new_word_rules().name_share * len(seen)


class _People:
    """The shapes of names, from `surnames.txt` and `personal_names.yml`."""

    def __init__(self) -> None:
        words = reference_yaml("personal_names")
        also_words = set(words["word_surnames"])
        listed = {*words["compound_surnames"], *"".join(reference_lines("surnames"))}
        surname, sure = _one_of(listed | also_words), _one_of(listed - also_words)
        usual, given = f"[{words['common_given'].replace(' ', '')}]", f"(?![{words['never_given']}])[一-鿿]"
        titles = {title for title in [*words["titles"], *words["courtesies"]] if len(title) > 1}
        short_titles = set(words["titles"]) - titles
        before = [word for kind in ("told", "called", "subject", "phrase") for word in words[kind]]
        self.words = frozenset(words["not_names"])
        self.usual = re.compile(f"{surname}{usual}{{2}}|{sure}{usual}|{surname}{usual}?[a-z]+")
        self.possible = re.compile(f"{surname}{given}{{1,2}}")
        self.addressed = re.compile(
            f"{surname}(?:{_one_of(titles)}|{_one_of(short_titles)})|{surname}{usual}+{_one_of(titles)}"
        )
        self.titled = re.compile(f"(?P<rest>[一-鿿]{{2,3}}){_one_of(titles)}")
        self._before = re.compile(f"{_one_of(before)}[是为系叫:]{{0,2}}$")
        self._behind = re.compile(_one_of(titles | short_titles))

    def announced(self, word: str, place: str) -> bool:
        """Whether the word is told of as a person at any place of it here."""
        return any(
            self._before.search(place[: at.start()]) or self._behind.match(place, at.end())
            for at in re.finditer(re.escape(word), place)
        )


@cache
def _people() -> _People:
    return _People()


@cache
def _amount() -> re.Pattern[str]:
    rules = new_word_rules()
    number, measures = f"(?:[0-9][0-9.+-]*+|[{rules.numerals}]++)", f"{_one_of(rules.measures)}++"
    only = rf"^(?:[0-9.+{rules.numerals}-]|{_one_of(rules.measures)})++$"
    ends_with_number = r"(?<![a-z0-9.+-])[0-9][0-9.+-]*$"
    return re.compile(rf"{only}|{ends_with_number}|^{number}{measures}.?$|{number}{measures}$")


def _one_of(words: Iterable[str]) -> str:
    return f"(?:{'|'.join(re.escape(word) for word in sorted(words, key=len, reverse=True))})"
