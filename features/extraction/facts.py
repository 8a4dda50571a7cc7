"""What one complaint tells, as a record."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from features.extraction.amounts import Amount, find_amounts
from features.extraction.brands import find_brands, names_in_order
from features.extraction.dates import DateMention, find_dates
from features.extraction.defects import find_defects
from features.extraction.events import Event, find_events
from features.extraction.injuries import find_injured
from features.extraction.merchants import find_merchants
from features.extraction.model_numbers import find_models
from features.extraction.platforms import find_platforms
from features.extraction.reading import read
from features.extraction.requests import find_requests
from features.extraction.words import words_version


@dataclass(frozen=True)
class Facts:
    """What a complaint tells. Empty where it tells nothing of the kind; in order of the text, but `events` in order of time.

    Attributes:
        amounts: sums in yuan with their roles.
        amount: the sum most likely in dispute, in yuan; None where none is told. See `find_amounts`.
        dates: days and months, none after the registration.
        events: what happened.
        requests: what is asked for, by the names of the statutory form.
        platforms: canonical names.
        brands: canonical names, also those that a series implies.
        series: series of cars; with the brand where their own name says too little.
        models: models as the text spells them.
        merchants: respondents as the text spells them.
        defects: part and fault, in the text's words.
        injured: number of injured people; 0 where denied, None where nothing is told.
    """

    amounts: tuple[Amount, ...]
    amount: Decimal | None
    dates: tuple[DateMention, ...]
    events: tuple[Event, ...]
    requests: tuple[str, ...]
    platforms: tuple[str, ...]
    brands: tuple[str, ...]
    series: tuple[str, ...]
    models: tuple[str, ...]
    merchants: tuple[str, ...]
    defects: tuple[str, ...]
    injured: int | None


def extract(text: str, told: dt.date) -> Facts:
    """The facts that a complaint's text tells.

    Args:
        text: the text as it was registered, masked or not.
        told: day of registration; relative days are told from it, and no date lies after it.
    """
    reading = read(text)
    amounts = find_amounts(reading)
    dates = find_dates(reading, told)
    brands = find_brands(reading)
    defects = find_defects(reading)
    injured = find_injured(reading)
    return Facts(
        amounts=amounts.told,
        amount=amounts.disputed,
        dates=dates,
        events=find_events(reading, dates, defects, injured),
        requests=find_requests(reading),
        platforms=find_platforms(reading),
        brands=names_in_order(brands.brands),
        series=names_in_order(brands.series),
        models=find_models(reading, brands),
        merchants=find_merchants(reading),
        defects=tuple(dict.fromkeys(defect.phrase for defect in defects)),
        injured=injured,
    )


def extraction_version() -> str:
    """Changes whenever a file does that facts are found by."""
    return words_version()
