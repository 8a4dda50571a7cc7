"""The reviewed rules by which duplicates are found and weighed and filers are flagged, as a typed record."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from pydantic import Field

from warehouse.files import reference_yaml
from warehouse.strict import Sentence, Strict

Positive = Annotated[int, Field(ge=1)]


class Serial(Strict):
    """Filings of one complainant that count whole."""

    days: Positive
    filings: Positive


class FlagRule(Strict):
    """A flag: days looked back over, the least number flagged, and its reason."""

    days: Positive
    least: Annotated[int, Field(ge=2)]
    zh: Sentence


class FlagRules(Strict):
    """The flags there are."""

    frequency: FlagRule
    same_respondent: FlagRule
    same_matter: FlagRule
    same_text: FlagRule
    shared_phone: FlagRule
    shared_address: FlagRule


class DuplicateRules(Strict):
    """`duplicates.yml`; see there for what each figure means."""

    version: int
    permutations: Positive
    shingle: Positive
    band_rows: Positive
    alike_keys: Positive
    days: Positive
    serial: Serial
    flags: FlagRules

    @property
    def lookback_days(self) -> int:
        """Days before a complaint that anything is asked of."""
        flags: list[FlagRule] = [getattr(self.flags, name) for name in FlagRules.model_fields]
        return max([self.days, self.serial.days, *(rule.days for rule in flags)])


@cache
def duplicate_rules() -> DuplicateRules:
    """The rules in force."""
    return DuplicateRules.model_validate(reference_yaml("duplicates"))
