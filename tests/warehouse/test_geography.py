"""Places against known distances, the table of regions and each other; borders against counts from an atlas."""

import numpy as np
import pytest

from warehouse.errors import RadarError
from warehouse.files import reference_rows
from warehouse.geography import adjacent_provinces, coordinates, distance_km, places

REGIONS = {row["code"]: row for row in reference_rows("regions")}
CHINESE = {code for code in REGIONS if code.isdigit()}
PROVINCES = sorted(code for code in CHINESE if REGIONS[code]["level"] == "province")
CITIES = sorted(code for code in CHINESE if REGIONS[code]["level"] == "city")
# Groups of counties that answer to the province, without a seat of their own.
WITHOUT_A_SEAT = {"429000", "469000", "500200", "659000"}
NAMES = {REGIONS[code]["name"]: code for code in [*CITIES, *PROVINCES]}


def km(name, other):
    return distance_km(NAMES[name], NAMES[other])


def test_every_place_is_a_region_and_inside_the_country():
    assert set(places()) <= CHINESE
    for place in places().values():
        assert 16 < place.latitude < 54
        assert 73 < place.longitude < 136


def test_all_provinces_and_all_cities_with_a_seat_are_there():
    assert len(PROVINCES) == 34
    assert set(PROVINCES) <= set(places())
    assert set(CITIES) - set(places()) == WITHOUT_A_SEAT


@pytest.mark.parametrize(
    ("name", "other", "kilometres"),
    [
        ("北京市", "天津市", 110),
        ("北京市", "上海市", 1068),
        ("广州市", "深圳市", 105),
        ("成都市", "重庆市", 270),
        ("西安市", "郑州市", 435),
        ("哈尔滨市", "沈阳市", 507),
        ("昆明市", "贵阳市", 435),
        ("乌鲁木齐市", "北京市", 2410),
        ("拉萨市", "成都市", 1250),
        ("海口市", "三亚市", 215),
        ("呼和浩特市", "包头市", 150),
        ("苏州市", "无锡市", 40),
    ],
)
def test_distances_are_those_of_an_atlas(name, other, kilometres):
    assert km(name, other) == pytest.approx(kilometres, rel=0.06, abs=6)
    assert km(name, other) == km(other, name)


def test_a_province_lies_where_its_capital_does():
    for province, capital in {"河北省": "石家庄市", "广东省": "广州市", "新疆维吾尔自治区": "乌鲁木齐市"}.items():
        assert places()[NAMES[province]] == places()[NAMES[capital]]


def test_a_city_lies_among_those_of_its_own_province():
    """Of the three cities next to it one at least is of its province or of one that borders on it: no name was mistaken."""
    codes = [code for code in CITIES if code in places() and code[:2] not in {"11", "12", "31", "50"} and code != "460300"]
    points = np.radians(coordinates(codes))
    xyz = np.column_stack(
        [np.cos(points[:, 0]) * np.cos(points[:, 1]), np.cos(points[:, 0]) * np.sin(points[:, 1]), np.sin(points[:, 0])]
    )
    near = np.argsort(-xyz @ xyz.T, axis=1)[:, 1:4]
    borders = adjacent_provinces(across_water=True)
    own = 0
    for code, others in zip(codes, near, strict=True):
        around = {codes[i][:2] + "0000" for i in others}
        home = code[:2] + "0000"
        assert around & ({home} | borders[home]), REGIONS[code]["name"]
        assert around <= {home} | borders[home] | {n for b in borders[home] for n in borders[b]}, REGIONS[code]["name"]
        own += home in around
    assert own / len(codes) > 0.95


def test_no_two_cities_share_a_place():
    inside = [places()[code] for code in CITIES if code in places()]
    assert len(set(inside)) == len(inside)


def test_borders_are_symmetric_and_of_provinces():
    for water in (False, True):
        borders = adjacent_provinces(across_water=water)
        assert sorted(borders) == PROVINCES
        for code, others in borders.items():
            assert code not in others
            assert all(code in borders[other] for other in others)


@pytest.mark.parametrize(
    ("province", "count"),
    [
        ("陕西省", 8),
        ("内蒙古自治区", 8),
        ("河北省", 7),
        ("四川省", 7),
        ("山东省", 4),
        ("黑龙江省", 2),
        ("上海市", 2),
        ("海南省", 0),
        ("台湾省", 0),
        ("香港特别行政区", 1),
    ],
)
def test_a_province_has_as_many_land_neighbours_as_on_the_map(province, count):
    assert len(adjacent_provinces()[NAMES[province]]) == count


def test_provinces_that_touch_lie_closer_than_those_that_do_not():
    borders = adjacent_provinces()
    touching = [distance_km(a, b) for a in borders for b in borders[a]]
    apart = [distance_km(a, b) for a in PROVINCES for b in PROVINCES if a < b and b not in borders[a]]
    assert np.median(touching) < 0.5 * np.median(apart)


def test_the_mainland_hangs_together():
    borders = adjacent_provinces(across_water=True)
    reached, queue = {"110000"}, ["110000"]
    while queue:
        new = borders[queue.pop()] - reached
        reached |= new
        queue.extend(new)
    assert reached == set(PROVINCES)
    assert borders[NAMES["海南省"]] == {NAMES["广东省"]}


def test_an_unknown_place_is_nan_and_has_no_distance():
    assert np.isnan(coordinates(["429000"])).all()
    assert coordinates([]).shape == (0, 2)
    with pytest.raises(RadarError, match="429000"):
        distance_km("110000", "429000")
