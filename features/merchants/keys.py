"""What a complaint says of its respondent, as far as identity goes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache

from features.merchants.credit_codes import valid_credit_code
from features.merchants.names import MerchantName, parse_merchant
from features.merchants.parts import region_split
from features.merchants.places import city_of
from features.merchants.words import words

# Scopes that are no place: names good in the whole nation, shops on a platform that is not told, shops of a city not told.
NATIONAL, ONLINE, UNKNOWN = "national", "online", "unknown"
SEPARATOR = "|"

# Respondents whose key a process remembers: few are named in most complaints.
REMEMBERED = 1 << 15


@dataclass(frozen=True)
class MerchantKey:
    """All that the identity of a complaint's respondent follows from; complaints with the same key have the same respondent.

    Attributes:
        credit_code: the valid unified social credit code, else empty.
        city: code of the city that the complaint is from, else empty.
        scope: where the name is good: a region's code, a market platform, `national`, `online` or `unknown`.
        core: the name without what does not tell it apart within its scope; empty where no name is told.
        whole: the same with the region's words that were taken off; empty where none were.
        branch: the branch that the name tells, else empty.
        block: what it has in common with all keys that can bear on its identity; see `block_of`.
    """

    credit_code: str
    city: str
    scope: str
    core: str
    whole: str
    branch: str
    block: str

    def __str__(self) -> str:
        return SEPARATOR.join(getattr(self, name) for name in KEY_FIELDS)


KEY_FIELDS = tuple(field.name for field in fields(MerchantKey))


def name_id(scope: str, core: str) -> str:
    """The id of a respondent that is known by name: `330100:鑫源食品店`, `national:鑫源科技`, `天猫:鑫源旗舰店`."""
    return f"{scope}:{core}"


def name_parts(merchant: str) -> tuple[str, str] | None:
    """Scope and core of the id of a respondent that is known by its name; None for a credit code."""
    scope, colon, core = merchant.partition(":")
    return (scope, core) if colon else None


def scope_around(scope: str) -> str:
    """What lies around a scope: the city of a county, all platforms of one of them; else nothing."""
    if scope in words().platforms.market:
        return ONLINE
    city = city_of(scope) or ""
    return city if city != scope else ""


@lru_cache(REMEMBERED)
def merchant_key(
    name: str | None,
    credit_code: str | None,
    region_code: str | None = None,
    platform: str | None = None,
    is_online: bool | None = None,
) -> MerchantKey | None:
    """The key of a complaint; None where neither a name nor a valid code is told.

    Args:
        name: the respondent as the source names it.
        credit_code: its unified social credit code as the source gives it.
        region_code: where it happened.
        platform: the platform it was bought on, as the source names it.
        is_online: whether it was bought online.
    """
    code, city = valid_credit_code(credit_code) or "", city_of(region_code) or ""
    parsed = parse_merchant(name)
    if parsed is None:
        return MerchantKey(code, city, "", "", "", "", code) if code else None
    scope, core = _scoped(parsed, city, platform, is_online)
    whole = parsed.whole if core != parsed.whole else ""
    return MerchantKey(code, city, scope, core, whole, parsed.branch or "", block_of(parsed.whole))


def block_of(core: str) -> str:
    """What names have in common that can bear on each other's identity: the core without any region's words before it.

    All names of a block are judged together, and no name of another one changes the outcome. Where only a code is known, it
    is its own block.
    """
    region, _, rest = region_split(core)
    return block_of(rest) if region else core


def _scoped(name: MerchantName, city: str, platform: str | None, is_online: bool | None) -> tuple[str, str]:
    """Where a name is good, and what tells it apart there.

    A registered company's name is good in the region that it begins with, else in the nation (Order 734: only names
    approved for the whole nation lack the region). A shop's name on a market platform is good on that platform. Any other
    shop is known by its name in its city; the region's words before it are left out only where they name that city.
    """
    if name.company:
        return name.region or NATIONAL, name.core
    market = _market(name.platform or platform)
    if market or name.online or (name.online is None and is_online):
        return market or ONLINE, name.whole
    at_home = name.region is not None and city and city in (name.region, city_of(name.region))
    if at_home:
        return str(name.region), name.core
    return city or UNKNOWN, name.whole


def _market(platform: str | None) -> str | None:
    """The market platform that a text names; booking platforms bring customers to shops of their city and are none."""
    named = words().platforms.by_word.get((platform or "").strip().lower(), "")
    return named if named in words().platforms.market else None
