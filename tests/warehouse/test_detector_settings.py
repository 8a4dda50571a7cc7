"""What the detectors look at, as the reviewed file says it."""

from __future__ import annotations

import copy

import pytest
from pydantic import ValidationError

from warehouse.files import reference_yaml
from warehouse.thresholds import Thresholds, thresholds


def changed(detector: str, **figures: object) -> dict:
    said = copy.deepcopy(reference_yaml("alert_thresholds"))
    said["detectors"][detector].update(figures)
    return said


def test_the_file_is_what_is_in_force():
    assert Thresholds.model_validate(changed("drift")) == thresholds()
    assert thresholds().detectors.cluster.max_days <= thresholds().window_days


@pytest.mark.parametrize(
    ("detector", "figures", "message"),
    [
        ("cluster", {"max_days": 8}, "a cluster cannot be older than the judged window"),
        ("cluster", {"permutations": 1}, "greater than or equal to 2"),
        ("share", {"levels": {}}, "at least 1 item"),
        ("severe", {"minimum_observed": 0}, "greater than or equal to 1"),
        ("term", {"minimum": 3}, "Extra inputs are not permitted"),
        ("drift", {"largest_window": 1.5}, "less than 1"),
    ],
)
def test_settings_that_make_no_sense_are_refused(detector, figures, message):
    with pytest.raises(ValidationError, match=message):
        Thresholds.model_validate(changed(detector, **figures))
