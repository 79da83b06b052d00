"""What is asked of one case, person or named cooperative is told from a rule that is asked for."""

from collections.abc import Callable, Sequence

import pytest

from nlu.text import fold
from services.conversation.particulars import asks_figures, particular_in
from services.conversation.policy import AnswerArticle, DeclineParticular
from services.conversation.scope import within_scope
from services.knowledge.library import Library
from services.settings import ROOT
from tests.doubles.content import read_content

OF_ONE = (
    ("status", "Hồ sơ vay vốn của tôi tới đâu rồi?"),
    ("status", "tra giùm tui cái đơn đăng ký hợp tác xã, số biên nhận đây"),
    ("status", "Đơn xin vay nằm chỗ ai đang giữ vậy ad"),
    ("status", "Giấy chứng nhận hợp tác xã của em duyệt chưa ạ"),
    ("result", "Sản phẩm mật ong nhà em hội đồng chấm được mấy điểm rồi?"),
    ("result", "Bánh tráng của tôi thi OCOP đợt vừa qua đậu hay rớt"),
    ("result", "kết quả chấm OCOP có tên HTX tôi chưa"),
    ("list", "Cho xem danh sách các hộ được hỗ trợ năm ngoái"),
    ("list", "Những HTX nào đã nhận tiền của thành phố"),
    ("list", "những ai đã vay Quỹ hợp tác xã đợt này"),
    ("contact", "xin số điện thoại chủ nhiệm hợp tác xã bên Điện Quang"),
    ("contact", "cho mình zalo của anh chuyên viên phụ trách OCOP"),
    ("request", "Viết giúp tôi bài phát biểu ở đại hội hợp tác xã"),
    ("request", "Đề nghị dự thảo tờ trình xin kinh phí cho hợp tác xã của xã"),
    ("affairs", "Hợp tác xã Duy Phước còn nợ ngân hàng bao nhiêu?"),
    ("affairs", "HTX nông nghiệp Đại Cường năm ngoái chia lãi mấy phần trăm"),
    ("affairs", "giám đốc HTX Bình Quý là ai"),
    ("affairs", "cái hợp tác xã bên Điện Bàn nớ làm ăn có lời không"),
    ("affairs", "HTX X ở Đại Lộc đang nợ ngân hàng"),
    ("affairs", "Vốn góp của tôi trong hợp tác xã còn lại bao nhiêu"),
    ("status", "tra cứu hồ sơ mã 000.12"),
    ("list", "Hội thi OCOP ở Tam Kỳ ai được giải nhất"),
    ("status", "đóng lệ phí bữa kia rồi mà chưa hay xã nhận được tiền chưa"),
    ("affairs", "Họ hứa trả lại vốn góp mà không biết có trả thật không"),
    ("affairs", "nghe đồn hợp tác xã bên nớ sắp phá sản, đúng không"),
    ("result", "Hồ sơ này chấm thì có đạt không, bao nhiêu điểm"),
    ("status", "HTX nộp báo cáo qua mạng hôm thứ ba, không biết xã nhận hay chưa"),
    ("affairs", "thiên hạ đồn Quỹ sập tiệm, mấy ổng đi tù rồi, có phải rứa không"),
    ("cheated", "họ lấy cccd của mẹ em đứng tên vay mà mẹ không biết họ là ai"),
    ("cheated", "giám đốc lén lấy sổ đỏ nhà tôi thế chấp, không biết họ có cho rút lại không"),
    ("list", "danh sách thành viên hội đồng chấm OCOP thành phố gồm những ai"),
    ("figures", "quy htx tu dau nam da cho vay duoc may ty"),
    ("figures", "Năm 2028 thưởng OCOP 4 sao sẽ là bao nhiêu"),
)
RULES = (
    "danh sách giấy tờ gửi hội đồng chấm OCOP",
    "Nhà tui có sổ đỏ, muốn vay 60 triệu mà không biết họ có đòi thế chấp không",
    "ib giúp e: htx có phải nộp lệ phí môn bài hk",
    "muốn vay quỹ mà năm ngoái trễ ngân hàng, bị nhảy nhóm, không biết quỹ có chịu cho không",
    "lương giám đốc HTX một tháng bao nhiêu",
    "Em chưa viết phương án bao giờ, nhờ nơi nào viết giúp?",
    "Nghe nói hợp tác xã nghỉ 12 tháng thì bị thu hồi giấy, đúng không?",
    "Nộp lệ phí bằng chuyển khoản được không",
    "Câu chuyện sản phẩm tối đa bao nhiêu điểm",
    "Hồ sơ của tôi nộp ở đâu",
    "Hồ sơ đăng ký gửi tới đâu?",
    "Tôi được vay bao nhiêu",
    "Ai được vay Quỹ hỗ trợ phát triển hợp tác xã",
    "Hợp tác xã nào được hỗ trợ máy móc",
    "Nộp hồ sơ bao lâu có kết quả",
    "Hồ sơ vay chưa có trả lời, thời hạn xét là mấy ngày",
    "Bao nhiêu điểm thì được 4 sao",
    "Phải được mấy điểm rồi mới trình thành phố",
    "Danh sách thành viên phải có những gì",
    "Tổ hợp tác có thuộc danh sách khách vay không",
    "Giám đốc hợp tác xã cần điều kiện gì",
    "Nộp hồ sơ có cần bản sao căn cước của giám đốc không",
    "HTX Duy Phước chúng tôi muốn vay thì được bao nhiêu",
    "Hợp tác xã ở Hội An muốn làm OCOP thì nộp đâu",
    "Quỹ HTX Quảng Nam có bao nhiêu vốn",
    "Số điện thoại Liên minh Hợp tác xã",
    "HTX ở Điện Bàn chia lãi thế nào cho đúng",
    "Giám đốc nói trong nhóm zalo là báo cáo tài chính không cho xem, đúng không",
    "Ai được vào hợp tác xã",
    "Làm hồ sơ OCOP cần giấy gì",
    "Nhờ người khác nộp giùm hồ sơ được không",
    "Điều lệ do ai soạn, phải có những gì",
    "hợp tác xã lỗ thì thành viên chịu tới đâu",
)

ASKED_IN_PASSING = (
    "xem giúp tôi hồ sơ OCOP gồm những gì",
    "OCOP chấm bao nhiêu điểm thì đậu 3 sao, xem giúp",
    "coi giùm em muốn OCOP công nhận lại thì làm sao",
    "Ai đã được duyệt thì bao lâu nhận tiền vay",
    "HTX nào đã vay rồi còn vay nữa được không",
    "số điện thoại của giám đốc ghi trong giấy chứng nhận có đổi được không",
    "kế toán hợp tác xã có phải kê khai căn cước không",
    "Chủ nhiệm đổi số điện thoại thì có phải báo xã không",
)

ABOUT_ONE_BUT_A_RULE = (
    "HTX Nông Nghiệp thì bao nhiêu người",
    "năm tới htx có lời thì chia sao",
    "ngân hàng đã duyệt cho vay, giờ làm hợp đồng sao",
    "tiền hỗ trợ về tài khoản nào",
    "hồ sơ của htx em sai chỗ nào thì sửa sao",
    "htx tôi giám đốc lương bao nhiêu là hợp lý",
    "Kế toán bảo tôi nợ thuế môn bài, có đúng không",
    "báo công an thế nào khi con dấu htx mất",
    "đăng bài bố cáo giải thể ở đâu giúp em với",
    "Hồ sơ đăng ký in xong thì nộp mấy bộ",
    "đơn xin ra khỏi HTX gửi cho ai, ai đang giữ sổ thành viên",
    "đăng ký xong chưa có con dấu thì làm gì",
    "nộp hồ sơ qua mạng thì tra cứu hồ sơ ở đâu",
    "được bao nhiêu điểm rồi mới được nộp lên thành phố",
    "những ai được hỗ trợ bảo hiểm",
    "ai đang vay mà chết thì ai trả",
    "danh sách ngành nghề được hỗ trợ",
    "Giám đốc không đưa số tài khoản của HTX cho ban kiểm soát xem, đúng không",
    "chủ tịch HĐQT giữ mật khẩu ngân hàng được không",
    "Mở số tài khoản ngân hàng cho hợp tác xã thì giám đốc đi hay kế toán đi",
    "Liên minh HTX có soạn giúp hồ sơ không",
    "nhờ cán bộ xã soạn giúp hồ sơ thì tốn tiền không",
    "HTX Duy Hải giải thể, nợ ngân hàng ai trả",
    "HTX Đại Hiệp mấy thành viên thì đủ",
    "Hợp tác xã Tam Phước giám đốc kiêm kế toán được không",
    "HTX Tiên Sơn ở đâu nộp hồ sơ",
    "HTX Quế Phước đăng ký ở đâu",
    "Anh Tư làm giám đốc HTX Duy Trung 3 nhiệm kỳ rồi có được làm nữa không",
    "Vốn góp của tôi 20 triệu, HTX lỗ thì tôi còn lại bao nhiêu",
    "Quỹ đã cho vay rồi thì mỗi HTX được vay thêm bao nhiêu",
    "Gửi thông báo thay đổi mà bị trả lại thì mấy ngày nộp lại",
    "vốn góp của tôi còn mấy năm mới được rút",
    "Con tôi mười bảy tuổi cũng muốn có tên trong danh sách thành viên",
    "Gọi điện Quỹ máy bận hoài, liệt kê giùm em giấy tờ vay",
)
GOING_ON = (
    "hồ sơ vay của tôi nộp tháng trước giờ sao rồi",
    "hồ sơ ocop của tui răng rồi",
)
URGENT = (
    ("scam", "có người gọi xưng cán bộ quỹ đòi chuyển tiền trước"),
    ("scam", "có người gọi nói chuyển 3 triệu thì quỹ cho vay"),
    ("scam", "người ta gọi bảo bên liên minh hợp tác xã, kêu đóng 2 triệu làm hồ sơ vay"),
    ("scam", "nhắn zalo kêu tôi bấm link để nhận tiền hỗ trợ hợp tác xã"),
    ("scam", "số lạ xin mã OTP nói để giải ngân vốn vay"),
    ("scam", "có cán bộ tới nhà bán mẫu hồ sơ 500 ngàn, có phải mua không"),
    ("scam", "gọi điện bảo là công an, kêu htx chuyển tiền để xác minh"),
    ("scam", "app vay vốn htx đòi đóng phí giải ngân"),
    ("scam", "họ hù không đóng tiền sẽ thu hồi giấy chứng nhận htx"),
    ("scam", "họ nói đóng 2 triệu là được hỗ trợ 300 triệu mua máy, tin được không"),
    ("scam", "người ta bảo nộp 5 triệu thì nhà nước cho máy cày"),
    ("scam", "có người rao bán giấy đăng ký hợp tác xã 5 triệu"),
    ("scam", "phải đóng cọc mới được nhận tiền thưởng OCOP, đúng không"),
    ("scam", "cô kia xưng ở sở, đòi 3 triệu lo hồ sơ kho lạnh"),
    ("scam", "họ hứa xin được mã vùng trồng, kêu chuyển trước 2 triệu rưỡi"),
    ("scam", "trang web lạ bắt điền mã xác thực"),
    ("cheated", "có ai gửi cái link của quỹ, tui nhập otp rồi"),
    ("cheated", "nó xin mã xác nhận, mẹ tui đọc cho nó rồi"),
    ("cheated", "tui bị lừa mất 50 triệu đặt cọc vay vốn"),
    ("cheated", "lỡ bấm link rồi, tiền trong tài khoản biến mất"),
    ("cheated", "chuyển cọc rồi nó chặn số luôn"),
    ("cheated", "đã chuyển 12 triệu phí bảo lãnh, bây giờ họ đòi thêm"),
    ("cheated", "tiền cọc đặt cây giống mất luôn, báo ai"),
    ("cheated", "Ông nhà tôi gửi 60 triệu cho hợp tác xã nọ ăn lời, chừ không ai bắt máy"),
    ("cheated", "đưa mấy cây vàng cho htx giữ, họ dọn đi đâu mất, gọi thuê bao"),
    ("cheated", "tiền dưỡng già bỏ vô hợp tác xã, cửa đóng im ỉm cả tháng"),
    ("cheated", "Hứa lãi 5% một tháng, đóng 40 triệu xong thì họ trốn mất"),
)
PROMISED = (
    ("cheated", "trên tiktok có htx đầu tư trồng sâm trả lời 4% mỗi tháng, tui lỡ đưa 30 triệu"),
    ("cheated", "nghe hợp tác xã trên mạng hứa lãi, đã góp 20 triệu mà tra không thấy tên họ"),
    ("cheated", "hợp tác xã nọ hứa lãi cao gom tiền của dân, giờ không chịu trả"),
    ("cheated", "chắc tui bị gạt rồi"),
    ("cheated", "tụi nó chặn zalo tui rồi"),
    ("cheated", "quét cái mã qr bên quỹ gửi, tài khoản bị trừ 5 triệu"),
    ("cheated", "htx lấy căn cước của ba tôi đi vay mà ba không hay"),
    ("scam", "hợp tác xã đó kêu góp 20 triệu, hàng tháng trả lời 2 triệu, tin được không"),
    ("scam", "họ bán cổ phần htx, hứa lợi nhuận gấp ba"),
    ("scam", "htx kiểu đa cấp rủ tui mời thêm người để ăn hoa hồng"),
    ("scam", "công ty xưng là hợp tác xã mời mua suất đầu tư"),
    ("scam", "nhóm zalo của quỹ htx bắt đóng bảo hiểm khoản vay"),
    ("scam", "ông xưng cán bộ liên minh biểu gửi trước 3 triệu thì có máy"),
    ("scam", "htx nhờ má em cho mượn căn cước đứng tên vay giùm"),
    ("scam", "cán bộ xã vòi 3 triệu tiền trà nước mới chịu cấp giấy hợp tác xã"),
)
SOUNDS_URGENT = (
    "htx em huy động vốn của xã viên, trả lãi mỗi tháng có được không",
    "htx kêu góp vốn thêm, mỗi tháng chia lãi thì sao",
    "nhà nước đầu tư cho htx trả lại mỗi tháng bao nhiêu",
    "ngân hàng giữ sổ đỏ khi vay quỹ có đúng không",
    "cán bộ htx đi học bồi dưỡng được cấp giấy chứng nhận không",
    "đại lý bán hàng cho htx được hoa hồng bao nhiêu",
    "quét mã qr trên tem truy xuất ocop không ra gì",
    "thành viên không biết htx vay, có phải trả không",
    "mã otp không gửi về máy",
    "nộp hồ sơ OCOP trước ngày mấy",
    "phải bỏ tiền trước rồi mới nhận hỗ trợ kho lạnh phải không",
    "Quỹ có thu tiền trước khi cho vay không",
    "chuyển tiền góp vốn qua tài khoản htx được không",
    "xã gọi bảo hồ sơ vay quỹ thiếu giấy, nộp thêm ở đâu",
    "thành viên đóng tiền rồi giờ không liên lạc được thì sao",
    "htx mở shop bán hàng ở hội an thì báo đâu",
    "cả tháng nay tôi chạy vay vốn htx, nên hỏi chỗ nào trước",
    "họ đặt cọc mua nông sản của htx thì hợp đồng ghi sao",
    "htx đóng cửa lâu năm, xã gửi thông báo vi phạm cho ai",
    "htx đóng cửa thì tài sản chung giao cho ai, chia tiền thế nào",
    "htx gửi tiền tiết kiệm ở ngân hàng từ quỹ chung có được không",
    "giám đốc bỏ trốn, ai đứng ra trả tiền nợ ngân hàng",
    "góp vốn 30 triệu rồi htx đóng cửa thì có lấy lại được không",
)

NEWER = (
    ("event", "Bao giờ đoàn chấm OCOP xuống xã tôi?"),
    ("event", "hội chợ hàng OCOP tháng 12 ở chỗ nào"),
    ("event", "Lớp tập huấn kế toán sắp tới khai giảng ngày mấy"),
    ("figures", "năm sau tiền thưởng OCOP có tăng không"),
    ("figures", "đoán thử vụ tới giá ớt lên hay xuống"),
    ("figures", "hợp tác xã nào trong thành phố lời nhất"),
    ("figures", "Năm 2026 có bao nhiêu hợp tác xã bị thu hồi giấy?"),
    ("result", "Hồ sơ vay của nhà tôi có được duyệt không"),
    ("status", "Đơn của tôi vì lý do gì bị trả lại"),
    ("status", "tiền thưởng của em bao giờ về tài khoản"),
    ("status", "thành phố đã chọn bên nào làm kho lạnh rồi"),
    ("list", "Năm rồi những hộ nào được hỗ trợ máy gặt"),
    ("list", "đợt vừa rồi htx nào được vay quỹ"),
    ("affairs", "Năm ngoái hợp tác xã tôi lãi bao nhiêu?"),
    ("affairs", "con dấu htx mình ai đang giữ vậy"),
    ("affairs", "chủ nhiệm bảo tôi nợ 4 triệu, có đúng không"),
    ("request", "Gọi điện cho cán bộ xã giùm tôi"),
    ("request", "chuyển khoản lệ phí giúp em"),
)
NAMED_BY_CAPITALS = (
    ("affairs", "Hợp tác xã Suối Trong còn nợ ngân hàng bao nhiêu?"),
    ("affairs", "HTX dịch vụ Gò Lau lời mấy phần trăm năm ngoái"),
    ("affairs", "Nhà bà Sáu được thưởng OCOP bao nhiêu?"),
    ("affairs", "anh Tân thôn trên đã vay Quỹ mấy chục triệu"),
    ("affairs", "Ông Phạm Văn Lựu ra khỏi hợp tác xã Đồng Bàu, họ đã trả lại vốn cho ổng chưa?"),
)
NEAR_THEM_A_RULE = (
    "Sang năm giấy OCOP hết hạn thì nộp lúc nào",
    "Hội chợ thì hợp tác xã được hỗ trợ gì",
    "Hợp tác xã nào phải kiểm toán",
    "Hồ sơ của tôi bị trả thì phải bổ sung trong mấy ngày",
    "Xã có được thu lệ phí không",
    "Ai giữ con dấu hợp tác xã",
    "Ông Ba góp 40 phần trăm vốn có được không",
    "HTX Suối Trong của chúng tôi muốn giải thể thì làm gì",
    "Vốn của Quỹ Hỗ trợ phát triển hợp tác xã Việt Nam là bao nhiêu",
    "Hợp tác xã Nông nghiệp bao nhiêu thành viên thì đủ",
    "Giúp tôi hiểu lãi quá hạn",
    "năm tới hợp tác xã có phải đóng môn bài không",
    "hợp tác xã đã chốt giải thể thì còn vay được không",
    "Thành phố hỗ trợ kho lạnh bao nhiêu",
)


BY_LINK = (
    ("scam", "họ gửi link bắt đăng nhập tài khoản htx"),
    ("scam", "có tin nhắn ghi là Liên minh, kèm đường dẫn kêu cập nhật hồ sơ htx"),
    ("scam", "họ kêu chia sẻ màn hình điện thoại để cài dịch vụ công"),
    ("scam", "tin nhắn nói trúng gói hỗ trợ máy cày, bấm vào nhận"),
    ("scam", "có ông gọi video mặc đồ công an nói tui liên quan rửa tiền"),
    ("scam", "ai đó chiếm zalo giám đốc nhắn tui chuyển 50 triệu"),
    ("scam", "có người kêu kết bạn Zalo gửi ảnh hai mặt căn cước để giải ngân"),
    ("scam", "họ nói sim htx sắp khóa, bấm phím 1 rồi đọc mã"),
    ("cheated", "em lỡ bấm cái link trong tin nhắn, điện thoại tự cài app gì đó"),
    ("cheated", "nó gửi file apk nói là app thuế, tui cài rồi"),
    ("cheated", "bị dụ nạp tiền làm nhiệm vụ, giờ rút không ra"),
    ("cheated", "vừa đưa mã xác nhận cho người ta, giờ khóa tài khoản kiểu gì"),
)
"""Strangers who send a link or a file, want a code or the screen, or write in another's name."""
LINK_OF_OURS = (
    "cái link đăng ký htx qua mạng ở đâu",
    "quét mã QR truy xuất nguồn gốc ocop làm thế nào",
    "đường link nộp báo cáo htx trên cổng quốc gia là gì",
    "gửi ảnh căn cước khi nộp hồ sơ qua mạng có cần công chứng không",
    "mã xác nhận hồ sơ gửi về số điện thoại cũ thì đổi sao",
    "file hóa đơn điện tử gửi khách thế nào",
    "nhận link họp zoom mà đăng nhập không được",
)

HANDED_IN = (
    "tôi đã nộp hồ sơ đăng ký hợp tác xã qua mạng rồi, chờ mấy ngày",
    "htx đã nộp báo cáo qua mạng, xã còn đòi bản giấy",
    "xã kêu nộp hồ sơ htx qua mạng, tôi không rành",
    "đã chuyển lệ phí htx qua mạng mà hồ sơ bị trả",
    "một cửa đòi 2 bộ mới nhận hồ sơ, đúng không",
    "cán bộ đòi 3 bản sao khi đăng ký htx",
    "đã góp vốn vô htx mà giấy chứng nhận không có tên tôi",
    "vay quỹ có phải thế chấp sổ đỏ không hay là tín chấp",
    "giấy mời họp htx gửi trước mấy ngày, gửi qua zalo được không",
    "lúa mất mùa có bảo hiểm không",
    "đã góp đủ, nhóm zalo của htx báo họp có hợp lệ không",
    "htx chưa trả lãi cao cho vốn góp có phạt không",
    "htx kêu góp thêm mỗi tháng 200 ngàn làm quỹ",
    "hợp tác xã bảo góp mỗi tháng một ít để xây kho",
    "không biết thế chấp sổ đỏ thì vay được mấy",
    "quét mã qr trên bao bì ocop mà mất thông tin",
    "đã bấm nộp hồ sơ trên app mà mất hồ sơ",
)
"""What members and offices do every day, by the words that swindlers use too."""


STOLEN = (
    ("stolen", "ai lấy căn cước của tôi đứng tên lập hợp tác xã, tôi không biết gì hết"),
    ("stolen", "có người mạo tên tôi làm sáng lập viên hợp tác xã"),
    ("stolen", "hợp tác xã ghi tên tui làm xã viên mà tui không hay"),
    ("stolen", "em gái tôi bị lấy cccd làm giám đốc htx ma"),
    ("stolen", "tự nhiên thấy tên mình trong danh sách thành viên mà tôi chưa hề xin vô"),
    ("stolen", "htx tự ý đưa tên ba tôi vô sổ thành viên, ba không ký giấy nào"),
    ("cheated", "người mua gửi ảnh chuyển khoản giả, chở hết hàng đi rồi"),
    ("cheated", "lái đưa coi màn hình đã chuyển tiền mà tài khoản không có đồng nào, chở mất rồi"),
    ("cheated", "giao heo xong mới biết bill chuyển khoản giả"),
    ("cheated", "khách nói đã chuyển khoản mà không thấy tiền, cá thì lấy rồi"),
    ("cheated", "góp tiền vô hợp tác xã online lời 6% một tháng, nay không rút được"),
    ("scam", "htx trên mạng hứa mỗi tháng lời 3 triệu, tôi nộp 20 triệu có sao không"),
)
"""A name taken to found a cooperative or to fill its books; goods given for a picture of money."""
SOUNDS_STOLEN = (
    "ghi tên thành viên vào sổ mà không biết ghi sao",
    "muốn đứng tên giám đốc htx mà không biết cần giấy gì",
    "sổ thành viên ghi sai tên tôi thì sửa ở đâu",
    "lấy tên hợp tác xã theo tên làng mà không biết có trùng không",
    "vợ đứng tên thay chồng làm thành viên được không",
    "nộp căn cước của sáng lập viên khi lập hợp tác xã hả",
    "góp vốn bằng chuyển khoản có cần giấy chuyển tiền không",
    "chuyển khoản lệ phí rồi mà không thấy tiền vào, xã nói chưa nhận",
    "bán hàng qua mạng lời mỗi tháng bao nhiêu thì phải đóng thuế",
    "htx bán hàng online lời thì chia sao",
)


@pytest.fixture(scope="module")
def library() -> Library:
    """Return the content that is served."""
    return read_content(ROOT / "content")


@pytest.mark.parametrize("spelt", [str, fold], ids=["as-written", "without-diacritics"])
@pytest.mark.parametrize(
    ("about", "message"),
    [*OF_ONE, *NEWER, *BY_LINK, *(("status", message) for message in GOING_ON)],
)
def test_what_is_asked_of_one_case_is_told(
    library: Library, about: str, message: str, spelt: Callable[[str], str]
) -> None:
    """How papers stand, a result, a list, somebody's number, the affairs of a cooperative.

    When a fair is, what will be, who is best, what an office decided, who holds the seal.
    """
    found = particular_in(library.cues.particulars, library.places, spelt(message))

    assert found is not None
    assert found.about == about


@pytest.mark.parametrize(("about", "message"), NAMED_BY_CAPITALS)
def test_cooperative_or_somebody_is_named_by_capitals(
    library: Library, about: str, message: str
) -> None:
    """A name that stands in no list of places, too."""
    found = particular_in(library.cues.particulars, library.places, message)

    assert found is not None
    assert found.about == about


@pytest.mark.parametrize("spelt", [str, fold], ids=["as-written", "without-diacritics"])
@pytest.mark.parametrize(
    "message",
    [
        *RULES,
        *ASKED_IN_PASSING,
        *ABOUT_ONE_BUT_A_RULE,
        *SOUNDS_URGENT,
        *NEAR_THEM_A_RULE,
        *LINK_OF_OURS,
        *SOUNDS_STOLEN,
    ],
)
def test_rule_is_a_rule_in_whatever_words(
    library: Library, message: str, spelt: Callable[[str], str]
) -> None:
    """What is asked for oneself, in passing, or of one cooperative may be what holds for all.

    Where to hand in one's own papers, how much one may borrow; to have a rule looked up; what
    applies to all who were granted.
    """
    found = particular_in(library.cues.particulars, library.places, spelt(message))

    assert found is None


@pytest.mark.parametrize("spelt", [str, fold], ids=["as-written", "without-diacritics"])
@pytest.mark.parametrize("message", HANDED_IN)
def test_what_is_handed_in_or_paid_where_it_is_due_is_no_swindle(
    library: Library, message: str, spelt: Callable[[str], str]
) -> None:
    """Papers sent over the net, a member's dues, an office that wants another copy."""
    assert particular_in(library.cues.particulars, library.places, spelt(message)) is None


@pytest.mark.parametrize("spelt", [str, fold], ids=["as-written", "without-diacritics"])
@pytest.mark.parametrize(
    "urgent",
    [
        pytest.param(URGENT, id="asked-in-an-offices-name-or-paid"),
        pytest.param(PROMISED, id="promised-in-a-cooperatives-name"),
        pytest.param(STOLEN, id="stolen-name-or-false-payment"),
    ],
)
def test_swindles_are_known(
    library: Library, urgent: Sequence[tuple[str, str]], spelt: Callable[[str], str]
) -> None:
    """Money, a code, a link or a paper wanted, profit promised, a name or goods taken."""
    found = {
        message: particular_in(library.cues.particulars, library.places, spelt(message))
        for _, message in urgent
    }

    assert [(one and one.about, message) for message, one in found.items()] == list(urgent)


@pytest.mark.parametrize(
    ("read", "told"),
    [("ocop/tien-thuong", False), ("policy/ha-tang", False), ("ocop/chi-phi", True)],
)
def test_no_money_is_confirmed_beside_who_asks_for_some(
    library: Library, read: str, told: bool
) -> None:
    """However surely it was read a support is a button; that nothing is to be paid is told."""
    asked = "phải đặt cọc 2 triệu mới được hỗ trợ ocop hả"
    decision = within_scope(AnswerArticle(read, 0.95), (asked,), library)

    assert isinstance(decision, AnswerArticle) == told
    assert told or (isinstance(decision, DeclineParticular) and read in decision.near)


def test_every_example_leads_to_its_own_kind(library: Library) -> None:
    """No kind takes the examples of one after it."""
    for particular in library.cues.particulars:
        for example in particular.examples:
            found = particular_in(library.cues.particulars, library.places, example)
            own = particular.of != "elsewhere"
            assert found == (particular if own else None), example
            assert own or asks_figures(library.cues.particulars, example)
