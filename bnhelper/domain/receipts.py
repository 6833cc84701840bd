"""The home receipt: what was taken in at the table. It is never the official Giấy tiếp nhận."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HomeReceipt:
    """What the slip says. `given_at` is RFC 3339 UTC; the applicant's name is masked, no number is on it."""

    readable_code: str
    title_vi: str
    title_en: str
    procedure: str
    applicant_masked: str
    given_at: str
    papers: tuple[tuple[str, int], ...]  #: paper's name, number of files
    shown_papers: tuple[str, ...]
    look_up_url: str  #: empty while this machine knows no province
    qr_text: str
    office: str
    person: str


def masked_name(name: str) -> str:
    """Return a name with the given name cut to its first letter: "Nguyễn Thị Hoa" -> "Nguyễn Thị H***"."""
    parts = name.split()
    if not parts:
        return ""
    return " ".join([*parts[:-1], f"{parts[-1][0]}***"])
