"""Why a dossier waits for a person, and what mends it: one pair of sentences for each reason."""

from typing import Final

#: code of the province or the engine -> Vietnamese (why, what mends it), English (the same)
HELD: Final[dict[str, tuple[tuple[str, str], tuple[str, str]]]] = {
    "invalid": (
        ("Tỉnh trả lại: có ô chưa đúng.", "Bấm “Mở để sửa”, sửa chỗ được nêu rồi khóa lại."),
        ("Returned by the province: a field is not right.", "Press “Open to mend”, mend what is named, lock it again."),
    ),
    "not-asked": (
        ("Tỉnh trả lại: sửa ngoài chỗ được yêu cầu.", "Gọi bộ phận một cửa, hoặc lưu ra USB cho nhóm hỗ trợ."),
        ("Returned: more was changed than asked.", "Call the one-stop desk, or save it to USB for the help desk."),
    ),
    "pack-unknown": (
        (
            "Tỉnh chưa có gói thủ tục của hồ sơ này.",
            "Báo bộ phận một cửa; khi tỉnh có gói đó thì bấm “Gửi lại”. Hồ sơ mới: lấy gói của tỉnh trong Cài đặt.",
        ),
        (
            "The province does not have the procedure pack of this dossier.",
            "Tell the one-stop desk; once it has it, press “Send again”. For new ones get its pack in Settings.",
        ),
    ),
    "bad-signature": (
        ("Tỉnh không nhận ra chữ ký của máy này.", "Xin trưởng nhóm mã mời mới, dán trong Cài đặt rồi bấm “Gửi lại”."),
        (
            "The province does not know this machine's signature.",
            "Ask your team leader for a new invitation, paste it in Settings, then press “Send again”.",
        ),
    ),
    "not-allowed": (
        ("Tỉnh chưa cho máy này gửi hồ sơ của nơi đó.", "Nhờ cán bộ cấp quyền rồi bấm “Gửi lại”."),
        ("This machine may not send for that place.", "Ask an officer for the right, then press “Send again”."),
    ),
    "id-conflict": (
        ("Tỉnh đã có hồ sơ khác cùng mã.", "Đừng làm lại hồ sơ: lưu ra USB cho nhóm hỗ trợ."),
        ("The province has another dossier of this code.", "Do not make it anew: save it to USB for the help desk."),
    ),
    "already-decided": (
        ("Tỉnh đã giải quyết xong hồ sơ này.", "Không cần gửi nữa. Chưa rõ thì gọi bộ phận một cửa."),
        ("The province has decided this dossier already.", "It need not be sent. If in doubt call the one-stop desk."),
    ),
    "revision-gap": (
        ("Tỉnh thiếu bản trước của hồ sơ.", "Bấm “Gửi lại”. Nếu vẫn vậy, lưu ra USB cho nhóm hỗ trợ."),
        (
            "The province lacks an earlier revision.",
            "Press “Send again”. If that does not help, save it to USB for the help desk.",
        ),
    ),
    "too-large": (
        ("Có ảnh lớn quá mức tỉnh nhận.", "Lưu ra USB cho nhóm hỗ trợ: họ thu nhỏ ảnh rồi nộp giúp."),
        ("A photo is larger than the province takes.", "Save it to USB for the help desk: they make it smaller."),
    ),
    "unsupported-media": (
        ("Tỉnh không nhận loại tệp của một ảnh.", "Lưu ra USB cho nhóm hỗ trợ: họ đổi tệp rồi nộp giúp."),
        ("The province does not take the kind of a file.", "Save it to USB for the help desk: they convert it."),
    ),
    "file-refused": (
        ("Tỉnh không nhận một tệp ảnh.", "Bấm “Gửi lại”. Nếu vẫn vậy, lưu ra USB cho nhóm hỗ trợ."),
        (
            "The province did not take a photo.",
            "Press “Send again”. If that does not help, save it to USB for the help desk.",
        ),
    ),
    "client-too-old": (
        ("Cần cài bản bnhelper mới hơn.", "Cài bản mới rồi bấm “Gửi lại”. Hồ sơ vẫn đủ trên máy."),
        ("A newer bnhelper is needed.", "Install it, then press “Send again”. Everything is still here."),
    ),
    "file-damaged": (
        (
            "Một tệp ảnh trên máy bị hỏng.",
            "Bấm “Mở để sửa”, chụp lại giấy tờ được nêu rồi khóa lại. Các hồ sơ khác vẫn được gửi.",
        ),
        (
            "A photo's file on this machine is damaged.",
            "Press “Open to mend”, take the named paper again, lock it again. The other dossiers go on.",
        ),
    ),
    "elsewhere": (
        ("Tỉnh chỉ sang máy chủ khác, nên không gửi giấy tờ.", "Đổi sang mạng khác rồi bấm “Gửi lại”."),
        (
            "The province pointed to another server: no papers were sent.",
            "Go to another network, then press “Send again”.",
        ),
    ),
    "storage-full": (
        (
            "Tỉnh không còn chỗ cho tệp của máy này.",
            "Hồ sơ vẫn đủ ở máy này. Báo bộ phận một cửa, rồi bấm “Gửi lại”; hoặc lưu ra USB.",
        ),
        (
            "The province has no room for more files of this machine.",
            "Nothing is lost. Tell the one-stop desk, then press “Send again”, or save it to USB.",
        ),
    ),
    "other-province": (
        ("Được khóa hoặc ghi khi máy còn thuộc nơi khác.", "Nếu đúng là gửi cho nơi mới thì bấm “Gửi lại”."),
        (
            "It was locked or told while this machine belonged to another place.",
            "Press “Send again” if it is for the new one.",
        ),
    ),
    "poison": (
        ("Thử nhiều lần chưa được.", "Bấm “Gửi lại”. Nếu vẫn vậy, lưu ra USB cho nhóm hỗ trợ."),
        (
            "It did not work after several tries.",
            "Press “Send again”. If that does not help, save it to USB for the help desk.",
        ),
    ),
}
_ANY_OTHER: Final = (
    ("Tỉnh chưa nhận hồ sơ này.", "Bấm “Gửi lại”. Nếu vẫn vậy, lưu ra USB cho nhóm hỗ trợ."),
    (
        "The province did not take this dossier.",
        "Press “Send again”. If that does not help, save it to USB for the help desk.",
    ),
)


def held_words(code: str, language: str) -> tuple[str, str]:
    """Return why an item waits for a person, and what mends it."""
    return HELD.get(code, _ANY_OTHER)[1 if language == "en" else 0]
