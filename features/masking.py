"""Personal data in free text: found, checked and masked; identifiers become keyed hashes.

Order numbers, amounts, merchants' service numbers (400, 95xxx) and model names stay readable. Sources of the formats: GB 11643
(citizen number, MOD 11-2), ISO/IEC 7812 (bank cards, Luhn), GA 36 (licence plates), GB 16735 (VIN).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from functools import cache

from warehouse.files import reference_lines

PROVINCE_LETTERS = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"

MOBILE = re.compile(r"(?<!\d)(?:\+?86[ -]?|0)?(1[3-9]\d)[ -]?\d{4}[ -]?(\d{4})(?!\d)")
LANDLINE = re.compile(r"(?<!\d)([(（]?0(?:10|2\d|[3-9]\d{2})[)）]?)[ -]?\d{4}[ -]?\d{3,4}(?!\d)")
CITIZEN_NUMBER = re.compile(r"(?<!\d)(\d{6})((?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx])(?![\dXx])")
BANK_CARD = re.compile(r"(?<!\d)([3-6]\d{3})[ -]?(\d{4}[ -]?\d{4}[ -]?\d{1,4}(?:[ -]?\d{1,3})?)(?!\d)")
ACCOUNT = re.compile(r"((?:卡号|账号|帐号)\s*[:：是为]?\s*)\d[\d -]{6,22}\d")
EMAIL = re.compile(r"\b([\w.+-])[\w.+-]*@([\w-]+\.[\w.-]+)\b", re.ASCII)
CHAT = re.compile(r"((?:QQ|qq|微信号?|WeChat|wechat|VX|vx)(?:号|号码)?\s*[:：是为]?\s*)[A-Za-z0-9][\w-]{4,}", re.ASCII)
PLATE_NUMBER = r"(?:[DF][A-HJ-NP-Z0-9]\d{4}|\d{5}[DF]|(?=[A-Z]*\d)[A-HJ-NP-Z0-9]{5})"
PLATE = re.compile(rf"([{PROVINCE_LETTERS}][A-HJ-NP-Z])[·. ]?{PLATE_NUMBER}(?![A-Z0-9])")
VIN = re.compile(
    r"(?<![A-Z0-9])(?=[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])([A-HJ-NPR-Z0-9]{3})[A-HJ-NPR-Z0-9]{10}([A-HJ-NPR-Z0-9]{4})(?![A-Z0-9])"
)
HOME = re.compile(
    r"\d+(?:号楼|栋|幢)(?:[\dA-Za-z一二三四五六七八九十]+单元)?[\dA-Za-z]*(?:室|号|户)?|[\d一二三四五六七八九十]+单元\d+(?:室|号|户)?"
)
NAME_LABEL = "姓名|联系人|收件人|收货人|户名|我叫"
NAME_SUBJECT = "本人|投诉人|车主"
# Surnames that are also common words; behind a mere subject they are taken for the word.
WORD_SURNAMES = "于向常任单安和时应"
COMPOUND_SURNAMES = "欧阳|上官|司马|诸葛|皇甫|尉迟|公孙|慕容|司徒|令狐|东方"

HALF_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
CARD_LENGTHS = range(16, 20)
CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CITIZEN_CHECKS = "10X98765432"


def mask(text: str) -> str:
    """The text with personal data masked; text without any comes back as it is."""
    text = CHAT.sub(r"\1***", text.translate(HALF_WIDTH))
    # The longer numbers first, so that no shorter pattern bites a piece off them.
    text = CITIZEN_NUMBER.sub(_mask_citizen_number, text)
    text = BANK_CARD.sub(_mask_bank_card, text)
    text = ACCOUNT.sub(r"\1****", text)
    text = MOBILE.sub(r"\1****\2", text)
    text = LANDLINE.sub(r"\1-****", text)
    text = EMAIL.sub(r"\1***@\2", text)
    text = VIN.sub(r"\1**********\2", text)
    text = PLATE.sub(r"\1·*****", text)
    text = HOME.sub("***", text)
    return _name_pattern().sub(r"\1**", text)


def keyed_hash(identifier: str, key: bytes) -> str:
    """HMAC-SHA-256 of an identifier without its spaces and hyphens, 32 hex digits; the same person joins, nobody reads."""
    plain = re.sub(r"[\s-]", "", identifier).upper()
    return hmac.new(key, plain.encode(), hashlib.sha256).hexdigest()[:32]


def citizen_number_is_valid(number: str) -> bool:
    """Whether the check character of an 18-digit citizen number is right (GB 11643, ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], CITIZEN_WEIGHTS, strict=True))
    return CITIZEN_CHECKS[total % 11] == number[17].upper()


def luhn_is_valid(number: str) -> bool:
    """Whether the last digit of a card number is right (ISO/IEC 7812-1, Luhn)."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[0::2]) + sum(doubled)) % 10 == 0


def _mask_citizen_number(match: re.Match[str]) -> str:
    number = match.group(0)
    return f"{number[:6]}********{number[-4:]}" if citizen_number_is_valid(number) else number


def _mask_bank_card(match: re.Match[str]) -> str:
    number = re.sub(r"[ -]", "", match.group(0))
    return f"{number[:4]}****{number[-4:]}" if len(number) in CARD_LENGTHS and luhn_is_valid(number) else match.group(0)


@cache
def _name_pattern() -> re.Pattern[str]:
    """A trigger word, a surname and one or two characters that end the name: the surname is the gate."""
    surnames = "".join(reference_lines("surnames"))
    clear = "".join(surname for surname in surnames if surname not in WORD_SURNAMES)
    labelled = rf"(?:{NAME_LABEL})[是为:：\s]*(?:{COMPOUND_SURNAMES}|[{surnames}])"
    subject = rf"(?:{NAME_SUBJECT})[是为:：\s]*(?:{COMPOUND_SURNAMES}|[{clear}])"
    end = r"(?=[，。,.;；:：、\s（(]|电话|手机|于|在|身份证|反映|来电|投诉|表示|称|$)"
    return re.compile(rf"({labelled}|{subject})[一-鿿]{{1,2}}{end}")
