"""Routing of real letters and complaints: to whom their class says they belong."""

import csv

from features.lexicon import default_entry, shipped_lexicon
from features.routing import route, routing_words
from features.routing_rules import routing_table
from features.segmentation import Segmenter
from features.trees import issues, products

# Which authorities a letter of each class can rightly go to; its class is what the city's office filed it under.
LETTERS = {
    "城乡建设": {"housing", "urban_management", "energy", "housing_fund", "fire", "telecom"},
    "劳动和社会保障": {"labour", "medical_insurance", "civil_affairs", "housing_fund"},
    "教育文体": {"education", "culture", "sports"},
    "卫生计生": {"health"},
    "环境保护": {"environment", "energy"},
    "交通运输": {"transport", "postal", "railway", "aviation"},
    "商贸旅游": {
        "culture",
        "commerce",
        "agriculture",
        "public_security",
        "tax",
        "tobacco",
        "customs",
        "transport",
        "energy",
        "telecom",
    },
}


def judged(texts):
    segmenter = Segmenter(shipped_lexicon().with_own(dict.fromkeys(routing_words(), default_entry())))
    for text in texts:
        words = segmenter.words(text)
        product, issue = (tree.judge(None, None, words).node for tree in (products(), issues()))
        yield route(product, issue, words, online=False, kind="投诉")


def test_letters_of_citizens_go_to_the_authority_of_their_class(shared_data):
    with (shared_data / "gov_messages_2020" / "labelled.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    routes = list(zip(rows, judged(row["text"] for row in rows), strict=True))
    away = [(row["label"], {authority.code for authority in found.outside}) for row, found in routes if found.outside]
    assert sum(bool(codes & LETTERS[label]) for label, codes in away) / len(away) > 0.75
    trade, other = ([f for row, f in routes if (row["label"] == "商贸旅游") == ours] for ours in (True, False))
    assert sum(found.duty == "outside" for found in trade) / len(trade) < 0.2
    assert sum(found.duty == "outside" for found in other) / len(other) > 0.55


def test_confidence_by_words_is_what_the_letters_measure(shared_data):
    with (shared_data / "gov_messages_2020" / "labelled.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    right = {}
    for row, found in zip(rows, judged(row["text"] for row in rows), strict=True):
        codes = {authority.code for authority in found.outside}
        # No class of letters is the police's.
        if found.basis == "words" and codes and codes != {"public_security"}:
            right.setdefault(found.rule, []).append(bool(codes & LETTERS[row["label"]]))
    shares = {rule: sum(hits) / len(hits) for rule, hits in right.items() if len(hits) >= 10}
    assert len(shares) > 15
    stated = {rule.id: rule.confidence for rule in [*routing_table().duty, *routing_table().unit]}
    assert {rule: (share, stated[rule]) for rule, share in shares.items() if not -0.05 < share - stated[rule] < 0.1} == {}


def test_complaints_about_cars_stay_ours(shared_data):
    with (shared_data / "auto12365_2024" / "complaints.csv").open(encoding="utf-8-sig", newline="") as file:
        texts = [row["投诉简述"] for row in csv.DictReader(file)]
    duties = [found.duty for found in judged(texts)]
    assert duties.count("outside") / len(duties) < 0.01
    assert duties.count("ours") / len(duties) > 0.95
