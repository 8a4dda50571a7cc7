"""One detector per file: from counts in memory to signals. Which there are, and what each finds as of a day."""

from jobs.detectors.cluster import ClusterDetector
from jobs.detectors.counts import CountsDetector
from jobs.detectors.drift import DriftDetector
from jobs.detectors.measures import Measures
from jobs.detectors.severe import SevereDetector
from jobs.detectors.share import ShareDetector
from jobs.detectors.signals import Detects, Signal
from jobs.detectors.term import TermDetector

__all__ = ["Detects", "Measures", "Signal", "all_detectors"]


def all_detectors(measures: Measures) -> list[Detects]:
    """Every detector; what serves for many days is prepared once."""
    return [
        CountsDetector(),
        DriftDetector(measures),
        ShareDetector(measures),
        ClusterDetector(measures),
        TermDetector(measures),
        SevereDetector(measures),
    ]
