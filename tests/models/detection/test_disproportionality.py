"""Ratios of pairs: those of R's generalised linear models, expected counts within strata, the information component."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import integrate, sparse, stats
from scipy.stats import contingency

from models.detection.disproportionality import (
    Cells,
    chi_squared,
    information_component,
    proportional_reporting_ratio,
    reporting_odds_ratio,
)

# Made by disproportionality_references.R beside it.
R = json.loads((Path(__file__).parent / "r" / "disproportionality_references.json").read_text())["tables"]


def cells_of(a, b, c, d):
    return Cells.of(np.array([[a, b], [c, d]]))


@pytest.mark.parametrize("case", R, ids=lambda case: str(case["table"][0]))
def test_ratios_and_chi_squared_are_those_of_r(case):
    cells = cells_of(*case["table"])
    for measure, name in [(proportional_reporting_ratio, "prr"), (reporting_odds_ratio, "ror")]:
        ratio = measure(cells)
        np.testing.assert_allclose([ratio.estimate[0], ratio.lower[0], ratio.upper[0]], case[name], rtol=1e-5)
    statistic, p_value = chi_squared(cells)
    assert statistic[0] == pytest.approx(case["chi_squared"], rel=1e-8)
    assert p_value[0] == pytest.approx(case["p_value"], rel=1e-6, abs=1e-9)


def brute_force(table, i, j):
    a = table[i, j]
    b, c = table[i].sum() - a, table[:, j].sum() - a
    return a, b, c, table.sum() - a - b - c


def test_every_cell_of_a_table_is_compared_with_the_rest_of_it():
    table = np.random.default_rng(2).poisson(3, (7, 5))
    table[2, 3] = 0
    cells = Cells.of(sparse.csr_array(table))
    assert len(cells.observed) == (table > 0).sum()
    prr, ror, (statistic, _) = proportional_reporting_ratio(cells, 0.9), reporting_odds_ratio(cells, 0.9), chi_squared(cells)
    for place, (i, j) in enumerate(zip(cells.row, cells.column, strict=True)):
        a, b, c, d = brute_force(table, i, j)
        assert tuple(values[place] for values in cells.two_by_two()) == (a, b, c, d)
        assert cells.expected[place] == pytest.approx((a + b) * (a + c) / table.sum())
        risk = contingency.relative_risk(a, a + b, c, c + d)
        odds = contingency.odds_ratio([[a, b], [c, d]], kind="sample")
        for ratio, truth in [(prr, risk), (ror, odds)]:
            interval = truth.confidence_interval(0.9)
            value = truth.relative_risk if ratio is prr else truth.statistic
            ours = ratio.estimate[place], ratio.lower[place], ratio.upper[place]
            np.testing.assert_allclose(ours, (value, interval.low, interval.high), rtol=1e-9)
        assert statistic[place] == pytest.approx(stats.chi2_contingency([[a, b], [c, d]], correction=True).statistic, abs=1e-9)


def test_a_column_that_one_row_has_alone_is_infinite_and_without_interval():
    cells = cells_of(5, 10, 0, 85)
    for ratio in (proportional_reporting_ratio(cells), reporting_odds_ratio(cells)):
        assert np.isinf(ratio.estimate[0])
        assert np.isnan(ratio.lower[0])
    shrunk = information_component(cells)
    assert np.isfinite([shrunk.estimate[0], shrunk.lower[0], shrunk.upper[0]]).all()


def test_strata_take_away_what_only_time_brings_together():
    # In the first week both the brand and the issue are frequent, in the second neither is; within weeks they are independent.
    weeks = [np.array([[40, 40], [40, 40]]), np.array([[1, 9], [9, 81]])]
    together = Cells.of(weeks[0] + weeks[1])
    apart = Cells.of_strata(weeks)
    assert together.observed[0] / together.expected[0] > 1.2
    assert apart.observed[0] / apart.expected[0] == pytest.approx(1.0)
    np.testing.assert_array_equal(together.observed, apart.observed)
    np.testing.assert_allclose(apart.expected.sum(), apart.total)


def test_tables_of_different_shapes_are_refused():
    with pytest.raises(ValueError, match="one shape"):
        Cells.of_strata([np.ones((2, 2)), np.ones((2, 3))])
    with pytest.raises(ValueError, match="must be given"):
        Cells.of_strata([])


def test_the_information_component_is_that_of_its_posterior():
    cells = Cells.of(np.array([[9, 1], [20, 400]]))
    found = information_component(cells)
    n, e = cells.observed[0], cells.expected[0]

    def posterior(ratio):
        return ratio ** (n - 0.5) * np.exp(-ratio * (e + 0.5))

    whole = integrate.quad(posterior, 0, 200)[0]
    for bound, chance in [(found.lower[0], 0.025), (found.upper[0], 0.975)]:
        assert integrate.quad(posterior, 0, 2**bound)[0] / whole == pytest.approx(chance, abs=1e-7)
    mean = integrate.quad(lambda ratio: ratio * posterior(ratio), 0, 200)[0] / whole
    assert 2 ** found.estimate[0] == pytest.approx(mean, rel=1e-9)


@pytest.mark.parametrize(("observed", "expected"), [(3, 0.4), (12, 4.0), (60, 22.0), (400, 390.0)])
def test_the_information_component_agrees_with_norens_approximation(observed, expected):
    cells = Cells(*(np.array([value]) for value in (0, 0, observed, 1, 1)), total=1.0, expected=np.array([expected]))
    found = information_component(cells)
    n = observed + 0.5
    # Norén, Hopstadius & Bate 2013: IC025 = IC - 3.3 n^(-1/2) - 2 n^(-3/2), IC975 = IC + 2.4 n^(-1/2) - 0.5 n^(-3/2).
    assert found.lower[0] == pytest.approx(found.estimate[0] - 3.3 * n**-0.5 - 2 * n**-1.5, abs=0.15)
    assert found.upper[0] == pytest.approx(found.estimate[0] + 2.4 * n**-0.5 - 0.5 * n**-1.5, abs=0.1)


@settings(max_examples=60, deadline=None)
@given(hnp.arrays(np.int64, hnp.array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=6), elements=st.integers(0, 30)))
def test_intervals_hold_their_estimates_and_turning_the_table_turns_nothing(table):
    if not table.sum():
        return
    cells, turned = Cells.of(table), Cells.of(table.T)
    order = np.lexsort((turned.row, turned.column))
    for measure in (reporting_odds_ratio, information_component):
        ratio, other = measure(cells), measure(turned)
        known = ~np.isnan(ratio.lower)
        assert (ratio.lower[known] <= ratio.estimate[known]).all()
        assert (ratio.estimate[known] <= ratio.upper[known]).all()
        np.testing.assert_allclose(ratio.estimate, other.estimate[order])
    assert ((chi_squared(cells)[1] >= 0) & (chi_squared(cells)[1] <= 1)).all()
