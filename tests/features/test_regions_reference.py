"""The reviewed names and codes beside the code list are sound."""

import itertools

from benchmarks.regions import line
from features.regions import find_region, regions, resolve
from warehouse.files import reference_rows, reference_yaml

KINDS = {"renamed", "split", "moved", "street", "zone", "short", "later", "recoded"}
ROWS = reference_rows("region_aliases")


def codes(row):
    return row["code"].split()


def test_every_row_is_well_formed():
    assert len(ROWS) > 1000
    for row in ROWS:
        assert row["kind"] in KINDS, row
        assert len(row["name"]) >= 2, row
        assert row["scope"] in regions(), row
        assert codes(row), row
        assert set(codes(row)) <= regions().keys(), row
        assert {code[:2] for code in codes(row)} == {row["scope"][:2]}, row
        assert not row["since"] or 1978 <= int(row["since"]) <= 2026, row


def test_only_what_was_divided_means_several():
    for row in ROWS:
        assert (len(codes(row)) > 1) == (row["kind"] == "split") or row["kind"] == "zone", row


def test_no_row_stands_twice():
    keys = [(row["name"], row["scope"], row["code"]) for row in ROWS]
    assert len(keys) == len(set(keys))


def test_former_codes_are_no_codes_of_today_and_lead_to_their_province():
    former = [code for row in ROWS for code in row["former_code"].split()]
    assert len(former) == len(set(former))
    assert not set(former) & regions().keys()
    for code in former:
        assert resolve(code)[:2] == code[:2]


def test_a_former_name_behind_its_scope_is_the_region_of_today():
    for row in ROWS:
        if row["kind"] in {"renamed", "moved", "street"}:
            place = regions()[row["scope"]].name + row["name"]
            # 思茅市 was a county-level city and then the city around it.
            expected = "530800" if row["name"] == "思茅市" else row["code"]
            assert resolve(place) == expected, row


def test_a_divided_one_is_what_its_parts_have_in_common():
    divided = {row["name"]: row for row in ROWS if row["kind"] == "split"}
    assert resolve("邯郸县") == "130400"
    assert resolve("丽江纳西族自治县") == "530700"
    for row in divided.values():
        answer = resolve(regions()[row["scope"]].name + row["name"])
        assert all(answer in line(code) for code in codes(row)) or row["name"] == "巢湖市", row


def test_recoded_rows_keep_their_name_or_go_up_to_the_city():
    for row in ROWS:
        if row["kind"] == "recoded":
            region = regions()[row["code"]]
            assert region.name == row["name"] or region.level == "city", row


def test_no_word_list_has_a_word_twice():
    words = reference_yaml("region_words")
    for name, those in words.items():
        if isinstance(those, list) and not isinstance(those[0], list):
            assert len(those) == len(set(those)), name
    zones = list(itertools.chain(*words["zones"], words["zone_kinds"]))
    assert len(zones) == len(set(zones))


def test_every_guarded_word_is_guarded():
    for word in reference_yaml("region_words")["not_places"]:
        assert find_region(f"在杭州{word}") is None, word
    for word in reference_yaml("region_words")["not_names"]:
        assert resolve(word) is None, word
