"""The words of the officer's pages and of the look-up page, in Vietnamese and English."""

from collections.abc import Mapping
from typing import Final

LANGUAGES: Final = ("vi", "en")

STATES: Final = {
    "receiving": ("Đang nhận", "Arriving"),
    "delivered": ("Mới đến", "New"),
    "accepted": ("Đã tiếp nhận", "Received"),
    "in_review": ("Đang giải quyết", "Processing"),
    "needs_info": ("Cần bổ sung", "Needs supplement"),
    "approved": ("Đã có kết quả", "Result ready"),
    "returned": ("Đã trả kết quả", "Handed over"),
    "rejected": ("Không tiếp nhận", "Not accepted"),
    "withdrawn": ("Đã rút", "Withdrawn"),
}

#: What a resident reads behind the receipt's QR code: where the dossier is, and what that means.
LOOK_UP: Final = {
    "receiving": ("Hồ sơ đang được chuyển tới, chưa đủ tệp.", "The dossier is arriving; not all files are here yet."),
    "delivered": (
        "Tỉnh đã nhận đủ hồ sơ. Cán bộ chưa xem.",
        "The province has the whole dossier. No officer has seen it yet.",
    ),
    "accepted": ("Cán bộ một cửa đã tiếp nhận hồ sơ.", "The one-stop officer has received the dossier."),
    "in_review": ("Hồ sơ đang được giải quyết.", "The dossier is being processed."),
    "needs_info": (
        "Hồ sơ cần bổ sung. Tình nguyện viên đã được báo và sẽ liên hệ với ông/bà.",
        "The dossier needs a supplement. The volunteer has been told and will contact you.",
    ),
    "approved": ("Đã có kết quả. Mời ông/bà tới bộ phận một cửa, hoặc chờ trao tại nhà.", "The result is ready."),
    "returned": ("Kết quả đã được trao.", "The result was handed over."),
    "rejected": (
        "Hồ sơ không được tiếp nhận. Mời ông/bà hỏi bộ phận một cửa.",
        "The dossier was not accepted. Please ask the one-stop desk.",
    ),
    "withdrawn": ("Hồ sơ đã được rút.", "The dossier was withdrawn."),
}

WORDS: Final = {
    "log_in": ("Đăng nhập", "Log in"),
    "user": ("Tên đăng nhập", "User name"),
    "password": ("Mật khẩu", "Password"),
    "wrong": (
        "Tên đăng nhập hoặc mật khẩu không đúng. Sau 5 lần sai, chờ 1 phút.",
        "The name or password is not right. After 5 wrong tries, wait a minute.",
    ),
    "queue": ("Hồ sơ đến", "Incoming dossiers"),
    "log_out": ("Đăng xuất", "Log out"),
    "all": ("Tất cả", "All"),
    "number": ("Số hồ sơ", "Number"),
    "procedure": ("Thủ tục", "Procedure"),
    "state": ("Trạng thái", "Status"),
    "unit": ("Nơi nhận", "Receiving unit"),
    "age": ("Từ lúc", "Since"),
    "empty": (
        "Chưa có hồ sơ nào. Hồ sơ tình nguyện viên gửi sẽ nằm ở đây.",
        "No dossiers yet. What volunteers send will be here.",
    ),
    "back": ("Về danh sách", "Back to the list"),
    "answers": ("Nội dung khai", "Answers"),
    "papers": ("Giấy tờ", "Papers"),
    "shown": ("đã cho xem bản chính", "original was shown"),
    "no_files": ("chưa có tệp", "no files yet"),
    "consents": ("Đồng ý xử lý dữ liệu", "Consent"),
    "by": ("Người lập", "Made by"),
    "revision": ("Bản", "Revision"),
    "proof": ("Mã băm hồ sơ (SHA-256)", "Hash of the dossier (SHA-256)"),
    "accept": ("Tiếp nhận", "Receive"),
    "review": ("Bắt đầu giải quyết", "Start processing"),
    "supplement": ("Yêu cầu bổ sung", "Ask for a supplement"),
    "supplement_how": (
        "Đánh dấu ô và giấy tờ cần sửa ở trên, ghi rõ cần gì. Yêu cầu một lần cho đủ.",
        "Tick the fields and papers above, say what is needed. Ask once, completely.",
    ),
    "note": ("Ghi cho tình nguyện viên", "Note to the volunteer"),
    "deadline": ("Hạn bổ sung", "Deadline"),
    "reject": ("Không tiếp nhận", "Do not accept"),
    "reason": ("Lý do", "Reason"),
    "result": ("Trả kết quả", "Give the result"),
    "file": ("Tệp kết quả (PDF)", "Result file (PDF)"),
    "returned": ("Đã trao kết quả", "Handed over"),
    "conflict": (
        "Hồ sơ vừa được người khác thay đổi. Xem lại bản mới bên dưới rồi làm lại.",
        "Somebody else has just changed this dossier. Look at it below and try again.",
    ),
    "nothing_ticked": (
        "Chọn ít nhất một ô hoặc một giấy tờ, và ghi rõ cần gì.",
        "Tick at least one field or paper, and say what is needed.",
    ),
    "no_reason": ("Ghi lý do.", "Say the reason."),
    "no_pdf": ("Chọn một tệp PDF dưới 16 MB.", "Choose a PDF under 16 MB."),
    "asked": ("Đã yêu cầu bổ sung", "Supplement asked"),
    "look_up": ("Tra cứu hồ sơ", "Look up a dossier"),
    "look_up_none": ("Không thấy hồ sơ với mã này.", "No dossier with this code."),
    "look_up_none_how": (
        "Hồ sơ có thể chưa được gửi. Mời ông/bà hỏi tình nguyện viên, hoặc đưa phiếu ở bộ phận một cửa.",
        "It may not have been sent yet. Ask the volunteer, or show the slip at the one-stop desk.",
    ),
    "as_of": ("Cập nhật lúc", "As of"),
    "not_official": (
        "Trang này không thay Giấy tiếp nhận hồ sơ và hẹn trả kết quả.",
        "This page does not replace the official receipt.",
    ),
    "sample": (
        "Máy chủ thử nghiệm: không phải hệ thống chính thức của tỉnh.",
        "Test server: not the province's official system.",
    ),
    "bundles": ("Gói mang tay (USB)", "Carried bundles (USB)"),
    "bundles_how": (
        "Cắm USB, chọn các tệp .age trong thư mục bnhelper-courier/out. Chọn lại tệp đã nhập cũng không sao.",
        "Plug in the stick and choose the .age files in bnhelper-courier/out. Choosing a file twice does no harm.",
    ),
    "bundle_files": ("Tệp gói (.age)", "Bundle files (.age)"),
    "bundle_take": ("Nhập gói", "Take in"),
    "bundle_taken": ("Vừa nhập", "Just taken in"),
    "bundle_recent": ("Đã nhập trước đây", "Taken in before"),
    "bundle_none": ("Chưa nhập gói nào.", "Nothing was taken in yet."),
    "bundle_proved": ("đã nhận đủ", "wholly received"),
    "bundle_waiting": ("còn chờ phần khác", "waiting for other parts"),
    "bundle_refused": ("trả lại", "returned"),
    "bundle_reply": (
        "Tải phiếu nhận, chép vào bnhelper-courier/back",
        "Download receipts, copy to bnhelper-courier/back",
    ),
    "bundle_too_large": ("Một lần chọn không quá 1 GB.", "Choose at most 1 GB at once."),
    "no_bundle": ("Chọn ít nhất một tệp.", "Choose at least one file."),
    "yes": ("Có", "Yes"),
    "blank": ("Bỏ trống", "Left blank"),
}


#: Why a whole bundle was not taken in.
BUNDLE_CODES: Final = {
    "not-for-us": ("Gói này niêm phong cho nơi khác.", "This bundle is sealed to somebody else."),
    "wrong-province": ("Gói này gửi cho tỉnh khác.", "This bundle is for another province."),
    "damaged": (
        "Tệp bị hỏng hoặc chép chưa hết. Chép lại từ USB, hoặc xin tình nguyện viên xuất lại.",
        "The file is damaged or was not wholly copied. Copy it again, or ask the volunteer to export again.",
    ),
    "unknown-device": ("Máy xuất gói chưa được kết nạp ở đây.", "The machine that made it is not enrolled here."),
    "revoked": ("Máy xuất gói đã bị thu hồi quyền.", "The machine that made it was revoked."),
    "bad-signature": ("Chữ ký của máy xuất gói không đúng.", "The machine's signature does not hold."),
    "format-unknown": ("Gói do bản bnhelper mới hơn xuất.", "The bundle was made by a newer bnhelper."),
}


def words(language: str) -> dict[str, str]:
    """Return the words of one language."""
    place = LANGUAGES.index(language) if language in LANGUAGES else 0
    return {key: said[place] for key, said in WORDS.items()}


#: What a resident's own state is called where the officer's word is another.
_FOR_RESIDENTS: Final = {"delivered": ("Tỉnh đã nhận", "Reached the province")}

PURPOSES: Final = {"file_dossier": ("Nộp hồ sơ này", "File this dossier")}
GIVERS: Final = {
    "self": ("chính người đó", "the person"),
    "representative": ("người đại diện", "a representative"),
    "read_aloud": ("nhờ đọc, đồng ý bằng lời hoặc điểm chỉ", "read out, by voice or thumbprint"),
}


def word(table: Mapping[str, tuple[str, str]], key: str, language: str) -> str:
    """Return a word of a table, or the key where the table has none."""
    said = table.get(key)
    return key if said is None else said[LANGUAGES.index(language) if language in LANGUAGES else 0]


def resident_state(state: str, language: str) -> str:
    """Return a state as the look-up page says it."""
    return word({**STATES, **_FOR_RESIDENTS}, state, language)


def state_word(state: str, language: str) -> str:
    return STATES[state][LANGUAGES.index(language) if language in LANGUAGES else 0]


def look_up_words(state: str, language: str) -> str:
    return LOOK_UP[state][LANGUAGES.index(language) if language in LANGUAGES else 0]
