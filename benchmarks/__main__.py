"""All benchmarks, one line each or more; `python -m benchmarks.loading` and `python -m benchmarks.enrichment` take longer."""

from benchmarks import (
    classification,
    extraction,
    masking,
    merchants,
    near_duplicates,
    regions,
    segmentation,
    severity,
    simulation,
)
from benchmarks.detection import speed as detection_speed

ALL = (
    segmentation,
    severity,
    extraction,
    classification,
    near_duplicates,
    detection_speed,
    simulation,
    regions,
    merchants,
    masking,
)

# Benchmarks that start processes import this module anew in each.
if __name__ == "__main__":
    for benchmark in ALL:
        print(benchmark.run())
