"""Labels in the Markdown that ODK shows, as rich text that can do nothing but look: no link, no picture, no style.

The subset is ODK's ("Styling text"): headings, bold, italics, lists, links (their words only), line breaks,
and HTML's br, p and span, of which the breaks of lines are kept.
"""

import html
import re
from typing import Final

_TAG: Final = re.compile(r"</?(?:span|p|br|div|b|i|strong|em)\b[^<>]{0,200}>", re.IGNORECASE)
_BREAK: Final = re.compile(r"[ \t]*(?:<br\b[^<>]{0,20}>|</p>|</div>)[ \t]*", re.IGNORECASE)
_LINK: Final = re.compile(r"\[([^\[\]]{1,500})\]\([^()\s]{1,2000}\)")
_STYLES: Final = (
    (re.compile(r"(?<!\\)(\*\*|__)(?=\S)([^*_]+?)(?<=\S)\1"), r"<b>\2</b>"),
    (re.compile(r"(?<![\\\w*])\*(?=\S)([^*]+?)(?<=\S)\*(?![\w*])"), r"<i>\1</i>"),
    (re.compile(r"(?<![\\\w_])_(?=\S)([^_]+?)(?<=\S)_(?![\w_])"), r"<i>\1</i>"),
)
_MARKS: Final = re.compile(r"\\([\\*_#\[\]()-])")


def rich_text(words: str) -> str:
    """Return a label as Qt rich text; everything that is no known mark is shown as it stands."""
    lines = [_line(line) for line in _TAG.sub("", _BREAK.sub("\n", words)).split("\n")]
    return "<br>".join(lines)


def plain_text(words: str) -> str:
    """Return a label without its marks, for accessible names and lists."""
    return html.unescape(re.sub(r"<[^<>]{1,4}>", "", rich_text(words).replace("<br>", "\n")))


def _line(line: str) -> str:
    said = html.escape(_LINK.sub(r"\1", line), quote=False)
    heading = re.match(r"(#{1,6})\s+(.*)", said)
    if heading:
        said = f"<b>{heading.group(2)}</b>"
    elif re.match(r"\s*[-*+]\s+\S", said):
        said = "• " + re.sub(r"^\s*[-*+]\s+", "", said)
    for mark, shown in _STYLES:
        said = mark.sub(shown, said)
    return _MARKS.sub(r"\1", said)
