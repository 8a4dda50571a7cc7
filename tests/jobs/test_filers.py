"""Links of filings worked out by hand: repeats, copies, flags with their reasons, weights."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from jobs.filers import links_of
from jobs.judges import MinHashKeys
from jobs.links import pieces
from warehouse.duplicates import duplicate_rules

RULES = duplicate_rules()
KEYS = MinHashKeys(RULES.permutations, RULES.shingle, RULES.band_rows)
FIRST = dt.date(2026, 6, 1)
LETTER = (
    "本人在你平台购买的预包装食品外包装标签未按国家标准标注营养成分表和贮存条件属于不符合食品安全标准的食品"
    "要求经营者依法退还货款并支付价款十倍的赔偿金请贵局依法受理并组织调解"
)


def filing(day=0, **other):
    """A filing that has nothing in common with any other but what is given."""
    filing.number += 1
    number = filing.number
    return {
        "source": "s",
        "complaint_id": f"N{number:04d}",
        "event_date": FIRST + dt.timedelta(days=day),
        "filer_identity": f"filer {number}",
        "merchant": f"merchant {number}",
        "product_l1": "G03",
        "issue_l1": "Q",
        "text": "".join(chr(0x4E00 + place) for place in np.random.default_rng(number).integers(0, 20000, 60)),
        "phone_key": None,
        "person_key": None,
        "address_key": None,
        **other,
    }


filing.number = 0


def linked(*rows):
    table = pd.DataFrame(rows)
    table["text_keys"] = [np.array(keys, dtype=np.int64) for keys in KEYS.of(table["text"].tolist())]
    return links_of(table, RULES)


def factors(row):
    return {flag["factor"]: flag["reason"] for flag in row["flags"]}


def test_filings_that_have_nothing_in_common():
    links = linked(*(filing(day) for day in range(40)))
    assert set(links["relation"]) == {"first"}
    assert (links["weight"] == 1).all()
    assert (links["event_group"] == "s:" + links["complaint_id"]).all()
    assert not links["flags"].str.len().any()


def test_one_complainant_on_one_matter_counts_once_in_thirty_days():
    own = {"filer_identity": "甲", "merchant": "m"}
    other = {**own, "merchant": "n"}
    links = linked(filing(0, **own), filing(29, **own, product_l1="S01"), filing(29, **other), filing(60, **own))
    assert links["relation"].tolist() == ["first", "repeat", "first", "first"]
    assert links["weight"].tolist() == [1, 0, 1, 1]
    assert links["event_group"].tolist()[1] == links["event_group"].tolist()[0]
    assert links["earlier_repeats"].tolist() == [0, 1, 0, 0]


def test_complaints_without_a_respondent_are_repetitions_only_of_the_same_product():
    links = linked(*(filing(0, filer_identity="甲", merchant=None, product_l1=top) for top in ("G03", "G03", "G04")))
    assert links["relation"].tolist() == ["first", "repeat", "first"]


def test_copies_of_a_letter_weigh_less_the_more_there_are():
    places = "北京上海天津重庆广州深圳杭州南京"
    rows = [filing(day, text=f"{LETTER}{places[2 * day : 2 * day + 2]}", person_key=str(day)) for day in range(5)]
    links = linked(filing(0), *rows)
    copies = links.iloc[1:]
    assert copies["relation"].tolist() == ["first", *["copy"] * 4]
    assert set(copies["event_group"]) == {copies["event_group"].iloc[0]}
    assert copies["weight"].tolist() == pytest.approx([1, 1 / 2, 1 / 3, 1 / 4, 1 / 5])
    assert (copies["likeness"].iloc[1:] >= 6 / 16).all()
    assert [factors(row).get("same_text") for _, row in copies.iterrows()] == [
        None, None, "近30日3名投诉人的文本基本相同", "近30日4名投诉人的文本基本相同", "近30日5名投诉人的文本基本相同",
    ]  # fmt: skip


def test_an_old_letter_is_no_original():
    links = linked(filing(0, text=LETTER), filing(30, text=LETTER))
    assert links["relation"].tolist() == ["first", "first"]


def test_a_serial_complainant_is_flagged_and_weighs_like_ten():
    links = linked(*(filing(day, filer_identity="甲", product_l1=f"G{day}", issue_l1=f"I{day}") for day in range(40)))
    assert links["weight"].iloc[:10].tolist() == [1] * 10
    assert links["weight"].iloc[39] == pytest.approx(10 / 40)
    assert factors(links.iloc[8]) == {}
    assert factors(links.iloc[9]) == {"frequency": "同一投诉人近90日登记10件"}


def test_flags_of_one_complainant_on_one_target():
    rows = [filing(day, filer_identity="甲", merchant="m", product_l1=f"G0{day}") for day in range(3)]
    rows += [filing(5, filer_identity="乙") for _ in range(5)]
    links = linked(*rows)
    assert factors(links.iloc[2]) == {"same_respondent": "同一投诉人近30日对同一经营者登记3件"}
    assert factors(links.iloc[7]) == {"same_matter": "同一投诉人近30日就同类客体、同类问题登记5件"}
    assert [factors(links.iloc[place]) for place in (0, 1, 3, 6)] == [{}] * 4


def test_shared_phone_and_address_need_different_people():
    rows = [filing(0, phone_key="p", person_key="甲"), filing(1, phone_key="p", person_key="甲")]
    rows += [filing(2, phone_key="p", person_key="乙"), filing(3, phone_key="p", person_key=None)]
    rows += [filing(4, address_key="a", person_key=str(number)) for number in range(4)]
    links = linked(*rows)
    assert [factors(row) for _, row in links.iterrows()] == [
        {}, {}, {"shared_phone": "近90日2人使用同一联系电话"}, {}, {}, {}, {}, {"shared_address": "近90日4人使用同一联系地址"},
    ]  # fmt: skip


def test_what_lies_before_the_days_looked_back_over_changes_nothing():
    rng = np.random.default_rng(3)
    rows = [
        filing(
            int(day),
            filer_identity=f"f{rng.integers(6)}",
            merchant=f"m{rng.integers(3)}",
            text=f"{LETTER}{'甲乙丙'[rng.integers(3)] * 9}" if rng.random() < 0.5 else "短",
            phone_key=f"p{rng.integers(4)}",
            person_key=f"q{rng.integers(8)}",
        )
        for day in np.sort(rng.integers(0, 200, 400))
    ]
    whole = linked(*rows).set_index("complaint_id")
    since = FIRST + dt.timedelta(days=150 - RULES.lookback_days + 1)
    part = linked(*(row for row in rows if row["event_date"] >= since)).set_index("complaint_id")
    judged = part.index[part["event_date"] >= FIRST + dt.timedelta(days=150)]
    columns = ["event_group", "relation", "likeness", "earlier_repeats", "earlier_copies", "filings", "flags", "weight"]
    pd.testing.assert_frame_equal(part.loc[judged, columns], whole.loc[judged, columns])
    assert set(whole.loc[judged, "relation"]) == {"first", "repeat", "copy"}


def test_the_days_a_change_bears_on_are_each_in_one_piece():
    day = [dt.date(2026, 1, 1) + dt.timedelta(days=place) for place in range(60)]
    volume = dict.fromkeys(day, 10)
    assert pieces({day[0]}, volume, day[59], 5) == [(day[0], day[4])]
    assert pieces({day[0], day[3], day[20]}, volume, day[59], 5) == [(day[0], day[7]), (day[20], day[24])]
    assert pieces({day[57]}, volume, day[59], 5) == [(day[57], day[59])]
    assert pieces({day[0]}, volume, day[59], 6, most=25) == [(day[0], day[1]), (day[2], day[3]), (day[4], day[5])]
    assert pieces({day[0]}, {day[0]: 100, day[1]: 1}, day[59], 2, most=25) == [(day[0], day[0]), (day[1], day[1])]
