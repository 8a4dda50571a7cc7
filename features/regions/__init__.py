"""Where it happened: from a code, a name, an address or a text to a region code."""

from features.regions.chain import Resolution
from features.regions.mentions import find_region
from features.regions.resolve import resolve, resolve_region
from features.regions.spellings import Basis
from features.regions.table import UNKNOWN, Region, ancestors, region_name, regions

__all__ = [
    "UNKNOWN",
    "Basis",
    "Region",
    "Resolution",
    "ancestors",
    "find_region",
    "region_name",
    "regions",
    "resolve",
    "resolve_region",
]
