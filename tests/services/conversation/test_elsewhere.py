"""Another place counts where its rule is asked for, and not where it is a word of the story."""

import cProfile
import pstats
from collections.abc import Callable

import pytest

from nlu.text import fold
from services.conversation.elsewhere import elsewhere
from services.knowledge.place_names import PlaceNames, PlaceWords
from services.settings import ROOT
from tests.doubles.content import read_content

ASKED = (
    ("Huế", "Ở Huế thưởng sản phẩm OCOP 4 sao bao nhiêu tiền?"),
    ("Huế", "rứa ngoài Huế thưởng OCOP mấy triệu hè"),
    ("Quảng Ngãi", "bên Quảng Ngãi người ta được 4 sao thì tỉnh cho mấy triệu"),
    ("Huế", "htx o hue muon thi ocop thi nop cho ai"),
    ("Quảng Ngãi", "ở Quảng Ngãi lập hợp tác xã cần mấy người"),
    ("Quảng Ngãi", "Nghị quyết của HĐND tỉnh Quảng Ngãi về hỗ trợ hợp tác xã nói gì"),
    ("Quảng Ngãi", "quỹ htx quảng ngãi cho vay lãi mấy phần trăm"),
    ("Quảng Ngãi", "Xã tôi thuộc tỉnh Quảng Ngãi, tôi muốn hỏi hồ sơ đăng ký hợp tác xã"),
    ("Gia Lai", "Tôi ở Gia Lai, muốn vay quỹ hỗ trợ hợp tác xã thì làm sao"),
    ("Bình Định (nay thuộc Gia Lai)", "HTX tụi em ở Bình Định thì nộp hồ sơ đăng ký ở đâu"),
    ("Huế", "Chúng tôi ở phường Thuận Hóa, thành phố Huế, lập hợp tác xã cần mấy người"),
    ("Kon Tum (nay thuộc Quảng Ngãi)", "thuong ocop tinh kon tum"),
    ("Thành phố Hồ Chí Minh", "lệ phí đăng ký hợp tác xã ở TP.HCM"),
    ("Thành phố Hồ Chí Minh", "Sài Gòn lập HTX đóng lệ phí mấy đồng"),
    ("Quảng Trị", "Thế còn tỉnh Quảng Trị?"),
    ("Quảng Trị", "còn Quảng Trị thì sao"),
    ("Lâm Đồng", "Lãi suất quỹ hợp tác xã tỉnh Lâm Đồng hiện là bao nhiêu?"),
    ("Lâm Đồng", "Em đang ở Đà Lạt, lập tổ hợp tác trồng hoa cần giấy tờ gì ạ"),
    ("Thanh Hóa", "Cho biết chính sách hỗ trợ kinh tế tập thể của tỉnh Thanh Hóa giai đoạn tới"),
    ("Cà Mau", "Hợp tác xã nuôi tôm ở Cà Mau được ngân sách hỗ trợ những gì?"),
    ("Hà Tĩnh", "ocop hà tĩnh thưởng mấy triệu"),
    ("Quảng Ninh", "Tiền thưởng OCOP 5 sao của tỉnh Quảng Ninh"),
    ("Hà Nội", "Mức hỗ trợ đưa lao động trẻ về hợp tác xã ở Hà Nội là bao nhiêu"),
    ("Thái Nguyên", "Tôi là xã viên một hợp tác xã chè ở Thái Nguyên, xin ra thì lấy vốn thế nào?"),
    ("Quảng Ngãi", "Chúng tôi ở xã Ba Tơ, tỉnh Quảng Ngãi, muốn đăng ký OCOP thì nộp ở đâu?"),
    ("Quảng Ngãi", "Nhà tôi trồng tỏi. Tôi muốn biết tỉnh Quảng Ngãi thưởng OCOP 4 sao mấy triệu"),
    ("Kon Tum (nay thuộc Quảng Ngãi)", "Tôi ở huyện Đăk Tô tỉnh Kon Tum, vay quỹ htx được không"),
    ("Gia Lai", "Sở Nông nghiệp Gia Lai số điện thoại bao nhiêu"),
    ("Hà Nội", "Hà Nội có bao nhiêu sản phẩm OCOP 5 sao"),
    ("Huế", "rứa còn bên Huế?"),
    ("Bình Dương (nay thuộc Thành phố Hồ Chí Minh)", "Bình Dương có hỗ trợ hợp tác xã mới không"),
    ("Thanh Hóa", "Em có chị ngoài Thanh Hóa mở HTX, ngoài đó tỉnh hỗ trợ bao nhiêu vậy?"),
    ("Lào", "bên Lào lập hợp tác xã cần mấy hộ"),
    ("Hàn Quốc", "Ở Hàn Quốc hợp tác xã nộp thuế thế nào"),
    ("Nhật Bản", "luật hợp tác xã của Nhật Bản quy định mấy thành viên"),
)
COLOUR = (
    "Chúng tôi mua nguyên liệu ở Gia Lai thì có được OCOP không",
    "đánh giá lại OCOP nộp giấy gì",
    "gia lai ocop giam thi sao",
    "Khách ở Sài Gòn đặt 200 thùng bưởi, hợp tác xã phải xuất hóa đơn thế nào",
    "Vợ tôi quê ở Huế, giờ muốn vào hợp tác xã ở Hội An được không",
    "Con tôi làm công nhân ở Bình Dương, về quê muốn lập hợp tác xã",
    "Quỹ trung ương ngoài Hà Nội cho vay được không",
    "Tổ tui ở xã Bình Dương, Thăng Bình muốn lập hợp tác xã",
    "Hợp tác xã tôi vừa ký hợp đồng với một hợp tác xã ở Lâm Đồng, cần mã số thuế của họ",
    "HTX tôi có 3 thành viên ở Huế, họ bỏ phiếu qua mạng được không",
    "Hợp tác xã mở đại lý ở Nha Trang có phải đăng ký không",
    "Tham quan hợp tác xã ở Đà Lạt về, tụi tui muốn làm du lịch OCOP",
    "Nhà máy bên Nhật đòi giấy chứng nhận hợp tác xã",
    "HTX bán cho siêu thị ở Hà Nội thì kê thuế sao",
    "người lao động ở htx có được đóng bảo hiểm không",
    "bên mua ở Cần Thơ trả tiền chậm, htx kiện được không",
    "Tôi nghe HTX ở Quảng Ngãi được hỗ trợ máy cày, vậy HTX tôi ở Đại Lộc có được không",
    "Bác tôi sống ở Đồng Nai gửi tiền về góp vốn vào hợp tác xã được không",
    "thủ tục vay quỹ htx nhanh nhất là mấy ngày",
    "sản phẩm xuất sang Trung Quốc có tính điểm OCOP không",
    "Anh tôi ở Gia Lai về góp vốn vào hợp tác xã của làng được không",
    "Năm ngoái tôi đi tập huấn ở Huế, thầy giảng là hợp tác xã phải kiểm toán, có đúng không?",
    "thành viên sáng lập đang lao động ở Hàn Quốc, ủy quyền ký hồ sơ được không",
    "HTX tôi mua bao bì in ở TP Hồ Chí Minh, nhãn ghi sao cho đúng OCOP",
    "Liên kết với doanh nghiệp ở Lâm Đồng có được điểm OCOP phần liên kết không",
    "Ngân hàng hội sở ở Sài Gòn không nhận thế chấp đất của hợp tác xã",
    "Trụ sở hợp tác xã ở Điện Bàn, có kho ở Bình Dương thì đăng ký gì",
    "ủy ban xã có quyền bắt htx đóng cửa hẳn không",
    "Khách ở Sài Gòn đặt 300 ký, trong đó hợp tác xã tôi chỉ có 100, mua ngoài được không",
    "Công ty ở Đồng Nai mua hết, bên đó đòi hợp tác xã xuất hóa đơn",
    "Chồng em ở Bình Dương, ở đó làm công nhân, về đây vô hợp tác xã được không",
    "Tên HTX tôi trùng với HTX ở Quảng Trị",
    "Pháp luật hiện hành có quy định vốn tối thiểu khi lập hợp tác xã không",
    "Huế",
    "",
)
STORIES = (
    "Ở Sài Gòn tôi bán được hai tấn rồi. Nay hợp tác xã tôi muốn vay Quỹ thì làm sao?",
    (
        "Sài Gòn đang hút hàng lắm, thương lái vô tận vườn mua bưởi của bà con. Nhóm tôi chín hộ"
        " ở Tiên Phước tính lập hợp tác xã, cần những giấy gì?"
    ),
    (
        "Huế với Quảng Ngãi họ làm du lịch cộng đồng từ lâu, khách đông nườm nượp. Làng tôi cũng có"
        " suối đẹp, chị em bàn nhau làm. Du lịch cộng đồng thì thi OCOP kiểu chi?"
    ),
    (
        "Lào đang sốt giá sắn nên bà con bán hết qua đó. Hợp tác xã không có hàng giao nhà máy,"
        " phạt hợp đồng thế nào?"
    ),
    (
        "Đoàn cán bộ tỉnh Quảng Ngãi ra thăm hợp tác xã tôi, khen hay. Họ hỏi vốn không chia"
        " là gì mà tôi nói chưa trôi."
    ),
    (
        "Nghe đâu tỉnh Gia Lai mới có dịch, heo giống không về được. Hợp tác xã nuôi heo tụi tôi"
        " tính nghỉ ít tháng, có phải báo ai không?"
    ),
)
COMPARED = (
    "HTX trồng chè ở Thái Nguyên đạt 5 sao, HTX mình muốn đạt như vậy phải làm gì",
    "Tôi coi tivi thấy HTX ở Sơn La bán xoài, vậy HTX mình xuất khẩu thì được hỗ trợ gì",
    "HTX ở Gia Lai được tỉnh cho máy cày, còn ở mình thì sao",
    "OCOP ngoài Huế có thưởng, bên mình có thưởng không",
)
HOME_AGAIN = (
    "Em ở Sài Gòn mới về quê, muốn lập HTX thì làm sao",
    "Tôi làm ăn ở Bình Dương nay về lại quê lập HTX được hỗ trợ gì",
    "Tôi đang ở Hàn Quốc xuất khẩu lao động, có được làm thành viên hợp tác xã ở quê không",
    "Tôi sống ở Đức, có quốc tịch Việt Nam, góp vốn vô hợp tác xã được không",
    "Anh trai tôi ở Sài Gòn muốn góp vốn vào HTX tôi",
    "Con trai làm ở Sài Gòn, phần vốn trong hợp tác xã có rút giùm được không",
    "heo rừng Thái Lan có nuôi trong HTX được không",
    "HTX Hòa Bình muốn đổi tên thì nộp giấy gì",
)
LONGER_NAMES = (
    "ở thôn Hòa Bình xã Tam Phú có được lập HTX không",
    "Tôi ở thôn Thái Bình muốn vay quỹ HTX",
    "HTX ở xã Phú Thọ được hỗ trợ gì",
)
OURS = (
    "Hội An",
    "Tam Kỳ",
    "Đại Lộc",
    "Nam Trà My",
    "Hòa Vang",
    "Điện Phước",
    "Đà Nẵng",
    "Quảng Nam",
)


@pytest.fixture(scope="module")
def places() -> PlaceNames:
    """Return the names of the content that is served."""
    return read_content(ROOT / "content").places


@pytest.mark.parametrize("spelt", [str, fold], ids=["as-written", "without-diacritics"])
@pytest.mark.parametrize(("name", "message"), ASKED)
def test_place_whose_rule_is_asked_for_is_told(
    places: PlaceNames, name: str, message: str, spelt: Callable[[str], str]
) -> None:
    """An office of a place, a thing of our field there, the asker there, a turn to it."""
    found = elsewhere(places, spelt(message))

    assert found is not None
    assert found.name == name
    assert found.abroad == (name in {"Lào", "Hàn Quốc", "Nhật Bản"})


@pytest.mark.parametrize("spelt", [str, fold], ids=["as-written", "without-diacritics"])
@pytest.mark.parametrize("message", [*COLOUR, *STORIES, *COMPARED, *HOME_AGAIN, *LONGER_NAMES])
def test_place_whose_rule_is_not_asked_for_is_none(
    places: PlaceNames, message: str, spelt: Callable[[str], str]
) -> None:
    """Goods, customers, kin, fairs, partners; what one compares with; who is away and asks of home.

    Nor is what only sounds like a name, or is told to be a hamlet or a commune of ours.
    """
    assert elsewhere(places, spelt(message)) is None


@pytest.mark.parametrize("name", OURS)
def test_our_own_places_are_never_elsewhere(places: PlaceNames, name: str) -> None:
    """The city, the former province, and their districts and communes, old and new."""
    assert elsewhere(places, f"Tôi ở {name}, lập hợp tác xã cần mấy người") is None
    assert elsewhere(places, f"HTX ở {name} được hỗ trợ gì") is None


def test_every_province_old_and_new_is_known(places: PlaceNames) -> None:
    """The 63 of before July 2025 but for our two, and the 34 of today but for ours."""
    old_ones = {province.name: province.now for province in places.provinces}
    today = {name for name, now in old_ones.items() if now is None}

    assert (len(old_ones), len(today)) == (61, 33)
    assert {now for now in old_ones.values() if now} <= today


def test_content_without_names_knows_no_other_place() -> None:
    """An edition older than the names serves on as it did."""
    assert elsewhere(PlaceNames(), "Tôi ở Gia Lai, lập hợp tác xã cần mấy người") is None


def test_message_full_of_names_is_read_in_little_work(places: PlaceNames) -> None:
    """Nobody else is served meanwhile: four times the names are about four times the work."""
    few, many = (work(places, "mua ở Huế " * names) for names in (40, 160))

    assert many < 6 * few


def test_name_of_signs_alone_is_none() -> None:
    """Whatever stands in the file of names, messages are read."""
    places = PlaceNames(ours=("-",), words=PlaceWords(kinds=("?",), at=("ở",)))

    assert elsewhere(places, "Tôi ở Gia Lai") is None


def test_part_of_a_longer_name_is_no_country(places: PlaceNames) -> None:
    """`Đức Phổ` is not Germany, nor the river Hàn Korea."""
    district = elsewhere(places, "HTX ở Đức Phổ, Quảng Ngãi cần mấy người")

    assert district is None or district.name == "Quảng Ngãi"
    assert elsewhere(places, "HTX bên sông Hàn được hỗ trợ gì") is None


def test_name_in_capitals_is_a_name(places: PlaceNames) -> None:
    """Whoever writes `Gia Lai` so means the province, whatever comes behind it."""
    found = elsewhere(places, "Ở Gia Lai OCOP 4 sao được thưởng bao nhiêu")

    assert found is not None
    assert found.name == "Gia Lai"


def work(places: PlaceNames, message: str) -> int:
    """Count the calls that it takes to read a message."""
    profile = cProfile.Profile()
    profile.runcall(elsewhere, places, message)
    return sum(calls for _, calls, *_ in pstats.Stats(profile).stats.values())  # type: ignore[attr-defined]  # because the stubs lack it
