"""Rows of an export: drafts and their versions as columns of texts."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulator.catalogue import catalogue
from simulator.data import world
from simulator.dates import Dates
from simulator.draft import COMPLAINT, KINDS, NONE, REPORT, SECONDS, Draft
from simulator.drafting import Drafter
from simulator.lifecycle import CHECKED, CLOSED, REGISTERED, Fates, Versions
from simulator.places import places, spellings
from simulator.pools import Pools, column, take
from simulator.seeds import Flags, Floats, Ints, pick, shares, whole
from simulator.text import TextWriter

# The national platform's own export.
PLATFORM = (
    "登记编号", "类型", "接收方式", "企业名称", "企业地址", "诉求内容", "问题类别",
    "事发地", "具体问题", "初查受理状态", "处理机构", "处理部门", "反馈内容",
)  # fmt: skip
# The same with the fields that integrated systems add.
EXTENDED = (
    "登记编号", "类型", "登记日期", "更新时间", "接收方式", "企业名称", "统一社会信用代码", "企业地址", "诉求内容",
    "问题类别", "事发地", "客体分类", "商品/服务名称", "品牌", "型号规格", "消费金额", "争议发生时间", "联系电话",
    "具体问题", "初查受理状态", "不予受理情形", "受理时间", "处理机构", "处理部门", "办结时间", "调解结果",
    "挽回经济损失", "是否诉转案", "满意度", "反馈内容",
)  # fmt: skip
LAYOUTS = {"platform": PLATFORM, "extended": EXTENDED}
MASK = "*****"
STATES = {REGISTERED: "待初查", CHECKED: "已受理", CLOSED: "已办结"}
REFUSED = "不予受理"


class RowWriter:
    """Writes drafts and their versions as tables of texts."""

    def __init__(self, drafter: Drafter) -> None:
        self._drafter, calibration, book = drafter, drafter.calibration, catalogue()
        span = drafter.scenario.span
        self._dates = Dates(span, world("habits")["purchase_days"] + calibration["repeat_filing"]["most_days"])
        self._text = TextWriter(drafter, self._dates)
        self._times = column([f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}" for second in range(SECONDS)])
        self._cents = column([f"{cents:02d}" for cents in range(100)])
        forms = spellings()
        self._spelling_shares = shares([world("habits")["place_spellings"][name] for name in forms])
        self._spellings = pa.concat_arrays([column(names) for names in forms.values()])
        self._codes = column(places().code)
        self._streets = column(world("merchants")["streets"])
        offices = world("frames")["departments"]
        self._departments = column([offices.get(name, offices["otherwise"]) for name in book.classes])
        self._authorities = column(
            [f"{places().county[i] or places().city[i]}市场监督管理局" for i in range(len(places().code))]
        )
        self._lay_labels()
        self._lay_answers()
        self._demands = list(world("phrases")["demands"])
        self._demand_shares = {
            part: shares([table.get(name, 0.0) for name in self._demands]) for part, table in calibration["demands"].items()
        }

    def rows(self, rng: np.random.Generator, draft: Draft) -> pa.Table:
        """The columns that no version changes."""
        calibration, book, size = self._drafter.calibration, catalogue(), len(draft)
        of_class = book.class_of[draft.product]
        demand = self._demand(rng, book.goods[of_class])
        given = {name: rng.random(size) < calibration[f"{name}_given"] for name in ("brand", "model", "credit_code")}
        given["brand"] |= draft.incident != NONE
        register = self._drafter.register
        spelling = pick(rng, self._spelling_shares, size) * len(places().code) + draft.place
        return pa.table(
            {
                "登记编号": self.numbers(draft),
                "类型": take(column(KINDS), draft.kind),
                "登记日期": self._moment(draft.day, draft.second),
                "接收方式": take(column(self._drafter.channels), draft.channel),
                "企业名称": register.spell(rng, draft.merchant, draft.branch, told=False),
                "统一社会信用代码": _where(given["credit_code"], take(register.codes, draft.merchant)),
                "企业地址": self._address(rng, draft),
                "诉求内容": self._requests(rng, demand),
                "事发地": take(self._spellings, spelling),
                "商品/服务名称": take(self._drafter.texts, draft.noun),
                "品牌": self._named(draft.brand, given["brand"]),
                "型号规格": self._named(draft.model, given["model"]),
                "消费金额": self._money(draft.amount),
                "争议发生时间": self._dates.written("iso", draft.day - draft.lag),
                "联系电话": pa.array(draft.phone).cast(pa.string()),
                "具体问题": self._text.write(rng, draft, demand),
                "处理机构": take(self._authorities, draft.place),
                "处理部门": take(self._departments, of_class),
            }
        )

    def numbers(self, draft: Draft) -> pa.Array:
        """Registration numbers: region, day, and a number within the day."""
        serial = pc.utf8_lpad(pa.array(draft.number).cast(pa.string()), 8, "0")
        return pc.binary_join_element_wise(
            take(self._codes, draft.place), self._dates.written("compact", draft.day), serial, ""
        )

    def versions(self, rng: np.random.Generator, rows: pa.Table, draft: Draft, fate: Fates, version: Versions) -> pa.Table:
        """The rows of the versions, in the export's columns."""
        row, state = version.row, version.state
        checked, closed = state >= CHECKED, state == CLOSED
        issue = np.where(checked, draft.label_issue[row], fate.first_issue[row])
        product = np.where(checked, draft.product[row], fate.first_product[row])
        refused = checked & ~fate.accepted[row]
        status = np.where(refused, len(STATES), state)
        table = rows.take(pa.array(row))
        moment = self._moment(version.day, version.second)
        columns = {
            "更新时间": moment,
            "问题类别": self._label(draft.kind[row], issue, fate.leaf[row]),
            "客体分类": take(column(catalogue().labels), product),
            "初查受理状态": take(column([*STATES.values(), REFUSED]), status),
            "不予受理情形": self._chosen("refusals", np.where(refused, fate.refusal[row], NONE)),
            "受理时间": _where(checked & ~refused, self._dates.written("iso", np.where(checked, fate.checked[row], 0))),
            "办结时间": _where(closed, self._dates.written("iso", np.where(closed, fate.closed[row], 0))),
            "调解结果": self._chosen("mediated", np.where(closed, fate.outcome[row], NONE)),
            "挽回经济损失": _where(closed & (fate.outcome[row] != NONE), self._money(fate.recovered[row])),
            "是否诉转案": _where(
                closed & (draft.kind[row] == COMPLAINT), take(column(["否", "是"]), fate.filed[row].astype(np.int64))
            ),
            "满意度": _where(closed & (fate.satisfaction[row] != NONE), pa.array(fate.satisfaction[row]).cast(pa.string())),
            "反馈内容": self._answer(rng, draft, fate, version, refused),
        }
        for name, values in columns.items():
            table = table.append_column(name, values)
        return table.select(list(LAYOUTS[self._drafter.scenario.layout]))

    def _moment(self, day: Ints, second: Ints) -> pa.Array:
        return pc.binary_join_element_wise(self._dates.written("iso", day), take(self._times, second), " ")

    def _money(self, amount: Floats) -> pa.Array:
        cents = np.round(amount * 100).astype(np.int64)
        return pc.binary_join_element_wise(pa.array(cents // 100).cast(pa.string()), take(self._cents, cents % 100), ".")

    def _named(self, place: Ints, given: Flags) -> pa.Array:
        return _where(given & (place != NONE), take(self._drafter.texts, np.maximum(place, 0)))

    def _address(self, rng: np.random.Generator, draft: Draft) -> pa.Array:
        size = len(draft)
        house = pa.array(1 + whole(rng, 500, size)).cast(pa.string())
        full = self._spellings.slice(0, len(places().code))
        street = take(self._streets, whole(rng, len(self._streets), size))
        address = pc.binary_join_element_wise(take(full, draft.place), street, house, "号", "")
        masked = draft.online | (rng.random(size) < self._drafter.calibration["masked_address"])
        return pc.if_else(pa.array(masked), MASK, address)

    def _demand(self, rng: np.random.Generator, goods: Flags) -> Ints:
        first, second = (pick(rng, self._demand_shares[part], len(goods)) for part in ("goods", "services"))
        return np.where(goods, first, second)

    def _requests(self, rng: np.random.Generator, demand: Ints) -> pa.Array:
        names = column(self._demands)
        also = self._demands.index("赔偿损失")
        two = (demand != also) & (rng.random(len(demand)) < self._drafter.calibration["second_demand"])
        return pc.if_else(pa.array(two), pc.binary_join_element_wise(take(names, demand), ",赔偿损失", ""), take(names, demand))

    def _lay_labels(self) -> None:
        """Leaf names of the issues, of complaints first and of reports behind them, with their cumulative shares."""
        calibration = self._drafter.calibration
        names: list[str] = []
        starts: list[int] = []
        bounds: list[Floats] = []
        for table in ("issue_labels", "issue_labels_reported"):
            for issue in catalogue().issues:
                leaves = calibration[table].get(issue) or calibration["issue_labels"][issue]
                starts.append(len(names))
                names += list(leaves)
                bounds.append(np.cumsum(shares(list(leaves.values()))))
        width = max(map(len, bounds))
        self._labels, self._label_start = column(names), np.array(starts)
        self._label_bounds = np.array([np.pad(bound, (0, width - len(bound)), constant_values=1.0) for bound in bounds])

    def _label(self, kind: Ints, issue: Ints, leaf: Floats) -> pa.Array:
        which = issue + (kind == REPORT) * len(catalogue().issues)
        place = (leaf[:, None] >= self._label_bounds[which][:, :-1]).sum(axis=1)
        return take(self._labels, self._label_start[which] + place)

    def _chosen(self, table: str, place: Ints) -> pa.Array:
        names = list(self._drafter.calibration[table])
        return take(column([*names, ""]), np.where(place == NONE, len(names), place))

    def _lay_answers(self) -> None:
        phrases, pools = world("phrases"), Pools()
        texts = {"": [""], **phrases["feedback"], **phrases["refusals"], **world("frames")["answers"]}
        self._answer_pool = {name: pools.add(sentences) for name, sentences in texts.items()}
        self._answers = pools.freeze()

    def _answer(
        self,
        rng: np.random.Generator,
        draft: Draft,
        fate: Fates,
        version: Versions,
        refused: Flags,
    ) -> pa.Array:
        row, closed, pool = version.row, version.state == CLOSED, self._answer_pool
        outcomes, grounds = (
            np.array([pool[name] for name in self._drafter.calibration[table]]) for table in ("mediated", "refusals")
        )
        report = np.where(fate.filed[row], pool["filed"], pool["unfiled"])
        end = np.where(draft.kind[row] == REPORT, report, pool["consultation"])
        end = np.where(fate.outcome[row] != NONE, outcomes[fate.outcome[row]], end)
        which = np.where(version.state == CHECKED, pool["已受理"], pool[""])
        which = np.where(refused, grounds[fate.refusal[row]], np.where(closed, end, which))
        return take(self._answers.texts, self._answers.draw(rng, which))


def _where(condition: Flags, values: pa.Array) -> pa.Array:
    """The values where the condition holds, else empty texts."""
    return pc.if_else(pa.array(condition), values, "")
