"""What a slice of complaints is about: its telling words and its topics."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

import pandas as pd
from pyspark.sql import functions as F

from features.counts import COUNTED_KINDS
from features.passages import central_passage, on_one_line
from features.profiles import PROFILE
from features.segmentation import segmenter
from features.slices import Slice, place_name
from features.subjects import label, merchant_names
from features.trees import UNKNOWN, issues, products
from jobs.lexicon import office_lexicon
from jobs.merchants import with_names
from jobs.slices import Asked, slice_of
from models.terms import log_odds
from models.topics import Cluster, TopicSettings, topic_clusters
from reports.topics import Compared, Named, Passage, TermRow, Topic, TopicFigures
from warehouse.errors import RadarError
from warehouse.sources import SILVER, streams
from warehouse.storage import to_dicts, to_pandas
from warehouse.topic_rules import topic_rules

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

    from warehouse.storage import Warehouse

DAY = dt.timedelta(days=1)
# The slice in its days; the same slice in the days before; the other complaints of its days.
NOW, BEFORE, BESIDE = "now", "before", "beside"
KEY = ("source", "complaint_id")
READ = (*KEY, "event_date", "event_month", "province", "city", "merchant", "merchant_name", "text_identity", "tokens")


@dataclass(frozen=True)
class Days:
    """The days looked at, and how many before them are compared with."""

    first: dt.date
    last: dt.date
    baseline: int

    @classmethod
    def until(cls, last: dt.date, days: int, baseline: int) -> Days:
        """So many days up to one."""
        return cls(last - (days - 1) * DAY, last, baseline)

    @property
    def baseline_first(self) -> dt.date:
        return self.first - self.baseline * DAY


def find_topics(warehouse: Warehouse, stream: str, days: Days, asked: Asked, limit: int) -> TopicFigures:
    """The words and topics of a slice.

    Args:
        warehouse: the tables.
        stream: the stream.
        days: the days looked at.
        asked: the slice.
        limit: words of each list and topics at the most.

    Raises:
        RadarError: a name is not known, or the slice has no complaints in the days looked at.
    """
    counted = _counted(warehouse.read(PROFILE), stream, days)
    chosen = slice_of(warehouse, counted, asked)
    parted = counted.withColumn("part", _part(chosen, days)).filter(F.col("part").isNotNull())
    totals = _totals(parted)
    if NOW not in totals:
        raise RadarError(f"{stream} has no complaints of {chosen.name} from {days.first} to {days.last}")
    rows = _rows(warehouse, parted.filter(F.col("part") == NOW))
    usage = _usage(parted.filter(F.col("part") != NOW), rows)
    clusters = _clusters(rows, usage, chosen)
    texts = rows["text_identity"].nunique()
    return TopicFigures(
        subject=chosen.name,
        conditions={part.column: list(part.values) for part in chosen.parts},
        stream=stream,
        stream_zh=streams()[stream].zh,
        first_day=days.first,
        last_day=days.last,
        baseline_days=days.baseline,
        complaints=totals[NOW][0],
        read=len(rows),
        texts=texts,
        new=_compared(usage, BEFORE, totals, texts, limit),
        apart=_compared(usage, BESIDE, totals, texts, limit),
        topics=_topics(warehouse, rows, clusters[:limit]),
        topics_found=len(clusters),
        without_topic=len(rows) - sum(len(cluster.members) for cluster in clusters),
        versions={"话题设置版本": str(topic_rules().version), "词典版本": "、".join(_lexicons(parted))},
    )


def _counted(profiles: DataFrame, stream: str, days: Days) -> DataFrame:
    """The complaints that count, of the days looked at and those before."""
    return (
        profiles.filter(F.col("event_month").between(f"{days.baseline_first:%Y-%m}", f"{days.last:%Y-%m}"))
        .filter(F.col("event_date").between(days.baseline_first, days.last))
        .filter((F.col("stream") == stream) & F.col("kind").isin(*COUNTED_KINDS))
    )


def _part(chosen: Slice, days: Days) -> Column:
    """Which of the three a complaint belongs to; null where it is neither in the slice nor in its days."""
    now, inside = F.col("event_date") >= F.lit(days.first), chosen.holds()
    return F.when(inside & now, NOW).when(inside, BEFORE).when(now, BESIDE)


def _totals(parted: DataFrame) -> dict[str, tuple[int, int]]:
    """Complaints and distinct texts of each part that has any."""
    figures = parted.groupBy("part").agg(F.count(F.lit(1)).alias("complaints"), F.countDistinct("text_identity").alias("texts"))
    return {row["part"]: (row["complaints"], row["texts"]) for row in to_dicts(figures)}


def _lexicons(parted: DataFrame) -> list[str]:
    """Versions of the lexicons that the words were cut by; several until a new one has cut all."""
    return sorted(row["lexicon_version"] for row in to_dicts(parted.select("lexicon_version").distinct()))


def _rows(warehouse: Warehouse, inside: DataFrame) -> pd.DataFrame:
    """The slice's own complaints, the newest first; no more than are read at the most."""
    newest_first = inside.orderBy(F.desc("event_date"), "source", F.desc("complaint_id"))
    named = with_names(warehouse, newest_first.limit(topic_rules().most_read)).select(*READ)
    rows = to_pandas(named).sort_values(["event_date", "source", "complaint_id"], ascending=[False, True, False])
    rows["tokens"] = rows["tokens"].map(list)
    return rows.reset_index(drop=True)


def _usage(others: DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Distinct texts that use each word: columns `now`, `before`, `beside`, by word."""
    words = others.select("part", "text_identity", F.explode(F.array_distinct("tokens")).alias("term"))
    counts = to_pandas(words.groupBy("part", "term").agg(F.countDistinct("text_identity").alias("texts")))
    table = counts.pivot_table(index="term", columns="part", values="texts", aggfunc="sum", fill_value=0)
    said = {(text, term) for text, tokens in zip(rows["text_identity"], rows["tokens"], strict=True) for term in tokens}
    own = pd.Series(Counter(term for _, term in said), name=NOW, dtype="int64")
    return table.join(own, how="outer").reindex(columns=[NOW, BEFORE, BESIDE]).fillna(0).astype("int64").sort_index()


def _compared(usage: pd.DataFrame, part: str, totals: Mapping[str, tuple[int, int]], texts: int, limit: int) -> Compared | None:
    """The words that set the slice apart from a part; None where that has no complaints."""
    if part not in totals:
        return None
    complaints, others = totals[part]
    rules = topic_rules().terms
    scored = _scored(usage, part)
    telling = scored[(scored["used"] >= rules.minimum) & (scored["z_score"] >= rules.score)].reset_index(names="term")
    leading = telling.sort_values(["z_score", "term"], ascending=[False, True]).head(limit)
    figures = zip(*(leading[name].tolist() for name in ("term", "used", "elsewhere", "z_score")), strict=True)
    rows = [
        TermRow(term, used, elsewhere, used / texts, elsewhere / others, round(z_score, 2))
        for term, used, elsewhere, z_score in figures
    ]
    return Compared(complaints, others, rows)


def _scored(usage: pd.DataFrame, part: str) -> pd.DataFrame:
    """Every word of the slice and of a part: columns `used`, `elsewhere`, `z_score`, by word."""
    table = usage.loc[(usage[NOW] > 0) | (usage[part] > 0), [NOW, part]].set_axis(["used", "elsewhere"], axis=1)
    scores = log_odds(
        table["used"].to_numpy(float), table["elsewhere"].to_numpy(float), prior_weight=topic_rules().terms.prior_weight
    )
    return table.assign(z_score=scores)


def _clusters(rows: pd.DataFrame, usage: pd.DataFrame, chosen: Slice) -> list[Cluster]:
    """The topics of the slice, the largest first.

    Within complaints about one matter its own words are the common ones, and how people complain would part them into topics.
    So words that other complaints of these days use as much do not count there. A place is no matter: what a region's
    complaints are about is what others are about too.
    """
    rules = topic_rules()
    settings, ignored = TopicSettings(**rules.clusters.model_dump()), frozenset[str]()
    if chosen.has_matter:
        scored = _scored(usage, BESIDE)
        common = (scored["elsewhere"] > 0) & (scored["z_score"] < rules.matter.score)
        settings, ignored = replace(settings, informative=rules.matter.informative), frozenset(scored.index[common])
    return topic_clusters(
        [[word for word in tokens if word not in ignored] for tokens in rows["tokens"]],
        # The words in their order tell copies as well as the texts do, which thus need not be read.
        texts=["".join(tokens) for tokens in rows["tokens"]],
        settings=settings,
        naming=products().words.keys() | issues().words.keys(),
    )


def _topics(warehouse: Warehouse, rows: pd.DataFrame, clusters: Sequence[Cluster]) -> list[Topic]:
    names = merchant_names(rows)
    contents = _contents(warehouse, rows.iloc[[at for cluster in clusters for at in cluster.typical]])
    cutter = segmenter(office_lexicon(warehouse.home))
    everywhere = _users(rows["tokens"])
    return [
        _topic(rows.iloc[list(cluster.members)], rows, cluster, names, contents, cutter.words, everywhere)
        for cluster in clusters
    ]


def _topic(
    members: pd.DataFrame,
    rows: pd.DataFrame,
    cluster: Cluster,
    names: Mapping[str, str],
    contents: Mapping[tuple[str, str], str],
    words: Callable[[str], Sequence[str]],
    everywhere: Mapping[str, int],
) -> Topic:
    weights = _weights(_users(members["tokens"]), len(members), everywhere, len(rows))
    central = rows.iloc[list(cluster.typical)]
    typical = list(zip(central["source"], central["complaint_id"], strict=True))
    respondents = (label("merchant", merchant, names) for merchant in members["merchant"].dropna())
    places = (place_name(*place) for place in zip(members["province"], members["city"], strict=True) if place[0] != UNKNOWN)
    return Topic(
        label=cluster.label,
        terms=list(cluster.terms),
        complaints=len(members),
        voices=cluster.voices,
        cohesion=round(cluster.cohesion, 3),
        first_day=members["event_date"].min(),
        last_day=members["event_date"].max(),
        merchants=_most_named(map(on_one_line, respondents)),
        places=_most_named(places),
        typical=[
            Passage(key[1], central_passage(contents[key], weights, words, topic_rules().sentence))
            for key in typical
            if key in contents
        ],
        complaint_ids=members["complaint_id"].tolist(),
    )


def _contents(warehouse: Warehouse, rows: pd.DataFrame) -> dict[tuple[str, str], str]:
    """The masked texts of some complaints by key, of those that have one."""
    if rows.empty:
        return {}
    found = (
        warehouse.read(SILVER)
        .filter(F.col("event_month").isin(sorted(set(rows["event_month"]))))
        .filter(F.col("complaint_id").isin(sorted(set(rows["complaint_id"]))) & F.col("content").isNotNull())
        .select(*KEY, "content")
    )
    return {(row["source"], row["complaint_id"]): row["content"] for row in to_dicts(found)}


def _users(token_lists: Iterable[Sequence[str]]) -> Counter[str]:
    """How many complaints use each word."""
    return Counter(chain.from_iterable(map(set, token_lists)))


def _weights(inside: Mapping[str, int], members: int, everywhere: Mapping[str, int], complaints: int) -> dict[str, float]:
    """How much more often a word is used within a topic than in the rest of the slice, as a difference of shares."""
    outside = max(complaints - members, 1)
    shares = {word: users / members - (everywhere[word] - users) / outside for word, users in inside.items()}
    # What one complaint alone says, and what is said elsewhere nearly as often, tells nothing of the topic.
    return {word: share for word, share in shares.items() if inside[word] > 1 and share >= topic_rules().telling}


def _most_named(names: Iterable[str]) -> list[Named]:
    ranked = sorted(Counter(names).items(), key=lambda item: (-item[1], item[0]))
    return [Named(name, complaints) for name, complaints in ranked[: topic_rules().names]]
