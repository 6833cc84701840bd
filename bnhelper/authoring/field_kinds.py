"""The kinds of field a declaration may use: type, look, constraint, and what to say when it does not hold."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class FieldKind:
    """One kind; `choices` names a list of lists.yaml."""

    type: str = "string"
    appearance: str = ""
    constraint: str = ""
    wrong_vi: str = ""
    wrong_en: str = ""
    choices: str = ""


_DATE: Final = r"^([0-9]{4})(-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))?$"

_KINDS: Final = {
    "text": FieldKind(),
    "long_text": FieldKind(appearance="multiline"),
    "name": FieldKind(
        appearance="bn-name",
        constraint="not(regex(., '[0-9<>{}|]')) and string-length(.) <= 120",
        wrong_vi="Họ tên chỉ có chữ, như trên căn cước",
        wrong_en="A name has letters only, as on the ID card",
    ),
    #: a full date, or only the year: many elderly people have no full birth date (fixtures: "1948")
    "birth_date": FieldKind(
        appearance="bn-date",
        constraint=f"regex(., '{_DATE}') and (string-length(.) = 4 or date(.) <= today())",
        wrong_vi="Nhập ngày sinh đã qua, đủ ngày, tháng và 4 số của năm, hoặc chỉ năm",
        wrong_en="Enter a past date of birth with day, month and 4-digit year, or the year alone",
    ),
    "past_date": FieldKind(
        type="date",
        appearance="bn-date-full",
        constraint=". <= today()",
        wrong_vi="Nhập một ngày đã qua",
        wrong_en="Enter a date that has passed",
    ),
    "date": FieldKind(
        type="date",
        appearance="bn-date-full",
        wrong_vi="Nhập đủ ngày, tháng, năm",
        wrong_en="Enter day, month and year",
    ),
    "integer": FieldKind(
        type="int",
        constraint=". >= 0 and . <= 1000000000000",
        wrong_vi="Nhập một số, chỉ gồm chữ số",
        wrong_en="Enter a number, digits only",
    ),
    "copies": FieldKind(
        type="int",
        constraint=". >= 0 and . <= 50",
        wrong_vi="Nhập số bản, từ 0 đến 50",
        wrong_en="Enter a number of copies from 0 to 50",
    ),
    "money": FieldKind(
        type="int",
        appearance="bn-money",
        constraint=". >= 0 and . <= 1000000000000",
        wrong_vi="Nhập số tiền, chỉ gồm chữ số",
        wrong_en="Enter an amount, digits only",
    ),
    "id_number": FieldKind(
        appearance="bn-id-number",
        constraint="regex(., '^[0-9]{12}$')",
        wrong_vi="Số định danh có 12 chữ số",
        wrong_en="An ID number has 12 digits",
    ),
    "phone": FieldKind(
        appearance="bn-phone",
        constraint=r"regex(translate(., ' .-', ''), '^(0|[+]?84)(2[0-9]{9}|[35789][0-9]{8}|1[2689][0-9]{8})$')",
        wrong_vi="Số điện thoại có 10 chữ số, bắt đầu bằng 0",
        wrong_en="A phone number has 10 digits and begins with 0",
    ),
    "email": FieldKind(
        constraint="regex(., '^[^@ ]{1,64}@[^@ ]{1,180}$')",
        wrong_vi="Thư điện tử có dạng ten@noi.vn",
        wrong_en="An e-mail address looks like name@place.vn",
    ),
    "sex": FieldKind(choices="sexes", wrong_vi="Chọn nam hoặc nữ", wrong_en="Choose male or female"),
    "ethnicity": FieldKind(choices="ethnicities", appearance="autocomplete"),
    "nationality": FieldKind(),
    "unit": FieldKind(choices="units", appearance="autocomplete"),
    "yes_no": FieldKind(choices="yes_no"),
    "select": FieldKind(),
}


def field_kind(name: str) -> FieldKind:
    """Return one kind by name. Raises ValueError for an unknown one."""
    try:
        return _KINDS[name]
    except KeyError:
        raise ValueError(f"no such kind of field: {name}") from None
