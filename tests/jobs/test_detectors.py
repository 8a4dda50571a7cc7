"""Every detector on tables in memory: it finds what was planted, and is quiet where nothing was."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from planted_counts import LAST_DAY, judged, measures, total_of
from scipy import stats

from features.counts import count_levels
from jobs.detectors.cluster import ClusterDetector
from jobs.detectors.drift import DriftDetector
from jobs.detectors.severe import SevereDetector
from jobs.detectors.share import ShareDetector
from jobs.detectors.term import TermDetector
from warehouse.thresholds import thresholds

ONE_DAY = dt.timedelta(days=1)
SEEDS = 25
# With no alarm due at all, each is false: a detector may raise any on a tenth of the days, by chance on a few more.
MOST_DAYS_WITH_FALSE_ALARMS = 6
NEIGHBOURS = ("330100", "330400", "330500")
CITIES = (
    *NEIGHBOURS,
    "330200", "330300", "330600", "330700", "330800", "330900", "331000", "331100", "320100", "320200", "320300", "320400",
    "320500", "320600", "340100", "340200", "340300", "350100", "350200", "360100", "370100", "370200", "310100",
)  # fmt: skip
NEAR_HANGZHOU = "product_l1=G05|product_l2=G0501"


def test_every_level_of_the_settings_is_counted_and_has_the_dimensions_it_needs():
    levels, settings = count_levels(), thresholds().detectors
    looked_at = {*settings.drift.levels, *settings.share.levels, *settings.cluster.levels.values(), *settings.severe.levels}
    assert all(levels[level].detect for level in looked_at)
    for split in (settings.share.levels, settings.severe.levels):
        assert all(set(dimensions) < set(levels[level].dimensions) for level, dimensions in split.items())
    for level, counted in settings.cluster.levels.items():
        assert {*levels[level].dimensions, "city"} <= set(levels[counted].dimensions)
    assert set(settings.term.levels) <= {"total", "product_class"}


# Drift


def steady_world(seed: int, weeks: int = 130, rise: float = 0.0, burst: int = 0) -> list:
    """Thirty products with a season; the first rises over the last ten weeks by so much a week, or has one burst."""
    rng = np.random.default_rng(seed)
    season = 1 + 0.3 * np.sin(2 * np.pi * np.arange(weeks) / 52.18)
    products = {}
    for number in range(30):
        mean = rng.uniform(15, 50) * season if number else 40 * season
        if not number:
            mean[-10:] *= 1 + rise * np.arange(1, 11)
            mean[-5] += burst
        products[f"product_l1=G01|product_l2=G01{number:02d}"] = rng.negative_binomial(mean / 0.3, 1 / 1.3)
    table = measures({"total": total_of(products), "product": products})
    return DriftDetector(table).signals(judged(table, weeks))


def test_a_slow_rise_of_ten_weeks_is_a_drift_from_about_its_onset():
    (signal,) = steady_world(3, rise=0.06)
    assert signal.series == "product_l1=G01|product_l2=G0100"
    assert signal.detector == "drift"
    assert 4 <= ((LAST_DAY - signal.onset).days + 1) / 7 <= 12
    assert signal.window_start == signal.onset
    assert 1.2 < signal.ratio < 1.8


def test_a_burst_a_season_and_a_short_history_are_no_drift():
    assert steady_world(3, burst=150) == []
    assert steady_world(3, weeks=70, rise=0.06) == []
    assert sum(bool(steady_world(seed)) for seed in range(SEEDS)) <= MOST_DAYS_WITH_FALSE_ALARMS


# Share


def brands(seed: int, *, share: float = 0.1, volume: float = 1.0, weeks: int = 30) -> list:
    """Forty brands with ten issues; in the last week the first has another share of one issue, or another volume."""
    rng = np.random.default_rng(seed)
    pairs = {}
    for brand in range(40):
        habit = rng.dirichlet(np.full(10, 2.0)) if brand else np.full(10, 0.1)
        mean = np.outer(habit, np.full(weeks, 80.0 if not brand else rng.uniform(10, 80)))
        if not brand:
            now = np.full(10, (1 - share) / 9)
            now[3] = share
            mean[:, -1] = 80 * volume * now
        for issue in range(10):
            pairs[f"brand=牌{brand}|issue_label=题{issue}"] = rng.poisson(mean[issue])
    table = measures({"total": total_of(pairs), "brand_issue": pairs})
    return ShareDetector(table).signals(judged(table, weeks))


def test_a_share_that_triples_without_more_complaints_is_an_alarm():
    (signal,) = brands(1, share=0.3)
    assert (signal.detector, signal.series) == ("share", "brand=牌0|issue_label=题3")
    assert signal.observed > signal.upper > signal.expected
    assert signal.ratio == pytest.approx(3, rel=0.4)


def test_a_brand_with_twice_the_complaints_of_every_kind_has_no_new_share():
    assert [signal.series for seed in range(5) for signal in brands(seed, volume=2)] == []
    assert sum(bool(brands(seed)) for seed in range(SEEDS)) <= MOST_DAYS_WITH_FALSE_ALARMS


# Cluster


def cities(seed: int, rise: float = 1.0, silent: tuple[str, ...] = ()) -> tuple[list, float]:
    """What is found in a product of 26 cities over 70 days, and how rare the rarest of three neighbours is by itself.

    These three have more in the last week, and some report nothing in it.
    """
    rng = np.random.default_rng(seed)
    product, everything = {}, {}
    for code in CITIES:
        mean, all_mean = np.full(70, 0.6), np.full(70, 8.0)
        if code in NEIGHBOURS:
            mean[-7:] *= rise
        if code in silent:
            mean[-7:] = all_mean[-7:] = 0
        place = f"province={code[:2]}0000|city={code}"
        product[f"{place}|{NEAR_HANGZHOU}"] = rng.poisson(mean)
        everything[place] = product[f"{place}|{NEAR_HANGZHOU}"] + rng.poisson(all_mean)
    table = measures({"total": total_of(everything), "city": everything, "city_product": product}, days=1)
    signals = ClusterDetector(table).signals(judged(table, 10))
    # Each city by itself, in an ordinary week's terms.
    alone = [
        stats.poisson.sf(product[f"province=330000|city={code}|{NEAR_HANGZHOU}"][-7:].sum() - 1, 4.2) for code in NEIGHBOURS
    ]
    return signals, min(alone)


def test_three_cities_that_rise_together_are_a_cluster_though_none_alone_is_an_alarm():
    signals, alone = cities(23, rise=2.4)
    # Rarer than that is a city's count in every day of a thousand tests.
    assert alone > 0.001
    product = next(signal for signal in signals if signal.count_level == "product")
    assert product.series == NEAR_HANGZHOU
    assert set(NEIGHBOURS) == set(product.regions)
    assert product.onset == product.window_start > LAST_DAY - 7 * ONE_DAY
    assert product.subject_key.endswith("|".join(sorted(product.regions)))
    assert cities(23, rise=2.4)[0] == signals


def test_quiet_cities_are_no_cluster_nor_are_those_left_over_when_others_fail_to_report():
    assert sum(bool(cities(seed)[0]) for seed in range(SEEDS)) <= MOST_DAYS_WITH_FALSE_ALARMS
    lost = CITIES[11:]
    assert sum(bool(cities(seed, silent=lost)[0]) for seed in range(SEEDS)) <= MOST_DAYS_WITH_FALSE_ALARMS


# Emerging words


def words(seed: int, new: int = 0) -> list:
    """Three hundred words of one product class in 13 weeks; one that was never used comes up so many times."""
    rng = np.random.default_rng(seed)
    used = {f"词{number}": rng.poisson(60 / (1 + number), 13) for number in range(300)}
    used["爆雷"] = np.append(np.zeros(12, dtype=int), new)
    volume = {"product_l1=G03": np.full(13, 200)}
    table = measures({"total": total_of(volume), "product_class": volume}, terms={"G03": used})
    return TermDetector(table).signals(judged(table, 13))


def test_a_new_word_is_an_alarm_in_all_complaints_and_in_its_class():
    signals = words(1, new=12)
    assert {(signal.count_level, signal.terms) for signal in signals} == {("total", ("爆雷",)), ("product_class", ("爆雷",))}
    first = signals[0]
    assert first.observed == 12
    assert first.expected < 0.5
    # Twelve complaints of which only one is independent are none.
    assert first.recheck.passes(12, 12)
    assert first.recheck.passes(12, 11)
    assert not first.recheck.passes(12, 1)


def test_words_that_are_used_as_ever_are_no_alarm():
    assert sum(bool(words(seed)) for seed in range(SEEDS)) <= MOST_DAYS_WITH_FALSE_ALARMS


# Severe events


def products(seed: int, now: int = 0, rate: float = 0.0) -> list:
    """Forty products of four classes in 60 weeks, with severe events at a rate, and so many now in a product of the first."""
    rng = np.random.default_rng(seed)
    counts, severe, classes, severe_classes = {}, {}, {}, {}
    for number in range(40):
        category = f"G0{number % 4}"
        name = f"product_l1={category}|product_l2={category}{number:02d}"
        counts[name] = rng.poisson(12, 60) + 1
        severe[name] = rng.binomial(counts[name], rate)
        if not number:
            severe[name][-1] = now
        key = f"product_l1={category}"
        classes[key] = classes.get(key, 0) + counts[name]
        severe_classes[key] = severe_classes.get(key, 0) + severe[name]
    table = measures(
        {"total": total_of(counts), "product": counts, "product_class": classes},
        severe={"product": severe, "product_class": severe_classes},
    )
    return SevereDetector(table).signals(judged(table, 60))


def test_one_severe_event_in_a_quiet_product_is_an_alarm_and_where_they_are_usual_it_is_none():
    signals = products(1, now=1)
    assert {signal.series for signal in signals} == {"product_l1=G00|product_l2=G0000", "product_l1=G00"}
    assert all(signal.observed == 1 and signal.expected < 0.01 for signal in signals)
    assert not signals[0].recheck.passes(1, 0)
    assert products(1, now=1, rate=0.05) == []


def test_severe_events_at_their_usual_rate_are_no_alarm():
    assert products(1) == []
    assert sum(bool(products(seed, rate=0.02)) for seed in range(SEEDS)) <= MOST_DAYS_WITH_FALSE_ALARMS
