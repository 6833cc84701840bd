"""What is read by its texts alone is read as the parser reads it, and what is no submission is none either way."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bnhelper.forms import alike
from bnhelper.forms.alike import Reader
from bnhelper.forms.reader import parse_form
from bnhelper.forms.submission import read_xml
from bnhelper.forms.trouble import FormRefused
from tests.bnhelper.forms.xforms import bind, xform

_FORM = parse_form(
    xform(
        "<a/><b/><group><c/></group>",
        bind("a") + bind("b"),
        '<input ref="/data/a"/><input ref="/data/b"/><input ref="/data/group/c"/>',
    )
)
_REPEATING = parse_form(
    xform(
        "<a/><child><name/></child>",
        bind("a"),
        '<input ref="/data/a"/><group ref="/data/child"><repeat nodeset="/data/child">'
        '<input ref="/data/child/name"/></repeat></group>',
    )
)
_SENT = '<data id="x"><a>one</a><b></b><group><c>Nguyễn</c></group><meta><instanceID>uuid:1</instanceID></meta></data>'


def _read(read: object, *said: object) -> object:
    try:
        return read(*said)  # type: ignore[operator]
    except FormRefused as no:
        return no.values["reason"]


def _alike(reader: Reader, xml: str) -> object:
    found = _read(reader.answers, xml)
    plain = _read(lambda: read_xml(xml, reader._form)[2])
    assert found == plain, xml
    return found


@pytest.mark.parametrize(
    "changed",
    [
        ("one", "two"),
        ("one", "a > b"),
        ("one", "  \n\t"),
        ("one", "a\r\nb"),
        ("one", "a &amp; b &#65;"),
        ("one", "a & b"),
        ("one", "a ]]> b"),
        ("one", "<![CDATA[<b>]]>"),
        ("one", "a<!-- no -->b"),
        ("one", "a <b"),
        ("one", "a <"),
        ("one", "\x00"),
        ("one", "\x0b"),
        ("one", "\ud800"),
        ("one", "\ufffe"),
        ("one", "\ue0001\ue000"),
        ("<a>", "<a x='1'>"),
        ("<a>", "<a x='>'>"),
        ("<a>", "<a >"),
        ("<b></b>", "<b/>"),
        ("</a><b>", "</a>between<b>"),
        ("</a>", "</b>"),
        ("<b></b>", ""),
        ("</data>", "</data>\n"),
        ("</data>", "</data>x"),
        ("</data>", "</data>>"),
        ("</data>", "</data><data></data>"),
        ("<data", " <data"),
        ("<data", "x<data"),
        ("<data", "<?xml version='1.0'?><data"),
        ("<data", "<!DOCTYPE data><data"),
        ("<group>", "<x:group>"),
        (_SENT, ""),
        (_SENT, "<>"),
    ],
)
def test_a_change_is_read_as_the_parser_reads_it(changed: tuple[str, str]) -> None:
    reader = Reader(_FORM)
    assert _alike(reader, _SENT) == _alike(reader, _SENT)
    xml = _SENT.replace(*changed)
    assert _alike(reader, xml) == _alike(reader, xml), "learned or not"


def test_tags_that_are_known_are_cut_and_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Reader(_FORM)
    reader.answers(_SENT)
    monkeypatch.setattr(alike, "read_xml", None)
    assert reader.answers(_SENT.replace("one", "two"))["/data/a"] == "two"  # type: ignore[index]


def test_instances_of_a_repeat_are_counted_by_the_tags() -> None:
    reader = Reader(_REPEATING)
    for count in (0, 1, 3, 1, 3):
        children = "".join(f"<child><name>{count} {number}</name></child>" for number in range(count))
        _alike(reader, f"<data><a>{count}</a>{children}</data>")
        _alike(reader, f"<data><a></a>{children}</data>")
    assert len(reader._known) == 3


def test_no_answer_is_remembered_and_not_too_many_cases() -> None:
    reader = Reader(_FORM)
    for number in range(3 * alike._MOST_KNOWN):
        _alike(reader, f"<data><a>Nguyễn</a><b{number}></b{number}></data>")
        _alike(reader, f"<data><a kept='Nguyễn'>1</a><b{number}></b{number}></data>")
    assert 0 < len(reader._known) <= alike._MOST_KNOWN
    assert "Nguyễn" not in repr(reader._known)


_PIECES = ("<a>", "</a>", "<b>", "</b>", "<b/>", "<", ">", "&", "&lt;", "<!--", "-->", "]]>", "x", " ", "\r", "'", "=")


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=12), st.integers(0, 1 << 30))
def test_whatever_is_sent_is_read_alike(pieces: list[str], seed: int) -> None:
    die, reader = random.Random(seed), Reader(_FORM)
    _alike(reader, _SENT)
    for _ in range(3):
        die.shuffle(pieces)
        _alike(reader, f"<data>{''.join(pieces)}</data>")
        at = die.randrange(len(_SENT))
        _alike(reader, _SENT[:at] + "".join(pieces[:2]) + _SENT[at:])
