"""Each trouble on the road to the province: signing in, the ward's machine, sticks -> sentence and next step."""

from typing import Final

#: code -> Vietnamese (what happened, what to do), English (the same)
SYNC_WORDS: Final[dict[str, tuple[tuple[str, str], tuple[str, str]]]] = {
    "sign-in-needed": (
        ("Đây là địa chỉ để đăng nhập, không phải mã mời.", "Vào “Gửi và nhận”, bấm “Đăng nhập” và dán lại dòng này."),
        ("This is an address to sign in at, no invitation.", "In “Send and receive” press “Sign in” and paste it."),
    ),
    "issuer-silent": (
        ("Chưa nối được với nơi đăng nhập.", "Kiểm tra mạng rồi bấm lại. Vẫn làm việc được, chỉ chưa gửi được."),
        ("The place where you sign in cannot be reached.", "Check the network. You can keep working, you cannot send."),
    ),
    "sign-in-refused": (
        ("Chưa đăng nhập được ({reason}).", "Bấm lại để thử lần nữa. Hồ sơ vẫn còn đủ trên máy."),
        ("You were not signed in ({reason}).", "Press again to try once more. Every dossier is still here."),
    ),
    "sign-in-ended": (
        ("Phiên đăng nhập hết hạn. Hồ sơ vẫn còn đủ trên máy.", "Bấm “Đăng nhập lại” để gửi tiếp."),
        ("Your sign-in has run out. Every dossier is still here.", "Press “Sign in again” to go on sending."),
    ),
    "sign-in-stopped": (
        ("Chưa đăng nhập.", "Bấm lại khi sẵn sàng. Vẫn làm việc được, chỉ chưa gửi được."),
        ("Not signed in.", "Press again when you are ready. You can keep working, you cannot send."),
    ),
    "nobody-signs-in": (
        ("Nơi này không nhận đăng nhập, chỉ nhận mã mời.", "Xin mã mời từ trưởng nhóm rồi dán trong Cài đặt."),
        ("Nobody signs in there: machines come by invitation.", "Ask your team leader for one; paste it in Settings."),
    ),
    "not-this-account": (
        ("Tỉnh không nhận tài khoản này trên máy này.", "Dùng tài khoản khác, hoặc nhờ cán bộ cấp quyền."),
        ("The province does not take this account on this machine.", "Use another, or ask an officer for the right."),
    ),
    "secret-not-here": (
        ("Phiên đăng nhập này thuộc máy khác.", "Đăng nhập lại trên máy này."),
        ("This sign-in belongs to another machine.", "Sign in again on this one."),
    ),
    "ward-full": (
        ("Máy của phường hết chỗ, chưa nhận thêm được.", "Hồ sơ vẫn đủ ở máy này. Nhờ phường dọn chỗ, rồi bấm lại."),
        ("The ward's machine has no room left.", "Nothing is lost. Let them make room on it, then press again."),
    ),
    "ward-refused": (
        ("Máy của phường chưa nhận được ({reason}).", "Hồ sơ vẫn đủ ở máy này. Bấm lại sau, hoặc mang bằng USB."),
        ("The ward's machine did not take it ({reason}).", "Nothing is lost. Press again later, or carry it by USB."),
    ),
    "not-paired": (
        ("Máy của phường không nhận ra máy này.", "Bấm “Ghép với máy khác” rồi ghép lại. Hồ sơ vẫn đủ ở máy này."),
        ("The ward's machine does not know this one.", "Press “Pair with another machine”. Nothing is lost."),
    ),
    "bundle-refused": (
        (
            "Tỉnh không nhận gói đã chuyển qua phường ({reason}).",
            "Hồ sơ vẫn ở máy này. Bấm lại để niêm phong gói mới.",
        ),
        ("The province took no bundle over the ward ({reason}).", "Nothing is lost. Press again: a new one is sealed."),
    ),
}
