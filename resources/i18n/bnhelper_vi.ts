<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="vi_VN">
<context>
    <name>AddHome</name>
    <message>
        <source>Add a home</source>
        <translation>Thêm hộ</translation>
    </message>
    <message>
        <source>It is marked as new until the ward has compared it.</source>
        <translation>Hộ này được đánh dấu mới cho tới khi xã, phường đối chiếu.</translation>
    </message>
    <message>
        <source>Hamlet</source>
        <translation>Thôn, tổ dân phố</translation>
    </message>
    <message>
        <source>Lane</source>
        <translation>Ngõ</translation>
    </message>
    <message>
        <source>House number</source>
        <translation>Số nhà</translation>
    </message>
    <message>
        <source>Who lives there</source>
        <translation>Ai ở đó</translation>
    </message>
    <message>
        <source>Give the house number or who lives there.</source>
        <translation>Ghi số nhà hoặc tên người ở đó.</translation>
    </message>
    <message>
        <source>Give the hamlet&apos;s name.</source>
        <translation>Ghi tên thôn, tổ dân phố.</translation>
    </message>
</context>
<context>
    <name>BackupCard</name>
    <message>
        <source>Made by itself once a day, in a minute in which nobody works. Each copy is encrypted, and counts only after it was opened again and every photo compared. The last three stay, and the last of each of the two weeks before.</source>
        <translation>Máy tự sao lưu mỗi ngày một lần, vào lúc không ai làm việc. Mỗi bản đều được mã hóa, và chỉ tính khi đã mở lại và so từng ảnh. Giữ ba bản mới nhất và bản cuối của hai tuần trước.</translation>
    </message>
    <message>
        <source>These copies open on this machine only.</source>
        <translation>Các bản sao này chỉ mở được trên máy này.</translation>
    </message>
    <message>
        <source>Set the ward&apos;s recovery key under “People, keys and log”, so that they open on another.</source>
        <translation>Đặt khóa khôi phục của phường ở “Người dùng, khóa và nhật ký” để mở được trên máy khác.</translation>
    </message>
    <message>
        <source>Back up now</source>
        <translation>Sao lưu ngay</translation>
    </message>
    <message>
        <source>Choose a folder or a stick</source>
        <translation>Chọn thư mục hoặc USB</translation>
    </message>
    <message>
        <source>This machine&apos;s own folder</source>
        <translation>Thư mục của máy này</translation>
    </message>
    <message>
        <source>To put a copy back: on a new machine press “Put a backup back” on the first page, or at the lock when the data cannot be read. What is there is set aside, never overwritten.</source>
        <translation>Để khôi phục: trên máy mới bấm “Khôi phục từ bản sao lưu” ở trang đầu, hoặc ở trang mở khóa khi dữ liệu không đọc được. Dữ liệu đang có được cất riêng, không bị ghi đè.</translation>
    </message>
    <message>
        <source>No backup yet.</source>
        <translation>Chưa có bản sao lưu nào.</translation>
    </message>
    <message>
        <source>Last proved backup: %1, %2</source>
        <translation>Bản sao lưu đã mở thử gần nhất: %1, %2</translation>
    </message>
    <message>
        <source>this machine&apos;s own folder, which is lost with it</source>
        <translation>thư mục của chính máy này, mất máy là mất theo</translation>
    </message>
    <message>
        <source>Copies go to: %1</source>
        <translation>Nơi để bản sao: %1</translation>
    </message>
    <message>
        <source>(the last one went elsewhere)</source>
        <translation>(bản gần nhất ở chỗ khác)</translation>
    </message>
    <message>
        <source>Not backed up %1.</source>
        <translation>Chưa sao lưu được %1.</translation>
    </message>
    <message>
        <source>Backing up…</source>
        <translation>Đang sao lưu…</translation>
    </message>
</context>
<context>
    <name>Badge</name>
    <message>
        <source>%1 could not be sent · sending %2 more</source>
        <translation>%1 chưa gửi được · đang gửi %2 nữa</translation>
    </message>
    <message>
        <source>%1 could not be sent</source>
        <translation>%1 chưa gửi được</translation>
    </message>
    <message>
        <source>Sending %1 of %2</source>
        <translation>Đang gửi %1/%2</translation>
    </message>
    <message>
        <source>%1 dossiers waiting for %2 days</source>
        <translation>%1 hồ sơ chờ gửi đã %2 ngày</translation>
    </message>
    <message>
        <source>%1 waiting for %2 days</source>
        <translation>%1 chờ gửi đã %2 ngày</translation>
    </message>
    <message>
        <source>Offline · %1 waiting</source>
        <translation>Không có mạng · %1 chờ gửi</translation>
    </message>
    <message>
        <source>Offline · all sent</source>
        <translation>Không có mạng · đã gửi hết</translation>
    </message>
    <message>
        <source>%1 waiting · for sign-in</source>
        <translation>%1 chờ gửi · đợi đăng nhập</translation>
    </message>
    <message>
        <source>%1 waiting</source>
        <translation>%1 chờ gửi</translation>
    </message>
    <message>
        <source>Checking with the province…</source>
        <translation>Đang kiểm tra với tỉnh…</translation>
    </message>
    <message>
        <source>All sent · %1</source>
        <translation>Đã gửi hết · %1</translation>
    </message>
    <message>
        <source>No province yet · %1 on this machine</source>
        <translation>Chưa nối với tỉnh · %1 trên máy này</translation>
    </message>
    <message>
        <source>PRACTICE · nothing is sent</source>
        <translation>THỰC HÀNH · không gửi đi</translation>
    </message>
</context>
<context>
    <name>CarryByUsbScreen</name>
    <message>
        <source>Carry by USB</source>
        <translation>Mang bằng USB</translation>
    </message>
    <message>
        <source>Send and receive</source>
        <translation>Gửi và nhận</translation>
    </message>
    <message>
        <source>Choose the stick or a folder on it</source>
        <translation>Chọn USB hoặc một thư mục trên đó</translation>
    </message>
    <message>
        <source>Everything on the stick is sealed: whoever carries or finds it can read nothing. A dossier goes on waiting here until the province&apos;s receipt comes back, by line or by stick.</source>
        <translation>Mọi thứ trên USB đều niêm phong: ai cầm hay nhặt được cũng không đọc được gì. Hồ sơ vẫn chờ trên máy này cho tới khi phiếu nhận của tỉnh về, qua mạng hoặc qua USB.</translation>
    </message>
    <message>
        <source>Read receipts</source>
        <translation>Đọc phiếu mang về</translation>
    </message>
    <message>
        <source>Hand over</source>
        <translation>Chuyển lên tỉnh</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Quay lại</translation>
    </message>
    <message>
        <source>Seal on to the stick</source>
        <translation>Xuất ra USB</translation>
    </message>
    <message>
        <source>The stick</source>
        <translation>USB</translation>
    </message>
    <message>
        <source>%1 free</source>
        <translation>còn trống %1</translation>
    </message>
    <message>
        <source>No stick is plugged in. Plug one in and look again, or choose a folder.</source>
        <translation>Chưa cắm USB nào. Cắm vào rồi tìm lại, hoặc chọn một thư mục.</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>Tìm lại</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>Chọn thư mục</translation>
    </message>
    <message>
        <source>Waiting on this machine</source>
        <translation>Đang chờ trên máy này</translation>
    </message>
    <message>
        <source>One dossier for the help desk: %1</source>
        <translation>Một hồ sơ cho nhóm hỗ trợ: %1</translation>
    </message>
    <message>
        <source>1 dossier</source>
        <translation>1 hồ sơ</translation>
    </message>
    <message>
        <source>%1 dossiers</source>
        <translation>%1 hồ sơ</translation>
    </message>
    <message>
        <source>1 file</source>
        <translation>1 tệp</translation>
    </message>
    <message>
        <source>%1 files</source>
        <translation>%1 tệp</translation>
    </message>
    <message>
        <source>1 of them lies on a stick already; it is sealed once more, which does no harm.</source>
        <translation>1 hồ sơ trong đó đã có trên một USB; xuất lần nữa cũng không sao.</translation>
    </message>
    <message>
        <source>%1 of them lie on a stick already; they are sealed once more, which does no harm.</source>
        <translation>%1 hồ sơ trong đó đã có trên một USB; xuất lần nữa cũng không sao.</translation>
    </message>
    <message>
        <source>Leave the stick plugged in. You may go on working; it is gone on with if it breaks off.</source>
        <translation>Đừng rút USB. Anh/chị cứ làm việc khác; nếu đứt giữa chừng, lần sau làm tiếp.</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Dừng</translation>
    </message>
    <message>
        <source>Choose a stick first.</source>
        <translation>Chọn USB trước.</translation>
    </message>
    <message>
        <source>Plug one in, or choose a folder.</source>
        <translation>Cắm USB vào, hoặc chọn một thư mục.</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>Đã dừng.</translation>
    </message>
    <message>
        <source>Press again: it goes on from where it was.</source>
        <translation>Bấm lần nữa: sẽ làm tiếp từ chỗ dở.</translation>
    </message>
    <message>
        <source>1 dossier is sealed on the stick, read back and the same.</source>
        <translation>1 hồ sơ đã niêm phong trên USB, đọc lại khớp.</translation>
    </message>
    <message>
        <source>%1 dossiers are sealed on the stick, read back and the same.</source>
        <translation>%1 hồ sơ đã niêm phong trên USB, đọc lại khớp.</translation>
    </message>
    <message>
        <source>Not sent yet. Remove the stick safely and give it to the ward or to anybody who has a network: their machine hands it over, and the receipts come back on it.</source>
        <translation>Chưa gửi. Rút USB an toàn rồi đưa cho phường hoặc người có mạng: máy của họ chuyển lên tỉnh, phiếu nhận về lại trên USB này.</translation>
    </message>
    <message>
        <source>1 outcome of a visit</source>
        <translation>%1 kết quả thăm hộ</translation>
    </message>
    <message>
        <source>%1 outcomes of visits</source>
        <translation>%1 kết quả thăm hộ</translation>
    </message>
    <message>
        <source>The province confirmed 1 dossier of this stick.</source>
        <translation>Tỉnh đã xác nhận 1 hồ sơ của USB này.</translation>
    </message>
    <message>
        <source>The province confirmed %1 dossiers of this stick.</source>
        <translation>Tỉnh đã xác nhận %1 hồ sơ của USB này.</translation>
    </message>
    <message>
        <source>Its receipts were checked and kept.</source>
        <translation>Phiếu nhận đã được kiểm tra và lưu.</translation>
    </message>
    <message>
        <source>The province confirmed: %1</source>
        <translation>Tỉnh đã xác nhận: %1</translation>
    </message>
    <message>
        <source>The province returned 1 dossier.</source>
        <translation>Tỉnh trả lại 1 hồ sơ.</translation>
    </message>
    <message>
        <source>The province returned %1 dossiers.</source>
        <translation>Tỉnh trả lại %1 hồ sơ.</translation>
    </message>
    <message>
        <source>Open “Send and receive” to see why and mend it.</source>
        <translation>Mở “Gửi và nhận” để xem lý do và sửa.</translation>
    </message>
    <message>
        <source>1 dossier has not wholly arrived.</source>
        <translation>1 hồ sơ chưa tới đủ.</translation>
    </message>
    <message>
        <source>%1 dossiers have not wholly arrived.</source>
        <translation>%1 hồ sơ chưa tới đủ.</translation>
    </message>
    <message>
        <source>Parts of it are missing there. Nothing is lost: it goes on waiting.</source>
        <translation>Ở tỉnh còn thiếu phần. Không mất gì: hồ sơ vẫn chờ trên máy.</translation>
    </message>
    <message>
        <source>What lies on this stick is for another machine.</source>
        <translation>Phiếu trên USB này là của máy khác.</translation>
    </message>
    <message>
        <source>It was left alone.</source>
        <translation>Đã để nguyên.</translation>
    </message>
    <message>
        <source>Nothing has come back on this stick yet.</source>
        <translation>USB này chưa có phiếu nào mang về.</translation>
    </message>
    <message>
        <source>Everything goes on waiting.</source>
        <translation>Mọi hồ sơ vẫn chờ trên máy.</translation>
    </message>
    <message>
        <source>The province wholly received 1 dossier of this stick.</source>
        <translation>Tỉnh đã nhận đủ 1 hồ sơ của USB này.</translation>
    </message>
    <message>
        <source>The province wholly received %1 dossiers of this stick.</source>
        <translation>Tỉnh đã nhận đủ %1 hồ sơ của USB này.</translation>
    </message>
    <message>
        <source>The receipts are on the stick: bring it back to the machine that sealed it.</source>
        <translation>Phiếu nhận đã nằm trên USB: mang về máy đã xuất.</translation>
    </message>
    <message>
        <source>Parts are missing on this stick.</source>
        <translation>USB này thiếu phần.</translation>
    </message>
    <message>
        <source>Hand over the other stick too, or let the volunteer seal once more.</source>
        <translation>Chuyển cả USB kia, hoặc nhờ tình nguyện viên xuất lại.</translation>
    </message>
    <message>
        <source>Some dossiers were returned.</source>
        <translation>Có hồ sơ bị trả lại.</translation>
    </message>
    <message>
        <source>The machine that sealed them will say why.</source>
        <translation>Máy đã xuất sẽ cho biết lý do.</translation>
    </message>
    <message>
        <source>A file on this stick is damaged or was not wholly copied.</source>
        <translation>Có tệp trên USB này bị hỏng hoặc chép chưa hết.</translation>
    </message>
    <message>
        <source>A bundle on this stick is sealed to another province.</source>
        <translation>Có gói trên USB này niêm phong cho nơi khác.</translation>
    </message>
    <message>
        <source>A bundle on this stick is for another province.</source>
        <translation>Có gói trên USB này gửi tỉnh khác.</translation>
    </message>
    <message>
        <source>A bundle is from a machine that this province does not know.</source>
        <translation>Có gói của máy mà tỉnh không biết.</translation>
    </message>
    <message>
        <source>A bundle is from a machine that was revoked.</source>
        <translation>Có gói của máy đã bị thu hồi quyền.</translation>
    </message>
    <message>
        <source>A bundle was not signed by the machine that it names.</source>
        <translation>Có gói không do máy ghi trong đó ký.</translation>
    </message>
    <message>
        <source>The province did not take a bundle of this stick.</source>
        <translation>Tỉnh không nhận một gói của USB này.</translation>
    </message>
    <message>
        <source>Nothing of it was taken. Ask the volunteer to seal once more.</source>
        <translation>Không phần nào được nhận. Nhờ tình nguyện viên xuất lại.</translation>
    </message>
    <message>
        <source>The province cannot take all of this stick now.</source>
        <translation>Tỉnh chưa nhận hết được USB này lúc này.</translation>
    </message>
    <message>
        <source>Nothing is lost: it lies on the stick. Hand it over again later.</source>
        <translation>Không mất gì: hồ sơ vẫn nằm trên USB. Bấm chuyển lại sau.</translation>
    </message>
    <message>
        <source>Handed over.</source>
        <translation>Đã chuyển.</translation>
    </message>
    <message>
        <source>Bring the stick back to the machine that sealed it.</source>
        <translation>Mang USB về máy đã xuất.</translation>
    </message>
    <message>
        <source>A bundle is from a machine for training: practice is never sent.</source>
        <translation>Có gói của máy dùng để tập huấn: hồ sơ thực hành không bao giờ được gửi.</translation>
    </message>
</context>
<context>
    <name>CaseQuestionScreen</name>
    <message>
        <source>Question %1</source>
        <translation>Câu %1</translation>
    </message>
    <message>
        <source>Question %1 of %2</source>
        <translation>Câu %1 trên %2</translation>
    </message>
    <message>
        <source>There is 1 thing to check</source>
        <translation>Có 1 chỗ cần xem lại</translation>
    </message>
    <message>
        <source>Why we ask: the answer decides which papers your family needs.</source>
        <translation>Vì sao hỏi: câu trả lời quyết định gia đình cần giấy tờ nào.</translation>
    </message>
    <message>
        <source>Previous question</source>
        <translation>Câu trước</translation>
    </message>
    <message>
        <source>Procedure</source>
        <translation>Thủ tục</translation>
    </message>
    <message>
        <source>Skip, show the full list</source>
        <translation>Bỏ qua, xem danh mục đầy đủ</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Tiếp tục</translation>
    </message>
    <message>
        <source>Your list so far</source>
        <translation>Danh mục đang thành hình</translation>
    </message>
    <message>
        <source>may be needed</source>
        <translation>có thể cần</translation>
    </message>
    <message>
        <source>no longer needed</source>
        <translation>không cần nữa</translation>
    </message>
    <message>
        <source>No papers so far.</source>
        <translation>Chưa cần giấy tờ nào.</translation>
    </message>
    <message>
        <source>1 paper</source>
        <translation>1 giấy tờ</translation>
    </message>
    <message>
        <source>%1 papers</source>
        <translation>%1 giấy tờ</translation>
    </message>
    <message>
        <source>1 question left</source>
        <translation>còn 1 câu</translation>
    </message>
    <message>
        <source>%1 questions left</source>
        <translation>còn %1 câu</translation>
    </message>
    <message>
        <source>Choose an answer; “Not sure” is one too.</source>
        <translation>Chọn một câu trả lời; “Không rõ” cũng được.</translation>
    </message>
</context>
<context>
    <name>CheckAnswersScreen</name>
    <message>
        <source>Check before locking</source>
        <translation>Kiểm tra trước khi chốt</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Sửa</translation>
    </message>
    <message>
        <source>Papers</source>
        <translation>Giấy tờ</translation>
    </message>
    <message>
        <source>%1 files</source>
        <translation>%1 tệp</translation>
    </message>
    <message>
        <source>1 file</source>
        <translation>1 tệp</translation>
    </message>
    <message>
        <source>shown</source>
        <translation>đã cho xem</translation>
    </message>
    <message>
        <source>nothing yet</source>
        <translation>chưa có</translation>
    </message>
    <message>
        <source>After locking it stays on this machine, waiting, and is sent when there is a network. Until then it can be unlocked again.</source>
        <translation>Sau khi chốt, hồ sơ nằm trên máy này, ở trạng thái “Chờ gửi”, và được gửi khi có mạng. Chưa gửi thì vẫn mở khóa sửa được.</translation>
    </message>
    <message>
        <source>Lock and send</source>
        <translation>Chốt và gửi</translation>
    </message>
    <message>
        <source>Lock the dossier</source>
        <translation>Chốt hồ sơ</translation>
    </message>
    <message>
        <source>Lock the supplement</source>
        <translation>Chốt bản bổ sung</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>Danh sách mục</translation>
    </message>
    <message>
        <source>%1 required things are missing</source>
        <translation>Còn %1 chỗ bắt buộc</translation>
    </message>
    <message>
        <source>1 required thing is missing</source>
        <translation>Còn 1 chỗ bắt buộc</translation>
    </message>
    <message>
        <source>and 1 more below</source>
        <translation>và 1 chỗ nữa ở dưới</translation>
    </message>
    <message>
        <source>and %1 more below</source>
        <translation>và %1 chỗ nữa ở dưới</translation>
    </message>
    <message>
        <source>Consent to file this dossier</source>
        <translation>Đồng ý xử lý dữ liệu để nộp hồ sơ này</translation>
    </message>
    <message>
        <source>1 thing worth a look; you can still lock</source>
        <translation>Còn 1 chỗ nên xem, chốt vẫn được</translation>
    </message>
    <message>
        <source>%1 things worth a look; you can still lock</source>
        <translation>Còn %1 chỗ nên xem, chốt vẫn được</translation>
    </message>
    <message>
        <source>No file yet: %1</source>
        <translation>Chưa có tệp: %1</translation>
    </message>
    <message>
        <source>Left blank</source>
        <translation>Bỏ trống</translation>
    </message>
</context>
<context>
    <name>ChecklistScreen</name>
    <message>
        <source>Full list of papers</source>
        <translation>Danh mục giấy tờ đầy đủ</translation>
    </message>
    <message>
        <source>Papers needed in your case</source>
        <translation>Giấy tờ cần có trong trường hợp của ông/bà</translation>
    </message>
    <message>
        <source>No officer has reviewed these conditions yet.</source>
        <translation>Điều kiện chưa được cán bộ duyệt.</translation>
    </message>
    <message>
        <source>Check the list with the one-stop desk before you send anybody away.</source>
        <translation>Hỏi lại bộ phận một cửa trước khi để ông/bà ra về.</translation>
    </message>
    <message>
        <source>By these answers the family is not entitled.</source>
        <translation>Theo các câu trả lời này, gia đình chưa thuộc diện hưởng.</translation>
    </message>
    <message>
        <source>The office decides.</source>
        <translation>Cơ quan giải quyết quyết định.</translation>
    </message>
    <message>
        <source>No papers are needed in this case.</source>
        <translation>Trường hợp này không cần giấy tờ nào.</translation>
    </message>
    <message>
        <source>Just come with the ID card.</source>
        <translation>Chỉ cần đến với căn cước.</translation>
    </message>
    <message>
        <source>You may also need</source>
        <translation>Có thể cần thêm</translation>
    </message>
    <message>
        <source>No information yet</source>
        <translation>Chưa có thông tin</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Nộp ở đâu</translation>
    </message>
    <message>
        <source>Fee</source>
        <translation>Lệ phí, phí</translation>
    </message>
    <message>
        <source>Time limit</source>
        <translation>Thời hạn giải quyết</translation>
    </message>
    <message>
        <source>Print</source>
        <translation>In</translation>
    </message>
    <message>
        <source>Change answers</source>
        <translation>Sửa câu trả lời</translation>
    </message>
    <message>
        <source>QR code</source>
        <translation>Mã QR</translation>
    </message>
    <message>
        <source>Start the dossier</source>
        <translation>Lập hồ sơ</translation>
    </message>
    <message>
        <source>You have %1 of %2</source>
        <translation>Đã có %1 trên %2</translation>
    </message>
    <message>
        <source>tick what the family has</source>
        <translation>gia đình có giấy nào thì bấm vào ô</translation>
    </message>
    <message>
        <source>The list itself, as text. No network and no personal data.</source>
        <translation>Chính danh mục, dạng chữ. Không cần mạng, không có dữ liệu cá nhân.</translation>
    </message>
    <message>
        <source>QR code of the list</source>
        <translation>Mã QR của danh mục</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Đóng</translation>
    </message>
</context>
<context>
    <name>ChoicePictures</name>
    <message>
        <source>Picture for: %1</source>
        <translation>Hình của: %1</translation>
    </message>
    <message>
        <source>A choice has a picture that is not in the catalogue on this machine.</source>
        <translation>Có lựa chọn kèm hình, nhưng bộ thủ tục trên máy này không có hình đó.</translation>
    </message>
    <message>
        <source>Choices have recordings (%1), which this machine cannot play. Read them out instead.</source>
        <translation>Có lựa chọn kèm bản ghi âm (%1), máy này không phát được. Hãy đọc to cho người dân nghe.</translation>
    </message>
</context>
<context>
    <name>ConsentScreen</name>
    <message>
        <source>Do you agree?</source>
        <translation>Ông/bà có đồng ý không?</translation>
    </message>
    <message>
        <source>What we keep</source>
        <translation>Chúng tôi lưu gì</translation>
    </message>
    <message>
        <source>What for</source>
        <translation>Để làm gì</translation>
    </message>
    <message>
        <source>Who sees it</source>
        <translation>Ai được xem</translation>
    </message>
    <message>
        <source>Where and for how long</source>
        <translation>Lưu ở đâu, bao lâu</translation>
    </message>
    <message>
        <source>You have the right to</source>
        <translation>Ông/bà có quyền</translation>
    </message>
    <message>
        <source>Who answers</source>
        <translation>Người trả lời</translation>
    </message>
    <message>
        <source>The person</source>
        <translation>Chính ông/bà</translation>
    </message>
    <message>
        <source>A representative</source>
        <translation>Người đại diện</translation>
    </message>
    <message>
        <source>Read out to the person, who agreed by voice or thumbprint</source>
        <translation>Nhờ đọc, đồng ý bằng lời hoặc điểm chỉ</translation>
    </message>
    <message>
        <source>mother, guardian…</source>
        <translation>mẹ, người giám hộ…</translation>
    </message>
    <message>
        <source>Name of the representative</source>
        <translation>Họ tên người đại diện</translation>
    </message>
    <message>
        <source>What the representative is to the person</source>
        <translation>Người đại diện là gì của người đó</translation>
    </message>
    <message>
        <source>Saying no, you still get guidance and the printed list of papers.</source>
        <translation>Không đồng ý thì vẫn được hướng dẫn và in danh mục giấy tờ.</translation>
    </message>
    <message>
        <source>I do not agree</source>
        <translation>Không đồng ý</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Quay lại</translation>
    </message>
    <message>
        <source>I agree</source>
        <translation>Đồng ý</translation>
    </message>
    <message>
        <source>%1, do you agree?</source>
        <translation>%1 có đồng ý không?</translation>
    </message>
    <message>
        <source>Choose who answers</source>
        <translation>Chưa chọn người trả lời</translation>
    </message>
    <message>
        <source>Enter the representative&apos;s name</source>
        <translation>Nhập họ tên người đại diện</translation>
    </message>
    <message>
        <source>The person is under 18</source>
        <translation>Người đó chưa đủ 18 tuổi</translation>
    </message>
</context>
<context>
    <name>CourierProgress</name>
    <message>
        <source>Progress</source>
        <translation>Tiến độ</translation>
    </message>
    <message>
        <source>Handing part %1 of %2 to the ward&apos;s machine</source>
        <translation>Đang chuyển phần %1 trên %2 sang máy của phường</translation>
    </message>
    <message>
        <source>Handing part %1 of %2 to the province</source>
        <translation>Đang chuyển phần %1 trên %2 cho tỉnh</translation>
    </message>
    <message>
        <source>Sealing part %1 of %2</source>
        <translation>Đang niêm phong phần %1 trên %2</translation>
    </message>
    <message>
        <source>Writing part %1 of %2, then reading it back</source>
        <translation>Đang ghi phần %1 trên %2, rồi đọc lại</translation>
    </message>
    <message>
        <source>Reading what came back</source>
        <translation>Đang đọc phần gửi về</translation>
    </message>
</context>
<context>
    <name>DataRightsScreen</name>
    <message>
        <source>Data and rights</source>
        <translation>Dữ liệu và quyền</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Quay lại</translation>
    </message>
    <message>
        <source>What was agreed to</source>
        <translation>Đã đồng ý những gì</translation>
    </message>
    <message>
        <source>Nothing yet.</source>
        <translation>Chưa có gì.</translation>
    </message>
    <message>
        <source>What the resident asks</source>
        <translation>Người dân yêu cầu</translation>
    </message>
    <message>
        <source>Note a new request; its clocks run from today:</source>
        <translation>Ghi yêu cầu mới, thời hạn tính từ hôm nay:</translation>
    </message>
    <message>
        <source>Hand over</source>
        <translation>Bàn giao</translation>
    </message>
    <message>
        <source>The other person sees and goes on with it; you no longer see it. Both names stay on its record.</source>
        <translation>Người nhận xem và làm tiếp; bạn không xem được nữa. Hồ sơ ghi lại tên cả hai người.</translation>
    </message>
    <message>
        <source>Hand over to %1</source>
        <translation>Bàn giao cho %1</translation>
    </message>
    <message>
        <source>the person</source>
        <translation>chính người đó</translation>
    </message>
    <message>
        <source>a representative</source>
        <translation>người đại diện</translation>
    </message>
    <message>
        <source>the person, read out</source>
        <translation>chính người đó, nghe đọc</translation>
    </message>
    <message>
        <source>To file this dossier</source>
        <translation>Để nộp hồ sơ này</translation>
    </message>
    <message>
        <source>text %1, mark %2</source>
        <translation>bản %1, dấu %2</translation>
    </message>
    <message>
        <source>for a minor</source>
        <translation>cho người chưa thành niên</translation>
    </message>
    <message>
        <source>ended %1</source>
        <translation>đã hết hiệu lực %1</translation>
    </message>
    <message>
        <source>Take the consent back</source>
        <translation>Rút lại đồng ý</translation>
    </message>
    <message>
        <source>See the data</source>
        <translation>Xem dữ liệu</translation>
    </message>
    <message>
        <source>Correct the data</source>
        <translation>Sửa dữ liệu</translation>
    </message>
    <message>
        <source>Erase the data</source>
        <translation>Xóa dữ liệu</translation>
    </message>
    <message>
        <source>Done %1</source>
        <translation>Đã làm %1</translation>
    </message>
    <message>
        <source>Answered</source>
        <translation>Đã trả lời</translation>
    </message>
    <message>
        <source>Answer by %1</source>
        <translation>Trả lời trước hết %1</translation>
    </message>
    <message>
        <source>Do it by %1</source>
        <translation>Thực hiện trước hết %1</translation>
    </message>
    <message>
        <source>LATE</source>
        <translation>QUÁ HẠN</translation>
    </message>
    <message>
        <source>Do it now</source>
        <translation>Thực hiện ngay</translation>
    </message>
    <message>
        <source>Erase it…</source>
        <translation>Xóa…</translation>
    </message>
    <message>
        <source>Yes, erase answers and photos for good</source>
        <translation>Đúng, xóa hẳn câu trả lời và ảnh</translation>
    </message>
    <message>
        <source>The resident was answered</source>
        <translation>Đã trả lời người dân</translation>
    </message>
    <message>
        <source>Extend once</source>
        <translation>Gia hạn một lần</translation>
    </message>
    <message>
        <source>How long it is kept</source>
        <translation>Giữ bao lâu</translation>
    </message>
    <message>
        <source>inspection</source>
        <translation>thanh tra</translation>
    </message>
    <message>
        <source>complaint</source>
        <translation>khiếu nại</translation>
    </message>
    <message>
        <source>court</source>
        <translation>tòa án</translation>
    </message>
    <message>
        <source>It must be kept: %1. Nothing erases it.</source>
        <translation>Phải giữ lại: %1. Không gì xóa được hồ sơ này.</translation>
    </message>
    <message>
        <source>It need not be kept any more</source>
        <translation>Không cần giữ nữa</translation>
    </message>
    <message>
        <source>Erased from this machine by itself on %1. The province keeps its own.</source>
        <translation>Tự xóa khỏi máy này ngày %1. Tỉnh giữ bản của tỉnh.</translation>
    </message>
    <message>
        <source>Kept on this machine until the province is done with it, and 30 days more.</source>
        <translation>Giữ trên máy này tới khi tỉnh giải quyết xong, thêm 30 ngày.</translation>
    </message>
    <message>
        <source>Must it be kept longer? Say why:</source>
        <translation>Cần giữ lâu hơn? Chọn lý do:</translation>
    </message>
</context>
<context>
    <name>DateField</name>
    <message>
        <source>Day</source>
        <translation>Ngày</translation>
    </message>
    <message>
        <source>Month</source>
        <translation>Tháng</translation>
    </message>
    <message>
        <source>Year</source>
        <translation>Năm</translation>
    </message>
    <message>
        <source>Only the year is known</source>
        <translation>Chỉ nhớ năm</translation>
    </message>
</context>
<context>
    <name>DossierHistoryScreen</name>
    <message>
        <source>Who changed what</source>
        <translation>Ai đã sửa gì</translation>
    </message>
    <message>
        <source>Nothing was changed yet.</source>
        <translation>Chưa có thay đổi nào.</translation>
    </message>
    <message>
        <source>Show more</source>
        <translation>Xem thêm</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Hoàn tác</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Làm lại</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Quay lại</translation>
    </message>
    <message>
        <source>from the ID card</source>
        <translation>từ căn cước</translation>
    </message>
    <message>
        <source>from an earlier answer</source>
        <translation>từ câu trả lời trước</translation>
    </message>
    <message>
        <source>case questions</source>
        <translation>câu hỏi về trường hợp</translation>
    </message>
    <message>
        <source>taken back</source>
        <translation>đã hoàn tác</translation>
    </message>
    <message>
        <source>the province</source>
        <translation>tỉnh</translation>
    </message>
    <message>
        <source>%1: “%2”</source>
        <translation>%1: “%2”</translation>
    </message>
    <message>
        <source>%1: “%2” was taken out</source>
        <translation>%1: đã bỏ “%2”</translation>
    </message>
    <message>
        <source>%1: “%2” became “%3”</source>
        <translation>%1: từ “%2” thành “%3”</translation>
    </message>
    <message>
        <source>The case questions were answered</source>
        <translation>Đã trả lời câu hỏi về trường hợp</translation>
    </message>
    <message>
        <source>Begun on this machine</source>
        <translation>Lập trên máy này</translation>
    </message>
    <message>
        <source>Locked on this machine</source>
        <translation>Chốt trên máy này</translation>
    </message>
    <message>
        <source>Unlocked again</source>
        <translation>Đã mở khóa lại</translation>
    </message>
    <message>
        <source>Put into the bin</source>
        <translation>Đã đưa vào thùng rác</translation>
    </message>
    <message>
        <source>Taken out of the bin</source>
        <translation>Đã lấy lại từ thùng rác</translation>
    </message>
    <message>
        <source>Supplement begun</source>
        <translation>Bắt đầu bổ sung</translation>
    </message>
    <message>
        <source>Handed over to %1</source>
        <translation>Đã bàn giao cho %1</translation>
    </message>
    <message>
        <source>Taken over from %1</source>
        <translation>Đã nhận lại từ %1</translation>
    </message>
    <message>
        <source>Photo added: %1</source>
        <translation>Đã thêm ảnh: %1</translation>
    </message>
    <message>
        <source>Photo removed: %1</source>
        <translation>Đã bỏ ảnh: %1</translation>
    </message>
    <message>
        <source>Photo put back: %1</source>
        <translation>Đã lấy lại ảnh: %1</translation>
    </message>
    <message>
        <source>Consent given</source>
        <translation>Đã đồng ý</translation>
    </message>
    <message>
        <source>Consent taken back</source>
        <translation>Đã rút lại đồng ý</translation>
    </message>
</context>
<context>
    <name>DossierListScreen</name>
    <message>
        <source>Dossiers</source>
        <translation>Hồ sơ</translation>
    </message>
    <message>
        <source>Filter by name, code or procedure</source>
        <translation>Lọc theo tên, mã, thủ tục</translation>
    </message>
    <message>
        <source>Which dossiers</source>
        <translation>Những hồ sơ nào</translation>
    </message>
    <message>
        <source>New dossier</source>
        <translation>Lập hồ sơ</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Tất cả</translation>
    </message>
    <message>
        <source>Drafts</source>
        <translation>Bản nháp</translation>
    </message>
    <message>
        <source>Waiting to send</source>
        <translation>Chờ gửi</translation>
    </message>
    <message>
        <source>Could not send</source>
        <translation>Chưa gửi được</translation>
    </message>
    <message>
        <source>At the province</source>
        <translation>Ở tỉnh</translation>
    </message>
    <message>
        <source>Needs supplement</source>
        <translation>Cần bổ sung</translation>
    </message>
    <message>
        <source>Finished</source>
        <translation>Đã xong</translation>
    </message>
    <message>
        <source>last word from the province %1</source>
        <translation>trạng thái lấy từ tỉnh %1</translation>
    </message>
    <message>
        <source>due %1</source>
        <translation>hạn %1</translation>
    </message>
    <message>
        <source>No name yet</source>
        <translation>Chưa có tên</translation>
    </message>
    <message>
        <source>No drafts. What you are working on will be here.</source>
        <translation>Chưa có bản nháp. Hồ sơ bạn đang làm dở sẽ nằm ở đây.</translation>
    </message>
    <message>
        <source>Nothing waits. Locked dossiers wait here until they are sent.</source>
        <translation>Không có gì chờ gửi. Hồ sơ đã chốt chờ ở đây cho tới khi gửi.</translation>
    </message>
    <message>
        <source>Nothing is stuck. What the province returns will be here, with its reason.</source>
        <translation>Không có gì bị kẹt. Hồ sơ tỉnh trả lại sẽ nằm ở đây, kèm lý do.</translation>
    </message>
    <message>
        <source>No supplement is asked for. Requests of officers will be here.</source>
        <translation>Chưa có yêu cầu bổ sung. Yêu cầu của cán bộ sẽ nằm ở đây.</translation>
    </message>
    <message>
        <source>No dossiers here. Begin with “New dossier”.</source>
        <translation>Chưa có hồ sơ nào ở đây. Bắt đầu bằng “Lập hồ sơ”.</translation>
    </message>
    <message>
        <source>Deleted</source>
        <translation>Đã xóa</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Hoàn tác</translation>
    </message>
    <message>
        <source>Delete this draft</source>
        <translation>Xóa bản nháp này</translation>
    </message>
    <message>
        <source>1 dossier</source>
        <translation>1 hồ sơ</translation>
    </message>
    <message>
        <source>%1 dossiers</source>
        <translation>%1 hồ sơ</translation>
    </message>
</context>
<context>
    <name>DossierTasksScreen</name>
    <message>
        <source>This dossier is locked. It can be read, not changed.</source>
        <translation>Hồ sơ đã chốt. Xem được, không sửa được.</translation>
    </message>
    <message>
        <source>NOT sent. %1 of %2 sections filled in.</source>
        <translation>Hồ sơ CHƯA gửi. Đã điền %1 trên %2 mục.</translation>
    </message>
    <message>
        <source>Fill them in, then press “Check and lock”.</source>
        <translation>Điền đủ các mục, rồi bấm “Kiểm tra và chốt hồ sơ”.</translation>
    </message>
    <message>
        <source>Scan the ID card to fill in 5 fields (F2)</source>
        <translation>Quét căn cước để điền sẵn 5 ô (F2)</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Thông tin</translation>
    </message>
    <message>
        <source>missing: %1</source>
        <translation>còn thiếu: %1</translation>
    </message>
    <message>
        <source>Papers</source>
        <translation>Giấy tờ</translation>
    </message>
    <message>
        <source>%1 of %2 papers, %3 files</source>
        <translation>đã có %1 trên %2 giấy tờ, %3 tệp</translation>
    </message>
    <message>
        <source>Photos and papers</source>
        <translation>Ảnh và giấy tờ</translation>
    </message>
    <message>
        <source>drag files here, or Ctrl+V to paste</source>
        <translation>kéo tệp vào đây, hoặc Ctrl+V để dán</translation>
    </message>
    <message>
        <source>Consent</source>
        <translation>Đồng ý</translation>
    </message>
    <message>
        <source>Consent to file this dossier</source>
        <translation>Đồng ý xử lý dữ liệu để nộp hồ sơ này</translation>
    </message>
    <message>
        <source>Saved %1</source>
        <translation>Đã lưu %1</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Trạng thái</translation>
    </message>
    <message>
        <source>Check and lock</source>
        <translation>Kiểm tra và chốt hồ sơ</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Quay lại</translation>
    </message>
    <message>
        <source>There is a newer procedure pack of %1.</source>
        <translation>Có gói thủ tục mới ngày %1.</translation>
    </message>
    <message>
        <source>It no longer has this procedure. Ask the one-stop desk before going on with this draft.</source>
        <translation>Gói mới không còn thủ tục này. Hỏi bộ phận một cửa trước khi làm tiếp.</translation>
    </message>
    <message>
        <source>The procedure has a new code.</source>
        <translation>Thủ tục đã đổi mã.</translation>
    </message>
    <message>
        <source>Move this draft over</source>
        <translation>Chuyển bản nháp sang gói mới</translation>
    </message>
    <message>
        <source>Nothing changes for this family. Every answer keeps its place.</source>
        <translation>Không đổi gì với gia đình này. Mọi câu trả lời giữ nguyên.</translation>
    </message>
    <message>
        <source>New paper: %1</source>
        <translation>Thêm giấy: %1</translation>
    </message>
    <message>
        <source>No longer needed: %1</source>
        <translation>Không cần nữa: %1</translation>
    </message>
    <message>
        <source>Now needed: %1</source>
        <translation>Nay cần: %1</translation>
    </message>
    <message>
        <source>Now perhaps needed: %1</source>
        <translation>Nay có thể cần: %1</translation>
    </message>
    <message>
        <source>No information yet</source>
        <translation>Chưa có thông tin</translation>
    </message>
    <message>
        <source>Fee now: %1</source>
        <translation>Lệ phí nay: %1</translation>
    </message>
    <message>
        <source>Time limit now: %1</source>
        <translation>Thời hạn nay: %1</translation>
    </message>
    <message>
        <source>To be filled in now: %1</source>
        <translation>Nay phải điền: %1</translation>
    </message>
    <message>
        <source>No place any more: %1 (%2)</source>
        <translation>Không còn chỗ: %1 (%2)</translation>
    </message>
    <message>
        <source>Moved to the newer pack</source>
        <translation>Đã chuyển sang gói mới</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Hoàn tác</translation>
    </message>
    <message>
        <source>Filled in</source>
        <translation>Đã điền</translation>
    </message>
    <message>
        <source>In progress</source>
        <translation>Đang điền</translation>
    </message>
    <message>
        <source>Check this</source>
        <translation>Nên xem lại</translation>
    </message>
    <message>
        <source>Not started</source>
        <translation>Chưa điền</translation>
    </message>
    <message>
        <source>Data, rights, hand over</source>
        <translation>Dữ liệu, quyền, bàn giao</translation>
    </message>
    <message>
        <source>Who changed what</source>
        <translation>Ai đã sửa gì</translation>
    </message>
    <message>
        <source>Moved to the newer pack. These answers have no place in it:</source>
        <translation>Đã chuyển sang gói thủ tục mới. Các câu trả lời sau không còn chỗ trong gói mới:</translation>
    </message>
    <message>
        <source>Every other answer was kept. Undo brings these back.</source>
        <translation>Mọi câu trả lời khác vẫn còn nguyên. Bấm “Hoàn tác” để lấy lại các câu này.</translation>
    </message>
</context>
<context>
    <name>FindProcedureScreen</name>
    <message>
        <source>Find a procedure</source>
        <translation>Tìm thủ tục</translation>
    </message>
    <message>
        <source>With or without marks, both work</source>
        <translation>Gõ có dấu hoặc không dấu đều được</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>Kết quả tìm</translation>
    </message>
    <message>
        <source>For: %1</source>
        <translation>Việc: %1</translation>
    </message>
    <message>
        <source>%1 procedures, by group</source>
        <translation>%1 thủ tục, theo nhóm</translation>
    </message>
    <message>
        <source>Did you mean: %1?</source>
        <translation>Có phải: %1?</translation>
    </message>
    <message>
        <source>No procedure, but a guide for “%1”</source>
        <translation>Không có thủ tục, có hướng dẫn cho “%1”</translation>
    </message>
    <message>
        <source>%1 results for “%2”</source>
        <translation>%1 kết quả cho “%2”</translation>
    </message>
    <message>
        <source>1 result for “%2”</source>
        <translation>1 kết quả cho “%2”</translation>
    </message>
    <message>
        <source>This is not a ward procedure: it is handled by the court.</source>
        <translation>Việc này không làm ở xã, phường: thuộc thẩm quyền Tòa án.</translation>
    </message>
    <message>
        <source>This is not a procedure here: ask the traffic police.</source>
        <translation>Việc này không có trong danh mục: hỏi cảnh sát giao thông.</translation>
    </message>
    <message>
        <source>This is not a procedure: tell the police at once, and send nobody money.</source>
        <translation>Đây không phải thủ tục: báo công an ngay, không chuyển tiền cho ai.</translation>
    </message>
    <message>
        <source>This is not an administrative procedure: ask a bank.</source>
        <translation>Đây không phải thủ tục hành chính: hỏi ngân hàng.</translation>
    </message>
    <message>
        <source>This is not an administrative procedure: ask the provider.</source>
        <translation>Đây không phải thủ tục hành chính: hỏi nhà cung cấp.</translation>
    </message>
    <message>
        <source>This is not an administrative procedure.</source>
        <translation>Đây không phải thủ tục hành chính.</translation>
    </message>
    <message>
        <source>There is nothing to prepare here, and no dossier to begin.</source>
        <translation>Không có giấy tờ phải chuẩn bị và không lập hồ sơ ở đây.</translation>
    </message>
    <message>
        <source>No procedure matches “%1”.</source>
        <translation>Không thấy thủ tục nào khớp “%1”.</translation>
    </message>
    <message>
        <source>Try fewer or other words, or ask your team leader.</source>
        <translation>Thử ít chữ hơn, hay chữ khác, hoặc hỏi trưởng nhóm.</translation>
    </message>
    <message>
        <source>Show all procedures</source>
        <translation>Xem mọi thủ tục</translation>
    </message>
    <message>
        <source>known by name only</source>
        <translation>mới có tên</translation>
    </message>
    <message>
        <source>Guide: %1</source>
        <translation>Hướng dẫn: %1</translation>
    </message>
</context>
<context>
    <name>FirstRunScreen</name>
    <message>
        <source>Welcome to bnhelper</source>
        <translation>Chào mừng đến với bnhelper</translation>
    </message>
    <message>
        <source>Set up this machine once. No network is needed.</source>
        <translation>Cài đặt máy này một lần. Không cần mạng.</translation>
    </message>
    <message>
        <source>Who works with this machine?</source>
        <translation>Ai dùng máy này?</translation>
    </message>
    <message>
        <source>Your name</source>
        <translation>Họ tên của bạn</translation>
    </message>
    <message>
        <source>Your commune or ward</source>
        <translation>Xã, phường của bạn</translation>
    </message>
    <message>
        <source>Choose your commune or ward</source>
        <translation>Chọn xã, phường của bạn</translation>
    </message>
    <message>
        <source>How is it locked?</source>
        <translation>Khóa máy bằng gì?</translation>
    </message>
    <message>
        <source>Your team&apos;s invitation (optional)</source>
        <translation>Mã mời của đội (không bắt buộc)</translation>
    </message>
    <message>
        <source>Paste the invitation here</source>
        <translation>Dán mã mời vào đây</translation>
    </message>
    <message>
        <source>Without it you can work; what you lock is sent once the machine is enrolled.</source>
        <translation>Chưa có vẫn làm việc được; hồ sơ đã chốt sẽ gửi khi máy được ghi danh.</translation>
    </message>
    <message>
        <source>Begin</source>
        <translation>Bắt đầu</translation>
    </message>
    <message>
        <source>A PIN of 6 digits</source>
        <translation>Mã PIN 6 số</translation>
    </message>
    <message>
        <source>It works together with this system&apos;s keyring.</source>
        <translation>Dùng cùng kho khóa của hệ điều hành.</translation>
    </message>
    <message>
        <source>A passphrase of at least 4 words</source>
        <translation>Cụm từ ít nhất 4 từ</translation>
    </message>
    <message>
        <source>This system has no keyring, so a PIN alone would not protect the data.</source>
        <translation>Máy không có kho khóa, nên chỉ mã PIN thì không đủ bảo vệ dữ liệu.</translation>
    </message>
    <message>
        <source>A key file</source>
        <translation>Tệp khóa</translation>
    </message>
    <message>
        <source>Keep it apart from the machine, for example on a stick.</source>
        <translation>Giữ riêng khỏi máy, ví dụ trên USB.</translation>
    </message>
    <message>
        <source>The same once more</source>
        <translation>Nhập lại lần nữa</translation>
    </message>
    <message>
        <source>Choose a file</source>
        <translation>Chọn tệp</translation>
    </message>
    <message>
        <source>Enter your name</source>
        <translation>Nhập họ tên của bạn</translation>
    </message>
    <message>
        <source>The two entries differ</source>
        <translation>Hai lần nhập khác nhau</translation>
    </message>
    <message>
        <source>Choose how the machine is locked</source>
        <translation>Chọn cách khóa máy</translation>
    </message>
    <message>
        <source>The ward&apos;s recovery file (optional)</source>
        <translation>Tệp khôi phục của phường (không bắt buộc)</translation>
    </message>
    <message>
        <source>The ward&apos;s public recovery file</source>
        <translation>Tệp khôi phục công khai của phường</translation>
    </message>
    <message>
        <source>With it two officers of the ward can open this machine when the key is forgotten.</source>
        <translation>Có tệp này thì khi quên khóa, hai cán bộ của phường mở lại được máy.</translation>
    </message>
    <message>
        <source>Put a backup back</source>
        <translation>Khôi phục từ bản sao lưu</translation>
    </message>
</context>
<context>
    <name>GuideScreen</name>
    <message>
        <source>Results</source>
        <translation>Kết quả tìm</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>Hướng dẫn</translation>
    </message>
    <message>
        <source>Have at hand</source>
        <translation>Cần có</translation>
    </message>
    <message>
        <source>Step by step</source>
        <translation>Các bước</translation>
    </message>
    <message>
        <source>Procedures that belong to it</source>
        <translation>Thủ tục liên quan</translation>
    </message>
    <message>
        <source>Sources</source>
        <translation>Nguồn</translation>
    </message>
    <message>
        <source>Not verified: %1</source>
        <translation>Chưa xác minh: %1</translation>
    </message>
    <message>
        <source>Print for the resident</source>
        <translation>In cho ông/bà</translation>
    </message>
</context>
<context>
    <name>HelpScreen</name>
    <message>
        <source>Help</source>
        <translation>Trợ giúp</translation>
    </message>
    <message>
        <source>First steps</source>
        <translation>Những bước đầu</translation>
    </message>
    <message>
        <source>Find the procedure by everyday words, with or without marks.</source>
        <translation>Tìm thủ tục bằng lời thường ngày, có dấu hoặc không dấu.</translation>
    </message>
    <message>
        <source>Answer the few questions; “Not sure” keeps both ways open.</source>
        <translation>Trả lời vài câu; “Không rõ” giữ cả hai khả năng.</translation>
    </message>
    <message>
        <source>Read the list out, print it, or let a phone take it by QR code.</source>
        <translation>Đọc danh mục, in ra, hoặc cho điện thoại chụp mã QR.</translation>
    </message>
    <message>
        <source>Start the dossier: scan the card, fill in, add photos, take the consent.</source>
        <translation>Lập hồ sơ: quét căn cước, điền, thêm ảnh, lấy ý kiến đồng ý.</translation>
    </message>
    <message>
        <source>Check and lock. It is sent by itself when there is a network.</source>
        <translation>Kiểm tra và chốt. Máy tự gửi khi có mạng.</translation>
    </message>
    <message>
        <source>What is kept where</source>
        <translation>Lưu gì, ở đâu</translation>
    </message>
    <message>
        <source>Everything is saved as you type, encrypted, on this machine only, until the province confirms that it has it.</source>
        <translation>Mọi thứ được lưu ngay khi gõ, mã hóa, chỉ trên máy này, cho tới khi tỉnh xác nhận đã nhận.</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Phím tắt</translation>
    </message>
    <message>
        <source>Find a procedure</source>
        <translation>Tìm thủ tục</translation>
    </message>
    <message>
        <source>Go to a place of the rail</source>
        <translation>Tới mục trên thanh bên</translation>
    </message>
    <message>
        <source>New dossier</source>
        <translation>Lập hồ sơ</translation>
    </message>
    <message>
        <source>The one next step of the screen</source>
        <translation>Bước tiếp theo của màn hình</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Quay lại</translation>
    </message>
    <message>
        <source>Scan the ID card</source>
        <translation>Quét căn cước</translation>
    </message>
    <message>
        <source>Paste a photo</source>
        <translation>Dán ảnh</translation>
    </message>
    <message>
        <source>Undo / redo an answer</source>
        <translation>Hoàn tác / làm lại câu trả lời</translation>
    </message>
    <message>
        <source>Print</source>
        <translation>In</translation>
    </message>
    <message>
        <source>Next region of the window</source>
        <translation>Vùng tiếp theo của cửa sổ</translation>
    </message>
    <message>
        <source>Text larger, smaller, normal</source>
        <translation>Chữ to hơn, nhỏ hơn, bình thường</translation>
    </message>
    <message>
        <source>Lock the machine</source>
        <translation>Khóa máy</translation>
    </message>
    <message>
        <source>When something does not work</source>
        <translation>Khi có gì không chạy</translation>
    </message>
    <message>
        <source>Make a file for support. It holds versions and counts, and nothing about anybody.</source>
        <translation>Tạo tệp gửi nhóm hỗ trợ. Tệp chỉ có phiên bản và số đếm, không có gì về bất cứ ai.</translation>
    </message>
    <message>
        <source>To the file for support</source>
        <translation>Tới phần tệp hỗ trợ</translation>
    </message>
</context>
<context>
    <name>Kiosk</name>
    <message>
        <source>This does not work just now.</source>
        <translation>Lúc này máy chưa làm được việc này.</translation>
    </message>
    <message>
        <source>Please call staff, or go to the counter.</source>
        <translation>Mời ông/bà gọi cán bộ, hoặc ra quầy.</translation>
    </message>
    <message>
        <source>Page before</source>
        <translation>Trang trước</translation>
    </message>
    <message>
        <source>Next page</source>
        <translation>Trang sau</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 trên %2</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>Dấu cách</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Xóa</translation>
    </message>
</context>
<context>
    <name>KioskAttract</name>
    <message>
        <source>Touch the screen to start</source>
        <translation>Mời ông/bà chạm vào màn hình</translation>
    </message>
    <message>
        <source>Free. No computer skills needed.</source>
        <translation>Miễn phí. Không cần biết máy tính.</translation>
    </message>
    <message>
        <source>Ask which papers are needed</source>
        <translation>Hỏi giấy tờ cần có</translation>
    </message>
    <message>
        <source>See where a dossier is</source>
        <translation>Xem hồ sơ tới đâu</translation>
    </message>
    <message>
        <source>This kiosk is resting. Please go to the counter.</source>
        <translation>Ki-ốt này đang nghỉ. Mời ông/bà ra quầy.</translation>
    </message>
    <message>
        <source>The machine is opening, about 20 seconds</source>
        <translation>Máy đang mở, chừng 20 giây</translation>
    </message>
    <message>
        <source>The screen has been cleared for the next person</source>
        <translation>Màn hình đã được xóa sạch cho người tiếp theo</translation>
    </message>
</context>
<context>
    <name>KioskCall</name>
    <message>
        <source>Staff are being called</source>
        <translation>Đang gọi cán bộ</translation>
    </message>
    <message>
        <source>Help is needed here</source>
        <translation>Ở đây cần người giúp</translation>
    </message>
    <message>
        <source>These words are for the staff in the room, with a sound if this machine has a loudspeaker.</source>
        <translation>Dòng chữ này để cán bộ trong phòng thấy; máy có loa thì kêu thêm.</translation>
    </message>
    <message>
        <source>It sends no message. If nobody comes, please go to the counter. Your work stays behind “Back”.</source>
        <translation>Máy không nhắn tin đi đâu. Nếu chưa ai tới, mời ông/bà ra quầy. Bấm “Quay lại” để làm tiếp việc đang dở.</translation>
    </message>
    <message>
        <source>Stop the sound</source>
        <translation>Tắt tiếng</translation>
    </message>
    <message>
        <source>For staff: leave the kiosk</source>
        <translation>Dành cho cán bộ: rời ki-ốt</translation>
    </message>
</context>
<context>
    <name>KioskCard</name>
    <message>
        <source>Residents use it alone: which papers they need, where their dossier is. The machine is locked meanwhile and sends nothing; a key of somebody who works with it leads out, under “Call staff”.</source>
        <translation>Người dân tự dùng: cần giấy tờ gì, hồ sơ tới đâu. Lúc đó máy được khóa và không gửi gì; muốn rời ki-ốt thì bấm “Gọi cán bộ” rồi nhập mã của người dùng máy này.</translation>
    </message>
    <message>
        <source>Name of the office on its first screen</source>
        <translation>Tên cơ quan trên màn hình chờ</translation>
    </message>
    <message>
        <source>Open the kiosk now</source>
        <translation>Mở ki-ốt ngay</translation>
    </message>
    <message>
        <source>No longer open as a kiosk</source>
        <translation>Thôi mở như ki-ốt</translation>
    </message>
    <message>
        <source>Always open as a kiosk</source>
        <translation>Luôn mở như ki-ốt</translation>
    </message>
    <message>
        <source>This machine opens as a kiosk when the program starts.</source>
        <translation>Máy này mở như ki-ốt mỗi khi bật chương trình.</translation>
    </message>
</context>
<context>
    <name>KioskCode</name>
    <message>
        <source>Take the list along on your phone</source>
        <translation>Mang danh mục về bằng điện thoại</translation>
    </message>
    <message>
        <source>Hold the phone&apos;s camera before the square. The list is in it as text.</source>
        <translation>Mời ông/bà đưa máy ảnh điện thoại trước ô vuông. Danh mục nằm trong đó, dạng chữ.</translation>
    </message>
    <message>
        <source>QR code of the list</source>
        <translation>Mã QR của danh mục</translation>
    </message>
</context>
<context>
    <name>KioskFind</name>
    <message>
        <source>What is it about? Marks are not needed.</source>
        <translation>Việc gì? Gõ không dấu cũng được.</translation>
    </message>
    <message>
        <source>What is it about?</source>
        <translation>Ông/bà cần làm việc gì?</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Tìm</translation>
    </message>
</context>
<context>
    <name>KioskHome</name>
    <message>
        <source>What do you need?</source>
        <translation>Ông/bà cần gì?</translation>
    </message>
    <message>
        <source>Which papers do I need?</source>
        <translation>Cần giấy tờ gì?</translation>
    </message>
    <message>
        <source>Answer a few questions, take the list along</source>
        <translation>Trả lời vài câu, mang danh mục về</translation>
    </message>
    <message>
        <source>Where is my dossier?</source>
        <translation>Hồ sơ tới đâu?</translation>
    </message>
    <message>
        <source>With the slip you were given</source>
        <translation>Bằng phiếu ông/bà đã nhận</translation>
    </message>
    <message>
        <source>This machine asks for no name, and keeps nothing you enter.</source>
        <translation>Máy này không hỏi tên và không giữ lại những gì ông/bà nhập.</translation>
    </message>
</context>
<context>
    <name>KioskLookUp</name>
    <message>
        <source>Scan the square on your slip, or type its code</source>
        <translation>Quét ô vuông trên phiếu, hoặc gõ mã</translation>
    </message>
    <message>
        <source>Code on the slip</source>
        <translation>Mã trên phiếu</translation>
    </message>
    <message>
        <source>for example BN-7K4-M2P</source>
        <translation>ví dụ BN-7K4-M2P</translation>
    </message>
    <message>
        <source>Look up</source>
        <translation>Tra cứu</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Gõ lại</translation>
    </message>
    <message>
        <source>Please wait %1 s, or call staff.</source>
        <translation>Mời ông/bà chờ %1 giây, hoặc gọi cán bộ.</translation>
    </message>
    <message>
        <source>No such code. Check its letters and digits, or call staff.</source>
        <translation>Không thấy mã này. Kiểm tra lại chữ và số, hoặc gọi cán bộ.</translation>
    </message>
    <message>
        <source>By hand this code cannot be looked up here. Please scan the square, or call staff.</source>
        <translation>Máy này không tra được mã gõ tay. Mời ông/bà quét ô vuông, hoặc gọi cán bộ.</translation>
    </message>
</context>
<context>
    <name>KioskPapers</name>
    <message>
        <source>Only the name of this procedure is known here.</source>
        <translation>Máy này mới có tên của thủ tục.</translation>
    </message>
    <message>
        <source>Please call staff, or ask at the counter.</source>
        <translation>Mời ông/bà gọi cán bộ, hoặc hỏi ở quầy.</translation>
    </message>
    <message>
        <source>No officer has reviewed this list yet.</source>
        <translation>Danh mục này chưa được cán bộ duyệt.</translation>
    </message>
    <message>
        <source>Please check it at the counter before you go home for papers.</source>
        <translation>Mời ông/bà hỏi lại ở quầy trước khi về lấy giấy tờ.</translation>
    </message>
    <message>
        <source>By these answers there may be no entitlement.</source>
        <translation>Theo các câu trả lời này có thể chưa đủ điều kiện hưởng.</translation>
    </message>
    <message>
        <source>The office decides. Please ask at the counter.</source>
        <translation>Cơ quan quyết định. Mời ông/bà hỏi ở quầy.</translation>
    </message>
    <message>
        <source>No papers are needed. Just bring your ID card.</source>
        <translation>Không cần giấy tờ nào. Mời ông/bà mang thẻ căn cước.</translation>
    </message>
    <message>
        <source>Papers in your case: %1</source>
        <translation>Giấy tờ trong trường hợp này: %1</translation>
    </message>
    <message>
        <source>On to my phone</source>
        <translation>Lấy về điện thoại</translation>
    </message>
    <message>
        <source>Print the list</source>
        <translation>In danh mục</translation>
    </message>
    <message>
        <source>You may also need: %1</source>
        <translation>Có thể cần: %1</translation>
    </message>
    <message>
        <source>No information yet</source>
        <translation>Chưa có thông tin</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Nộp ở đâu</translation>
    </message>
    <message>
        <source>Fee</source>
        <translation>Lệ phí, phí</translation>
    </message>
    <message>
        <source>Time limit</source>
        <translation>Thời hạn giải quyết</translation>
    </message>
    <message>
        <source>The list was handed to the printer.</source>
        <translation>Đã chuyển danh mục cho máy in.</translation>
    </message>
</context>
<context>
    <name>KioskPhone</name>
    <message>
        <source>The last 4 digits of the phone number on the dossier</source>
        <translation>4 số cuối của số điện thoại ghi trong hồ sơ</translation>
    </message>
    <message>
        <source>Last 4 digits of the phone number</source>
        <translation>4 số cuối của số điện thoại</translation>
    </message>
    <message>
        <source>Look up</source>
        <translation>Tra cứu</translation>
    </message>
</context>
<context>
    <name>KioskQuestion</name>
    <message>
        <source>Question %1</source>
        <translation>Câu %1</translation>
    </message>
    <message>
        <source>Question %1 of %2</source>
        <translation>Câu %1 trên %2</translation>
    </message>
</context>
<context>
    <name>KioskResults</name>
    <message>
        <source>Which of these is it?</source>
        <translation>Việc nào dưới đây?</translation>
    </message>
    <message>
        <source>No procedure matches these words.</source>
        <translation>Chưa tìm thấy việc nào theo các chữ này.</translation>
    </message>
    <message>
        <source>This is no procedure of this office.</source>
        <translation>Việc này không làm ở cơ quan này.</translation>
    </message>
    <message>
        <source>Try other words, or call staff.</source>
        <translation>Mời ông/bà thử chữ khác, hoặc gọi cán bộ.</translation>
    </message>
</context>
<context>
    <name>KioskStaff</name>
    <message>
        <source>For staff: leave the kiosk</source>
        <translation>Dành cho cán bộ: rời ki-ốt</translation>
    </message>
    <message>
        <source>Your PIN</source>
        <translation>Mã PIN của anh/chị</translation>
    </message>
    <message>
        <source>Your passphrase (with a keyboard)</source>
        <translation>Cụm từ của anh/chị (dùng bàn phím)</translation>
    </message>
    <message>
        <source>Path of your key file (with a keyboard)</source>
        <translation>Đường dẫn tệp khóa (dùng bàn phím)</translation>
    </message>
    <message>
        <source>PIN</source>
        <translation>Mã PIN</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Cụm từ</translation>
    </message>
    <message>
        <source>Key file</source>
        <translation>Tệp khóa</translation>
    </message>
    <message>
        <source>Leave</source>
        <translation>Rời ki-ốt</translation>
    </message>
    <message>
        <source>This key opens counts only.</source>
        <translation>Mã này chỉ mở được các con số.</translation>
    </message>
    <message>
        <source>Leaving takes a key to the machine&apos;s work.</source>
        <translation>Rời ki-ốt cần mã của người làm việc với máy này.</translation>
    </message>
</context>
<context>
    <name>KioskStatus</name>
    <message>
        <source>Looking… about 5 seconds</source>
        <translation>Đang tìm… chừng 5 giây</translation>
    </message>
    <message>
        <source>Not possible just now</source>
        <translation>Chưa tra được lúc này</translation>
    </message>
    <message>
        <source>It cannot be looked up at this moment. Please see staff at the counter.</source>
        <translation>Chưa tra được lúc này. Mời ông/bà gặp cán bộ ở quầy.</translation>
    </message>
    <message>
        <source>No such code</source>
        <translation>Không thấy mã này</translation>
    </message>
    <message>
        <source>Please check its letters and digits, or call staff.</source>
        <translation>Mời ông/bà kiểm tra lại chữ và số, hoặc gọi cán bộ.</translation>
    </message>
    <message>
        <source>Call staff</source>
        <translation>Gọi cán bộ</translation>
    </message>
    <message>
        <source>Your dossier</source>
        <translation>Hồ sơ của ông/bà</translation>
    </message>
    <message>
        <source>Since %1</source>
        <translation>Từ %1</translation>
    </message>
    <message>
        <source>Known on this ward&apos;s machine since %1</source>
        <translation>Theo máy của phường, từ %1</translation>
    </message>
    <message>
        <source>Only this is shown: no name and no paper.</source>
        <translation>Chỉ hiện chừng này: không có tên, không có giấy tờ.</translation>
    </message>
</context>
<context>
    <name>KioskTopics</name>
    <message>
        <source>What is it about?</source>
        <translation>Ông/bà cần làm việc gì?</translation>
    </message>
    <message>
        <source>Type something else</source>
        <translation>Gõ việc khác</translation>
    </message>
</context>
<context>
    <name>KioskWarning</name>
    <message>
        <source>clears itself in %1 s</source>
        <translation>tự xóa sau %1 giây</translation>
    </message>
    <message>
        <source>Are you still there?</source>
        <translation>Ông/bà còn dùng không?</translation>
    </message>
    <message>
        <source>Touch anywhere to go on.</source>
        <translation>Chạm vào bất cứ đâu để dùng tiếp.</translation>
    </message>
    <message>
        <source>Yes, give me more time</source>
        <translation>Còn, cho tôi thêm thời gian</translation>
    </message>
    <message>
        <source>Done, clear the screen</source>
        <translation>Xong, xóa màn hình</translation>
    </message>
</context>
<context>
    <name>KioskWindow</name>
    <message>
        <source>Back</source>
        <translation>Quay lại</translation>
    </message>
    <message>
        <source>Done, clear the screen</source>
        <translation>Xong, xóa màn hình</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Xong</translation>
    </message>
    <message>
        <source>A  Usual text</source>
        <translation>A  Chữ vừa</translation>
    </message>
    <message>
        <source>A+  Larger text</source>
        <translation>A+  Chữ to</translation>
    </message>
    <message>
        <source>Call staff</source>
        <translation>Gọi cán bộ</translation>
    </message>
</context>
<context>
    <name>LeaderCountsScreen</name>
    <message>
        <source>Dossiers on this machine: %1</source>
        <translation>Hồ sơ trên máy này: %1</translation>
    </message>
    <message>
        <source>Counted when the machine was last locked: %1</source>
        <translation>Đếm lúc máy được khóa lần cuối: %1</translation>
    </message>
    <message>
        <source>You see numbers. What is in the dossiers stays locked.</source>
        <translation>Bạn chỉ xem con số. Nội dung hồ sơ vẫn được khóa.</translation>
    </message>
    <message>
        <source>The whole machine</source>
        <translation>Cả máy</translation>
    </message>
    <message>
        <source>may not begin new dossiers</source>
        <translation>không lập hồ sơ mới</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>Khóa máy</translation>
    </message>
    <message>
        <source>Being written</source>
        <translation>Đang lập</translation>
    </message>
    <message>
        <source>Locked, not sent yet</source>
        <translation>Đã chốt, chưa gửi</translation>
    </message>
    <message>
        <source>Could not be sent</source>
        <translation>Chưa gửi được</translation>
    </message>
    <message>
        <source>Needs a supplement</source>
        <translation>Cần bổ sung</translation>
    </message>
    <message>
        <source>At the province</source>
        <translation>Đã tới tỉnh</translation>
    </message>
</context>
<context>
    <name>Locked</name>
    <message>
        <source>1 dossier could not be sent.</source>
        <translation>1 hồ sơ không gửi được.</translation>
    </message>
    <message>
        <source>%1 dossiers could not be sent.</source>
        <translation>%1 hồ sơ không gửi được.</translation>
    </message>
    <message>
        <source>1 dossier waits to be sent, locked on this machine.</source>
        <translation>1 hồ sơ chờ gửi, đang được khóa trên máy này.</translation>
    </message>
    <message>
        <source>%1 dossiers wait to be sent, locked on this machine.</source>
        <translation>%1 hồ sơ chờ gửi, đang được khóa trên máy này.</translation>
    </message>
    <message>
        <source>1 outcome of a visit waits to be sent, locked on this machine.</source>
        <translation>%1 kết quả thăm hộ chờ gửi, khóa trong máy này.</translation>
    </message>
    <message>
        <source>%1 outcomes of visits wait to be sent, locked on this machine.</source>
        <translation>%1 kết quả thăm hộ chờ gửi, khóa trong máy này.</translation>
    </message>
    <message>
        <source>Nothing waits to be sent on this machine.</source>
        <translation>Không có hồ sơ nào chờ gửi trên máy này.</translation>
    </message>
</context>
<context>
    <name>OverdueBanner</name>
    <message>
        <source>%1 dossiers whose time on this machine is over are being erased.</source>
        <translation>Đang xóa %1 hồ sơ đã hết hạn lưu trên máy này.</translation>
    </message>
    <message>
        <source>You can work meanwhile. If the machine is locked, it goes on next time.</source>
        <translation>Cứ làm việc bình thường. Nếu khóa máy, lần mở sau sẽ xóa tiếp.</translation>
    </message>
</context>
<context>
    <name>PackArrivals</name>
    <message>
        <source>New procedures have come: %1</source>
        <translation>Đã có thủ tục mới: %1</translation>
    </message>
    <message>
        <source>Drafts keep the rules they were begun with; each says what has changed.</source>
        <translation>Hồ sơ đang làm vẫn theo bản cũ; mỗi hồ sơ sẽ báo điều gì đã đổi.</translation>
    </message>
</context>
<context>
    <name>PeopleScreen</name>
    <message>
        <source>People, keys and log</source>
        <translation>Người dùng, khóa và nhật ký</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Quay lại</translation>
    </message>
    <message>
        <source>People</source>
        <translation>Người dùng</translation>
    </message>
    <message>
        <source>Your own key</source>
        <translation>Khóa của bạn</translation>
    </message>
    <message>
        <source>Change my key</source>
        <translation>Đổi khóa của tôi</translation>
    </message>
    <message>
        <source>Log of deeds</source>
        <translation>Nhật ký việc làm</translation>
    </message>
    <message>
        <source>Who did what when, signed and chained. Nothing about a resident is in it. An inspector checks it with two files.</source>
        <translation>Ai làm gì lúc nào, có chữ ký và nối chuỗi. Không có gì về người dân. Người kiểm tra chỉ cần hai tệp để đối chiếu.</translation>
    </message>
    <message>
        <source>Save the log for an inspector</source>
        <translation>Lưu nhật ký cho người kiểm tra</translation>
    </message>
    <message>
        <source>File for support</source>
        <translation>Tệp gửi nhóm hỗ trợ</translation>
    </message>
    <message>
        <source>Versions, counts and where the program failed. No name, number, answer or photo of anybody.</source>
        <translation>Phiên bản, số đếm và chỗ chương trình bị lỗi. Không có tên, số, câu trả lời hay ảnh của ai.</translation>
    </message>
    <message>
        <source>Make the file for support</source>
        <translation>Tạo tệp hỗ trợ</translation>
    </message>
    <message>
        <source>keeper of the machine</source>
        <translation>người giữ máy</translation>
    </message>
    <message>
        <source>volunteer</source>
        <translation>tình nguyện viên</translation>
    </message>
    <message>
        <source>team leader, numbers only</source>
        <translation>trưởng nhóm, chỉ xem con số</translation>
    </message>
    <message>
        <source>holds %1 dossiers</source>
        <translation>đang giữ %1 hồ sơ</translation>
    </message>
    <message>
        <source>ended: may finish and send, begins nothing new</source>
        <translation>đã kết thúc: làm xong và gửi được, không lập mới</translation>
    </message>
    <message>
        <source>past the last day: may finish and send, begins nothing new</source>
        <translation>quá hạn: làm xong và gửi được, không lập mới</translation>
    </message>
    <message>
        <source>until %1</source>
        <translation>đến hết %1</translation>
    </message>
    <message>
        <source>you</source>
        <translation>bạn</translation>
    </message>
    <message>
        <source>End</source>
        <translation>Kết thúc quyền</translation>
    </message>
    <message>
        <source>Take over dossiers</source>
        <translation>Nhận lại hồ sơ</translation>
    </message>
    <message>
        <source>Renew</source>
        <translation>Gia hạn</translation>
    </message>
    <message>
        <source>Add a person</source>
        <translation>Thêm người</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Họ và tên</translation>
    </message>
    <message>
        <source>Volunteer: writes and sends their own dossiers</source>
        <translation>Tình nguyện viên: lập và gửi hồ sơ của mình</translation>
    </message>
    <message>
        <source>Team leader: sees numbers, never what is in a dossier</source>
        <translation>Trưởng nhóm: xem con số, không xem nội dung hồ sơ</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Thêm</translation>
    </message>
    <message>
        <source>A PIN of 6 digits</source>
        <translation>Mã PIN 6 chữ số</translation>
    </message>
    <message>
        <source>A passphrase of at least 4 words</source>
        <translation>Cụm từ ít nhất 4 từ</translation>
    </message>
    <message>
        <source>The same once more</source>
        <translation>Nhập lại lần nữa</translation>
    </message>
    <message>
        <source>The two entries differ</source>
        <translation>Hai lần nhập khác nhau</translation>
    </message>
    <message>
        <source>Enter the name and choose what the person does</source>
        <translation>Nhập tên và chọn việc của người đó</translation>
    </message>
    <message>
        <source>%1 can unlock this machine now</source>
        <translation>%1 đã mở được máy này</translation>
    </message>
    <message>
        <source>Your new key holds from now on</source>
        <translation>Khóa mới của bạn có hiệu lực từ bây giờ</translation>
    </message>
    <message>
        <source>You hold %1 more dossiers</source>
        <translation>Bạn giữ thêm %1 hồ sơ</translation>
    </message>
    <message>
        <source>The ward&apos;s recovery key</source>
        <translation>Khóa khôi phục của phường</translation>
    </message>
    <message>
        <source>Set. Two officers of the ward together can open this machine when a key is forgotten.</source>
        <translation>Đã có. Khi quên khóa, hai cán bộ của phường cùng nhau mở được máy này.</translation>
    </message>
    <message>
        <source>Not set. When a key is forgotten, only a backup helps. Ask the ward for its public recovery file.</source>
        <translation>Chưa có. Khi quên khóa chỉ còn bản sao lưu. Xin phường tệp khôi phục công khai.</translation>
    </message>
    <message>
        <source>Choose the ward&apos;s file</source>
        <translation>Chọn tệp của phường</translation>
    </message>
    <message>
        <source>The officers of %1 can open this machine together</source>
        <translation>Hai cán bộ của %1 cùng mở được máy này</translation>
    </message>
    <message>
        <source>Compare with the ward&apos;s paper: %1</source>
        <translation>So với tờ giấy của phường: %1</translation>
    </message>
    <message>
        <source>%1 deeds written</source>
        <translation>Đã ghi %1 việc</translation>
    </message>
    <message>
        <source>Written. It holds:</source>
        <translation>Đã tạo. Tệp gồm:</translation>
    </message>
</context>
<context>
    <name>PlaceField</name>
    <message>
        <source>Latitude</source>
        <translation>Vĩ độ</translation>
    </message>
    <message>
        <source>Longitude</source>
        <translation>Kinh độ</translation>
    </message>
</context>
<context>
    <name>PointsField</name>
    <message>
        <source>One place on a line: latitude, then longitude, for example 21.1861 106.0763</source>
        <translation>Mỗi dòng một vị trí: vĩ độ rồi kinh độ, ví dụ 21.1861 106.0763</translation>
    </message>
</context>
<context>
    <name>ProcedureScreen</name>
    <message>
        <source>No information yet</source>
        <translation>Chưa có thông tin</translation>
    </message>
    <message>
        <source>Procedures</source>
        <translation>Thủ tục</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Mã thủ tục</translation>
    </message>
    <message>
        <source>Only the name of this procedure is known here.</source>
        <translation>Máy này mới có tên của thủ tục.</translation>
    </message>
    <message>
        <source>Ask the one-stop desk which papers it needs.</source>
        <translation>Hỏi bộ phận một cửa cần giấy tờ gì.</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>Kết quả tìm</translation>
    </message>
    <message>
        <source>No officer has reviewed these conditions yet.</source>
        <translation>Điều kiện chưa được cán bộ duyệt.</translation>
    </message>
    <message>
        <source>Check the list with the one-stop desk before you send anybody away.</source>
        <translation>Hỏi lại bộ phận một cửa trước khi để ông/bà ra về.</translation>
    </message>
    <message>
        <source>Know at once</source>
        <translation>Cần biết ngay</translation>
    </message>
    <message>
        <source>online</source>
        <translation>trực tuyến</translation>
    </message>
    <message>
        <source>in person</source>
        <translation>trực tiếp</translation>
    </message>
    <message>
        <source>by post</source>
        <translation>bưu chính</translation>
    </message>
    <message>
        <source>Time limit</source>
        <translation>Thời hạn giải quyết</translation>
    </message>
    <message>
        <source>Fee</source>
        <translation>Lệ phí, phí</translation>
    </message>
    <message>
        <source>Responsible authority</source>
        <translation>Cơ quan thực hiện</translation>
    </message>
    <message>
        <source>How to file</source>
        <translation>Cách thức thực hiện</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Kết quả thực hiện</translation>
    </message>
    <message>
        <source>Deadline to file</source>
        <translation>Hạn phải làm</translation>
    </message>
    <message>
        <source>Dossier components (whole list, every case)</source>
        <translation>Thành phần hồ sơ (đầy đủ, mọi trường hợp)</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Trình tự thực hiện</translation>
    </message>
    <message>
        <source>Requirements</source>
        <translation>Yêu cầu, điều kiện thực hiện</translation>
    </message>
    <message>
        <source>Good to know</source>
        <translation>Nên biết</translation>
    </message>
    <message>
        <source>Legal basis and sources</source>
        <translation>Căn cứ pháp lý và nguồn</translation>
    </message>
    <message>
        <source>Not verified: %1</source>
        <translation>Chưa kiểm chứng: %1</translation>
    </message>
    <message>
        <source>Print</source>
        <translation>In</translation>
    </message>
    <message>
        <source>Full list</source>
        <translation>Danh mục đầy đủ</translation>
    </message>
    <message>
        <source>Your case</source>
        <translation>Trường hợp của ông/bà</translation>
    </message>
    <message>
        <source>Where to file</source>
        <translation>Nộp ở đâu</translation>
    </message>
    <message>
        <source>As the source said it: %1</source>
        <translation>Theo nguồn ngày %1</translation>
    </message>
</context>
<context>
    <name>ProcedureWords</name>
    <message>
        <source>%1 original</source>
        <translation>%1 bản chính</translation>
    </message>
    <message>
        <source>%1 copy</source>
        <translation>%1 bản sao</translation>
    </message>
    <message>
        <source>hand in</source>
        <translation>nộp</translation>
    </message>
    <message>
        <source>declaration form</source>
        <translation>tờ khai</translation>
    </message>
    <message>
        <source>show</source>
        <translation>cho xem</translation>
    </message>
    <message>
        <source>filled on line</source>
        <translation>điền trên mạng</translation>
    </message>
    <message>
        <source>looked up by the office</source>
        <translation>cơ quan tự tra cứu</translation>
    </message>
    <message>
        <source>note</source>
        <translation>lưu ý</translation>
    </message>
    <message>
        <source>always</source>
        <translation>luôn cần</translation>
    </message>
    <message>
        <source>by case</source>
        <translation>tùy trường hợp</translation>
    </message>
    <message>
        <source>must be certified</source>
        <translation>phải chứng thực</translation>
    </message>
    <message>
        <source>perhaps certified</source>
        <translation>có thể phải chứng thực</translation>
    </message>
    <message>
        <source>or one of</source>
        <translation>hoặc một trong</translation>
    </message>
    <message>
        <source>To be filled in on paper or on the portal, not on this machine.</source>
        <translation>Điền trên giấy hoặc trên Cổng, chưa điền được trên máy này.</translation>
    </message>
    <message>
        <source>not published</source>
        <translation>chưa công bố</translation>
    </message>
    <message>
        <source>0 đ by the portal</source>
        <translation>Cổng ghi 0 đ</translation>
    </message>
    <message>
        <source>online</source>
        <translation>trực tuyến</translation>
    </message>
    <message>
        <source>in person</source>
        <translation>trực tiếp</translation>
    </message>
    <message>
        <source>by post</source>
        <translation>bưu chính</translation>
    </message>
    <message>
        <source>Exempt in this case. Otherwise: %1</source>
        <translation>Được miễn trong trường hợp này. Nếu không: %1</translation>
    </message>
    <message>
        <source>Perhaps: %1</source>
        <translation>Có thể: %1</translation>
    </message>
    <message>
        <source>%1 working days</source>
        <translation>%1 ngày làm việc</translation>
    </message>
    <message>
        <source>%1 days</source>
        <translation>%1 ngày</translation>
    </message>
    <message>
        <source>%1 hours</source>
        <translation>%1 giờ</translation>
    </message>
    <message>
        <source>same working day</source>
        <translation>trong ngày làm việc</translation>
    </message>
    <message>
        <source>not yet known: %1</source>
        <translation>chưa rõ: %1</translation>
    </message>
    <message>
        <source>only the office can tell</source>
        <translation>chỉ cơ quan mới tra được</translation>
    </message>
</context>
<context>
    <name>Province</name>
    <message>
        <source>The province has every file</source>
        <translation>Tỉnh đã nhận đủ tệp</translation>
    </message>
    <message>
        <source>Received by the officer</source>
        <translation>Đã tiếp nhận</translation>
    </message>
    <message>
        <source>Processing</source>
        <translation>Đang giải quyết</translation>
    </message>
    <message>
        <source>Supplement asked for</source>
        <translation>Cần bổ sung</translation>
    </message>
    <message>
        <source>Result ready</source>
        <translation>Đã có kết quả</translation>
    </message>
    <message>
        <source>Handed over</source>
        <translation>Đã trả kết quả</translation>
    </message>
    <message>
        <source>Not accepted</source>
        <translation>Không tiếp nhận</translation>
    </message>
    <message>
        <source>Withdrawn</source>
        <translation>Đã rút</translation>
    </message>
</context>
<context>
    <name>QuestionField</name>
    <message>
        <source>(optional)</source>
        <translation>(không bắt buộc)</translation>
    </message>
    <message>
        <source>Not asked for, so it stays as it was sent.</source>
        <translation>Cán bộ không yêu cầu, giữ như đã gửi.</translation>
    </message>
    <message>
        <source>Files are added under “Photos and papers”.</source>
        <translation>Tệp được thêm ở mục “Ảnh và giấy tờ”.</translation>
    </message>
    <message>
        <source>Yes, done</source>
        <translation>Đã làm</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>Lên</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>Xuống</translation>
    </message>
    <message>
        <source>More about this</source>
        <translation>Xem hướng dẫn thêm</translation>
    </message>
</context>
<context>
    <name>QuestionMedia</name>
    <message>
        <source>A recording belongs here, but it is not in the catalogue on this machine.</source>
        <translation>Chỗ này có bản ghi âm, nhưng bộ thủ tục trên máy này không có tệp đó.</translation>
    </message>
    <message>
        <source>This question has a recording (%1), which this machine cannot play. Read it out instead.</source>
        <translation>Câu hỏi này có bản ghi âm (%1) mà máy này không phát được. Hãy đọc to câu hỏi lên.</translation>
    </message>
    <message>
        <source>A picture belongs here, but it is not in the catalogue on this machine.</source>
        <translation>Chỗ này có hình, nhưng bộ thủ tục trên máy này không có tệp đó.</translation>
    </message>
    <message>
        <source>Picture for: %1</source>
        <translation>Hình của câu: %1</translation>
    </message>
</context>
<context>
    <name>QuestionScreen</name>
    <message>
        <source>page %1 of %2</source>
        <translation>trang %1 trên %2</translation>
    </message>
    <message>
        <source>Saved %1</source>
        <translation>Đã lưu %1</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Hoàn tác</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Làm lại</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Quay lại</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Tiếp tục</translation>
    </message>
    <message>
        <source>Filled in from the ID card</source>
        <translation>Điền sẵn từ căn cước</translation>
    </message>
    <message>
        <source>From an earlier answer</source>
        <translation>Từ câu trả lời trước</translation>
    </message>
    <message>
        <source>This person already has a dossier of this kind: %1</source>
        <translation>Người này đã có hồ sơ loại này: %1</translation>
    </message>
    <message>
        <source>Open it</source>
        <translation>Mở hồ sơ đó</translation>
    </message>
    <message>
        <source>Choose one of the offered answers</source>
        <translation>Chọn một trong các câu trả lời có sẵn</translation>
    </message>
    <message>
        <source>Check this answer</source>
        <translation>Kiểm tra lại câu trả lời này</translation>
    </message>
    <message>
        <source>There are %1 things to check</source>
        <translation>Có %1 chỗ cần xem lại</translation>
    </message>
    <message>
        <source>There is 1 thing to check</source>
        <translation>Có 1 chỗ cần xem lại</translation>
    </message>
    <message>
        <source>The applicant is meant here: fill in %1 fields</source>
        <translation>Đây chính là người nộp hồ sơ: điền sẵn %1 ô</translation>
    </message>
    <message>
        <source>Known from %2, %3: fill in %1 fields</source>
        <translation>Đã biết từ hồ sơ %2, %3: điền sẵn %1 ô</translation>
    </message>
    <message>
        <source>Same as “%1”: %2</source>
        <translation>Giống “%1”: %2</translation>
    </message>
    <message>
        <source>None yet. Add the first one if there is one.</source>
        <translation>Chưa có. Nếu có, hãy thêm mục đầu tiên.</translation>
    </message>
    <message>
        <source>Add: %1</source>
        <translation>Thêm: %1</translation>
    </message>
    <message>
        <source>Add another: %1</source>
        <translation>Thêm nữa: %1</translation>
    </message>
    <message>
        <source>Remove: %1</source>
        <translation>Bỏ: %1</translation>
    </message>
</context>
<context>
    <name>RangeField</name>
    <message>
        <source>no answer yet</source>
        <translation>chưa trả lời</translation>
    </message>
</context>
<context>
    <name>ReadChainScreen</name>
    <message>
        <source>Read QR chain</source>
        <translation>Đọc mã QR</translation>
    </message>
    <message>
        <source>Send and receive</source>
        <translation>Gửi và nhận</translation>
    </message>
    <message>
        <source>Film or photograph the codes on the other screen, then choose the pictures here: any of them, in any order, as many as it says.</source>
        <translation>Chụp các mã trên màn hình kia rồi chọn ảnh ở đây: ảnh nào cũng được, thứ tự nào cũng được, đủ số mà máy kia báo.</translation>
    </message>
    <message>
        <source>Choose pictures</source>
        <translation>Chọn ảnh</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>Chọn thư mục</translation>
    </message>
    <message>
        <source>More pictures can be added; what was read is remembered.</source>
        <translation>Thêm ảnh lúc nào cũng được; phần đã đọc vẫn nhớ.</translation>
    </message>
    <message>
        <source>Show the receipts</source>
        <translation>Chiếu phiếu nhận</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Quay lại</translation>
    </message>
    <message>
        <source>Hand over to the province</source>
        <translation>Chuyển lên tỉnh</translation>
    </message>
    <message>
        <source>Reading the pictures…</source>
        <translation>Đang đọc ảnh…</translation>
    </message>
    <message>
        <source>%1 of at least %2 codes were read.</source>
        <translation>Đã đọc %1 trên ít nhất %2 mã.</translation>
    </message>
    <message>
        <source>Film a little longer and add those pictures.</source>
        <translation>Chụp thêm rồi chọn các ảnh đó.</translation>
    </message>
    <message>
        <source>No code of bnhelper in %1 pictures.</source>
        <translation>Không thấy mã của bnhelper trong %1 ảnh.</translation>
    </message>
    <message>
        <source>Go closer, so that the code fills the picture, and hold still.</source>
        <translation>Lại gần hơn cho mã đầy khung, giữ chắc tay.</translation>
    </message>
    <message>
        <source>The province&apos;s receipt was read.</source>
        <translation>Đã đọc phiếu nhận của tỉnh.</translation>
    </message>
    <message>
        <source>It was checked and kept.</source>
        <translation>Phiếu đã được kiểm tra và lưu.</translation>
    </message>
    <message>
        <source>The province&apos;s answer was read.</source>
        <translation>Đã đọc trả lời của tỉnh.</translation>
    </message>
    <message>
        <source>Not everything has arrived there yet.</source>
        <translation>Ở tỉnh còn thiếu phần.</translation>
    </message>
    <message>
        <source>A sealed dossier is on this machine.</source>
        <translation>Một hồ sơ niêm phong đã nằm trên máy này.</translation>
    </message>
    <message>
        <source>It is not at the province yet. Press “Hand over to the province” when there is a network.</source>
        <translation>Hồ sơ chưa tới tỉnh. Khi có mạng, bấm “Chuyển lên tỉnh”.</translation>
    </message>
    <message>
        <source>These codes are not of bnhelper.</source>
        <translation>Các mã này không phải của bnhelper.</translation>
    </message>
    <message>
        <source>Nothing was kept.</source>
        <translation>Không lưu gì.</translation>
    </message>
    <message>
        <source>The province cannot take all of it now.</source>
        <translation>Tỉnh chưa nhận hết được lúc này.</translation>
    </message>
    <message>
        <source>Nothing is lost: it lies on this machine. Hand it over again later.</source>
        <translation>Không mất gì: hồ sơ vẫn nằm trên máy này. Bấm chuyển lại sau.</translation>
    </message>
    <message>
        <source>The province did not take everything.</source>
        <translation>Tỉnh không nhận hết.</translation>
    </message>
    <message>
        <source>Show the receipts to the other machine: it will say why.</source>
        <translation>Chiếu phiếu cho máy kia: máy đó sẽ báo lý do.</translation>
    </message>
    <message>
        <source>Handed over to the province.</source>
        <translation>Đã chuyển lên tỉnh.</translation>
    </message>
    <message>
        <source>Press “Show the receipts” and let the other machine film them.</source>
        <translation>Bấm “Chiếu phiếu nhận” để máy kia chụp lại.</translation>
    </message>
</context>
<context>
    <name>ReceiptScreen</name>
    <message>
        <source>Home visit record slip</source>
        <translation>Phiếu ghi nhận hồ sơ tại nhà</translation>
    </message>
    <message>
        <source>This is not yet the official receipt.</source>
        <translation>Đây chưa phải Giấy tiếp nhận hồ sơ và hẹn trả kết quả.</translation>
    </message>
    <message>
        <source>Procedure</source>
        <translation>Thủ tục</translation>
    </message>
    <message>
        <source>Submitted by</source>
        <translation>Người nộp</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Ngày</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>Đã nhận</translation>
    </message>
    <message>
        <source>declaration only</source>
        <translation>tờ khai</translation>
    </message>
    <message>
        <source>Originals: you KEEP them</source>
        <translation>Giấy gốc: ông/bà GIỮ LẠI</translation>
    </message>
    <message>
        <source>QR code to look up the dossier</source>
        <translation>Mã QR để tra cứu hồ sơ</translation>
    </message>
    <message>
        <source>What happens next</source>
        <translation>Việc tiếp theo</translation>
    </message>
    <message>
        <source>This machine sends the dossier by itself when there is a network.</source>
        <translation>Máy tự gửi hồ sơ khi có mạng.</translation>
    </message>
    <message>
        <source>The ward&apos;s officer checks it and answers.</source>
        <translation>Cán bộ phường, xã kiểm tra và trả lời.</translation>
    </message>
    <message>
        <source>When the official receipt comes, the volunteer tells you.</source>
        <translation>Khi có Giấy tiếp nhận, tình nguyện viên báo cho ông/bà.</translation>
    </message>
    <message>
        <source>The day of the result counts from when the office receives it.</source>
        <translation>Ngày hẹn trả tính từ khi cơ quan tiếp nhận.</translation>
    </message>
    <message>
        <source>You pay nothing beyond the fee.</source>
        <translation>Ông/bà không phải trả thêm khoản nào ngoài lệ phí.</translation>
    </message>
    <message>
        <source>Paper</source>
        <translation>Khổ giấy</translation>
    </message>
    <message>
        <source>Save as PDF</source>
        <translation>Lưu PDF</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>Mở khóa</translation>
    </message>
    <message>
        <source>Print the slip</source>
        <translation>In phiếu</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Trạng thái</translation>
    </message>
    <message>
        <source>Back to this home</source>
        <translation>Về hộ này</translation>
    </message>
    <message>
        <source>Back to Today</source>
        <translation>Về Hôm nay</translation>
    </message>
    <message>
        <source>Locked on this machine. Not sent yet.</source>
        <translation>Đã chốt hồ sơ trên máy này. Chưa gửi.</translation>
    </message>
    <message>
        <source>It is sent by itself when there is a network.</source>
        <translation>Máy tự gửi khi có mạng.</translation>
    </message>
    <message>
        <source>The province received it %1, number %2.</source>
        <translation>Tỉnh đã nhận %1, số %2.</translation>
    </message>
</context>
<context>
    <name>RecoverScreen</name>
    <message>
        <source>Open with two officers</source>
        <translation>Mở máy với hai cán bộ</translation>
    </message>
    <message>
        <source>No data is lost when a PIN is forgotten.</source>
        <translation>Quên PIN không mất dữ liệu nào.</translation>
    </message>
    <message>
        <source>Both officers of the ward choose their file and enter their passphrase. One alone opens nothing.</source>
        <translation>Hai cán bộ của phường chọn tệp và nhập cụm từ của mình. Một người không mở được gì.</translation>
    </message>
    <message>
        <source>Officer %1</source>
        <translation>Cán bộ thứ %1</translation>
    </message>
    <message>
        <source>File of officer %1</source>
        <translation>Tệp của cán bộ thứ %1</translation>
    </message>
    <message>
        <source>Choose a file</source>
        <translation>Chọn tệp</translation>
    </message>
    <message>
        <source>Passphrase of officer %1</source>
        <translation>Cụm từ của cán bộ thứ %1</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Quay lại</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Mở</translation>
    </message>
    <message>
        <source>Choose both files and enter both passphrases</source>
        <translation>Chọn cả hai tệp và nhập cả hai cụm từ</translation>
    </message>
    <message>
        <source>Whose key is made anew?</source>
        <translation>Làm lại khóa cho ai?</translation>
    </message>
    <message>
        <source>The new key</source>
        <translation>Khóa mới</translation>
    </message>
    <message>
        <source>A PIN of 6 digits</source>
        <translation>Mã PIN 6 chữ số</translation>
    </message>
    <message>
        <source>A passphrase of at least 4 words</source>
        <translation>Cụm từ ít nhất 4 từ</translation>
    </message>
    <message>
        <source>The same once more</source>
        <translation>Nhập lại lần nữa</translation>
    </message>
    <message>
        <source>The old key opens nothing afterwards. The log keeps that both officers were here.</source>
        <translation>Sau đó khóa cũ không mở được gì. Nhật ký ghi lại hai cán bộ đã có mặt.</translation>
    </message>
    <message>
        <source>Make the new key</source>
        <translation>Làm khóa mới</translation>
    </message>
    <message>
        <source>Choose whose key it is</source>
        <translation>Chọn khóa của ai</translation>
    </message>
    <message>
        <source>The two entries differ</source>
        <translation>Hai lần nhập khác nhau</translation>
    </message>
</context>
<context>
    <name>RestoreScreen</name>
    <message>
        <source>Put a backup back</source>
        <translation>Khôi phục từ bản sao lưu</translation>
    </message>
    <message>
        <source>It is opened and read first. What is here now is set aside.</source>
        <translation>Bản sao được mở và đọc thử trước. Dữ liệu đang có được cất riêng.</translation>
    </message>
    <message>
        <source>Which copy?</source>
        <translation>Bản nào?</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Quay lại</translation>
    </message>
    <message>
        <source>This machine has no copies of its own.</source>
        <translation>Máy này chưa có bản sao nào.</translation>
    </message>
    <message>
        <source>Choose a file</source>
        <translation>Chọn tệp</translation>
    </message>
    <message>
        <source>PIN</source>
        <translation>PIN</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Cụm từ</translation>
    </message>
    <message>
        <source>Key file</source>
        <translation>Tệp khóa</translation>
    </message>
    <message>
        <source>Two officers</source>
        <translation>Hai cán bộ</translation>
    </message>
    <message>
        <source>What opens it?</source>
        <translation>Mở bằng gì?</translation>
    </message>
    <message>
        <source>It is put back, and both officers open it at the lock.</source>
        <translation>Khôi phục xong, hai cán bộ mở máy ở trang mở khóa.</translation>
    </message>
    <message>
        <source>Choose your key file</source>
        <translation>Chọn tệp khóa</translation>
    </message>
    <message>
        <source>A PIN opens the copy on the machine and under the user it was made with.</source>
        <translation>PIN chỉ mở được bản sao trên đúng máy và đúng người dùng đã tạo ra nó.</translation>
    </message>
    <message>
        <source>Put it back</source>
        <translation>Khôi phục</translation>
    </message>
    <message>
        <source>Opening and reading the copy…</source>
        <translation>Đang mở và đọc bản sao…</translation>
    </message>
    <message>
        <source>The copy is back in its place.</source>
        <translation>Đã khôi phục xong.</translation>
    </message>
    <message>
        <source>%1 photos are whole.</source>
        <translation>%1 ảnh nguyên vẹn.</translation>
    </message>
    <message>
        <source>%1 are missing: the dossiers say which.</source>
        <translation>Thiếu %1 ảnh: hồ sơ ghi rõ ảnh nào.</translation>
    </message>
    <message>
        <source>What was here before lies in %1.</source>
        <translation>Dữ liệu cũ nằm ở %1.</translation>
    </message>
    <message>
        <source>To the lock</source>
        <translation>Tới trang mở khóa</translation>
    </message>
</context>
<context>
    <name>ScanCardScreen</name>
    <message>
        <source>Choose a picture of the side with the QR code, drag it here, or paste it with Ctrl+V.</source>
        <translation>Chọn ảnh mặt có mã QR, kéo vào đây, hoặc dán bằng Ctrl+V.</translation>
    </message>
    <message>
        <source>Choose a picture</source>
        <translation>Chọn ảnh</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>Dán</translation>
    </message>
    <message>
        <source>Only the read fields are kept. The picture and the code itself are not.</source>
        <translation>Chỉ lưu các ô đã đọc. Không lưu ảnh và mã gốc.</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Quay lại</translation>
    </message>
    <message>
        <source>Scan the QR code on the ID card</source>
        <translation>Quét mã QR trên thẻ căn cước</translation>
    </message>
    <message>
        <source>Is this the person in front of you?</source>
        <translation>Có đúng là ông/bà không?</translation>
    </message>
    <message>
        <source>Male</source>
        <translation>Nam</translation>
    </message>
    <message>
        <source>Female</source>
        <translation>Nữ</translation>
    </message>
    <message>
        <source>Full name</source>
        <translation>Họ, chữ đệm, tên</translation>
    </message>
    <message>
        <source>ID number</source>
        <translation>Số định danh</translation>
    </message>
    <message>
        <source>Date of birth</source>
        <translation>Ngày sinh</translation>
    </message>
    <message>
        <source>Sex</source>
        <translation>Giới tính</translation>
    </message>
    <message>
        <source>Address on the card</source>
        <translation>Địa chỉ trên thẻ</translation>
    </message>
    <message>
        <source>The card&apos;s date of birth does not exist: type it in.</source>
        <translation>Ngày sinh trên thẻ không có thật: nhập tay.</translation>
    </message>
    <message>
        <source>The year of birth does not fit the ID number: look at the card.</source>
        <translation>Năm sinh không khớp số định danh: xem lại thẻ.</translation>
    </message>
    <message>
        <source>The sex does not fit the ID number: look at the card.</source>
        <translation>Giới tính không khớp số định danh: xem lại thẻ.</translation>
    </message>
    <message>
        <source>The ID number names a birth in the future: look at the card.</source>
        <translation>Số định danh chỉ năm sinh chưa tới: xem lại thẻ.</translation>
    </message>
    <message>
        <source>No, scan again</source>
        <translation>Không phải, quét lại</translation>
    </message>
    <message>
        <source>Yes, fill in</source>
        <translation>Đúng, điền vào</translation>
    </message>
    <message>
        <source>Card with a chip: the QR code is at the top right of the front. Newer card: on the back.</source>
        <translation>Thẻ gắn chip: mã QR ở góc trên mặt trước. Thẻ mẫu mới: ở mặt sau.</translation>
    </message>
    <message>
        <source>Hold the camera a hand&apos;s breadth away.</source>
        <translation>Cách máy ảnh một gang tay.</translation>
    </message>
    <message>
        <source>Tilt the card a little if it shines.</source>
        <translation>Nghiêng nhẹ nếu bị lóa.</translation>
    </message>
    <message>
        <source>Type it in</source>
        <translation>Nhập tay</translation>
    </message>
    <message>
        <source>This name stood twice. Which one is it today?</source>
        <translation>Tên này có ở hai nơi. Nay là nơi nào?</translation>
    </message>
    <message>
        <source>Now: %1 (suggested from the card&apos;s address)</source>
        <translation>Nay là: %1 (gợi ý theo địa chỉ trên thẻ)</translation>
    </message>
    <message>
        <source>A part of it went to another unit: ask which.</source>
        <translation>Một phần đã nhập vào nơi khác, hỏi lại.</translation>
    </message>
    <message>
        <source>Still lives there: fill in the residence too</source>
        <translation>Vẫn ở địa chỉ này: điền luôn nơi cư trú</translation>
    </message>
</context>
<context>
    <name>SendToWardScreen</name>
    <message>
        <source>To the ward&apos;s machine</source>
        <translation>Sang máy của phường</translation>
    </message>
    <message>
        <source>Send and receive</source>
        <translation>Gửi và nhận</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Quay lại</translation>
    </message>
    <message>
        <source>You may go on working; it is gone on with if it breaks off.</source>
        <translation>Cứ làm việc khác; nếu đứt giữa chừng, lần sau chạy tiếp.</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Dừng</translation>
    </message>
    <message>
        <source>Pair with another machine</source>
        <translation>Ghép với máy khác</translation>
    </message>
    <message>
        <source>Hand to the ward&apos;s machine</source>
        <translation>Chuyển sang máy của phường</translation>
    </message>
    <message>
        <source>Pair</source>
        <translation>Ghép máy</translation>
    </message>
    <message>
        <source>The ward&apos;s machine takes your dossiers sealed and can read nothing of them. Pair with it once: on it open “Send and receive”, “Take in from neighbours”.</source>
        <translation>Máy của phường nhận hồ sơ đã niêm phong và không đọc được gì. Chỉ ghép một lần: trên máy đó mở “Gửi và nhận”, “Nhận từ máy bên cạnh”.</translation>
    </message>
    <message>
        <source>The code that the ward&apos;s machine shows</source>
        <translation>Mã mà máy của phường đang hiện</translation>
    </message>
    <message>
        <source>Paste the text here, or choose a picture of the code</source>
        <translation>Dán dòng chữ vào đây, hoặc chọn ảnh chụp mã</translation>
    </message>
    <message>
        <source>Choose a picture</source>
        <translation>Chọn ảnh</translation>
    </message>
    <message>
        <source>Paired with: %1</source>
        <translation>Đã ghép với: %1</translation>
    </message>
    <message>
        <source>Waiting on this machine</source>
        <translation>Đang chờ trên máy này</translation>
    </message>
    <message>
        <source>1 dossier</source>
        <translation>1 hồ sơ</translation>
    </message>
    <message>
        <source>%1 dossiers</source>
        <translation>%1 hồ sơ</translation>
    </message>
    <message>
        <source>1 file</source>
        <translation>1 tệp</translation>
    </message>
    <message>
        <source>%1 files</source>
        <translation>%1 tệp</translation>
    </message>
    <message>
        <source>What is handed over goes on waiting here until the province&apos;s receipt comes back, by whichever way is first.</source>
        <translation>Hồ sơ đã chuyển vẫn chờ ở đây cho tới khi biên nhận của tỉnh về, bằng đường nào tới trước cũng được.</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>Đã dừng.</translation>
    </message>
    <message>
        <source>Press again: it goes on from where it was.</source>
        <translation>Bấm lại: chạy tiếp từ chỗ dở.</translation>
    </message>
    <message>
        <source>Nothing waits here to be handed over.</source>
        <translation>Không có hồ sơ nào chờ chuyển.</translation>
    </message>
    <message>
        <source>Paired with %1.</source>
        <translation>Đã ghép với %1.</translation>
    </message>
    <message>
        <source>Press “Hand to the ward&apos;s machine” whenever both are in one network.</source>
        <translation>Khi hai máy cùng mạng, bấm “Chuyển sang máy của phường”.</translation>
    </message>
    <message>
        <source>The province confirmed 1 dossier; its receipt came back.</source>
        <translation>Tỉnh đã xác nhận 1 hồ sơ; biên nhận đã về.</translation>
    </message>
    <message>
        <source>The province confirmed %1 dossiers; their receipts came back.</source>
        <translation>Tỉnh đã xác nhận %1 hồ sơ; biên nhận đã về.</translation>
    </message>
    <message>
        <source>The receipts were checked and kept.</source>
        <translation>Biên nhận đã được kiểm tra và lưu.</translation>
    </message>
    <message>
        <source>The province returned some dossiers.</source>
        <translation>Tỉnh trả lại một số hồ sơ.</translation>
    </message>
    <message>
        <source>Open “Send and receive” to see why and mend it.</source>
        <translation>Mở “Gửi và nhận” để xem lý do và sửa.</translation>
    </message>
    <message>
        <source>Your dossiers are on the ward&apos;s machine: not sent yet.</source>
        <translation>Hồ sơ đang ở máy của phường: chưa gửi.</translation>
    </message>
    <message>
        <source>It brings them to the province when it has a network. Press again later for the receipts.</source>
        <translation>Máy đó có mạng sẽ chuyển cho tỉnh. Lát nữa bấm lại để lấy biên nhận.</translation>
    </message>
</context>
<context>
    <name>SettingsScreen</name>
    <message>
        <source>Settings</source>
        <translation>Cài đặt</translation>
    </message>
    <message>
        <source>Changes apply at once, no Save</source>
        <translation>Đổi là dùng ngay, không cần bấm Lưu</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Ngôn ngữ</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Giao diện</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Sáng</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Tối</translation>
    </message>
    <message>
        <source>Outdoor</source>
        <translation>Ngoài trời</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>Cỡ chữ</translation>
    </message>
    <message>
        <source>This machine</source>
        <translation>Máy này</translation>
    </message>
    <message>
        <source>Procedure pack %1</source>
        <translation>Gói thủ tục %1</translation>
    </message>
    <message>
        <source>Restore defaults for this page</source>
        <translation>Trở về mặc định của trang này</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Xong</translation>
    </message>
    <message>
        <source>Province</source>
        <translation>Hệ thống tỉnh</translation>
    </message>
    <message>
        <source>Enrolled at: %1</source>
        <translation>Đã ghi danh ở: %1</translation>
    </message>
    <message>
        <source>Sign in or out</source>
        <translation>Đăng nhập hoặc đăng xuất</translation>
    </message>
    <message>
        <source>Paste your team&apos;s invitation. You can work without it and send later.</source>
        <translation>Dán mã mời của đội. Chưa có vẫn làm việc được và gửi sau.</translation>
    </message>
    <message>
        <source>Invitation</source>
        <translation>Mã mời</translation>
    </message>
    <message>
        <source>Enrol</source>
        <translation>Ghi danh</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>Đăng nhập</translation>
    </message>
    <message>
        <source>The folder with the procedure pack</source>
        <translation>Thư mục có gói thủ tục</translation>
    </message>
    <message>
        <source>The newest procedures are here: %1</source>
        <translation>Máy đã có gói thủ tục mới nhất: %1</translation>
    </message>
    <message>
        <source>New procedures: %1</source>
        <translation>Đã nhận gói thủ tục mới: %1</translation>
    </message>
    <message>
        <source>This machine is enrolled.</source>
        <translation>Máy này đã được ghi danh.</translation>
    </message>
    <message>
        <source>People, keys and log</source>
        <translation>Người dùng, khóa và nhật ký</translation>
    </message>
    <message>
        <source>Who works with this machine, the ward&apos;s recovery key, the log, a file for support.</source>
        <translation>Ai dùng máy này, khóa khôi phục của phường, nhật ký, tệp gửi hỗ trợ.</translation>
    </message>
    <message>
        <source>Update the procedures from a stick or a folder</source>
        <translation>Cập nhật thủ tục từ USB hoặc thư mục</translation>
    </message>
    <message>
        <source>Check for new procedures</source>
        <translation>Kiểm tra thủ tục mới</translation>
    </message>
    <message>
        <source>New procedures also come by themselves while this machine is on line.</source>
        <translation>Thủ tục mới cũng tự về khi máy có mạng.</translation>
    </message>
    <message>
        <source>Backups</source>
        <translation>Sao lưu</translation>
    </message>
    <message>
        <source>Photos and large files over networks that are paid by the byte</source>
        <translation>Ảnh và tệp lớn qua mạng tính tiền theo dung lượng</translation>
    </message>
    <message>
        <source>Wait for another network</source>
        <translation>Chờ mạng khác</translation>
    </message>
    <message>
        <source>Send them too</source>
        <translation>Vẫn gửi</translation>
    </message>
    <message>
        <source>Kiosk for residents</source>
        <translation>Ki-ốt cho người dân</translation>
    </message>
    <message>
        <source>A new invitation, when the province no longer knows this machine or your team has moved.</source>
        <translation>Mã mời mới, khi tỉnh không còn nhận ra máy này hoặc đội chuyển sang nơi khác.</translation>
    </message>
</context>
<context>
    <name>ShowChainScreen</name>
    <message>
        <source>Show as QR chain</source>
        <translation>Chiếu bằng mã QR</translation>
    </message>
    <message>
        <source>Show the receipts</source>
        <translation>Chiếu phiếu nhận</translation>
    </message>
    <message>
        <source>Send and receive</source>
        <translation>Gửi và nhận</translation>
    </message>
    <message>
        <source>QR codes, one after another</source>
        <translation>Các mã QR nối nhau</translation>
    </message>
    <message>
        <source>Hold the other machine&apos;s camera to the screen until it says that it has everything. It may begin at any time.</source>
        <translation>Đưa máy ảnh của máy kia vào màn hình cho tới khi máy đó báo đủ. Bắt đầu lúc nào cũng được.</translation>
    </message>
    <message>
        <source>The codes are sealed: whoever films them reads nothing.</source>
        <translation>Mã đã niêm phong: ai quay lại cũng không đọc được gì.</translation>
    </message>
    <message>
        <source>Only the text goes this way; photos wait for a network or a stick.</source>
        <translation>Đường này chỉ chuyển phần chữ; ảnh chờ mạng hoặc USB.</translation>
    </message>
    <message>
        <source>The dossier goes on waiting here until the province&apos;s receipt comes back.</source>
        <translation>Hồ sơ vẫn chờ trên máy này cho tới khi phiếu nhận của tỉnh về.</translation>
    </message>
    <message>
        <source>Hold</source>
        <translation>Giữ hình</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Quay lại</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Chạy tiếp</translation>
    </message>
    <message>
        <source>Any %1 of them are enough</source>
        <translation>Được %1 mã bất kỳ là đủ</translation>
    </message>
    <message>
        <source>Code %1</source>
        <translation>Mã thứ %1</translation>
    </message>
    <message>
        <source>receipt %1 of %2, one after the other</source>
        <translation>phiếu nhận %1 trên %2, hiện lần lượt</translation>
    </message>
</context>
<context>
    <name>SignInScreen</name>
    <message>
        <source>Sign in</source>
        <translation>Đăng nhập</translation>
    </message>
    <message>
        <source>Send and receive</source>
        <translation>Gửi và nhận</translation>
    </message>
    <message>
        <source>Signed in as %1 since %2.</source>
        <translation>Đang đăng nhập: %1, từ %2.</translation>
    </message>
    <message>
        <source>It renews itself while there is a network.</source>
        <translation>Khi có mạng, phiên này tự gia hạn.</translation>
    </message>
    <message>
        <source>Your sign-in has ended. Every dossier is still on this machine.</source>
        <translation>Phiên đăng nhập hết hạn. Hồ sơ vẫn còn đủ trên máy.</translation>
    </message>
    <message>
        <source>You can keep working; you cannot send until you sign in again.</source>
        <translation>Anh/chị vẫn làm việc được; chỉ chưa gửi được cho tới khi đăng nhập lại.</translation>
    </message>
    <message>
        <source>You can work without signing in. Sending and receiving begins once you have.</source>
        <translation>Chưa đăng nhập vẫn làm việc được. Đăng nhập xong máy mới gửi và nhận.</translation>
    </message>
    <message>
        <source>The address of the province, from your team leader</source>
        <translation>Địa chỉ hệ thống tỉnh, do trưởng nhóm đưa</translation>
    </message>
    <message>
        <source>Is this machine yours?</source>
        <translation>Đây là máy của anh/chị?</translation>
    </message>
    <message>
        <source>Press “Sign in in the browser”: your account&apos;s own page opens here.</source>
        <translation>Bấm “Đăng nhập bằng trình duyệt”: trang tài khoản của anh/chị mở ngay trên máy này.</translation>
    </message>
    <message>
        <source>Is it borrowed, or has it no browser?</source>
        <translation>Máy mượn, hoặc máy không có trình duyệt?</translation>
    </message>
    <message>
        <source>Press “Sign in on a phone”: you type a short code there, and no password on this machine.</source>
        <translation>Bấm “Đăng nhập bằng điện thoại”: gõ một mã ngắn ở đó, không gõ mật khẩu trên máy này.</translation>
    </message>
    <message>
        <source>Sign in on a phone</source>
        <translation>Đăng nhập bằng điện thoại</translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation>Đăng xuất</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Quay lại</translation>
    </message>
    <message>
        <source>Sign in in the browser</source>
        <translation>Đăng nhập bằng trình duyệt</translation>
    </message>
    <message>
        <source>You are signed in</source>
        <translation>Đã đăng nhập</translation>
    </message>
    <message>
        <source>Close this page and go back to bnhelper.</source>
        <translation>Đóng trang này rồi quay lại bnhelper.</translation>
    </message>
    <message>
        <source>Opening the browser…</source>
        <translation>Đang mở trình duyệt…</translation>
    </message>
    <message>
        <source>Asking for a code…</source>
        <translation>Đang xin mã…</translation>
    </message>
    <message>
        <source>Your browser is open. Sign in there, then come back here.</source>
        <translation>Trình duyệt đã mở. Đăng nhập ở đó rồi quay lại đây.</translation>
    </message>
    <message>
        <source>This page goes on by itself. You can keep working in the browser as long as you need.</source>
        <translation>Trang này tự chạy tiếp. Cứ thong thả làm trong trình duyệt.</translation>
    </message>
    <message>
        <source>No browser could be opened on this machine.</source>
        <translation>Không mở được trình duyệt nào trên máy này.</translation>
    </message>
    <message>
        <source>Press “Stop”, then “Sign in on a phone”.</source>
        <translation>Bấm “Dừng”, rồi “Đăng nhập bằng điện thoại”.</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Dừng</translation>
    </message>
    <message>
        <source>Open the browser again</source>
        <translation>Mở lại trình duyệt</translation>
    </message>
    <message>
        <source>QR code of the page to sign in at</source>
        <translation>Mã QR của trang đăng nhập</translation>
    </message>
    <message>
        <source>Scan the code with a phone, or open this page on any device:</source>
        <translation>Quét mã bằng điện thoại, hoặc mở trang này trên máy bất kỳ:</translation>
    </message>
    <message>
        <source>and type in:</source>
        <translation>rồi gõ mã:</translation>
    </message>
    <message>
        <source>Good until %1. This page goes on by itself.</source>
        <translation>Dùng được đến %1. Trang này tự chạy tiếp.</translation>
    </message>
    <message>
        <source>Check that the page shows the same code before you agree.</source>
        <translation>Xem trang đó hiện đúng mã này rồi mới đồng ý.</translation>
    </message>
</context>
<context>
    <name>Status</name>
    <message>
        <source>Draft</source>
        <translation>Bản nháp</translation>
    </message>
    <message>
        <source>Waiting to send</source>
        <translation>Chờ gửi</translation>
    </message>
    <message>
        <source>Sending</source>
        <translation>Đang gửi</translation>
    </message>
    <message>
        <source>Could not send</source>
        <translation>Chưa gửi được</translation>
    </message>
    <message>
        <source>Reached the province</source>
        <translation>Tỉnh đã nhận</translation>
    </message>
    <message>
        <source>Received by the officer</source>
        <translation>Đã tiếp nhận</translation>
    </message>
    <message>
        <source>Needs supplement</source>
        <translation>Cần bổ sung</translation>
    </message>
    <message>
        <source>Processing</source>
        <translation>Đang giải quyết</translation>
    </message>
    <message>
        <source>Result ready</source>
        <translation>Đã có kết quả</translation>
    </message>
    <message>
        <source>Handed over</source>
        <translation>Đã trả kết quả</translation>
    </message>
    <message>
        <source>Not accepted</source>
        <translation>Không tiếp nhận</translation>
    </message>
    <message>
        <source>Withdrawn</source>
        <translation>Đã rút</translation>
    </message>
</context>
<context>
    <name>StepBack</name>
    <message>
        <source>Nothing to take back</source>
        <translation>Không còn gì để hoàn tác</translation>
    </message>
    <message>
        <source>Nothing to bring back</source>
        <translation>Không còn gì để làm lại</translation>
    </message>
    <message>
        <source>Taken back: %1</source>
        <translation>Đã hoàn tác: %1</translation>
    </message>
    <message>
        <source>Brought back: %1</source>
        <translation>Đã làm lại: %1</translation>
    </message>
    <message>
        <source>one step</source>
        <translation>một bước</translation>
    </message>
</context>
<context>
    <name>SupplementScreen</name>
    <message>
        <source>Status</source>
        <translation>Trạng thái</translation>
    </message>
    <message>
        <source>as of %1</source>
        <translation>cập nhật %1</translation>
    </message>
    <message>
        <source>Locked on this machine. Not sent yet.</source>
        <translation>Đã chốt hồ sơ trên máy này. Chưa gửi.</translation>
    </message>
    <message>
        <source>Back to Today</source>
        <translation>Về Hôm nay</translation>
    </message>
    <message>
        <source>Send again</source>
        <translation>Gửi lại</translation>
    </message>
    <message>
        <source>Result ready. Hand it over at home, or collect it at the ward.</source>
        <translation>Đã có kết quả. Trao tại nhà hoặc lấy ở phường.</translation>
    </message>
    <message>
        <source>Answers and papers</source>
        <translation>Nội dung và giấy tờ</translation>
    </message>
    <message>
        <source>Slip</source>
        <translation>Phiếu</translation>
    </message>
    <message>
        <source>Save the result</source>
        <translation>Lưu kết quả</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Quay lại</translation>
    </message>
    <message>
        <source>Result expected by %1</source>
        <translation>Dự kiến trả kết quả: %1</translation>
    </message>
    <message>
        <source>Counted from %1, when the office received it. The official receipt decides.</source>
        <translation>Tính từ %1, khi cơ quan nhận hồ sơ. Giấy hẹn chính thức mới quyết định.</translation>
    </message>
    <message>
        <source>The officer wrote</source>
        <translation>Cán bộ viết</translation>
    </message>
    <message>
        <source>due %1</source>
        <translation>hạn %1</translation>
    </message>
    <message>
        <source>To do (%1)</source>
        <translation>Cần làm (%1)</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>đã sửa</translation>
    </message>
    <message>
        <source>to be mended</source>
        <translation>cần sửa</translation>
    </message>
    <message>
        <source>new photo</source>
        <translation>cần ảnh mới</translation>
    </message>
    <message>
        <source>Check and lock the supplement</source>
        <translation>Kiểm tra và chốt bản bổ sung</translation>
    </message>
    <message>
        <source>Fix %1 things</source>
        <translation>Sửa %1 chỗ</translation>
    </message>
    <message>
        <source>Fix 1 thing</source>
        <translation>Sửa 1 chỗ</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>Quá trình</translation>
    </message>
    <message>
        <source>No word from the province yet. It usually takes a working day.</source>
        <translation>Chưa có tin từ tỉnh. Thường có sau 1 ngày làm việc.</translation>
    </message>
    <message>
        <source>Begun on this machine</source>
        <translation>Lập trên máy này</translation>
    </message>
    <message>
        <source>Moved to another version of the procedures</source>
        <translation>Chuyển sang gói thủ tục khác</translation>
    </message>
    <message>
        <source>Consent given</source>
        <translation>Đã đồng ý</translation>
    </message>
    <message>
        <source>Consent taken back</source>
        <translation>Đã rút lại đồng ý</translation>
    </message>
    <message>
        <source>Locked on this machine</source>
        <translation>Chốt trên máy này</translation>
    </message>
    <message>
        <source>Unlocked again</source>
        <translation>Đã mở khóa lại</translation>
    </message>
    <message>
        <source>Reached the province</source>
        <translation>Tỉnh đã nhận</translation>
    </message>
    <message>
        <source>The first version arrived by another way: the one made again is not sent; ask the office for changes</source>
        <translation>Bản đầu đã tới tỉnh bằng đường khác: bản làm lại không gửi nữa; cần sửa gì thì gọi bộ phận một cửa</translation>
    </message>
    <message>
        <source>The province does not have it: queued again</source>
        <translation>Tỉnh không thấy hồ sơ, đã xếp gửi lại</translation>
    </message>
    <message>
        <source>Could not be sent</source>
        <translation>Chưa gửi được</translation>
    </message>
    <message>
        <source>Queued again</source>
        <translation>Đã xếp gửi lại</translation>
    </message>
    <message>
        <source>Sealed on a stick; the province has not confirmed it</source>
        <translation>Đã niêm phong vào USB; tỉnh chưa xác nhận</translation>
    </message>
    <message>
        <source>The result file was not the announced one: it is asked for again later</source>
        <translation>Tệp kết quả không đúng bản tỉnh đã báo: máy sẽ tải lại sau</translation>
    </message>
    <message>
        <source>Supplement begun</source>
        <translation>Bắt đầu bổ sung</translation>
    </message>
    <message>
        <source>On the ward&apos;s machine; the province has not confirmed it</source>
        <translation>Đã ở máy của phường; tỉnh chưa xác nhận</translation>
    </message>
    <message>
        <source>Open to mend</source>
        <translation>Mở để sửa</translation>
    </message>
    <message>
        <source>Save to USB for the help desk</source>
        <translation>Lưu ra USB cho nhóm hỗ trợ</translation>
    </message>
    <message>
        <source>To be mended</source>
        <translation>Cần sửa</translation>
    </message>
    <message>
        <source>For the help desk: %1</source>
        <translation>Cho nhóm hỗ trợ: %1</translation>
    </message>
</context>
<context>
    <name>SyncCentreScreen</name>
    <message>
        <source>Send and receive</source>
        <translation>Gửi và nhận</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Tạm dừng</translation>
    </message>
    <message>
        <source>Read QR chain</source>
        <translation>Đọc mã QR</translation>
    </message>
    <message>
        <source>Carry by USB</source>
        <translation>Mang bằng USB</translation>
    </message>
    <message>
        <source>Send now</source>
        <translation>Gửi ngay</translation>
    </message>
    <message>
        <source>not yet</source>
        <translation>chưa có</translation>
    </message>
    <message>
        <source>Last confirmed by the province: %1</source>
        <translation>Lần cuối tỉnh xác nhận: %1</translation>
    </message>
    <message>
        <source>On this machine, not yet at the province</source>
        <translation>Trên máy này, chưa tới tỉnh</translation>
    </message>
    <message>
        <source>1 dossier</source>
        <translation>1 hồ sơ</translation>
    </message>
    <message>
        <source>%1 dossiers</source>
        <translation>%1 hồ sơ</translation>
    </message>
    <message>
        <source>1 file</source>
        <translation>1 tệp</translation>
    </message>
    <message>
        <source>%1 files</source>
        <translation>%1 tệp</translation>
    </message>
    <message>
        <source>Needs your attention</source>
        <translation>Cần anh/chị xem</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Mở</translation>
    </message>
    <message>
        <source>Send again</source>
        <translation>Gửi lại</translation>
    </message>
    <message>
        <source>Save to USB for the help desk</source>
        <translation>Lưu ra USB cho nhóm hỗ trợ</translation>
    </message>
    <message>
        <source>Reached the province today: %1</source>
        <translation>Tỉnh đã nhận hôm nay: %1</translation>
    </message>
    <message>
        <source>1 outcome of a visit</source>
        <translation>%1 kết quả thăm hộ</translation>
    </message>
    <message>
        <source>%1 outcomes of visits</source>
        <translation>%1 kết quả thăm hộ</translation>
    </message>
    <message>
        <source>News from the province today: %1</source>
        <translation>Tin từ tỉnh hôm nay: %1</translation>
    </message>
    <message>
        <source>dossiers that need a supplement now: %1</source>
        <translation>hồ sơ đang cần bổ sung: %1</translation>
    </message>
    <message>
        <source>Outcome of a visit · %1</source>
        <translation>Kết quả thăm hộ · %1</translation>
    </message>
    <message>
        <source>This machine knows no province yet.</source>
        <translation>Máy này chưa nối với hệ thống tỉnh.</translation>
    </message>
    <message>
        <source>Paste an invitation in Settings. Everything is kept here until then.</source>
        <translation>Dán mã mời trong Cài đặt. Tới lúc đó mọi thứ vẫn nằm đủ ở đây.</translation>
    </message>
    <message>
        <source>1 dossier is safe on this machine and will be sent by itself.</source>
        <translation>1 hồ sơ an toàn trên máy này và sẽ tự gửi.</translation>
    </message>
    <message>
        <source>%1 dossiers are safe on this machine and will be sent by themselves.</source>
        <translation>%1 hồ sơ nằm an toàn trên máy này, sẽ tự gửi.</translation>
    </message>
    <message>
        <source>Everything is safe on this machine and will be sent by itself.</source>
        <translation>Tất cả vẫn an toàn trong máy này và sẽ tự gửi.</translation>
    </message>
    <message>
        <source>No network.</source>
        <translation>Không có mạng.</translation>
    </message>
    <message>
        <source>This Wi-Fi asks to be signed in to in a browser.</source>
        <translation>Wi-Fi này cần đăng nhập trên trình duyệt.</translation>
    </message>
    <message>
        <source>The certificate of the province&apos;s server is not valid on this machine&apos;s date.</source>
        <translation>Chứng thư của máy chủ tỉnh không có hiệu lực theo ngày trên máy này.</translation>
    </message>
    <message>
        <source>Nothing was sent. If this machine&apos;s date is right, tell the help desk: it must be renewed.</source>
        <translation>Chưa gửi gì. Nếu ngày trên máy đúng, báo nhóm hỗ trợ để tỉnh gia hạn chứng thư.</translation>
    </message>
    <message>
        <source>The province asked to wait.</source>
        <translation>Hệ thống tỉnh báo đang bận.</translation>
    </message>
    <message>
        <source>It is tried again by itself. Nothing is lost.</source>
        <translation>Máy tự thử lại. Không mất gì.</translation>
    </message>
    <message>
        <source>The province no longer knows this machine.</source>
        <translation>Hệ thống tỉnh không còn nhận máy này.</translation>
    </message>
    <message>
        <source>You can keep working. Ask your team leader for a new invitation.</source>
        <translation>Vẫn làm việc được. Xin mã mời mới từ trưởng nhóm.</translation>
    </message>
    <message>
        <source>Without a network</source>
        <translation>Khi không có mạng</translation>
    </message>
    <message>
        <source>To the ward&apos;s machine</source>
        <translation>Sang máy của phường</translation>
    </message>
    <message>
        <source>Take in from neighbours</source>
        <translation>Nhận từ máy bên cạnh</translation>
    </message>
    <message>
        <source>Your sign-in has ended. Every dossier is still on this machine.</source>
        <translation>Phiên đăng nhập hết hạn. Hồ sơ vẫn còn đủ trên máy.</translation>
    </message>
    <message>
        <source>You can keep working; you cannot send until you sign in again.</source>
        <translation>Anh/chị vẫn làm việc được; chỉ chưa gửi được cho tới khi đăng nhập lại.</translation>
    </message>
    <message>
        <source>Sign in again</source>
        <translation>Đăng nhập lại</translation>
    </message>
    <message>
        <source>Trying now…</source>
        <translation>Đang thử…</translation>
    </message>
    <message>
        <source>Paused. Press “Send now” to go on.</source>
        <translation>Đã tạm dừng. Bấm “Gửi ngay” để gửi tiếp.</translation>
    </message>
    <message>
        <source>Done: everything that could be sent was sent, and the province confirmed it.</source>
        <translation>Xong: đã gửi hết những gì gửi được và tỉnh đã xác nhận.</translation>
    </message>
    <message>
        <source>Done: there is news from the province.</source>
        <translation>Xong: có tin mới từ tỉnh.</translation>
    </message>
    <message>
        <source>Done: there was nothing new to send or receive.</source>
        <translation>Xong: không có gì mới để gửi hoặc nhận.</translation>
    </message>
    <message>
        <source>Not everything could be sent: see below what needs you.</source>
        <translation>Chưa gửi được hết: xem bên dưới chỗ cần anh/chị.</translation>
    </message>
    <message>
        <source>No network now. It will be sent by itself as soon as there is one.</source>
        <translation>Chưa có mạng, sẽ gửi ngay khi có.</translation>
    </message>
    <message>
        <source>This Wi-Fi asks to be signed in to in a browser. Nothing was sent.</source>
        <translation>Wi-Fi này cần đăng nhập trên trình duyệt. Chưa gửi gì.</translation>
    </message>
    <message>
        <source>The server&apos;s certificate is not valid on this machine&apos;s date. Nothing was sent.</source>
        <translation>Chứng thư của máy chủ không có hiệu lực theo ngày trên máy này. Chưa gửi gì.</translation>
    </message>
    <message>
        <source>The province asked to wait. It is tried again by itself.</source>
        <translation>Hệ thống tỉnh báo đang bận. Máy tự thử lại.</translation>
    </message>
    <message>
        <source>You are not signed in, or the province no longer knows this machine. Nothing was sent.</source>
        <translation>Chưa đăng nhập, hoặc tỉnh không còn nhận máy này. Chưa gửi gì.</translation>
    </message>
    <message>
        <source>This machine knows no province yet. Nothing was sent.</source>
        <translation>Máy này chưa nối với hệ thống tỉnh. Chưa gửi gì.</translation>
    </message>
    <message>
        <source>It belongs to another person of this machine.</source>
        <translation>Hồ sơ này của người khác dùng chung máy.</translation>
    </message>
    <message>
        <source>and %1 more: show all</source>
        <translation>và %1 hồ sơ nữa: xem tất cả</translation>
    </message>
    <message>
        <source>This network is paid by the byte: what people wrote is sent, photos wait.</source>
        <translation>Mạng này tính tiền theo dung lượng: phần chữ vẫn gửi, ảnh thì chờ.</translation>
    </message>
    <message>
        <source>They go by themselves over another network.</source>
        <translation>Có mạng khác, ảnh tự gửi đi.</translation>
    </message>
    <message>
        <source>Send photos too</source>
        <translation>Gửi cả ảnh</translation>
    </message>
    <message>
        <source>To be mended: %1</source>
        <translation>Cần sửa: %1</translation>
    </message>
    <message>
        <source>For the help desk: %1</source>
        <translation>Cho nhóm hỗ trợ: %1</translation>
    </message>
    <message>
        <source>Open to mend</source>
        <translation>Mở để sửa</translation>
    </message>
    <message>
        <source>Done: nothing more could be sent now. What waits is sent by itself.</source>
        <translation>Xong: lúc này chưa gửi thêm được. Những gì còn chờ sẽ tự gửi.</translation>
    </message>
    <message>
        <source>Not everything could be sent yet. It is tried again by itself; nothing is lost.</source>
        <translation>Chưa gửi được hết. Máy sẽ tự thử lại; không mất gì.</translation>
    </message>
    <message>
        <source>Nothing was sent. Sign in there, or set this machine&apos;s date right, then press “Send now”.</source>
        <translation>Chưa gửi gì. Đăng nhập ở đó, hoặc chỉnh lại ngày giờ của máy, rồi bấm “Gửi ngay”.</translation>
    </message>
</context>
<context>
    <name>TakeInScreen</name>
    <message>
        <source>Take in from neighbours</source>
        <translation>Nhận từ máy bên cạnh</translation>
    </message>
    <message>
        <source>Send and receive</source>
        <translation>Gửi và nhận</translation>
    </message>
    <message>
        <source>Volunteers&apos; machines in the same network hand their dossiers to this one, sealed: it can read nothing of them. It brings them to the province when there is a network, and gives the receipts back.</source>
        <translation>Máy tình nguyện viên cùng mạng chuyển hồ sơ đã niêm phong sang máy này; máy này không đọc được gì. Khi có mạng, máy này chuyển cho tỉnh rồi trả biên nhận về.</translation>
    </message>
    <message>
        <source>Machines that may bring</source>
        <translation>Các máy được chuyển sang</translation>
    </message>
    <message>
        <source>None yet: let the other machine scan or paste the code.</source>
        <translation>Chưa có: đưa mã cho máy kia chụp hoặc dán.</translation>
    </message>
    <message>
        <source>Hand over now</source>
        <translation>Chuyển cho tỉnh ngay</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Quay lại</translation>
    </message>
    <message>
        <source>Stop taking in</source>
        <translation>Ngừng nhận</translation>
    </message>
    <message>
        <source>Begin taking in</source>
        <translation>Bắt đầu nhận</translation>
    </message>
    <message>
        <source>QR code for pairing</source>
        <translation>Mã QR để ghép máy</translation>
    </message>
    <message>
        <source>This machine takes in now.</source>
        <translation>Máy này đang nhận.</translation>
    </message>
    <message>
        <source>A new machine is paired once: on it open “Send and receive”, “To the ward&apos;s machine”, and give it a picture of this code, or the text.</source>
        <translation>Máy mới chỉ ghép một lần: trên máy đó mở “Gửi và nhận”, “Sang máy của phường”, rồi chọn ảnh chụp mã này hoặc dán dòng chữ.</translation>
    </message>
    <message>
        <source>The code works once, until %1. Then a new one stands here.</source>
        <translation>Mã dùng một lần, đến %1. Sau đó mã mới hiện ở đây.</translation>
    </message>
    <message>
        <source>Copy the text</source>
        <translation>Chép dòng chữ</translation>
    </message>
    <message>
        <source>It goes on taking in while this machine is locked; it pairs nobody then.</source>
        <translation>Khóa máy vẫn nhận tiếp, nhưng không ghép thêm máy.</translation>
    </message>
    <message>
        <source>Lying on this machine</source>
        <translation>Đang nằm trên máy này</translation>
    </message>
    <message>
        <source>1 bundle is here and not at the province yet</source>
        <translation>1 gói đang ở đây, chưa tới tỉnh</translation>
    </message>
    <message>
        <source>%1 bundles are here and not at the province yet</source>
        <translation>%1 gói đang ở đây, chưa tới tỉnh</translation>
    </message>
    <message>
        <source>It is being handed over now.</source>
        <translation>Đang chuyển cho tỉnh.</translation>
    </message>
    <message>
        <source>It is handed over by itself as soon as this machine has a network and is unlocked.</source>
        <translation>Máy tự chuyển khi có mạng và đã mở khóa.</translation>
    </message>
    <message>
        <source>Nothing waits here for the province.</source>
        <translation>Không có gói nào chờ chuyển cho tỉnh.</translation>
    </message>
    <message>
        <source>The province confirmed 1 dossier of the last hand-over.</source>
        <translation>Tỉnh đã xác nhận 1 hồ sơ của lần chuyển gần nhất.</translation>
    </message>
    <message>
        <source>The province confirmed %1 dossiers of the last hand-over.</source>
        <translation>Tỉnh đã xác nhận %1 hồ sơ của lần chuyển gần nhất.</translation>
    </message>
    <message>
        <source>The province did not take everything of the last hand-over.</source>
        <translation>Tỉnh chưa nhận hết lần chuyển gần nhất.</translation>
    </message>
    <message>
        <source>The machines that sealed it are told why when they come by.</source>
        <translation>Máy đã niêm phong sẽ biết lý do khi ghé lại.</translation>
    </message>
    <message>
        <source>The province has answered 1 bundle; its machine gets the receipt when it comes by.</source>
        <translation>Tỉnh đã trả lời 1 gói; máy gửi lấy biên nhận khi ghé lại.</translation>
    </message>
    <message>
        <source>The province has answered %1 bundles; their machines get the receipts when they come by.</source>
        <translation>Tỉnh đã trả lời %1 gói; các máy gửi lấy biên nhận khi ghé lại.</translation>
    </message>
    <message>
        <source>A reply that nobody fetches is put away after %1 days.</source>
        <translation>Phản hồi không ai đến lấy được xóa sau %1 ngày.</translation>
    </message>
    <message>
        <source>1 reply that nobody fetched was put away.</source>
        <translation>Đã xóa 1 phản hồi không ai đến lấy.</translation>
    </message>
    <message>
        <source>%1 replies that nobody fetched were put away.</source>
        <translation>Đã xóa %1 phản hồi không ai đến lấy.</translation>
    </message>
    <message>
        <source>Nothing is lost: a machine that comes after all brings its bundle again, and the province answers again.</source>
        <translation>Không mất gì: máy đến sau đưa lại gói của mình, tỉnh sẽ trả lời lại.</translation>
    </message>
</context>
<context>
    <name>TakePhotoScreen</name>
    <message>
        <source>Photos and papers</source>
        <translation>Ảnh và giấy tờ</translation>
    </message>
    <message>
        <source>Drag files on to a paper, paste with Ctrl+V, or choose a file. Originals stay with the family.</source>
        <translation>Kéo tệp vào từng giấy, dán bằng Ctrl+V, hoặc chọn tệp. Bản gốc gia đình giữ lại.</translation>
    </message>
    <message>
        <source>No papers are needed in this case.</source>
        <translation>Trường hợp này không cần giấy tờ nào.</translation>
    </message>
    <message>
        <source>Saved %1</source>
        <translation>Đã lưu %1</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Quay lại</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Xong</translation>
    </message>
    <message>
        <source>may be needed</source>
        <translation>có thể cần</translation>
    </message>
    <message>
        <source>Not asked for, so it stays as it was sent.</source>
        <translation>Cán bộ không yêu cầu, giữ như đã gửi.</translation>
    </message>
    <message>
        <source>Choose a file</source>
        <translation>Chọn tệp</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>Dán</translation>
    </message>
    <message>
        <source>The original was shown</source>
        <translation>Đã cho xem bản chính</translation>
    </message>
    <message>
        <source>Photo %1</source>
        <translation>Ảnh %1</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Bỏ</translation>
    </message>
    <message>
        <source>Photo removed</source>
        <translation>Đã bỏ ảnh</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Hoàn tác</translation>
    </message>
    <message>
        <source>The file is gone or damaged: take it again</source>
        <translation>Tệp bị mất hoặc hỏng: chụp lại</translation>
    </message>
</context>
<context>
    <name>TimeField</name>
    <message>
        <source>Hour</source>
        <translation>Giờ</translation>
    </message>
    <message>
        <source>Minute</source>
        <translation>Phút</translation>
    </message>
</context>
<context>
    <name>TodayScreen</name>
    <message>
        <source>Today</source>
        <translation>Hôm nay</translation>
    </message>
    <message>
        <source>Needs your attention</source>
        <translation>Cần anh/chị xem</translation>
    </message>
    <message>
        <source>Other drafts</source>
        <translation>Bản nháp khác</translation>
    </message>
    <message>
        <source>Nothing planned for today. Start with:</source>
        <translation>Chưa có việc hôm nay. Bắt đầu bằng:</translation>
    </message>
    <message>
        <source>Find a procedure</source>
        <translation>Tìm thủ tục</translation>
    </message>
    <message>
        <source>First steps</source>
        <translation>Những bước đầu</translation>
    </message>
    <message>
        <source>Often used</source>
        <translation>Hay dùng</translation>
    </message>
    <message>
        <source>Procedure pack of %1</source>
        <translation>Gói thủ tục ngày %1</translation>
    </message>
    <message>
        <source>The clock of this machine is %1 days ahead of when it was last used.</source>
        <translation>Đồng hồ của máy này nhanh hơn lần dùng trước %1 ngày.</translation>
    </message>
    <message>
        <source>1 dossier would be erased by that date. It stays until the province or you confirm the date.</source>
        <translation>Theo ngày đó, 1 hồ sơ đến hạn xóa. Hồ sơ được giữ cho tới khi tỉnh hoặc anh/chị xác nhận ngày.</translation>
    </message>
    <message>
        <source>%1 dossiers would be erased by that date. They stay until the province or you confirm the date.</source>
        <translation>Theo ngày đó, %1 hồ sơ đến hạn xóa. Hồ sơ được giữ cho tới khi tỉnh hoặc anh/chị xác nhận ngày.</translation>
    </message>
    <message>
        <source>If the date is wrong, set the clock of the computer; nothing is lost.</source>
        <translation>Nếu ngày sai, hãy chỉnh lại đồng hồ máy tính; không có gì bị mất.</translation>
    </message>
    <message>
        <source>Today is %1: that is right</source>
        <translation>Hôm nay đúng là %1</translation>
    </message>
    <message>
        <source>Homes to visit: 1, %2</source>
        <translation>Hộ cần đến: %1 hộ, %2</translation>
    </message>
    <message>
        <source>Homes to visit: %1, %2</source>
        <translation>Hộ cần đến: %1 hộ, %2</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>và %1 hộ nữa</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Tiếp tục</translation>
    </message>
    <message>
        <source>Saved %1</source>
        <translation>Đã lưu %1</translation>
    </message>
    <message>
        <source>due %1</source>
        <translation>hạn %1</translation>
    </message>
    <message>
        <source>1 section left</source>
        <translation>còn 1 mục</translation>
    </message>
    <message>
        <source>%1 sections left</source>
        <translation>còn %1 mục</translation>
    </message>
    <message>
        <source>everything is filled in</source>
        <translation>đã điền đủ</translation>
    </message>
    <message>
        <source>You were at “%1”, %2</source>
        <translation>Đang ở “%1”, %2</translation>
    </message>
    <message>
        <source>You can finish and send what is here, and begin nothing new on this machine.</source>
        <translation>Bạn làm xong và gửi được hồ sơ đang có, không lập hồ sơ mới trên máy này.</translation>
    </message>
    <message>
        <source>Ask the keeper of the machine to renew it.</source>
        <translation>Nhờ người giữ máy gia hạn.</translation>
    </message>
    <message>
        <source>Restored, nothing is lost. Last saved %1.</source>
        <translation>Đã khôi phục, không mất gì. Lưu lần cuối %1.</translation>
    </message>
    <message>
        <source>The program had ended suddenly. Go on where you were.</source>
        <translation>Chương trình đã đóng đột ngột. Làm tiếp từ chỗ đang dở.</translation>
    </message>
    <message>
        <source>1 photo file is missing on this machine; everything else is here.</source>
        <translation>Máy này thiếu 1 tệp ảnh; mọi thứ khác vẫn đủ.</translation>
    </message>
    <message>
        <source>%1 photo files are missing on this machine; everything else is here.</source>
        <translation>Máy này thiếu %1 tệp ảnh; mọi thứ khác vẫn đủ.</translation>
    </message>
    <message>
        <source>Take it again</source>
        <translation>Chụp lại</translation>
    </message>
</context>
<context>
    <name>UnlockScreen</name>
    <message>
        <source>Unlock bnhelper</source>
        <translation>Mở khóa bnhelper</translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation>Đang mở dữ liệu…</translation>
    </message>
    <message>
        <source>Enter your PIN</source>
        <translation>Nhập mã PIN</translation>
    </message>
    <message>
        <source>Enter your passphrase</source>
        <translation>Nhập cụm từ mở khóa</translation>
    </message>
    <message>
        <source>Choose your key file</source>
        <translation>Chọn tệp khóa</translation>
    </message>
    <message>
        <source>Choose a file</source>
        <translation>Chọn tệp</translation>
    </message>
    <message>
        <source>Show digits</source>
        <translation>Hiện số</translation>
    </message>
    <message>
        <source>Show words</source>
        <translation>Hiện chữ</translation>
    </message>
    <message>
        <source>Works with no network. After wrong tries there is a wait; nothing is ever wiped.</source>
        <translation>Mở được khi không có mạng. Sai nhiều lần thì phải chờ; không bao giờ tự xóa.</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>Mở khóa</translation>
    </message>
    <message>
        <source>Wait %1 s</source>
        <translation>Chờ %1 giây</translation>
    </message>
    <message>
        <source>PIN</source>
        <translation>Mã PIN</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Cụm từ</translation>
    </message>
    <message>
        <source>Key file</source>
        <translation>Tệp khóa</translation>
    </message>
    <message>
        <source>I forgot it</source>
        <translation>Tôi quên rồi</translation>
    </message>
    <message>
        <source>Put a backup back</source>
        <translation>Khôi phục từ bản sao lưu</translation>
    </message>
</context>
<context>
    <name>VisitPanel</name>
    <message>
        <source>Begin a dossier</source>
        <translation>Lập hồ sơ</translation>
    </message>
    <message>
        <source>How this visit ended</source>
        <translation>Kết quả lần này</translation>
    </message>
    <message>
        <source>Note, kept with the outcome</source>
        <translation>Ghi chú, lưu cùng kết quả</translation>
    </message>
    <message>
        <source>To do in this home (%1)</source>
        <translation>Cần làm ở hộ này (%1)</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Làm tiếp</translation>
    </message>
    <message>
        <source>due %1</source>
        <translation>hạn %1</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Xong</translation>
    </message>
</context>
<context>
    <name>VisitsScreen</name>
    <message>
        <source>Home visits</source>
        <translation>Thăm hộ dân</translation>
    </message>
    <message>
        <source>Which list</source>
        <translation>Danh sách nào</translation>
    </message>
    <message>
        <source>Homes met</source>
        <translation>Số hộ đã gặp</translation>
    </message>
    <message>
        <source>Which homes</source>
        <translation>Những hộ nào</translation>
    </message>
    <message>
        <source>Homes to visit</source>
        <translation>Hộ cần đến</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Hủy</translation>
    </message>
    <message>
        <source>Add this home</source>
        <translation>Thêm hộ này</translation>
    </message>
    <message>
        <source>Fetch when there is a network</source>
        <translation>Tải khi có mạng</translation>
    </message>
    <message>
        <source>Add a home yourself</source>
        <translation>Tự thêm hộ</translation>
    </message>
    <message>
        <source>There is no list for you yet.</source>
        <translation>Chưa có danh sách nào cho máy này.</translation>
    </message>
    <message>
        <source>Met %2 of 1 home</source>
        <translation>Đã gặp %2 trên %1 hộ</translation>
    </message>
    <message>
        <source>Met %2 of %1 homes</source>
        <translation>Đã gặp %2 trên %1 hộ</translation>
    </message>
    <message>
        <source>The list fetched on %2 lacks 1 home.</source>
        <translation>Danh sách tải ngày %2 bị thiếu %1 hộ.</translation>
    </message>
    <message>
        <source>The list fetched on %2 lacks %1 homes.</source>
        <translation>Danh sách tải ngày %2 bị thiếu %1 hộ.</translation>
    </message>
    <message>
        <source>Fetch again</source>
        <translation>Tải lại</translation>
    </message>
    <message>
        <source>No home stands here.</source>
        <translation>Không có hộ nào ở mục này.</translation>
    </message>
    <message>
        <source>Print the list</source>
        <translation>In danh sách</translation>
    </message>
    <message>
        <source>Add a home</source>
        <translation>Thêm hộ</translation>
    </message>
    <message>
        <source>Open the chosen home</source>
        <translation>Mở hộ đang chọn</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Hoàn tác</translation>
    </message>
</context>
<context>
    <name>WhereToFile</name>
    <message>
        <source>Commune, or an address in old or new units</source>
        <translation>Xã, phường, hoặc địa chỉ theo tên cũ hay tên mới</translation>
    </message>
    <message>
        <source>Where the resident lives</source>
        <translation>Nơi người dân ở</translation>
    </message>
    <message>
        <source>This name stood more than once. Which unit is it today?</source>
        <translation>Tên này có ở nhiều nơi. Nay là đơn vị nào?</translation>
    </message>
    <message>
        <source>A part of this old ward went to another unit: ask which.</source>
        <translation>Một phần xã cũ này thuộc đơn vị khác: hỏi lại cho chắc.</translation>
    </message>
    <message>
        <source>Receives: %1</source>
        <translation>Nơi nhận: %1</translation>
    </message>
    <message>
        <source>, or </source>
        <translation>, hoặc </translation>
    </message>
    <message>
        <source>Decides: %1</source>
        <translation>Nơi giải quyết: %1</translation>
    </message>
    <message>
        <source>the commune</source>
        <translation>xã, phường</translation>
    </message>
    <message>
        <source>the public administration centre of %1</source>
        <translation>Trung tâm Phục vụ hành chính công %1</translation>
    </message>
    <message>
        <source>any such centre in the province</source>
        <translation>Trung tâm Phục vụ hành chính công bất kỳ trong tỉnh</translation>
    </message>
    <message>
        <source>the police of %1</source>
        <translation>Công an %1</translation>
    </message>
    <message>
        <source>any commune police in the country</source>
        <translation>Công an cấp xã bất kỳ trong cả nước</translation>
    </message>
    <message>
        <source>the public administration centre of the province</source>
        <translation>Trung tâm Phục vụ hành chính công tỉnh</translation>
    </message>
    <message>
        <source>the police of the province</source>
        <translation>Công an tỉnh</translation>
    </message>
    <message>
        <source>the people&apos;s committee of %1</source>
        <translation>Ủy ban nhân dân %1</translation>
    </message>
    <message>
        <source>This address lies in another province, so other offices than ours may be the right ones.</source>
        <translation>Địa chỉ này ở tỉnh khác, nên nơi nhận có thể không phải là cơ quan của tỉnh ta.</translation>
    </message>
    <message>
        <source>the office of the commune where the address lies (ask there)</source>
        <translation>cơ quan của xã, phường nơi có địa chỉ đó (hỏi tại đó)</translation>
    </message>
    <message>
        <source>the same office of that province (ask there)</source>
        <translation>cơ quan tương ứng của tỉnh đó (hỏi tại đó)</translation>
    </message>
    <message>
        <source>a commune here, which helps to file it online to the right one</source>
        <translation>xã, phường ở đây giúp nộp trực tuyến đến đúng nơi</translation>
    </message>
    <message>
        <source>an agency that the portal does not name</source>
        <translation>cơ quan mà Cổng không nêu tên</translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message>
        <source>Today</source>
        <translation>Hôm nay</translation>
    </message>
    <message>
        <source>Procedures</source>
        <translation>Thủ tục</translation>
    </message>
    <message>
        <source>Dossiers</source>
        <translation>Hồ sơ</translation>
    </message>
    <message>
        <source>Home visits</source>
        <translation>Thăm hộ dân</translation>
    </message>
    <message>
        <source>Send and receive</source>
        <translation>Gửi và nhận</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Cài đặt</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Trợ giúp</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>Khóa máy</translation>
    </message>
    <message>
        <source>Find a procedure  (Ctrl+K)</source>
        <translation>Tìm thủ tục  (Ctrl+K)</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>Cỡ chữ</translation>
    </message>
</context>
<context>
    <name>_Waiting</name>
    <message>
        <source>Show as QR chain</source>
        <translation>Chiếu bằng mã QR</translation>
    </message>
    <message>
        <source>QR</source>
        <translation>QR</translation>
    </message>
    <message>
        <source>sending</source>
        <translation>đang gửi</translation>
    </message>
    <message>
        <source>number %1 in the queue</source>
        <translation>thứ %1 trong hàng</translation>
    </message>
    <message>
        <source>on a stick since %1, still waiting</source>
        <translation>đã có trên USB %1, vẫn chờ</translation>
    </message>
</context>
</TS>
