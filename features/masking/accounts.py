"""E-mail addresses, names in chat programs, and numbers of travel documents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from features.masking.contexts import is_counted
from features.masking.kinds import Finding, Kind
from features.masking.telephones import DATE, MOBILE
from features.masking.words import Announcers, any_of, label_before
from warehouse.files import reference_yaml

# RFC 5321: 64 characters before the sign, 63 between dots behind it. Some write the sign as a word.
AT = re.compile(r"@|\(at\)|\(AT\)|（at）|\[at\]|#| at (?=[a-z])")
LOCAL_PART = re.compile(r"[A-Za-z0-9._+-]{1,64} ?\Z")
LOCAL_REACH = 65
COMMON_DOMAINS = (".com", ".cn", ".net", ".org")
DOMAIN = re.compile(r" ?(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![A-Za-z])")
TRAVEL_DOCUMENT = re.compile(r"(?<![A-Za-z0-9*])[A-Za-z]{0,2}[0-9]{7,10}(?![A-Za-z0-9*])")
PASSPORT_WORD = re.compile(r"\s?护照")
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{4,}+")
SHORTEST_CHAT_ID = 5
SHORTEST_WECHAT_NAME = 6
QQ_DIGITS = range(5, 12)
MARKED = re.compile(r"[\d_-]")
COLONS = (":", "：")


def emails(text: str) -> Iterator[Finding]:
    """E-mail addresses."""
    for sign in AT.finditer(text):
        local = LOCAL_PART.search(text, max(0, sign.start() - LOCAL_REACH), sign.start())
        domain = DOMAIN.match(text, sign.end())
        if local and domain and (sign.group() == "@" or domain.group().endswith(COMMON_DOMAINS)):
            yield Finding(Kind.EMAIL, local.start(), domain.end())


def chat_ids(text: str) -> Iterator[Finding]:
    """Names behind a word for WeChat or QQ, or before one in brackets; groups and what the programs sell are none."""
    for code in CODE.finditer(text):
        start, end = code.span()
        if text[end : end + 1] in ("@", "*") or is_counted(text, end):
            continue
        if _keyword_in_brackets().match(text, end):
            yield Finding(Kind.CHAT_ID, start, end)
            continue
        keyword = _keywords().before(text, start)
        if keyword:
            told = keyword.between != "" or keyword.word.endswith(COLONS)
        elif (touching := _keyword().match(text, start, end)) and not label_before(text, start):
            start, told = touching.end(), False
        else:
            continue
        if _is_chat_id(text[start:end], told):
            yield Finding(Kind.CHAT_ID, start, end)


def travel_documents(text: str) -> Iterator[Finding]:
    """Numbers of passports and permits behind, or right before, a word for them."""
    if "证" not in text and "护照" not in text:
        return
    for document in TRAVEL_DOCUMENT.finditer(text):
        before_word = document.group()[0].isalpha() and PASSPORT_WORD.match(text, document.end())
        if before_word or label_before(text, document.start()) == "travel":
            yield Finding(Kind.TRAVEL_DOCUMENT, *document.span())


def _is_chat_id(name: str, told: bool) -> bool:
    if len(name) < SHORTEST_CHAT_ID:
        return False
    if name.isdecimal():
        # A mobile number that serves as a name is known as one without the word.
        return len(name) in QQ_DIGITS and name[0] != "0" and not (DATE.fullmatch(name) or MOBILE.fullmatch(name))
    word = name.lower().startswith(tuple(reference_yaml("masking")["chat"]["not_ids"]))
    return not word and (told or len(name) >= SHORTEST_WECHAT_NAME or MARKED.search(name) is not None)


@cache
def _keywords() -> Announcers:
    chat = reference_yaml("masking")["chat"]
    return Announcers(dict.fromkeys([*chat["keywords"], *chat["short_keywords"]], "chat"), chat["fillers"])


@cache
def _keyword() -> re.Pattern[str]:
    """A word that touches the name behind it (wx12345, QQ12345, +Vabc_123), but is no part of it (wxid_123)."""
    chat = reference_yaml("masking")["chat"]
    split = "|".join(f"(?<={re.escape(word[:-1])}){word[-1]}" for word in chat["short_keywords"] if word[-1].isascii())
    return re.compile(rf"(?!wxid_)(?:{split}|{any_of(chat['keywords'])})|(?=wxid_)", re.IGNORECASE)


@cache
def _keyword_in_brackets() -> re.Pattern[str]:
    keywords = any_of(reference_yaml("masking")["chat"]["keywords"])
    return re.compile(rf"\s?[（(]\s?{keywords}(?:同?号)?\s?[)）]", re.IGNORECASE)
