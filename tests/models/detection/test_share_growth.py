"""Shares that grow: habits are no news, growth elsewhere is allowed for, and p-values hold."""

import numpy as np
import pytest

from models.detection.share_growth import share_growth

BRANDS, ISSUES, WINDOWS = 60, 12, 27


def table(seed: int, newest: float = 1.0, issue_growth: float = 1.0):
    """Counts of pairs with habits of their own; brand 0's issue 0 times `newest`, all brands' issue 1 times `issue_growth`."""
    rng = np.random.default_rng(seed)
    mean = rng.lognormal(3, 0.7, BRANDS)[:, None] * rng.dirichlet(np.full(ISSUES, 1.0), BRANDS)
    mean[0, 0] = 5.0
    windows = np.repeat(mean[:, :, None], WINDOWS, axis=2)
    windows[0, 0, -1] *= newest
    windows[:, 1, -1] *= issue_growth
    counts = rng.poisson(windows).astype(float).reshape(-1, WINDOWS)
    kept = counts.sum(axis=1) > 0
    rows, columns = (axis.ravel()[kept] for axis in np.indices((BRANDS, ISSUES)))
    return counts[kept], rows, columns


def test_p_values_are_as_small_as_they_should_be_or_a_little_larger():
    values = np.concatenate([share_growth(*table(seed), minimum=8).p_value for seed in range(12)])
    values = values[~np.isnan(values)]
    assert len(values) > 3000
    for level in (0.1, 0.01, 0.001):
        assert (values <= level).mean() <= 1.2 * level + 2 * np.sqrt(level / len(values))
    assert (values <= 0.1).mean() > 0.03


def test_a_pair_that_is_four_times_its_habit_is_found_and_the_habit_is_not():
    counts, rows, columns = table(1, newest=4)
    found = share_growth(counts, rows, columns, minimum=8)
    assert np.nanargmin(found.p_value) == 0
    assert found.p_value[0] < 1e-4
    assert found.observed[0] > found.upper[0] > found.expected[0] > 3


def test_an_issue_that_grows_everywhere_is_expected_to():
    counts, rows, columns = table(2, issue_growth=3)
    found = share_growth(counts, rows, columns, minimum=8)
    grown = (columns == 1) & ~np.isnan(found.p_value)
    assert (found.p_value[grown] < 0.01).mean() < 0.05
    assert found.observed[grown].sum() == pytest.approx(found.expected[grown].sum(), rel=0.25)


def test_what_has_no_history_or_no_count_is_not_judged():
    with pytest.raises(ValueError, match="no two windows before"):
        share_growth(np.ones((3, 2)), np.arange(3), np.arange(3))
    new = np.array([[0.0, 0, 9], [0, 0, 8]])
    assert np.isnan(share_growth(new, np.array([0, 1]), np.array([0, 0])).p_value).all()
    counts = np.array([[9.0, 9, 9], [8, 8, 0]])
    assert np.isnan(share_growth(counts, np.array([0, 1]), np.array([0, 0])).p_value[1])
