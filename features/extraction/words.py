"""The reviewed words that facts are found by, as typed records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache
from typing import Annotated

from pydantic import Field

from features.merchants.words import one_of
from warehouse.files import reference_version, reference_yaml
from warehouse.strict import Strict

FILES = ("extraction", "requests", "platforms", "brands")
Count = Annotated[int, Field(ge=0)]
MonthDay = Annotated[str, Field(pattern=r"^\d\d-\d\d$")]


class SlotWords(Strict):
    """Headings by field; see `extraction.yml`."""

    merchant: list[str]
    paid: list[str]
    requests: list[str]
    other: list[str]


class AmountWords(Strict):
    """See `extraction.yml`."""

    cues: list[str]
    cue_fillers: list[str]
    measures: str
    pieces: list[str]
    not_yuan: list[str]
    vague: list[str]
    roles: dict[str, list[str]]
    unit_behind: list[str]
    demands: list[str]
    consequences: list[str]
    money: list[str]
    distances: list[str]
    least_bare: Count
    reach: Count
    cue_reach: Count
    most: Annotated[int, Field(ge=1)]


class DateWords(Strict):
    """See `extraction.yml`."""

    years_ahead: list[str]
    month_spans: list[str]
    days_back: dict[str, Count]
    years_back: dict[str, Count]
    months_back: dict[str, Count]
    same_month: list[str]
    weeks_back: dict[str, Count]
    after_day: list[str]
    spans: list[str]
    planned: list[str]
    planned_reach: Count
    codes: list[str]
    not_before: list[str]
    feasts: dict[str, MonthDay]
    signed_feasts: frozenset[str]
    feast_signs: list[str]
    moving_feasts: dict[str, list[dt.date]]
    year_ends: dict[str, Annotated[int, Field(ge=1, le=12)]]
    most_years_back: Count
    earliest_year: int


class EventWords(Strict):
    """See `extraction.yml`."""

    kinds: dict[str, list[str]]
    guards: list[str]
    guard_window: Count
    wishes: list[str]
    wish_window: Count
    longest_clause: Annotated[int, Field(le=40)]


class DefectWords(Strict):
    """See `extraction.yml`."""

    parts: list[str]
    faults: list[str]
    weak: frozenset[str]
    reach: Count
    fillers: list[str]
    guards: list[str]
    guard_window: Count
    homonyms: list[str]
    longest: Count


class MerchantWords(Strict):
    """See `extraction.yml`."""

    ends: list[str]
    trades: list[str]
    leads: list[str]
    deals: list[str]
    not_behind: list[str]
    bounds: list[str]
    joints: list[str]
    introduced: list[str]
    kept: list[str]
    strong_ends: frozenset[str]
    weak_ends: frozenset[str]
    weak_longest: Count
    never: list[str]
    generic: frozenset[str]
    generic_starts: list[str]
    sizes: list[str]
    longest: Count
    shortest: Count
    most: Annotated[int, Field(ge=1)]


class InjuredWords(Strict):
    """See `extraction.yml`."""

    harm: list[str]
    weak: frozenset[str]
    persons: list[str]
    denials: list[str]
    guards: list[str]
    supposed: list[str]
    reach: Count
    behind: Count
    guard_window: Count
    several: list[str]
    animals: list[str]
    counters: list[str]
    most: Count


class ModelWords(Strict):
    """See `extraction.yml`."""

    goods: list[str]
    lines: list[str]
    trims: list[str]
    units: list[str]
    quantities: list[str]
    everyday: list[str]
    reach: Count
    purchase_reach: Count
    label_reach: Count


class ExtractionWords(Strict):
    """`extraction.yml`; see there for what each entry means."""

    version: int
    slots: SlotWords
    amounts: AmountWords
    dates: DateWords
    events: EventWords
    defects: DefectWords
    merchants: MerchantWords
    injured: InjuredWords
    models: ModelWords


class RequestWords(Strict):
    """`requests.yml`; see there for what each entry means."""

    version: int
    requests: dict[str, list[str]]
    homonyms: list[str]
    cues: list[str]
    sentence_cues: frozenset[str]
    onward: list[str]
    others: list[str]
    between_others: list[str]
    guards: list[str]
    guard_window: Count


class PlatformWords(Strict):
    """`platforms.yml`; see there for what each entry means."""

    version: int
    also: dict[str, list[str]]
    others: dict[str, list[str]]
    common: frozenset[str]
    around: list[str]
    reach: Count
    homonyms: list[str]


class Brand(Strict):
    """A brand of `brands.yml`; see there for the notation."""

    also: list[str] = []
    common: bool = False
    alone: bool = True
    series: list[str] = []
    codes: list[str] = []


class BrandClass(Strict):
    """Brands of one class of goods, and words that speak of such goods."""

    context: list[str]
    brands: dict[str, Brand]


class BrandWords(Strict):
    """`brands.yml`; see there for what each entry means."""

    version: int
    reach: Count
    shortest_code: Count
    model_year: str
    not_codes: list[str]
    homonyms: list[str]
    classes: dict[str, BrandClass]


@cache
def words() -> ExtractionWords:
    """The words in force."""
    return ExtractionWords.model_validate(reference_yaml("extraction"))


@cache
def request_words() -> RequestWords:
    """The words for requests in force."""
    return RequestWords.model_validate(reference_yaml("requests"))


@cache
def platform_words() -> PlatformWords:
    """The words for platforms in force."""
    return PlatformWords.model_validate(reference_yaml("platforms"))


@cache
def brand_words() -> BrandWords:
    """The brands in force."""
    return BrandWords.model_validate(reference_yaml("brands"))


def words_version() -> str:
    """Changes whenever a file does that facts are found by."""
    return reference_version(*(f"{name}.yml" for name in (*FILES, "merchants")))


def lowered(options: Iterable[str]) -> str:
    """A pattern that matches any of the options in lower case, the longest first."""
    return one_of(option.lower() for option in options)
