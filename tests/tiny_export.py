"""A tiny export whose every figure is known."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

HEADER = [
    "登记编号", "类型", "登记日期", "更新时间", "接收方式", "企业名称", "事发地", "商品/服务名称", "品牌", "型号规格",
    "问题类别", "消费金额", "联系电话", "具体问题", "初查受理状态",
]  # fmt: skip
LAST_DAY = dt.date(2026, 6, 14)
WEEKS = 10
BRANDS = ("甲牌", "乙牌", "丙牌", "丁牌")
PER_WEEK = 7
PLANTED = 24
# Digits are no part of what tells two texts apart; these are.
STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"

Row = dict[str, str]


def complaint(number: int, day: dt.date, brand: str, **other: str) -> Row:
    """One valid row; `other` replaces cells."""
    return {
        "登记编号": f"N{number:05d}",
        "类型": "投诉",
        "登记日期": f"{day} 10:00:00",
        "更新时间": "",
        "接收方式": "APP",
        "企业名称": f"{brand}专卖店",
        "事发地": "浙江省杭州市西湖区",
        "商品/服务名称": "空调",
        "品牌": brand,
        "型号规格": "K1",
        "问题类别": "质量问题",
        "消费金额": "1,999.00元",
        "联系电话": f"154{number:08d}",
        "具体问题": f"第{number}台空调{STEMS[number % 10]}{BRANCHES[number % 12]}不制冷，联系电话154{number:08d}",
        "初查受理状态": "待初查",
        **other,
    }


@pytest.fixture(scope="session")
def complaints() -> list[Row]:
    """Ten weeks of seven complaints per brand, and 24 more about one brand's leaking compressor in the last one."""
    first = LAST_DAY - dt.timedelta(days=7 * WEEKS - 1)
    rows: list[Row] = []
    for week in range(WEEKS):
        for brand in BRANDS:
            for day in range(PER_WEEK):
                rows.append(complaint(len(rows), first + dt.timedelta(days=7 * week + day), brand))
    for extra in range(PLANTED):
        number = len(rows)
        text = f"压缩机漏氟起火{'东南西北中'[extra % 5]}{'一二三四五六七'[extra % 7]}，维修人员第{number}次上门还是没有修好"
        rows.append(complaint(number, LAST_DAY - dt.timedelta(days=extra % 5), "丙牌", 问题类别="安全", 具体问题=text))
    return rows


@pytest.fixture
def write_export(tmp_path: Path) -> Callable[..., str]:
    """Writes rows as an export and gives its path."""

    def write(rows: Sequence[Row], name: str = "export.csv", encoding: str = "utf-8") -> str:
        path = tmp_path / name
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.DictWriter(file, HEADER)
            writer.writeheader()
            writer.writerows(rows)
        return str(path)

    return write
