"""Vietnamese numbers in words, from one to the thousands: `ba mươi sáu` is 36."""

_NAMES = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_DIGITS = {name: digit for digit, name in enumerate(_NAMES, start=1)}
_DIGITS |= {"mốt": 1, "tư": 4, "lăm": 5, "bẩy": 7}
_ONE = "một|hai|ba|bốn|năm|sáu|bảy|bẩy|tám|chín"
_UNIT_AFTER_TEN = "một|mốt|hai|ba|bốn|tư|năm|lăm|sáu|bảy|bẩy|tám|chín"
NUMERAL = (
    rf"\b(?:(?:{_ONE}) trăm(?: (?:linh|lẻ) (?:{_ONE})| (?:{_ONE}) mươi(?: (?:{_UNIT_AFTER_TEN}))?)?"
    rf"|(?:{_ONE}) mươi(?: (?:{_UNIT_AFTER_TEN})\b)?"
    rf"|mười(?: (?:{_UNIT_AFTER_TEN})\b)?|(?:{_ONE}))\b"
)
"""A pattern that finds such a number."""


def read_numeral(words: str) -> int:
    """Return the number that the words say."""
    total = 0
    for word in words.lower().split():
        if word == "trăm":
            total *= 100
        elif word == "mươi":
            total = total - total % 10 + total % 10 * 10
        elif word == "mười":
            total += 10
        else:
            total += _DIGITS.get(word, 0)
    return total
