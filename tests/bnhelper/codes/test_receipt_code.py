"""What a scanner or a finger gives, and what it is: hostile and sloppy input alike."""

import pytest

from bnhelper.codes.receipt_code import ReadReceipt, look_up_url, read_receipt, receipt_text

_TOKEN = "Ab3_-xyZ0123456789abcd"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (look_up_url("https://intake.bacninh.example/", _TOKEN), ReadReceipt(token=_TOKEN)),
        (f"  http://127.0.0.1:8000/t/{_TOKEN}\r\n", ReadReceipt(token=_TOKEN)),
        (_TOKEN, ReadReceipt(token=_TOKEN)),
        (receipt_text("", _TOKEN, "BN-7K4-M2P"), ReadReceipt(code="BN-7K4-M2P")),
        ("bn 7k4 m2p", ReadReceipt(code="BN-7K4-M2P")),
        ("7k4m2p", ReadReceipt(code="BN-7K4-M2P")),
        ("BNB-NBN", ReadReceipt(code="BN-BNB-NBN")),
        ("", None),
        ("BN-7K4-M20", None),
        ("nguyễn thị hoà", None),
        (f"https://intake.example/t/{_TOKEN}/../../officer", None),
        (f"https://intake.example/t/{_TOKEN}?next=x", None),
        (f"file:///t/{_TOKEN}", None),
        ("A" * 100_000, None),
        ("\u202eBN-7K4-M2P", None),
    ],
)
def test_a_link_a_token_or_a_readable_code_and_nothing_else(text: str, expected: ReadReceipt | None) -> None:
    assert read_receipt(text) == expected


def test_what_was_read_does_not_show_itself_in_a_traceback() -> None:
    assert "7K4" not in repr(read_receipt("BN-7K4-M2P"))
