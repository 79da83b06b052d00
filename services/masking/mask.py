"""Personal numbers in what people write: found however they are spelled, and hidden.

Phone numbers (by `phonenumbers`, Google's), numbers of identity, passports, tax, insurance,
accounts, cards, plates and customers, secret codes, e-mail addresses. What stays: sums, days,
quantities, numbers of laws and documents, codes of goods, and what the content itself prints.
Names of people and of streets can't be told from other words and stay too.

A message is read in its shadow, where every digit, letter and separator has one spelling and
knows where it stood. There the rules go one after another, the surest first: what one of them
took, whether to hide or to keep, none behind it sees.
"""

import re
from itertools import pairwise

from phonenumbers import NumberParseException, is_valid_number, parse

from services.masking import patterns
from services.masking.shadow import Printed, Shadow, as_printed

_PROVINCES = frozenset(
    (
        *(
            1,
            2,
            4,
            6,
            8,
            10,
            11,
            12,
            14,
            15,
            17,
            19,
            20,
            22,
            24,
            25,
            26,
            27,
            30,
            31,
            33,
            34,
            35,
            36,
        ),
        *(
            37,
            38,
            40,
            42,
            44,
            45,
            46,
            48,
            49,
            51,
            52,
            54,
            56,
            58,
            60,
            62,
            64,
            66,
            67,
            68,
            70,
            72,
            74,
        ),
        *(75, 77, 79, 80, 82, 83, 84, 86, 87, 89, 91, 92, 93, 94, 95, 96),
    )
)
"""How numbers of identity begin (Circular 59/2021/TT-BCA); those given before 2025 stay so."""
_PHONE_DIGITS = range(9, 12)
_GROUP_OF_CARDS = 4
_FIRST_OF_IDENTITY = 3
_SHORTEST_LIST = 3
_BAR_CODE = re.compile(r"8\d{12}")


def mask(text: str, printed: Printed = frozenset()) -> str:
    """Return the text with every personal number replaced by a mark, but for those printed.

    What is masked once stays as it is. About 0.1 ms for a usual message.
    """
    while (masked := _masked_once(text, printed)) != text:
        text = masked  # what is hidden may let a rule see what stood behind it; it ends: digits go
    return text


def _masked_once(text: str, printed: Printed) -> str:
    shadow = Shadow(text, printed)
    if shadow.holds_any():
        _look_through(shadow)
    return shadow.masked()


def _look_through(shadow: Shadow) -> None:
    """Take what is personal and what is not, the surest first.

    Phones stand before sums, for no sum begins with a nought; sums with their unit before names,
    for `tài khoản` has both; all that has a name before what is told by its length alone.
    """
    for pattern in (patterns.DATES, patterns.DECIMALS, patterns.LAWS):
        shadow.keep(pattern)
    shadow.hide(patterns.SPELLED)
    shadow.hide(patterns.ADDRESSES)
    shadow.hide(patterns.SECRETS)
    shadow.hide(patterns.OF_PEOPLE, _is_no_sum)
    shadow.hide(patterns.IDENTITIES, _is_identity)
    shadow.hide_first(patterns.HOME, _is_phone)
    shadow.hide_first(patterns.ABROAD, _is_phone_abroad)
    shadow.keep(patterns.SUMS)
    shadow.hide(patterns.PLATES_NAMED)
    shadow.hide(patterns.OF_PHONES, _is_no_sum)
    shadow.hide(patterns.OF_ACCOUNTS, _is_no_round_sum)
    shadow.hide(patterns.BEFORE_ITS_NAME, _is_no_round_sum)
    shadow.hide(patterns.NEXT_IN_LIST)
    shadow.hide(patterns.INSURED)
    for pattern in (patterns.GROUPED_SUMS, patterns.PLAIN_SUMS, patterns.CODES):
        shadow.keep(pattern)
    shadow.hide(patterns.PLATES)
    shadow.hide(patterns.CARDS, _is_card)
    shadow.hide(patterns.PASSPORTS)
    shadow.hide(patterns.LONG, _is_no_code)


def _is_phone(number: str, behind: str) -> bool:
    digits = as_printed(number)
    if len(digits) not in _PHONE_DIGITS or _is_list(number):
        return False
    is_sum = digits.endswith("000000") or not number.lstrip("+(").startswith("0")
    if is_sum and "+" not in number and patterns.MONEY_BEHIND.match(behind):
        return False
    if re.fullmatch(r"01[2689]\d{8}", digits):  # of mobiles until 2018
        return True
    return _is_valid(digits, "VN")


def _is_phone_abroad(number: str, _behind: str) -> bool:
    return _is_valid("+" + re.sub(r"\D", "", number), None)


def _is_valid(number: str, region: str | None) -> bool:
    try:
        return is_valid_number(parse(number, region))
    except NumberParseException:
        return False


def _is_list(number: str) -> bool:
    """Say whether groups are the numbers of a list: `mẫu 05, 06, 07`, `09 10 11 12 13`."""
    groups = re.findall(r"\d+", number)
    if len(groups) < _SHORTEST_LIST or len({*map(len, groups)}) > 1 or len(groups[0]) == 1:
        return False
    steps = {int(after) - int(before) for before, after in pairwise(groups)}
    return ", " in number or steps == {1}


def _is_identity(number: str, _behind: str) -> bool:
    sizes = [len(group) for group in re.findall(r"\d+", number)]
    digits = re.sub(r"\D", "", number)
    if digits.endswith("000000") or _is_list(number):
        return False
    alike = len(set(sizes)) == 1 or sizes[0] == _FIRST_OF_IDENTITY
    return len(sizes) == 1 or (alike and int(digits[:3]) in _PROVINCES and digits[3] in "0123")


def _is_no_sum(number: str, behind: str) -> bool:
    """Say whether a number is not written as a sum; `đóng` behind one looks like its unit."""
    if re.fullmatch(r"[1-9]\d{0,2}(?:([.,])\d{3})*\1000", number):
        return False
    in_thousands = re.fullmatch(
        r"[1-9]\d{0,2}(?:([., ])\d{3})(?:\1\d{3})*|[1-9]\d{,7}|\d+000", number
    )
    return not (in_thousands and patterns.UNIT_BEHIND.match(behind))


def _is_no_round_sum(number: str, behind: str) -> bool:
    return _is_no_sum(number, behind) and not re.fullmatch(r"[1-9][\d.,]*?[0.,]{5,}", number)


def _is_card(number: str, _behind: str) -> bool:
    groups = re.findall(r"\d+", number)
    if all(group.endswith("0") for group in groups):
        return False
    in_fours = all(len(group) == _GROUP_OF_CARDS for group in groups[:_GROUP_OF_CARDS])
    return (in_fours and len(groups) >= _GROUP_OF_CARDS) or _keeps_luhn("".join(groups))


def _keeps_luhn(digits: str) -> bool:
    doubled = (sum(divmod(2 * int(d), 10)) for d in digits[-2::-2])
    return sum(doubled, sum(map(int, digits[-1::-2]))) % 10 == 0


def _is_no_code(number: str, _behind: str) -> bool:
    """Say whether a long number is neither round nor a bar code (GS1's check digit)."""
    if number.endswith("000"):
        return False
    weighed = sum(int(d) * (3 if at % 2 else 1) for at, d in enumerate(number))
    return not (_BAR_CODE.fullmatch(number) and weighed % 10 == 0)
