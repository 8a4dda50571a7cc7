"""The space-time scan against SaTScan's published example, against plain loops, and against what it must not see."""

import csv
import itertools
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from models.detection.scan_null import Sweep
from models.detection.scan_zones import Neighbours, circles
from models.detection.space_time import SpaceTimeScan

DATA = Path(__file__).parent / "data"


def rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


@pytest.fixture(scope="module")
def fever():
    """Cases by ZIP code and day of November 2001, ZIP codes and their middle points."""
    places = rows("nyc_fever_places.csv")
    codes = [place["zip"] for place in places]
    cases = np.zeros((len(codes), 24), dtype=int)
    for row in rows("nyc_fever_cases.csv"):
        cases[codes.index(row["zip"]), int(row["day"]) - 1] += int(row["cases"])
    points = np.array([[float(place["latitude"]), float(place["longitude"])] for place in places])
    return cases, codes, Neighbours.on_earth(points[:, 0], points[:, 1])


@pytest.mark.parametrize("empty_centres", [True, False])
def test_the_published_example_of_satscan(fever, empty_centres):
    """Settings of the user guide: 3 km, 7 days at most. Published: 3.845418, nine ZIP codes, 22 to 24 November 2001."""
    cases, codes, neighbours = fever
    assert cases.sum() == 194
    scan = SpaceTimeScan(max_days=7, radius=3.0, permutations=999, empty_centres=empty_centres)
    result = scan.judge(cases, neighbours, seed=1)
    first = result.clusters[0]
    assert f"{first.log_likelihood_ratio:.6f}" == "3.845418"
    assert len(first.locations) == 9
    assert (first.first_day + 1, first.last_day + 1) == (22, 24)
    assert first.observed == 4
    # Nobody called this cluster significant.
    assert 0.1 < first.monte_carlo_p_value < 0.4
    assert first.p_value == pytest.approx(first.monte_carlo_p_value, abs=0.03)
    assert first.radius <= 3.0
    assert {"11418", "11417"} <= {codes[location] for location in first.locations}


def by_loops(cases, distances, *, max_days, max_share, minimum=2):
    """Every cylinder with its log likelihood ratio, by loops over plain numbers."""
    n_locations = len(cases)
    totals = [sum(int(count) for count in row) for row in cases]
    total = sum(totals)
    late = [[sum(int(count) for count in row[len(row) - days :]) for days in range(max_days + 1)] for row in cases]
    found = []
    for centre in range(n_locations):
        if not totals[centre]:
            continue
        for radius in sorted(set(distances[centre])):
            zone = frozenset(i for i in range(n_locations) if distances[centre][i] <= radius)
            inside = sum(totals[i] for i in zone)
            if inside > max_share * total:
                continue
            for days in range(1, max_days + 1):
                count = sum(late[i][days] for i in zone)
                mean = inside * sum(late[i][days] for i in range(n_locations)) / total
                if count >= minimum and count > mean:
                    ratio = count * math.log(count / mean)
                    if count < total:
                        ratio += (total - count) * math.log((total - count) / (total - mean))
                    found.append((ratio, days, count, mean, frozenset(i for i in zone if totals[i])))
    return sorted(found, key=lambda cylinder: -cylinder[0])


def grid_distances(points):
    return np.array([[math.dist(a, b) for b in points] for a in points])


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_the_strongest_cylinders_are_those_that_loops_find(data):
    n_locations, n_days = data.draw(st.integers(2, 6)), data.draw(st.integers(4, 6))
    # On a grid of whole numbers distances tie, and some places are the same.
    points = data.draw(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=n_locations, max_size=n_locations))
    flat = data.draw(st.lists(st.integers(0, 4), min_size=n_locations * n_days, max_size=n_locations * n_days))
    cases = np.array(flat).reshape(n_locations, n_days)
    max_share = data.draw(st.sampled_from([0.3, 0.5, 1.0]))
    distances = grid_distances(points)
    expected = by_loops(cases, distances, max_days=3, max_share=max_share)
    scan = SpaceTimeScan(max_days=3, max_share=max_share, permutations=9)
    result = scan.judge(cases, Neighbours.from_distances(distances), seed=1)
    if not expected:
        assert result.clusters == ()
        return
    occupied = {i for i in range(n_locations) if cases[i].any()}
    first = result.clusters[0]
    assert first.log_likelihood_ratio == pytest.approx(expected[0][0], abs=1e-9)
    told = (n_days - first.first_day, first.observed, pytest.approx(first.expected), occupied & set(first.locations))
    ties = [cylinder for cylinder in expected if cylinder[0] > expected[0][0] - 1e-9]
    assert any(told == cylinder[1:] for cylinder in ties)
    # Each further cluster is the strongest of those that share no location with the ones before.
    taken = set()
    for cluster in result.clusters:
        free = [cylinder for cylinder in expected if not cylinder[4] & taken]
        assert cluster.log_likelihood_ratio <= free[0][0] + 1e-9
        assert not set(cluster.locations) & taken
        taken |= set(cluster.locations)


def test_the_null_distribution_is_that_of_all_permutations():
    """Six cases have 720 orders of their dates; the simulated maxima must come in the same shares."""
    cases = np.array([[1, 1, 0, 1], [0, 1, 1, 0], [1, 0, 0, 0]])
    distances = grid_distances([(0, 0), (1, 0), (3, 0)])
    where = np.repeat(np.arange(3), cases.sum(axis=1))
    when = np.repeat(np.arange(4), cases.sum(axis=0))
    exact = []
    for order in itertools.permutations(when):
        shuffled = np.zeros_like(cases)
        np.add.at(shuffled, (where, np.array(order)), 1)
        found = by_loops(shuffled, distances, max_days=2, max_share=0.5, minimum=1)
        exact.append(round(found[0][0], 6) if found else 0.0)
    scan = SpaceTimeScan(max_days=2, minimum_cases=1, permutations=4000)
    simulated = scan.judge(cases, Neighbours.from_distances(distances), seed=3).null.maximum.round(6)
    assert set(simulated) == set(exact)
    for value in set(exact):
        share = exact.count(value) / len(exact)
        # Four standard errors.
        assert (simulated == value).mean() == pytest.approx(share, abs=4 * math.sqrt(share * (1 - share) / 4000))


def test_the_average_is_that_of_all_ratios_worth_a_look():
    """Zones weigh by the growth of the logarithm of their cases; here on a line, where each step is one location."""
    rng = np.random.default_rng(5)
    cases = rng.poisson(1.0, (7, 8)) + 1
    cases[2, -2:] += 6
    x = np.array([0.0, 1.0, 2.3, 3.9, 6.0, 9.0, 14.0])
    neighbours = Neighbours.on_plane(x, np.zeros(7))
    total, late = cases.sum(), cases[:, ::-1].cumsum(axis=1)[:, :3]
    weighted = weights = 0.0
    for centre in range(7):
        before = 0.5
        for zone in (neighbours.order[centre, : k + 1] for k in range(7)):
            inside = cases[zone].sum()
            if inside > total / 2:
                break
            weight, before = math.log((inside + 0.5) / before), inside + 0.5
            for days in range(3):
                weights += weight
                count, mean = late[zone, days].sum(), inside * late[:, days].sum() / total
                ratio = count * math.log(count / mean) + (total - count) * math.log((total - count) / (total - mean))
                weighted += weight * math.exp(ratio) * (count > mean and ratio >= 2.0)
    zones = circles(cases.sum(axis=1), neighbours, max_share=0.5, radius=None, empty_centres=False)
    told = Sweep(zones, late.sum(axis=0), int(total), 2).statistics(late[:, :, None])
    assert told.average[0] == pytest.approx(math.log(weighted / weights))


def town(seed, n_locations=60, total=400, n_days=30):
    """Locations in clumps with unequal volumes, and their mean cases by day."""
    rng = np.random.default_rng(seed)
    middles = rng.uniform(0, 10, (6, 2))
    points = middles[rng.integers(0, 6, n_locations)] + rng.normal(0, 1.2, (n_locations, 2))
    volume = rng.lognormal(0, 1, n_locations)
    return rng, points, np.repeat((total * volume / volume.sum() / n_days)[:, None], n_days, axis=1)


@pytest.fixture(scope="module")
def calm_results():
    """Scans of 300 data sets without any cluster, on volumes that vary in space, in time and by the day of the week."""
    found = []
    for seed in range(300):
        rng, points, mean = town(seed)
        mean = mean * np.tile([1.0, 1.4, 1.3, 1.2, 1.1, 0.5, 0.4], 5)[:30]
        mean[:, -7:] *= 1.5  # what all locations share is no cluster
        cases = rng.poisson(mean)
        found.append(SpaceTimeScan(permutations=99).judge(cases, Neighbours.on_plane(*points.T), seed=seed))
    return found


@pytest.mark.parametrize(
    "p_value",
    [
        lambda result: result.clusters[0].monte_carlo_p_value,
        lambda result: result.clusters[0].p_value,
        lambda result: result.p_value,
    ],
    ids=["monte carlo", "gumbel", "day"],
)
def test_p_values_are_uniform_where_nothing_clusters(calm_results, p_value):
    values = np.array([p_value(result) for result in calm_results])
    assert stats.kstest(values, "uniform").pvalue > 0.01
    for level in (0.05, 0.1, 0.2):
        assert (values <= level).mean() <= level + 3 * math.sqrt(level * (1 - level) / len(values))


@pytest.mark.parametrize(("total", "n_locations"), [(80, 40), (400, 60), (1500, 60)])
def test_p_values_by_few_permutations_are_those_by_many(total, n_locations):
    rng, points, mean = town(7, n_locations, total)
    mean[np.argsort(np.hypot(*(points - points[3]).T))[:5], -3:] *= 1.9
    cases = rng.poisson(mean)
    neighbours = Neighbours.on_plane(*points.T)
    many = SpaceTimeScan(permutations=9999).judge(cases, neighbours, seed=1)
    few = [SpaceTimeScan(permutations=199).judge(cases, neighbours, seed=seed) for seed in range(2, 22)]
    checked = 0
    for i, cluster in enumerate(many.clusters[:4]):
        exact = cluster.monte_carlo_p_value
        fits = np.array([result.clusters[i].p_value for result in few])
        assert np.median(fits) == pytest.approx(exact, rel=0.3, abs=0.01)
        assert cluster.p_value == pytest.approx(exact, rel=0.3, abs=0.01)
        checked += exact < 0.9
    assert checked
    day = np.array([result.p_value for result in few])
    assert np.median(day) == pytest.approx(many.p_value, rel=0.4, abs=0.01)


def planted(seed=11):
    """Eight neighbours with 2.6 times their cases in the last four days; none of them has so many that it stands out."""
    rng, points, mean = town(seed, 80, 500)
    zone = np.argsort(np.hypot(*(points - points[44]).T))[:8]
    mean[zone, -4:] *= 2.6
    return rng.poisson(mean), Neighbours.on_plane(*points.T), set(zone.tolist())


def test_a_cluster_that_no_single_location_shows_is_found():
    cases, neighbours, zone = planted()
    result = SpaceTimeScan(permutations=999).judge(cases, neighbours, seed=1)
    first = result.clusters[0]
    assert first.p_value <= 0.01
    assert result.p_value <= 0.01
    assert len(zone & set(first.locations)) >= 0.6 * len(zone)
    assert len(zone & set(first.locations)) >= 0.5 * len(first.locations)
    assert 3 <= first.last_day - first.first_day + 1 <= 6
    assert first.recurrence_interval == pytest.approx(1 / first.p_value)
    assert first.ratio == pytest.approx(first.observed / first.expected)
    alone = SpaceTimeScan(radius=0.0, permutations=999).judge(cases, neighbours, seed=1)
    assert alone.clusters[0].p_value > 0.05
    assert alone.p_value > 0.05


def test_names_of_locations_do_not_matter():
    cases, neighbours, _ = planted()
    _, points, _ = town(11, 80, 500)
    shuffle = np.random.default_rng(2).permutation(len(cases))
    scan = SpaceTimeScan(permutations=99)
    before = scan.judge(cases, neighbours, seed=1).clusters
    after = scan.judge(cases[shuffle], Neighbours.on_plane(*points[shuffle].T), seed=1).clusters
    assert len(before) == len(after)
    for one, other in zip(before, after, strict=True):
        assert set(one.locations) == {int(shuffle[i]) for i in other.locations}
        assert (one.first_day, one.observed) == (other.first_day, other.observed)
        assert one.log_likelihood_ratio == pytest.approx(other.log_likelihood_ratio)


def test_a_location_without_cases_changes_nothing():
    cases, neighbours, _ = planted()
    _, points, _ = town(11, 80, 500)
    points = np.vstack([points, points[5:6] + 0.01])
    scan = SpaceTimeScan(permutations=99)
    before = scan.judge(cases, neighbours, seed=1)
    wider = np.vstack([cases, np.zeros((1, 30), dtype=int)])
    after = scan.judge(wider, Neighbours.on_plane(*points.T), seed=1)
    assert after.p_value == before.p_value
    assert (after.null.maximum == before.null.maximum).all()
    one, other = before.clusters[0], after.clusters[0]
    assert set(one.locations) == set(other.locations) - {80}
    assert (one.p_value, one.log_likelihood_ratio) == (other.p_value, other.log_likelihood_ratio)


def test_the_same_seed_gives_the_same_and_another_seed_nearly():
    cases, neighbours, _ = planted()
    scan = SpaceTimeScan(permutations=199)
    assert scan.judge(cases, neighbours, seed=4).clusters == scan.judge(cases, neighbours, seed=4).clusters
    assert scan.judge(cases, neighbours, seed=4).clusters != scan.judge(cases, neighbours, seed=5).clusters


def test_what_lies_at_one_distance_joins_together():
    """Four places around a centre: no circle holds some of them only."""
    points = np.array([(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1), (9, 9), (9, 8), (8, 9)], dtype=float)
    cases = np.ones((8, 10), dtype=int)
    cases[[1, 2], -2:] = 5
    centres = np.array([0])
    found = SpaceTimeScan(max_days=3, max_share=0.9, permutations=9).judge(
        cases, Neighbours.on_plane(points[:, 0], points[:, 1], centres), seed=1
    )
    assert set(found.clusters[0].locations) == {0, 1, 2, 3, 4}


def test_zones_can_grow_along_a_graph():
    """A chain of five: steps on the graph stand in for distances."""
    steps = np.abs(np.arange(5)[:, None] - np.arange(5)).astype(float)
    cases = np.full((5, 12), 3)
    cases[[0, 1], -1] = 14
    found = SpaceTimeScan(max_days=2, permutations=99).judge(cases, Neighbours.from_distances(steps), seed=1)
    assert set(found.clusters[0].locations) == {0, 1}
    assert found.clusters[0].first_day == 11


@pytest.mark.parametrize(
    "cases",
    [
        np.zeros((4, 10), dtype=int),  # nothing at all
        np.eye(4, 10, 0, dtype=int) * 50,  # long ago only
        np.vstack([np.full(10, 30), np.zeros((3, 10), dtype=int)]),  # one location has all
    ],
)
def test_what_cannot_cluster_is_calm(cases):
    line = Neighbours.on_plane(np.arange(4.0), np.zeros(4))
    result = SpaceTimeScan(max_days=3, permutations=19).judge(cases, line, seed=1)
    assert result.clusters == ()
    assert result.p_value == 1.0
    assert len(result.null.maximum) == 19


def test_everything_on_the_last_day_is_no_cluster_but_everything_of_one_place_late_is():
    line = Neighbours.on_plane(np.arange(4.0), np.zeros(4))
    cases = np.zeros((4, 10), dtype=int)
    cases[:, -1] = 20
    assert SpaceTimeScan(max_days=3, permutations=19).judge(cases, line, seed=1).clusters == ()
    cases[1:, -1], cases[1:, 0] = 0, 20
    result = SpaceTimeScan(max_days=3, permutations=199).judge(cases, line, seed=1)
    assert result.clusters[0].locations == (0,)
    assert 0 <= result.clusters[0].p_value < 1e-6
    assert 0 <= result.p_value < 1e-6
    assert result.clusters[0].monte_carlo_p_value == 1 / 200


def test_a_few_cases_are_never_certain():
    """Five cases, two of them on the last day at one place: few orders of dates exist, and a fit must not claim more."""
    line = Neighbours.on_plane(np.arange(4.0), np.zeros(4))
    cases = np.zeros((4, 10), dtype=int)
    cases[0, -1], cases[2, 0], cases[3, 1], cases[2, 3] = 2, 1, 1, 1
    result = SpaceTimeScan(max_days=3, permutations=199).judge(cases, line, seed=1)
    # Of the ten ways to choose the two of five cases that are late, two put them at one place. Three standard errors.
    assert result.clusters[0].p_value == pytest.approx(0.2, abs=0.085)
    assert result.clusters[0].monte_carlo_p_value == pytest.approx(0.2, abs=0.085)


@pytest.mark.parametrize("volumes", [(1, 2, 3, 7), (3, 3, 9, 11), (13, 7, 5, 3)])
def test_places_that_share_all_days_alike_have_no_cluster(volumes):
    line = Neighbours.on_plane(np.arange(4.0), np.zeros(4))
    cases = np.outer(volumes, [1, 3, 2, 1, 3, 7, 1, 2, 3, 5])
    assert SpaceTimeScan(max_days=5, permutations=19).judge(cases, line, seed=1).clusters == ()


def test_counts_beyond_short_integers_are_scanned_alike():
    cases, neighbours, _ = planted()
    small = SpaceTimeScan(permutations=19).judge(cases, neighbours, seed=1).clusters[0]
    large = SpaceTimeScan(permutations=2).judge(cases * 300, neighbours, seed=1).clusters[0]
    assert large.locations == small.locations
    assert large.log_likelihood_ratio == pytest.approx(300 * small.log_likelihood_ratio)


@pytest.mark.parametrize(
    ("cases", "message"),
    [
        (np.zeros((3, 10)), "do not belong"),
        (np.zeros(10), "do not belong"),
        (np.zeros((4, 7)), "too few"),
        (np.full((4, 10), -1), "whole numbers"),
        (np.full((4, 10), 0.5), "whole numbers"),
    ],
)
def test_what_is_no_table_of_counts_is_refused(cases, message):
    with pytest.raises(ValueError, match=message):
        SpaceTimeScan().judge(cases, Neighbours.on_plane(np.arange(4.0), np.zeros(4)), seed=1)


def test_places_without_coordinates_are_refused():
    with pytest.raises(ValueError, match="distances"):
        Neighbours.on_earth(np.array([30.0, np.nan]), np.array([110.0, 120.0]))
