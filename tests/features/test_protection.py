"""Nothing that names a person passes the border, in accepted rows and in rejected ones."""

import pytest
from bronze_rows import GOOD, bronze_rows

from features.protection import hide, protected
from features.typing import typed
from warehouse.contracts import contract_of
from warehouse.sources import IDENTIFIERS, SILVER, mapping_of
from warehouse.storage import to_dicts

NATIONAL = mapping_of("national_12315")
SHOWN = frozenset({"登记编号", "具体问题", "企业名称"})
PERSON = {
    "姓名": "欧阳小明",
    "联系电话": "+86 154 1234 5678",
    "证件号码": "11010519491231002X",
    "联系地址": "阳光小区3号楼2单元501室",
}


def protect(spark, *cells):
    return to_dicts(
        protected(typed(bronze_rows(spark, *cells), NATIONAL, {name for row in cells for name in row}), NATIONAL, b"key")
    )


def test_identifiers_become_hashes_and_texts_are_masked_in_every_column_that_people_wrote(spark):
    telling = "找欧阳小明，联系人：欧阳小明，电话15412345678"
    written = [column.name for column in contract_of(SILVER).columns if column.masked]
    feeds = {fields[0]: column for column, fields in reversed(NATIONAL.columns.items()) if fields[0] in written}
    assert len(feeds) >= 15
    (row,) = protect(spark, {**GOOD, **PERSON, **dict.fromkeys(feeds.values(), telling)})
    assert row["reasons"] == []
    assert row["raw"] is None
    told = str(row)
    for secret in ("15412345678", "154 1234 5678", "11010519491231002X", "2单元501"):
        assert secret not in told
    assert row["merchant_name"].startswith("找")
    assert all(row[name] for name in IDENTIFIERS.values())
    assert not set(IDENTIFIERS) & set(row)


def test_the_same_person_joins_and_masked_numbers_join_nobody(spark):
    same, other, masked = protect(
        spark,
        {**GOOD, "联系电话": "15412345678"},
        {**GOOD, "联系电话": "+86 154-1234-5678"},
        {**GOOD, "联系电话": "154****5678"},
    )
    assert same["phone_key"] == other["phone_key"] is not None
    assert masked["phone_key"] is None


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"事发地区划代码": "330203", "事发地": "杭州市", "具体问题": "在北京市朝阳区买的"}, "330203"),
        ({"事发地": "杭州市西湖区", "具体问题": "在北京市朝阳区买的"}, "330106"),
        ({"事发地": "不详", "具体问题": "在北京市朝阳区买的空调，北京现代的车"}, "110105"),
        ({"事发地": "", "具体问题": "北京现代的车漏油"}, None),
    ],
)
def test_the_place_is_the_one_given_else_the_one_named_else_one_in_the_text(spark, cells, code):
    (row,) = protect(spark, {**GOOD, **cells})
    assert row["region_code"] == code


def test_a_rejected_row_shows_its_cells_masked(spark):
    shifted = {**GOOD, **PERSON, "登记编号": "", "类型": "A1", "企业名称": "欧阳小明", "备注": "王小红的儿子"}
    (row,) = protect(spark, shifted)
    cells = dict(row["raw"])
    assert cells["具体问题"] == "坏"
    assert cells["登记日期"] == GOOD["登记日期"]
    assert {cells[name] for name in ("姓名", "联系电话", "证件号码", "联系地址", "企业名称", "备注")} == {"***"}


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("王小明", "***"),
        ("欧阳娜娜", "***"),
        ("电话15412345678", "电话154****5678"),
        ("空调不制冷", "空调不制冷"),
        ("", ""),
        (None, None),
        ("330106", "330106"),
    ],
)
def test_cells_of_known_columns(cell, shown):
    assert hide({"具体问题": cell}, SHOWN) == {"具体问题": shown}


def test_cells_of_unknown_columns_are_hidden():
    assert hide({"备注": "随便", "+1": "15412345678", "空": ""}, SHOWN) == {"备注": "***", "+1": "***", "空": ""}
