"""Complaints, ordinary and planted, as rows of the national platform's export."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulator.world import ONE_DAY, Merchant, credit_code, daily_factor, merchants, product_weights, weights, world

HEADER = (
    "登记编号", "类型", "登记日期", "更新时间", "接收方式", "企业名称", "统一社会信用代码", "企业地址", "诉求内容", "问题类别",
    "事发地", "商品/服务名称", "品牌", "型号规格", "消费金额", "联系电话", "具体问题", "初查受理状态", "处理机构",
)  # fmt: skip
Row = dict[str, str]
MERCHANTS = 1200
RESPONSE_DAYS = 5
TEMPLATE_SHARE = 0.4
CONTACT_SHARE = 0.15
# Mobile numbers of the unassigned prefix 154: no subscriber has one.
FICTIONAL_MOBILE = "154"


@dataclass(frozen=True)
class Span:
    """First and last day that is simulated, and complaints on an ordinary day at the start."""

    first: dt.date
    last: dt.date
    per_day: float


class Writer:
    """Writes complaints one after the other; the same seed writes the same."""

    def __init__(self, seed: int, span: Span) -> None:
        self._rng = np.random.default_rng(seed)
        self._span = span
        self._merchants = merchants(self._rng, MERCHANTS)
        popularity = 1 / np.arange(1, MERCHANTS + 1) ** 0.8
        self._popularity = popularity / popularity.sum()
        self._number = 0

    def ordinary(self) -> Iterator[Row]:
        """The complaints of every day, in the order of the days."""
        day = self._span.first
        while day <= self._span.last:
            count = self._rng.poisson(self._span.per_day * daily_factor(day, self._span.first))
            products = self._rng.choice(len(world()["products"]), size=count, p=product_weights(day))
            for index in products:
                yield self._ordinary_row(day, world()["products"][index])
            day += ONE_DAY

    def planted(self, incident: dict[str, Any]) -> list[Row]:
        """The complaints of an incident."""
        onset = self._span.last - incident["start"] * ONE_DAY
        ramp = np.arange(1, incident["days"] + 1, dtype=float) ** (1.0 if incident["shape"] == "rising" else 0.0)
        per_day = self._rng.multinomial(incident["size"], ramp / ramp.sum())
        product = next(p for p in world()["products"] if p["name"] == incident["product"])
        merchant = (
            Merchant(incident["merchant"], credit_code(900_000 + len(incident["id"]))) if "merchant" in incident else None
        )
        phone = self._phone() if incident.get("one_filer") else None
        return [
            self._planted_row(onset + int(offset) * ONE_DAY, product, incident, merchant, phone)
            for offset, count in enumerate(per_day)
            for _ in range(count)
        ]

    def _pick(self, table: dict[str, float]) -> str:
        names, shares = weights(table)
        return str(names[self._rng.choice(len(names), p=shares)])

    def _one(self, items: list[str]) -> str:
        return str(items[self._rng.integers(len(items))])

    def _phone(self) -> str:
        return f"{FICTIONAL_MOBILE}{self._rng.integers(10**8):08d}"

    def _ordinary_row(self, day: dt.date, product: dict[str, Any]) -> Row:
        issue = self._one(list(product["faults"]))
        merchant = self._merchants[self._rng.choice(MERCHANTS, p=self._popularity)]
        brand = self._one(product["brands"]) if "brands" in product else ""
        model = self._one(product["models"]) if brand and "models" in product else ""
        return self._row(
            day,
            product,
            issue,
            self._one(product["faults"][issue]),
            self._pick(world()["cities"]),
            merchant,
            brand,
            model,
            self._phone(),
        )

    def _planted_row(
        self, day: dt.date, product: dict[str, Any], incident: dict[str, Any], merchant: Merchant | None, phone: str | None
    ) -> Row:
        row = self._row(
            day,
            product,
            incident["issue"],
            self._one(incident["texts"]),
            self._one(incident["cities"]),
            merchant or self._merchants[self._rng.choice(MERCHANTS, p=self._popularity)],
            incident.get("brand", ""),
            incident.get("model", ""),
            phone or self._phone(),
        )
        if phone:
            # A template differs by its numbers only.
            row["具体问题"] = (
                f"{incident['texts'][0]}，订单号{self._rng.integers(10**12):012d}，金额{self._rng.integers(10, 99)}元。"
            )
        return row

    def _row(
        self,
        day: dt.date,
        product: dict[str, Any],
        issue: str,
        fault: str,
        city: str,
        merchant: Merchant,
        brand: str,
        model: str,
        phone: str,
    ) -> Row:
        self._number += 1
        amount = float(np.round(self._rng.lognormal(5.5, 1.1), 2))
        at = dt.datetime.combine(
            day, dt.time(8 + int(self._rng.integers(12)), int(self._rng.integers(60)), int(self._rng.integers(60)))
        )
        return {
            "登记编号": f"{day:%Y%m%d}33{self._number:08d}",
            "类型": self._pick(world()["kinds"]),
            "登记日期": f"{at:%Y-%m-%d %H:%M:%S}",
            "更新时间": f"{at:%Y-%m-%d %H:%M:%S}",
            "接收方式": self._pick(world()["channels"]),
            "企业名称": merchant.name,
            "统一社会信用代码": merchant.credit_code,
            "企业地址": "*****",
            "诉求内容": self._pick(world()["demands"]),
            "问题类别": issue,
            "事发地": f"浙江省{city}{self._one(world()['counties'][city])}",
            "商品/服务名称": product["name"],
            "品牌": brand,
            "型号规格": model,
            "消费金额": f"{amount:.2f}",
            "联系电话": phone,
            "具体问题": self._text(product, fault, merchant, brand, model, amount, day, phone),
            "初查受理状态": "待初查",
            "处理机构": f"{city}市场监督管理局",
        }

    def _text(
        self,
        product: dict[str, Any],
        fault: str,
        merchant: Merchant,
        brand: str,
        model: str,
        amount: float,
        day: dt.date,
        phone: str,
    ) -> str:
        noun, what = self._one(product["nouns"]), f"（{brand}{model}）" if brand else ""
        bought = day - int(self._rng.integers(1, 60)) * ONE_DAY
        if self._rng.random() < TEMPLATE_SHARE:
            return (
                f"商户名称：{merchant.name} 发生时间：{bought:%Y-%m-%d} 消费金额：{amount:.0f}元 "
                f"问题描述：{noun}{what}，{fault}。 主要诉求：{self._pick(world()['demands'])}"
            )
        contact = f"联系电话{phone}。" if self._rng.random() < CONTACT_SHARE else ""
        return (
            f"{self._one(world()['openings'])}{bought.month}月{bought.day}日花{amount:.0f}元{noun}{what}，{fault}。"
            f"{contact}{self._one(world()['closings'])}"
        )
