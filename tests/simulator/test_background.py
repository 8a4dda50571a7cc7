"""What varies when nothing is planted: slow waves, and matters that several people complain about."""

import collections
import datetime as dt

import numpy as np
import pandas as pd
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


AROUND = np.array([1, 1, 0, 1, 1])


def dispersion(counts, total):
    """Squared error over variance of each week's count, expected from the series' share in the two weeks on either side.

    1 if counts are independent given the total; what all series share, such as a feast, cancels out.
    """
    near, near_total = np.convolve(counts, AROUND, "valid"), np.convolve(total, AROUND, "valid")
    expected = near / near_total * total[2:-2]
    told = near > 0
    return np.mean((counts[2:-2] - expected)[told] ** 2 / (expected + expected**2 / np.maximum(near, 1))[told])


def dispersions(series):
    """Of the series with 3 to 30 complaints a week."""
    series = list(series)
    total = np.sum(series, axis=0)
    return [dispersion(counts, total) for counts in series if 3 <= counts.mean() <= 30]


def test_series_vary_more_than_by_chance(background):
    for key, least in ((lambda draft: draft.merchant, 1.1), (lambda draft: draft.product * 100 + draft.issue, 1.05)):
        found = dispersions(weekly(background, key).values())
        assert len(found) >= 10
        assert least < np.median(found) < 1.5


@pytest.mark.parametrize(
    ("file", "day", "names"),
    [
        ("cfpb/complaints.csv", "Date received", ["State", "Issue"]),
        ("nhtsa/complaints.csv.gz", "filed_date", ["model"]),
        ("auto12365_2024/complaints.csv", "投诉日期", ["投诉品牌", "投诉车系"]),
    ],
)
def test_real_series_vary_by_as_much(shared_data, background, file, day, names):
    """The medians of real series lie between 0.95 and 1.6; that of the simulated ones lies among them."""
    rows = pd.read_csv(shared_data / file, usecols=[day, *names], parse_dates=[day]).dropna()
    week = rows[day].dt.to_period("W")
    # The first and the last week are not whole.
    whole = (week > week.min()) & (week < week.max())
    for name in names:
        table = rows[whole].groupby([name, week[whole]]).size().unstack(fill_value=0)
        found = dispersions(table.to_numpy(dtype=float))
        assert len(found) >= 3, name
        assert 0.95 < np.median(found) < 1.6, name
    simulated = np.median(dispersions(weekly(background, lambda draft: draft.product).values()))
    assert 0.95 < simulated < 1.6


def test_the_measure_of_dispersion_is_one_for_independent_counts():
    rng = np.random.default_rng(1)
    series = rng.poisson(rng.uniform(3, 30, 300)[:, None] * rng.uniform(0.8, 1.25, 100), (300, 100))
    assert np.mean(dispersions(series)) == pytest.approx(1, abs=0.03)


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
