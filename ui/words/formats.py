"""Dates, money, counts and file sizes as people say them; knows no Qt."""

import datetime as dt
from typing import Final

from bnhelper.clock import PROVINCE_TIME

_DAYS_VI: Final = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_DAYS_EN: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def grouped(number: int, language: str) -> str:
    """Return a whole number with its thousands apart, as the language parts them: 3.200, 3,200."""
    said = f"{number:,}"
    return said if language == "en" else said.replace(",", ".")


def counted(number: int, one: str, many: str) -> str:
    """Return `one` for 1 and `many` otherwise, %1 being the number; Vietnamese gives the same words for both."""
    return (one if number == 1 else many).replace("%1", str(number))


def clock_time(instant: dt.datetime) -> str:
    """Return 09:41, in the province."""
    return instant.astimezone(PROVINCE_TIME).strftime("%H:%M")


def date(instant: dt.datetime) -> str:
    """Return 16/11/2026, in the province."""
    return instant.astimezone(PROVINCE_TIME).strftime("%d/%m/%Y")


def weekday(instant: dt.datetime, language: str) -> str:
    """Return thứ Hai or Monday."""
    place = instant.astimezone(PROVINCE_TIME).weekday()
    return (_DAYS_EN if language == "en" else _DAYS_VI)[place]


def long_date(instant: dt.datetime, language: str) -> str:
    """Return "thứ Hai, 16 tháng 11" or "Monday, 16 November"."""
    local = instant.astimezone(PROVINCE_TIME)
    if language == "en":
        months = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ]
        return f"{weekday(instant, language)}, {local.day} {months[local.month - 1]}"
    return f"{weekday(instant, language)}, {local.day} tháng {local.month}"


def when(instant: dt.datetime, now: dt.datetime, language: str) -> str:
    """Return "lúc 09:41", "hôm qua 16:10", or the date once it is over a day ago."""
    days = (now.astimezone(PROVINCE_TIME).date() - instant.astimezone(PROVINCE_TIME).date()).days
    time = clock_time(instant)
    if days == 0:
        return f"at {time}" if language == "en" else f"lúc {time}"
    if days == 1:
        return f"yesterday {time}" if language == "en" else f"hôm qua {time}"
    return f"{date(instant)} {time}"


def money(amount: int) -> str:
    """Return 8.000 đ."""
    return f"{amount:,}".replace(",", ".") + " đ"


def megabytes(size: int, language: str) -> str:
    """Return 6,8 MB, or 120 kB under a tenth of a megabyte."""
    if size < 100_000:
        return f"{max(1, round(size / 1000))} kB" if size else "0 kB"
    text = f"{size / 1_000_000:.1f} MB"
    return text if language == "en" else text.replace(".", ",")


def masked_number(number: str) -> str:
    """Return an ID number with all but its last four digits hidden."""
    return "•••• " + number[-4:] if len(number) > 4 else number


def shown_date(value: str) -> str:
    """Return a form's date as people write it: 1990-09-05 -> 05/09/1990, a year alone stays."""
    parts = value.split("-")
    return "/".join(reversed(parts)) if len(parts) == 3 else value
