"""The reviewed words that severity is judged by, as a typed record."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from warehouse.files import reference_yaml
from warehouse.strict import Strict

SEVERE = 3
Level = Annotated[int, Field(ge=0, le=4)]
Share = Annotated[float, Field(ge=0, le=1)]
Basis = Literal["field", "lexicon", "none"]


def _patterns(value: object) -> object:
    return tuple(value.split()) if isinstance(value, str) else value


Patterns = Annotated[tuple[str, ...], BeforeValidator(_patterns)]


class Guard(Strict):
    """What takes a harm back, or makes it a mere danger; see `severity.yml`."""

    effect: Literal["void", "risk"]
    next_to: Patterns = ()
    reaching: Patterns = ()
    carried: Patterns = ()
    after: Patterns = ()
    followed: Patterns = ()
    breakers: Patterns = ()
    unless_before: Patterns = ()
    unless_after: Patterns = ()


class Setting(Strict):
    """Surroundings that change what some terms weigh; see `severity.yml`."""

    what: str
    terms: frozenset[str]
    near: str
    unless: str
    within: Literal["clause", "sentence"] = "sentence"
    level: Level


class Fields(Strict):
    """Levels by the register's own figures: from how many people on; see `severity.yml`."""

    dead: dict[int, Level]
    injured: dict[int, Level]
    fire: Level


class SeverityWords(Strict):
    """`severity.yml`; see there for what each entry means."""

    version: int
    gap: Annotated[int, Field(ge=0, le=20)]
    particles: Patterns
    levels: dict[Level, list[str]]
    harms: frozenset[str]
    wordings: dict[str, Patterns]
    homonyms: list[str]
    lookalikes: Patterns
    fillers: Patterns
    joiners: Patterns
    breakers: Patterns
    modal: Patterns
    guards: dict[str, Guard]
    risk: dict[Level, Level]
    settings: list[Setting]
    vulnerable: Patterns
    not_vulnerable: Patterns
    vulnerable_lifts: Annotated[int, Field(ge=0)]
    speaker: Patterns
    several: dict[int, Patterns]
    fields: Fields
    urgent: dict[str, dict[str, Patterns]]
    priorities: dict[Level, str]
    confidence: dict[Basis, dict[Level, Share]]

    @model_validator(mode="after")
    def _only_known_terms(self) -> SeverityWords:
        known = self.by_term()
        named = [*self.wordings, *self.harms, *(term for setting in self.settings for term in setting.terms)]
        if unknown := sorted(set(named) - set(known)):
            raise ValueError(f"no level has {', '.join(unknown)}")
        return self

    def by_term(self) -> dict[str, int]:
        """The level of each term."""
        return {term: level for level, terms in self.levels.items() for term in terms}


@cache
def words() -> SeverityWords:
    """The words in force."""
    return SeverityWords.model_validate(reference_yaml("severity"))
