"""What varies when nothing is planted: slow waves, and matters that several people complain about."""

import collections
import datetime as dt

import numpy as np
import pytest
from scipy import stats

from simulator.data import world
from simulator.drafting import Drafter
from simulator.scenario import preset
from simulator.waves import Wave

WEEK = 7
DAYS = [dt.date(2000, 1, 3) + dt.timedelta(days=i) for i in range(0, 7300, 5)]


@pytest.fixture(scope="module")
def background():
    """Complaints of a province by day, as numbers, for two years in which nothing is planted and no season swings much."""
    drafter = Drafter(11, preset("demo", incidents=False, first=dt.date(2024, 11, 4), last=dt.date(2026, 11, 1)))
    drafts = [drafter.draft(offset) for offset in range(len(drafter.scenario.span.days))]
    return drafter, drafts


class TestWaves:
    def factors(self):
        wave = Wave(3, "products", 40)
        return np.log([wave.factors(day) for day in DAYS])

    def test_their_mean_is_one_and_their_spread_the_calibrated_one(self):
        factors, sigma = self.factors(), world("calibration")["waves"]["products"]
        assert np.exp(factors).mean() == pytest.approx(1, abs=0.003)
        assert factors.std() == pytest.approx(sigma, rel=0.03)
        # Also between the days on which a level is drawn.
        by_place = [factors[np.array([day.toordinal() % 14 for day in DAYS]) == i].std() for i in range(14)]
        assert by_place == pytest.approx([sigma] * 14, rel=0.1)

    def test_neighbouring_days_are_alike_and_distant_ones_are_not(self):
        factors = self.factors()

        def correlation(steps):
            return np.corrcoef(factors[:-steps].ravel(), factors[steps:].ravel())[0, 1]

        assert correlation(1) > 0.8
        assert abs(correlation(6)) < 0.05

    def test_each_factor_goes_its_own_way(self):
        correlations = np.corrcoef(self.factors().T)[np.triu_indices(40, 1)]
        assert abs(correlations.mean()) < 0.02

    def test_they_depend_on_the_seed_the_name_and_the_day_alone(self):
        day = dt.date(2026, 5, 4)
        assert (Wave(1, "places", 5).factors(day) == Wave(1, "places", 5).factors(day)).all()
        others = [Wave(2, "places", 5), Wave(1, "products", 5)]
        assert not any((wave.factors(day) == Wave(1, "places", 5).factors(day)).any() for wave in others)


def weekly(background, key):
    """Weekly counts of each series, those filed again left aside."""
    _, drafts = background
    counts = collections.defaultdict(lambda: np.zeros(len(drafts) // WEEK))
    for offset, draft in enumerate(drafts[: len(drafts) // WEEK * WEEK]):
        first = draft.at(~draft.repeat)
        for name, count in zip(*np.unique(key(first), return_counts=True), strict=True):
            counts[name][offset // WEEK] += count
    return counts


def dispersion(counts):
    """Variance over mean of each series against the fortnights around each week; 1 if counts are independent."""
    around = np.convolve(np.ones(5), [1], "full") - np.array([0, 0, 1, 0, 0])
    expected = np.convolve(counts, around / 4, "same")[2:-2]
    # The mean of four has a quarter of the variance.
    return np.mean((counts[2:-2] - expected) ** 2) / (1.25 * counts.mean())


def test_series_vary_more_than_by_chance_as_real_ones_do(background):
    """Real series of 3 to 30 complaints a week have 1.0 to 1.9; the most of them 1.0 to 1.5."""
    for key, least in (
        (lambda draft: draft.merchant, 1.1),
        (lambda draft: draft.product * 100 + draft.issue, 1.05),
    ):
        series = [counts for counts in weekly(background, key).values() if 3 <= counts.mean() <= 30]
        assert len(series) >= 10
        assert least < np.median([dispersion(counts) for counts in series]) < 1.5


def test_the_measure_of_dispersion_is_one_for_independent_counts():
    rng = np.random.default_rng(1)
    assert np.mean([dispersion(rng.poisson(6, 100)) for _ in range(400)]) == pytest.approx(1, abs=0.03)


def test_people_complain_about_the_same_matter_within_days(background):
    """Pairs of complaints about one product of one merchant by different people, beside what chance would give."""
    _, drafts = background
    most = world("calibration")["shared_matter"]["most_days"]
    last, close, far = {}, 0, 0
    for draft in drafts:
        first = draft.at(~draft.repeat & (draft.serial == -1))
        for merchant, product, issue, phone, day in zip(
            first.merchant, first.product, first.issue, first.phone, first.day, strict=True
        ):
            matter = (merchant, product, issue)
            for then, who in last.get(matter, ()):
                if who != phone:
                    close += day - then <= most
                    far += most < day - then <= 2 * most + 1
            last[matter] = [(then, who) for then, who in last.get(matter, ()) if day - then <= 20] + [(day, phone)]
    complaints = sum(int((~draft.repeat).sum()) for draft in drafts)
    # Each of m people makes m - 1 pairs with the others.
    people = world("calibration")["shared_matter"]["people"]
    sizes, weights = np.array(list(map(int, people))), np.array(list(people.values()))
    pairs = (weights @ (sizes * (sizes - 1) / 2)) / (weights @ sizes) * world("calibration")["shared_matter"]["share"]
    assert (close - far) / complaints == pytest.approx(pairs, rel=0.15)


def test_the_day_total_varies_little(background):
    """Merchants and products vary, the nation's mood does not: the total follows the calendar."""
    drafter, drafts = background
    days = drafter.scenario.span.days
    ratio = np.array([len(draft) for draft in drafts]) / [drafter.expected(day) for day in days]
    # People who file again do so on later days, the last ones after the span.
    assert ratio[10:-10].mean() == pytest.approx(1, abs=0.01)
    # A negative binomial with the calibrated dispersion, and the pairs of a matter on one day.
    mean = np.mean([drafter.expected(day) for day in days])
    assert ratio.std() < 1.6 * np.sqrt(1 / mean + world("calibration")["dispersion"])


def test_shares_of_products_stay_what_they_are(background):
    """Waves and shared matters shift no product's share of two years by more than chance and its waves allow."""
    from simulator.catalogue import catalogue

    drafter, drafts = background
    counts = sum(np.bincount(draft.product, minlength=len(catalogue().entries)) for draft in drafts)
    wanted = np.mean([catalogue().probabilities(day) for day in drafter.scenario.span.days], axis=0) * counts.sum()
    deviance = (counts - wanted) / np.sqrt(1.5 * wanted + (0.02 * wanted) ** 2)
    assert stats.kstest(deviance, "norm").pvalue > 0.001
