"""Prints receipts and sheets: one document for the printer, the preview and the PDF."""

from html import escape

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QSizeF, QUrl
from PySide6.QtGui import QColor, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter, QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QWidget

from bnhelper.clock import from_text
from bnhelper.domain.receipts import HomeReceipt
from bnhelper.domain.visits import Outcome
from bnhelper.queries.visit_list import VisitList
from ui.words import formats, visit_words

A5 = "a5"
ROLL = "roll"  #: 80 mm receipt paper
_CODE = QUrl("code:qr")
#: the boxes beside a home on paper
PRINTED = (Outcome.MET, Outcome.AWAY, Outcome.LATER, Outcome.NO_NEED)


def print_document(parent: QWidget, html: str) -> None:
    """Show the printer's dialog and print; closing it prints nothing."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    dialog = QPrintDialog(printer, parent)
    if dialog.exec():
        document_of(html).print_(printer)


class DefaultPrinter:
    """The printer this machine uses by default, without a dialog: a kiosk's."""

    def __init__(self, name: str) -> None:
        self._name = name

    @classmethod
    def found(cls) -> "DefaultPrinter | None":
        """Return it, or None where the system knows none."""
        name = QPrinterInfo.defaultPrinterName()
        return cls(name) if name else None

    def print_html(self, html: str) -> None:
        """Hand a document over to the system's spooler; may take a second, so not on the thread that draws."""
        printer = QPrinter(QPrinterInfo.printerInfo(self._name), QPrinter.PrinterMode.HighResolution)
        document_of(html).print_(printer)


def document_of(html: str, modules: list[list[bool]] | None = None) -> QTextDocument:
    """Return the document; `modules` is the code that `<img src="code:qr">` shows."""
    document = QTextDocument()
    document.setDefaultStyleSheet(
        "body { font-family: 'Noto Sans'; font-size: 12pt; color: black; }"
        " h1 { font-size: 15pt; } .small { font-size: 10pt; }"
    )
    if modules is not None:
        document.addResource(QTextDocument.ResourceType.ImageResource, _CODE, code_image(modules))
    document.setHtml(f"<body>{html}</body>")
    return document


def code_image(modules: list[list[bool]], scale: int = 6) -> QImage:
    """Return a code as a black and white picture with its quiet zone."""
    count = len(modules) + 8
    image = QImage(count * scale, count * scale, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    for y, line in enumerate(modules):
        for x, is_dark in enumerate(line):
            if is_dark:
                painter.fillRect((x + 4) * scale, (y + 4) * scale, scale, scale, QColor("black"))
    painter.end()
    return image


def receipt_html(receipt: HomeReceipt, language: str) -> str:
    """Return the home receipt. It says outright that it is not the official one (ux.md 2.15)."""
    given = from_text(receipt.given_at)
    papers = "".join(
        f"<li>{escape(name)}: {count} {'files' if language == 'en' else 'tệp'}</li>" for name, count in receipt.papers
    ) + "".join(
        f"<li>{escape(name)} ({'shown' if language == 'en' else 'đã cho xem'})</li>" for name in receipt.shown_papers
    )
    if language == "en":
        title, warning = "Home visit record slip", "This is not yet the official receipt and appointment slip."
        words = ("Code", "Procedure", "Submitted by", "Date", "Received", "Volunteer")
        keep = "Originals: you KEEP them. You pay nothing beyond the fee."
        ask = "Look up with a phone camera:" if receipt.look_up_url else "Ask at the one-stop desk with this code."
        name, nothing = receipt.title_en or receipt.title_vi, "declaration only"
    else:
        title = "Phiếu ghi nhận hồ sơ tại nhà"
        warning = "Đây chưa phải Giấy tiếp nhận hồ sơ và hẹn trả kết quả."
        words = ("Mã", "Việc", "Người nộp", "Ngày", "Đã nhận", "Tình nguyện viên")
        keep = "Giấy gốc: ông/bà GIỮ LẠI. Ông/bà không phải trả thêm khoản nào ngoài lệ phí."
        ask = "Tra cứu bằng máy ảnh điện thoại:" if receipt.look_up_url else "Hỏi bộ phận một cửa với mã này."
        name, nothing = receipt.title_vi, "tờ khai"
    return (
        f"<h1>{title}</h1><p><b>{warning}</b></p>"
        f"<p>{words[0]}: <b style=\"font-family:'Noto Sans Mono'; font-size:16pt\">{receipt.readable_code}</b></p>"
        f"<p>{words[1]}: {escape(name)}<br>{words[2]}: {escape(receipt.applicant_masked)}<br>"
        f"{words[3]}: {formats.date(given)} {formats.clock_time(given)}<br>{words[5]}: {escape(receipt.person)}</p>"
        f"<p>{words[4]}:</p><ul>{papers or f'<li>{nothing}</li>'}</ul><p><b>{keep}</b></p>"
        f'<p class="small">{ask}</p><p><img src="code:qr" width="150" height="150"></p>'
    )


def receipt_pdf(receipt: HomeReceipt, language: str, modules: list[list[bool]], paper: str = A5) -> bytes:
    """Return the receipt as a PDF, on A5 or on 80 mm roll paper."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(96)
    writer.setTitle(receipt.readable_code)
    size = QPageSize(QPageSize.PageSizeId.A5) if paper == A5 else QPageSize(QSizeF(80, 260), QPageSize.Unit.Millimeter)
    margins = QMarginsF(12, 12, 12, 12) if paper == A5 else QMarginsF(4, 4, 4, 4)
    writer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter))
    document = document_of(receipt_html(receipt, language), modules)
    document.setPageSize(QSizeF(writer.width(), writer.height()))
    document.print_(writer)
    buffer.close()
    return bytes(content.data())


def visits_html(view: VisitList, language: str) -> str:
    """Return a visit list for paper: where and which code, and boxes to tick. No name, no age, no need stands there."""
    heads = [visit_words.outcome_word(one, language) for one in PRINTED]
    lane, number, code = ("Lane", "No.", "Code") if language == "en" else ("Ngõ", "Số nhà", "Mã")
    lines = [
        f"<h1>{escape(view.about.hamlet)} · {visit_words.short_date(view.about.made_at)}</h1>",
        "<table border='1' cellspacing='0' cellpadding='4' width='100%'><tr>",
        *(f"<th>{escape(one)}</th>" for one in (lane, number, code, *heads)),
        "</tr>",
    ]
    for one in view.homes:
        cells = (one.home.lane, one.home.number, visit_words.code_of(one.home), *("☐" for _ in heads))
        lines += ["<tr>", *(f"<td>{escape(cell)}</td>" for cell in cells), "</tr>"]
    return "".join([*lines, "</table>"])
