"""Facts that a complaint tells: sums, days, events, requests, names, defects, the injured."""

from features.extraction.amounts import Amount
from features.extraction.dates import DateMention
from features.extraction.events import Event
from features.extraction.facts import Facts, extract, extraction_version

__all__ = ["Amount", "DateMention", "Event", "Facts", "extract", "extraction_version"]
