"""Each trouble code -> what happened and what to do, in both languages; knows no Qt."""

from collections.abc import Mapping
from typing import Final

from bnhelper.errors import KnownTrouble

#: code -> (what and why, next step) in Vietnamese, then in English. {name} is filled from the trouble's values.
WORDS: Final[dict[str, tuple[tuple[str, str], tuple[str, str]]]] = {
    "wrong-key": (
        ("Chưa mở được: mã không đúng.", "Thử lại. Dữ liệu vẫn còn đủ, không bao giờ tự xóa."),
        ("Not opened: that is not right.", "Try again. Nothing is ever wiped."),
    ),
    "visit-list-gone": (
        ("Danh sách này đã được rút hoặc hết hạn.", "Quay lại Thăm hộ dân và chọn danh sách khác."),
        ("This list was taken back, or its time is over.", "Go back to Home visits and choose another list."),
    ),
    "must-wait": (
        ("Đã sai nhiều lần, chờ {wait_s} giây.", "Sau đó nhập lại. Dữ liệu vẫn còn đủ."),
        ("Too many wrong tries: wait {wait_s} seconds.", "Then try again. No data is lost."),
    ),
    "keys-damaged": (
        ("Tệp khóa của máy này không đọc được.", "Đừng xóa gì. Gọi nhóm hỗ trợ để mở lại từ bản sao."),
        ("The key file of this machine cannot be read.", "Delete nothing. Call support to restore it."),
    ),
    "secret-too-weak": (
        ("Mã PIN cần ít nhất 6 chữ số, cụm từ cần ít nhất 4 từ.", "Nhập lại dài hơn."),
        ("A PIN needs at least 6 digits, a passphrase at least 4 words.", "Enter a longer one."),
    ),
    "pin-easily-guessed": (
        ("Mã PIN này dễ đoán.", "Chọn số khác: không lặp một chữ số, không dãy liền như 123456, không lặp hai lần."),
        ("That PIN is too easy to guess.", "Choose another: not one digit only, not 123456, not a year twice."),
    ),
    "passphrase-easily-guessed": (
        ("Cụm từ này dễ đoán.", "Dùng 4 từ khác nhau trở lên, tổng cộng ít nhất 10 chữ cái."),
        ("That passphrase is too easy to guess.", "Use at least 4 different words, with 10 letters in all."),
    ),
    "secret-in-use": (
        ("Mã đó đã có người dùng trên máy này, hoặc dễ đoán.", "Chọn mã khác."),
        ("That one is taken on this machine, or easy to guess.", "Choose another."),
    ),
    "held-by-law": (
        ("Hồ sơ này phải giữ theo yêu cầu của pháp luật.", "Bỏ yêu cầu giữ trước khi xóa."),
        ("The law wants this dossier to be kept.", "Release the hold before erasing it."),
    ),
    "still-on-its-way": (
        ("Hồ sơ đang chờ gửi, xóa bây giờ là mất.", "Mở khóa hồ sơ để giữ lại, hoặc chờ tỉnh nhận rồi xóa."),
        ("It waits to be sent; erasing it now would lose it.", "Unlock it first, or let it arrive."),
    ),
    "not-extendable": (
        ("Yêu cầu này không được gia hạn thêm.", "Thực hiện trước hạn đã ghi."),
        ("This request cannot be extended any further.", "Carry it out before its date."),
    ),
    "no-such-request": (
        ("Yêu cầu này không còn, hoặc đã làm xong.", "Mở lại trang dữ liệu của hồ sơ."),
        ("The request is not there, or was carried out.", "Open the data page again."),
    ),
    "recovery-file-damaged": (
        ("Tệp này không phải tệp khôi phục cần tìm, hoặc bị hỏng.", "Chọn đúng tệp của cán bộ hoặc của phường."),
        ("This is not the recovery file that is needed, or it is damaged.", "Choose the officer's or the ward's file."),
    ),
    "officer-passphrase-wrong": (
        ("Cụm từ của cán bộ thứ {officer} không đúng.", "Nhập lại. Không có gì bị thay đổi."),
        ("The passphrase of officer {officer} is not right.", "Try again. Nothing was changed."),
    ),
    "officers-do-not-fit": (
        ("Máy này không được giao cho hai cán bộ đó.", "Cần đúng hai người khác nhau đã ghi khi cài máy."),
        ("This machine was not set up for these two.", "It takes the two different officers named at set-up."),
    ),
    "no-recovery-key": (
        ("Máy này chưa có khóa khôi phục của phường.", "Dùng bản sao lưu có tệp khóa, hoặc gọi nhóm hỗ trợ."),
        ("No ward recovery key was set up on this machine.", "Use a backup with a key file, or call support."),
    ),
    "recovery-needs-two": (
        ("Cần tệp và cụm từ của cả hai cán bộ.", "Một người không mở được."),
        ("Both officers' files and passphrases are needed.", "One alone opens nothing."),
    ),
    "still-works-here": (
        ("Người này vẫn đang làm việc trên máy.", "Người đó tự bàn giao hồ sơ của mình."),
        ("This person still works here.", "They hand their dossiers over themselves."),
    ),
    "keeper-stays": (
        ("Không kết thúc được quyền của người giữ máy.", "Phải luôn có một người chịu trách nhiệm về máy."),
        ("The keeper's own right cannot be ended here.", "Somebody must answer for the machine."),
    ),
    "may-not-start": (
        (
            "Quyền lập hồ sơ mới của bạn trên máy này đã hết.",
            "Vẫn làm xong và gửi được hồ sơ đang có. Gặp trưởng nhóm để gia hạn.",
        ),
        ("You may not begin new dossiers on this machine.", "Finish and send what is here. Ask your leader to renew."),
    ),
    "not-yours": (
        ("Việc này thuộc về người khác trên máy.", "Hỏi người giữ máy hoặc trưởng nhóm."),
        ("This belongs to somebody else on this machine.", "Ask the keeper of the machine or the team leader."),
    ),
    "no-such-person": (
        ("Không có người này trên máy.", "Xem lại danh sách trong Cài đặt."),
        ("Nobody of that name works here.", "Look at the list in Settings."),
    ),
    "log-exists": (
        ("Chỗ đó đã có tệp cùng tên, không ghi đè.", "Chọn tên khác."),
        ("There is a file of that name; it is not overwritten.", "Choose another name."),
    ),
    "representative-missing": (
        ("Người chưa thành niên cần người đại diện đồng ý.", "Ghi tên và quan hệ của người đại diện."),
        ("For a minor a representative agrees.", "Enter the representative's name and relation."),
    ),
    "no-keyring": (
        ("Máy này không có kho khóa của hệ điều hành.", "Dùng cụm từ 4 từ hoặc tệp khóa thay mã PIN."),
        ("This machine has no system keyring.", "Use a passphrase of 4 words or a key file instead of a PIN."),
    ),
    "keyring-locked": (
        ("Kho khóa của hệ điều hành đang khóa.", "Mở kho bằng mật khẩu đăng nhập máy, rồi nhập lại PIN."),
        ("The system keyring is locked.", "Unlock it with this computer's log-in password, then enter the PIN again."),
    ),
    "keyring-secret-gone": (
        ("Kho khóa không còn nửa khóa của máy này.", "PIN không sai. Đăng nhập đúng người dùng, hoặc gọi nhóm hỗ trợ."),
        (
            "The keyring no longer holds this machine's half.",
            "The PIN is right: log in as before, or call support.",
        ),
    ),
    "store-closed": (
        ("Máy đã khóa trong lúc đó.", "Mở khóa rồi làm tiếp. Những gì đã lưu vẫn còn."),
        ("The machine was locked meanwhile.", "Unlock it and go on. What was saved is there."),
    ),
    "store-in-use": (
        ("bnhelper đang mở ở cửa sổ khác.", "Chuyển tới cửa sổ đó, hoặc đóng nó rồi thử lại."),
        ("bnhelper is open in another window.", "Go to that window, or close it and try again."),
    ),
    "store-from-the-future": (
        ("Dữ liệu do bản bnhelper mới hơn ghi.", "Cài bản mới rồi mở lại. Không có gì bị thay đổi."),
        ("The data was written by a newer bnhelper.", "Install the newer version. Nothing was changed."),
    ),
    "store-damaged": (
        ("Tệp dữ liệu bị hỏng hoặc không phải của bnhelper.", "Đừng xóa gì. Gọi nhóm hỗ trợ để cứu từ bản sao."),
        ("The data file is damaged or not bnhelper's.", "Delete nothing. Call support to rescue it."),
    ),
    "backup-folder-gone": (
        ("Không thấy thư mục hoặc USB để sao lưu.", "Cắm lại USB, hoặc chọn thư mục khác trong Cài đặt."),
        ("The folder or stick for backups is not there.", "Plug it in again, or choose another folder in Settings."),
    ),
    "backup-not-whole": (
        ("Đã sao lưu, nhưng máy này thiếu hoặc hỏng {photos} ảnh.", "Mở hồ sơ có báo thiếu ảnh, chụp lại."),
        (
            "Backed up, but {photos} photos of this machine are missing or damaged.",
            "Take them again in their dossiers.",
        ),
    ),
    "backup-stopped": (
        ("Đã dừng sao lưu, không để lại tệp dở.", "Máy tự sao lưu lại khi rảnh."),
        ("The backup was stopped; nothing half-made was left.", "It is made again when nobody works."),
    ),
    "backup-damaged": (
        ("Tệp này không phải bản sao lưu, hoặc bị hỏng.", "Dùng bản sao lưu khác. Không có gì bị thay đổi."),
        ("This file is no backup, or it is damaged.", "Take another backup. Nothing was changed."),
    ),
    "target-exists": (
        ("Chỗ đó đã có dữ liệu, không ghi đè.", "Chọn tên hoặc thư mục khác."),
        ("There is something there already; it is not overwritten.", "Choose another name or folder."),
    ),
    "nothing-there": (
        ("Ở chỗ đó không có máy, kho hay bản sao lưu nào.", "Xem lại đường dẫn, hoặc cắm USB vào."),
        ("There is no machine, store or backup at that place.", "Look at the path, or plug the stick in."),
    ),
    "no-such-folder": (
        ("Không có thư mục để ghi vào.", "Tạo thư mục trước, hoặc cắm USB vào."),
        ("There is no folder to write it into.", "Make the folder first, or plug the stick in."),
    ),
    "secret-not-given": (
        ("Chưa có khóa để mở.", "Chọn tệp khóa, hoặc nhập PIN hay cụm từ."),
        ("No key was given.", "Choose the key file, or enter the PIN or passphrase."),
    ),
    "no-such-dossier": (
        ("Máy này không còn hồ sơ đó.", "Về danh sách hồ sơ."),
        ("This machine does not have that dossier.", "Go back to the dossier list."),
    ),
    "no-such-photo": (
        ("Máy này không có ảnh đó.", "Chụp hoặc chọn lại."),
        ("That photo is not here.", "Choose it again."),
    ),
    "photo-is-no-image": (
        ("Tệp này không phải ảnh hay PDF, hoặc bị cắt dở.", "Chọn ảnh JPG, PNG hoặc tệp PDF khác."),
        ("This file is no photo or PDF, or it is cut off.", "Choose another JPG, PNG or PDF."),
    ),
    "photo-too-large": (
        ("Tệp quá lớn.", "Chọn tệp dưới 16 MB, hoặc chụp lại."),
        ("The file is too large.", "Choose one under 16 MB, or take the photo again."),
    ),
    "photo-already-there": (
        ("Giấy này đã có đúng tệp đó rồi.", "Không cần thêm lại."),
        ("This paper has that very file already.", "No need to add it again."),
    ),
    "too-many-photos": (
        ("Một hồ sơ mang nhiều nhất {most} tệp.", "Bỏ bớt tệp thừa."),
        ("A dossier carries at most {most} files.", "Remove what is not needed."),
    ),
    "disk-full": (
        (
            "Ổ đĩa đầy, chưa lưu được thay đổi này.",
            "Giải phóng chỗ rồi làm lại. Chữ đã gõ và cái đã lưu vẫn còn.",
        ),
        ("The disk is full; this was not kept.", "Free some space, then do it again. What you typed stays here."),
    ),
    "disk-nearly-full": (
        ("Ổ đĩa chỉ còn {free_mb} MB, chưa mở việc mới.", "Xóa bớt tệp khác. Việc đang làm vẫn lưu và gửi được."),
        ("Only {free_mb} MB are left on the disk: nothing new is begun.", "Free some space. Open work is still kept."),
    ),
    "disk-read-only": (
        ("Ổ đĩa không cho ghi, thay đổi này chưa được lưu.", "Bỏ khóa chống ghi hoặc dùng ổ khác. Cái đã lưu vẫn còn."),
        ("The disk takes no writing; this was not kept.", "Unlock it or use another. What was saved is safe."),
    ),
    "disk-failed": (
        ("Ổ đĩa báo lỗi, thay đổi này chưa được lưu.", "Kiểm tra ổ hoặc USB rồi làm lại. Cái đã lưu vẫn còn."),
        ("The disk answers with an error; this was not kept.", "Check the disk or stick, then try again."),
    ),
    "store-gone": (
        ("Ổ chứa dữ liệu đã bị rút, thay đổi này chưa được lưu.", "Cắm lại, khóa rồi mở lại chương trình."),
        ("The disk with the data was pulled out; this was not kept.", "Plug it in, then lock and unlock."),
    ),
    "sealed-file-damaged": (
        ("Tệp ảnh trên máy bị hỏng.", "Chụp hoặc chọn lại ảnh này."),
        ("The photo's file on this machine is damaged.", "Take or choose this photo again."),
    ),
    "photos-lost": (
        (
            "Hồ sơ có {count} ảnh mất tệp hoặc hỏng tệp trên máy.",
            "Mở ảnh và giấy tờ, chụp hoặc chọn lại, rồi khóa hồ sơ.",
        ),
        (
            "The files of {count} photos are gone from this machine, or damaged.",
            "Open its photos, take these again, then lock it.",
        ),
    ),
    "field-not-open": (
        ("Chỗ này không sửa được lúc này.", "Chỉ sửa những ô cán bộ yêu cầu, hoặc mở khóa hồ sơ chưa gửi."),
        ("This cannot be changed now.", "Change only what the officer asked for, or unlock an unsent dossier."),
    ),
    "no-such-node": (
        ("Biểu mẫu không có ô này.", "Mở lại hồ sơ."),
        ("The form does not have this field.", "Open the dossier again."),
    ),
    "not-a-repeat": (
        ("Không thêm hoặc bớt được ở đây.", "Mở lại hồ sơ."),
        ("Nothing can be added or removed here.", "Open the dossier again."),
    ),
    "dossier-incomplete": (
        ("Chưa chốt được: còn thiếu thông tin bắt buộc.", "Điền các ô được liệt kê và lấy ý kiến đồng ý."),
        ("Not locked: something required is missing.", "Fill in what is listed, and record the consent."),
    ),
    "already-left": (
        ("Hồ sơ đã bắt đầu gửi nên không mở khóa được.", "Chờ cán bộ yêu cầu bổ sung, hoặc gọi bộ phận một cửa."),
        ("Sending has begun, so it cannot be unlocked.", "Wait for a supplement request, or call the desk."),
    ),
    "nothing-asked": (
        ("Cán bộ không yêu cầu gì ở hồ sơ này.", "Về danh sách hồ sơ."),
        ("No officer asks anything of this dossier.", "Go back to the list."),
    ),
    "not-a-citizen-card": (
        ("Mã này không phải QR căn cước.", "Chọn ảnh mặt có mã QR của thẻ căn cước, hoặc nhập tay."),
        ("This is not the QR code of an ID card.", "Choose a picture of the card's QR code, or type it in."),
    ),
    "card-garbled": (
        ("Máy quét bị bộ gõ tiếng Việt làm sai chữ.", "Tắt bộ gõ (Ctrl+Shift) rồi quét lại."),
        ("The scanner was garbled by the Vietnamese input method.", "Switch it off and scan again."),
    ),
    "no-code-in-picture": (
        ("Chưa thấy mã QR trong ảnh.", "Chụp gần hơn, đủ sáng, không lóa, cả mã nằm trong khung."),
        ("No QR code was found in the picture.", "Take it closer, bright, without glare, the whole code in view."),
    ),
    "pack-damaged": (
        ("Gói thủ tục bị hỏng hoặc thiếu.", "Cài lại chương trình, hoặc lấy gói từ USB của đội."),
        ("The procedure pack is damaged or cut off.", "Install the program again, or take the team's pack."),
    ),
    "pack-from-the-future": (
        ("Gói thủ tục này cần bản bnhelper mới hơn.", "Cài bản mới. Gói đang có vẫn dùng được."),
        ("This pack needs a newer bnhelper.", "Install the newer version. The present pack still works."),
    ),
    "update-refused": (
        ("Gói trong đó không tin được, hoặc bị hỏng. Gói đang dùng vẫn giữ nguyên.", "Chép lại từ nguồn của đội."),
        ("The pack there cannot be trusted, or is damaged. The one in use stays.", "Copy it again from your team."),
    ),
    "update-not-there": (
        (
            "Không lấy được gói thủ tục ở đó. Gói đang dùng vẫn giữ nguyên.",
            "Thử lại khi có mạng, hoặc chọn thư mục có hai mục metadata và targets.",
        ),
        (
            "No procedure pack could be had there. The one in use stays.",
            "Try again when on line, or choose the folder that holds metadata and targets.",
        ),
    ),
    "update-too-old": (
        (
            "Gói đó đã quá hạn công bố, có thể đã có gói mới hơn.",
            "Lấy lại từ nguồn của đội. Gói đang dùng vẫn dùng được.",
        ),
        ("What is there is past its date; there may be a newer one.", "Fetch it again from your team. Work goes on."),
    ),
    "clock-absurd": (
        ("Đồng hồ máy sai, nên chưa cập nhật được gói.", "Chỉnh ngày giờ rồi thử lại. Gói đang dùng vẫn dùng được."),
        ("The clock of this machine is wrong, so no pack can be updated.", "Set it, then try again. Work goes on."),
    ),
    "delta-does-not-fit": (
        ("Bản cập nhật không khớp với gói trên máy.", "Chép lại từ nguồn của đội."),
        ("The update does not fit the pack on this machine.", "Copy it again from your team."),
    ),
    "publishing-refused": (
        ("Chưa công bố được gói.", "Xem lại khóa và phiên bản."),
        ("The pack cannot be published.", "Check the keys and the version."),
    ),
    "pack-missing": (
        ("Máy này chưa có gói thủ tục của hồ sơ.", "Lấy gói từ USB của đội."),
        ("The dossier's procedure pack is not here.", "Take it from the team's USB stick."),
    ),
    "unknown-procedure": (
        ("Chưa có biểu mẫu cho thủ tục này.", "Xem tên và nơi làm, hỏi bộ phận một cửa."),
        ("There is no form for this procedure yet.", "See its name and office, and ask the desk."),
    ),
    "unknown-guide": (
        ("Gói này không có hướng dẫn đó.", "Tìm bằng từ khác."),
        ("This pack does not have that guide.", "Search with other words."),
    ),
    "form-refused": (
        ("Biểu mẫu này bị lỗi dữ liệu.", "Dùng thủ tục khác, và báo nhóm hỗ trợ."),
        ("This form's data is broken.", "Use another procedure, and tell support."),
    ),
    "invitation-not-valid": (
        ("Mã mời không đúng hoặc đã dùng.", "Xin mã mới từ trưởng nhóm. Vẫn làm việc được khi chưa có."),
        ("The invitation is not right or was used.", "Ask your team leader for a new one. You can work without it."),
    ),
    "province-silent": (
        ("Chưa nối được với hệ thống tỉnh.", "Kiểm tra mạng rồi thử lại. Vẫn làm việc được, sẽ gửi sau."),
        ("The province cannot be reached.", "Check the network and try again. You can work and send later."),
    ),
    "signature-does-not-hold": (
        ("Chữ ký không khớp.", "Không dùng dữ liệu này. Báo nhóm hỗ trợ."),
        ("The signature does not hold.", "Do not use this data. Tell support."),
    ),
    "bug": (
        ("Chương trình gặp lỗi của chính nó.", "Những gì đã lưu vẫn còn. Thử lại, hoặc báo nhóm hỗ trợ."),
        ("The program met a fault of its own.", "What was saved is safe. Try again, or tell support."),
    ),
    "stick-gone": (
        ("USB bị rút ra, bị khóa ghi hoặc không đọc được.", "Cắm lại rồi bấm lần nữa: sẽ làm tiếp, không mất gì."),
        ("The stick was pulled out, is read-only or cannot be read.", "Plug it in and press again: it goes on."),
    ),
    "stick-full": (
        ("USB không đủ chỗ, thiếu khoảng {megabytes} MB.", "Xóa bớt tệp khác trên USB, hoặc dùng USB khác."),
        ("The stick lacks about {megabytes} MB.", "Make room on it, or take another stick."),
    ),
    "stick-unreliable": (
        ("USB đọc lại không giống lúc ghi.", "USB này hỏng: dùng USB khác. Hồ sơ vẫn đủ trên máy."),
        ("The stick gives back other bytes than were written.", "Take another stick. Everything is still here."),
    ),
    "no-courier-keys": (
        ("Máy này chưa có khóa niêm phong của tỉnh.", "Nối mạng một lần rồi thử lại. Chưa có gì rời khỏi máy."),
        ("This machine lacks the province's sealing keys.", "Connect once, then try again. Nothing has left it."),
    ),
    "nothing-to-carry": (
        ("Không có hồ sơ nào đã chốt đang chờ gửi.", "Chốt hồ sơ trước, rồi xuất ra USB."),
        ("No sealed dossier is waiting.", "Seal a dossier first, then carry it."),
    ),
    "chain-too-long": (
        ("Hồ sơ này dài {kilobytes} kB, quá dài để chiếu bằng mã QR.", "Mang bằng USB, hoặc đợi có mạng."),
        ("This dossier has {kilobytes} kB: too long for QR codes.", "Carry it by USB, or wait for a network."),
    ),
    "pairing-failed": (
        ("Mã ghép máy không đúng, đã dùng hoặc đã hết hạn.", "Nhờ máy của phường tạo mã mới rồi ghép lại."),
        ("The pairing code is wrong, used or has ended.", "Let the ward's machine make a new one."),
    ),
    "ward-silent": (
        ("Máy của phường không trả lời.", "Kiểm tra hai máy cùng một mạng, rồi thử lại."),
        ("The ward's machine does not answer.", "See that both are on one network, then try again."),
    ),
    "no-ward": (
        ("Máy này chưa ghép với máy nào của phường.", "Ghép bằng mã QR trên máy của phường trước."),
        ("No ward's machine is paired with this one.", "Pair by the QR code on the ward's machine first."),
    ),
    "no-bundles": (
        ("Thư mục này không có gói niêm phong nào.", "Chọn USB mà tình nguyện viên đã xuất hồ sơ ra."),
        ("There is no sealed bundle in this folder.", "Choose the stick that a volunteer exported to."),
    ),
    "not-let-in": (
        ("Tỉnh không nhận máy này làm người chuyển.", "Kết nạp lại máy trong Cài đặt, hoặc nhờ máy khác chuyển."),
        ("The province does not take this machine as a carrier.", "Enrol it again, or let another machine carry."),
    ),
}


def words_for(trouble: BaseException, language: str) -> tuple[str, str]:
    """Return what happened and the next step; anything that is no KnownTrouble is a bug of ours."""
    if isinstance(trouble, KnownTrouble):
        return words_of(trouble.code, trouble.values, language)
    return words_of("bug", {}, language)


def words_of(code: str, values: Mapping[str, str | int], language: str) -> tuple[str, str]:
    """Return the same for a trouble that was kept as its code and values."""
    both = WORDS.get(code)
    if both is None:  # the first picture needs none of these
        from ui.words.sync_trouble_words import SYNC_WORDS

        both = SYNC_WORDS.get(code, WORDS["bug"])
    what, then = both[1 if language == "en" else 0]
    return what.format_map(_Blank(values)), then.format_map(_Blank(values))


class _Blank(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "?"
