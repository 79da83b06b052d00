"""What personal numbers look like, and what looks like them and is nobody's.

Written for the shadow of a message: small letters without marks, plain digits, few separators.
"""

import re

KEPT, HIDDEN = "\0", "\1"
_REACHED = rf"[^\d{KEPT}{HIDDEN}@]"
"""A sign between a name and its number: a name names one number, and none that was taken."""

_SEP = r"""[ .\-/_,()\[\]·:;*|'"~=+\\]{0,3}"""
_TIGHT = r"""(?:,|[ .\-/_()·:*|'"~=+\\]{0,3})"""
"""Between the digits of one number; a comma and a space part the numbers of a list."""

_MONEY = r"(?:dong|vnd|trieu|ty|d|usd)(?![a-z0-9/])"
_UNIT = r"(?:tr|ti|nghin|ngan|k|cu|m2|m3|m|km|cm|mm|ha|kg|g|tan|ta|lit|l)(?![a-z0-9/])|%"
"""Units of no more than seven digits: `cmnd 201234567 k có` is no sum."""

_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)\d\d"
_FIRST = r"(?<!\d)(?<!\d[./\-])"
DATES = re.compile(
    rf"{_FIRST}{_DAY} ?(?P<a>[./\-]) ?{_MONTH} ?(?P=a) ?(?:{_YEAR}|\d\d)(?!\d)(?! ?(?P=a) ?\d)"
    rf"|{_FIRST}{_YEAR}(?P<b>[./\-]){_MONTH}(?P=b){_DAY}(?!\d)(?!(?P=b)\d)"
    rf"|{_FIRST}{_MONTH}(?P<c>[./\-]){_YEAR}(?!\d)(?!(?P=c)\d)"
    rf"|{_FIRST}\d\d?/\d\d?(?![\d/])"
    rf"|(?<!\d){_YEAR}(?:[\-,;/ ]{{1,3}}{_YEAR})+(?!\d)(?![\-,;/ ]{{0,2}}\d)"
)
DECIMALS = re.compile(
    r"(?<!\d)\d{1,3},\d{1,2}(?!\d)(?:(?: ?[\-;] ?| )\d{1,3},\d{1,2}(?!\d))+"
    r"|(?<![\d,])\d,\d{1,2}(?![\d,])"
)
LAWS = re.compile(
    rf"(?<![\da-z])\d{{1,5}}(?:/{_YEAR}(?!\d)/?|/(?=[a-z])|-(?=[a-z]{{2}}))(?:[a-z][a-z0-9\-]*)?"
)
SUMS = re.compile(
    r"(?<!\d)(?<!\d[.,])[1-9](?:\d{0,2}(?:([., ])\d{3})(?:\1\d{3})*(?!\d)|\d*)"
    rf"(?:[.,]\d{{1,3}})? ?{_MONEY}"
    rf"|(?<!\d)(?<!\d[., ])[1-9]\d{{0,2}}(?:[., ]?\d{{3}}(?!\d)|\d{{0,4}})(?:[.,]\d+)? ?(?:{_UNIT})"
)
GROUPED_SUMS = re.compile(r"(?<!\d)(?<!\d[.,])[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})+(?!\1?\d)")
PLAIN_SUMS = re.compile(
    rf"(?<!\d)\d{{4,}} ?{_MONEY}"
    r"|(?<![a-z])(?:vay|von|gop|gia|tien|luong|doanh thu|kinh phi|chi phi|du toan|du no|tong)"
    r"(?: [a-z]+)? ?:? ?[1-9]\d*(?!\d)"
)
CODES = re.compile(
    r"(?<![a-z])(?:ma (?:vach|san pham|sp|hang|hs|lo(?: hang)?|don(?: hang)?|van don|ho so|nganh"
    r"|buu (?:gui|pham|chinh)|vung(?: trong)?|so co so)|sku|gtin|ean|barcode|model|seri(?:al)?"
    r"|(?:so )?lo(?: hang)?|lot|don hang|van don|hoa don|bien (?:lai|nhan)|ho so|van ban|cong van"
    r"|quyet dinh|giay (?:chung nhan|phep|bien nhan)|hop dong|thong bao|to trinh|puc|phieu|ky hieu)"
    r"(?: (?:so|la|hang|moi))?[ :.#\-]{0,3}[a-z]{0,4}[ \-]?\d[\d ,./\-]*"
)

_BANKS = (
    "vietcombank|vcb|agribank|bidv|vietinbank|techcombank|tcb|mb ?bank|acb|sacombank|vpbank|tpbank"
    "|hdbank|shb|vib|ocb|seabank|lp ?bank|lienvietpostbank|kienlongbank|nam ?a ?bank|abbank"
    "|bac ?a ?bank|pvcombank|eximbank|msb|oceanbank|momo|zalo ?pay|viettel ?(?:pay|money)|vnpay"
)
_PEOPLE = (
    "cmnd|cmtnd|cmt|chung minh(?: thu| nhan dan)?|cccd|can cuoc(?: cong dan)?|(?:ma )?(?:so )?"
    "dinh danh|ho chieu|passport|ho khau|khai sinh|bang lai|gplx|giay phep lai xe|so giay to"
    "|mst|m\\.s\\.t|ma so thue|ma thue|bhxh|bhyt|bhtn|bao hiem(?: xa hoi| y te)?|iban|imei|sim"
    "|ma kh(?:ach hang)?|(?:ma|so) cong to|dang vien|the dang|so dang|thuong binh|quan nhan"
    "|(?:chat|telegram|zalo|user) id|id (?:telegram|zalo|facebook)|ma (?:so )?sinh vien"
    "|ma (?:so )?hoc sinh"
)
_ACCOUNTS = (
    "stk|s\\.t\\.k|so tk|tk|tai khoan|account|acct?|so the|ma the|the (?:atm|visa|napas|ngan hang"
    "|tin dung|ghi no|cua (?:toi|em|minh))|visa|mastercard|napas|ngan hang|" + _BANKS
)
_PHONES = (
    "sdt|s\\.d\\.t|so dt|dien thoai|di dong|dtdd|dt|d\\.t|so may|so nha em|phone|tel|mobile|hotline"
    "|zalo|viber|whatsapp|goi (?:cho|toi|em|anh|chi|so|lai|minh|qua|ve)|lien he|lh|alo|fax"
)
_APART = r"(?<![a-z0-9])(?<![a-z][\-/.])"
"""Where no piece of a code or of an address of the web may begin."""
_NUMBER = rf"(?P<number>[a-z]{{0,4}}(?:\d{{8,22}}(?!\d)|\d(?:{_TIGHT}\d){{5,24}}))"


def _named(names: str, number: str = _NUMBER, gap: int = 60) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z])(?:{names})(?![a-z]){_REACHED}{{0,{gap}}}?{number}")


OF_PEOPLE, OF_PHONES, OF_ACCOUNTS = map(_named, (_PEOPLE, _PHONES, _ACCOUNTS))
BEFORE_ITS_NAME = re.compile(
    rf"(?<!\d)(?P<number>\d(?:{_TIGHT}\d){{7,18}})[ ,:\-(]{{1,3}}(?:la |o |ben |cua |so )?"
    rf"(?:{_BANKS}|stk|cmnd|cccd|mst|sdt|zalo|bhxh|bhyt)(?![a-z])"
)
NEXT_IN_LIST = re.compile(rf"{HIDDEN}+[ ,;/&]{{1,3}}(?:(?:va|hoac) )?(?P<number>\d{{8,19}})(?!\d)")
SECRETS = _named(
    "otp|cvv|cvc|(?:ma|so) pin|mat khau|password|ma xac (?:nhan|thuc|minh)",
    rf"(?P<number>\d(?:{_TIGHT}\d){{2,9}})(?![a-z\d])",
    gap=16,
)
PLATES_NAMED = _named(
    "bien(?: so| kiem soat| xe)?|bks|xe|so xe",
    r"(?P<number>[1-9]\d[ .\-]{0,3}[a-z]{1,2}\d?[ .\-]{0,3}\d{3}[ .]?\d{1,2})(?!\d)",
    gap=16,
)
PLATES = re.compile(
    r"(?<![a-z0-9.,\-/])(?P<number>[1-9]\d-?(?:"
    r"(?:[a-z]\d|[a-z])[ .\-]{0,2}\d{3}\.\d{2}|[a-z]{2}[.\-]\d{3}\.?\d{2}"
    r"|[a-z]\d[ .\-]{0,2}\d{5}|[a-z][.\-]?\d{5}|[a-z]\d?-\d{4}))(?![\d.,]?\d)"
)
_DOMAIN = (
    r"(?:\.[a-z]{2,}|(?: ?\. ?| ?[(\[](?:dot|cham)[)\]] ?| (?:dot|cham) )"
    r"(?:com|vn|net|org|edu|gov|info)(?![a-z]))"
)
ADDRESSES = re.compile(
    rf"(?<![a-z0-9._%+\-])(?P<number>[a-z0-9._%+\-]++(?:@[a-z][a-z0-9\-]+{_DOMAIN}*"
    rf"|(?: ?@ ?| ?[(\[] ?at ?[)\]] ?| at | a cong )[a-z][a-z0-9\-]+{_DOMAIN}+))"
)
INSURED = re.compile(rf"{_APART}(?P<number>[a-z]{{2}}{_TIGHT}[1-5](?:{_TIGHT}\d){{12}})(?!\d)")
PASSPORTS = re.compile(rf"{_APART}(?P<number>[bcknpd](?!(?:19|20)\d\d)\d{{7,8}})(?![a-z0-9])")
IDENTITIES = re.compile(rf"(?<!\d)(?P<number>0(?:{_TIGHT}\d){{11}})(?!\d)")
HOME = re.compile(rf"(?<!\d)(?P<number>\+?\(?(?:0084|84|0)(?:{_SEP}\d){{8,12}})")
ABROAD = re.compile(rf"(?P<number>\+\(?\d(?:{_SEP}\d){{7,14}})")
CARDS = re.compile(rf"(?<!\d)(?P<number>[3-69](?:{_TIGHT}\d){{13,18}})(?!\d)")
LONG = re.compile(rf"{_APART}(?<!\d[.,])(?P<number>\d{{9,19}})(?!\d)(?![.,]\d)")
SPELLED = re.compile(
    r"(?<![a-z])(?P<number>(?:(?:khong|mot|hai|ba|bon|tu|nam|lam|sau|bay|tam|chin)(?![a-z])"
    r"[ ,.\-]*){8,})"
)
MONEY_BEHIND, UNIT_BEHIND = re.compile(rf" ?{_MONEY}"), re.compile(rf" ?(?:{_MONEY}|{_UNIT})")
LIKE_NUMBERS = re.compile(r"\+?\(?\d(?:[ .\-()]{0,3}\d){6,}|[\w.+\-]+@[\w.\-]+\w")
MAY_HOLD = re.compile(r"\d\D*\d\D*\d|@|a cong|[(\[] ?at ?[)\]]")
TYPED_FOR_DIGITS = re.compile(
    r"(?<![a-z0-9])(?:[oil|]{0,3}\d(?:[oil|]{0,3}\d)*(?:o{1,3}(?![a-z]))?"
    r"|o(?=[ .\-](?:[\do][ .\-]){2}))"
)
