"""What is wrong with a form in its author's own words: sheet, row and column, or the line of an XForm.

The runtime names a node and an expression; here they are found again in what the author wrote, and said in a sentence.
"""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import Final

from pyxform.errors import PyXFormError
from pyxform.xls2json_backends import get_xlsform

Rows = Sequence[Mapping[str, str]]

#: any path down to its last step, so that expressions compare with what stands in the sheet
_PATH: Final = re.compile(r"(?:current\(\)/)?(?:\.\./|\./|/)(?:[\w.\-]+/|\.\./)*([\w.\-]+)")
_REFERENCE: Final = re.compile(r"\$\{([^}]*)\}")
_COLUMN: Final = re.compile(r"\s*([^\W\d][\w.\-]*)\s*(?:!?=|<=?|>=?)")
_SELECTS: Final = frozenset({"select_one", "select_multiple", "rank"})
#: ${rents} = 'yes', 'yes' = ${rents}, selected(${rents}, 'yes')
_COMPARED: Final = re.compile(
    r"selected\(\s*\$\{(?P<marked>[^}]*)\}\s*,\s*['\"](?P<in>[^'\"]*)['\"]"
    r"|\$\{(?P<left>[^}]*)\}\s*!?=\s*['\"](?P<behind>[^'\"]*)['\"]"
    r"|['\"](?P<before>[^'\"]*)['\"]\s*!?=\s*\$\{(?P<right>[^}]*)\}"
)
_RULE_COLUMNS: Final = (
    "relevant",
    "relevance",
    "calculation",
    "calculate",
    "constraint",
    "required",
    "read_only",
    "readonly",
    "choice_filter",
    "repeat_count",
    "default",
)
#: columns that pyxform and ODK read, beside those of a language
_COLUMNS: Final = frozenset(
    {
        *_RULE_COLUMNS,
        *("type", "name", "label", "hint", "guidance_hint", "constraint_message", "required_message", "appearance"),
        *("parameters", "trigger", "image", "audio", "video", "big-image", "media", "body", "bind", "instance", "note"),
        *("autoplay", "rows", "save_to", "intent", "query", "comments", "notes", "disabled", "default_language"),
    }
)
_NO_WORDS: Final = ("bind::", "body::", "instance::", "control::")  #: columns with "::" that are in no language
_SENTENCES: Final = {
    "expression-not-understood": "this is no expression: {what}",
    "expression-too-long": "this expression is too long: {what}",
    "expression-too-deep": "this expression has too many brackets inside each other: {what}",
    "expression-too-slow": "this, or all the form asks at once, looks at too many nodes: {what}",
    "too-much-text": "the texts of a filled form grow too long: {what}",
    "expression-fails": "this cannot be worked out with blank answers: {what}",
    "unknown-function": "there is no function {what}()",
    "wrong-number-of-arguments": "{what}() is given too few or too many values",
    "no-such-node": "there is no question or group {what}",
    "word-without-quotes": "the word {what} stands without quotes; write '{what}'",
    "no-such-instance": "there is no list called {what}",
    "no-pattern": "regex() cannot read this pattern: {what}",
    "not-a-path": "a question must be named here: {what}",
    "cycle": "these are worked out from each other: {what}",
    "same-name-twice": "this name stands twice in one group: {what}",
    "cannot-repeat": "this node cannot repeat: {what}",
    "new-repeat-outside": "what happens when an instance is new must stand in its repeat: {what}",
    "unknown-event": "there is no event {what}",
    "unknown-control": "there is no kind of question <{what}>",
    "not-an-xform": "the file has no h:html with a model, an instance with one root, and a body",
    "not-xml": "the file is no XML that may be read: {what}",
    "outside-the-form": "a file must lie beside the form: {what}",
    "file-damaged": "the file cannot be read: {what}",
    "too-large": "this is too large: {what}",
    "too-deep": "too many groups inside each other: {what}",
    "too-many-nodes": "the form has too many nodes: {what}",
    "too-many-choices": "the list has too many rows or columns: {what}",
    "no-such-file": "the file is not beside the form: {what}",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a form; sheet, row and column where they are known.

    Rows count from 1, the heading; of an XForm `row` is the line, and there is no sheet.
    """

    code: str
    message: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    is_warning: bool = False


@dataclass
class Workbook:
    """The sheets of an XLSForm, as far as they can be read."""

    survey: Rows = ()
    choices: Rows = ()
    headings: tuple[str, ...] = field(default=())

    @staticmethod
    def read(content: bytes, ending: str) -> "Workbook":
        """Return the sheets; none for what pyxform cannot read."""
        try:
            book = get_xlsform(content, file_type=ending)
        except (PyXFormError, ValueError, KeyError, TypeError, AttributeError, OSError):
            return Workbook()
        headings = dict.fromkeys(name for one in book.survey_header or () for name in one)
        return Workbook(book.survey or (), book.choices or (), tuple(headings))

    def rows(self) -> Iterator[tuple[int, Mapping[str, str]]]:
        """Return the survey's rows with their numbers."""
        return enumerate(self.survey, start=2)

    def row_of(self, name: str) -> tuple[int, Mapping[str, str]] | None:
        """Return the row of a question; of a count that pyxform works out apart, that of its repeat."""
        repeat = name.removesuffix("_count")
        for wanted in dict.fromkeys((name, repeat)):
            for number, row in self.rows():
                if row.get("name") == wanted and (wanted == name or str(row.get("repeat_count") or "")):
                    return number, row
        return None


def in_sheet(book: Workbook, code: str, place: str) -> Fault:
    """Return a fault of the runtime with the cell it comes from; `place` is "PATH: EXPRESSION" or a path."""
    said = worded(code, _as_written(place))
    if code == "cycle":
        return _cycle(book, place, said)
    node, _, what = place.partition(": ")
    found = book.row_of(node.rpartition("/")[2])
    if found is None:
        return Fault(code, said)
    number, row = found
    column = _column(row, what)
    if not column and "]" in what and row.get("choice_filter"):
        column = "choice_filter"
    if code in {"expression-not-understood", "expression-fails", "expression-too-deep"} and column:
        said = worded(code, str(row[column]))
    return Fault(code, said, "survey", number, column)


def _cycle(book: Workbook, place: str, said: str) -> Fault:
    names = [path.rpartition("/")[2] for path in place.split(" > ")]
    found = book.row_of(names[0])
    if found is None:
        return Fault("cycle", said)
    number, row = found
    columns = [name for name in _RULE_COLUMNS if names[-2:][0] in str(row.get(name) or "")]
    columns += [name for name in _RULE_COLUMNS if any(one in str(row.get(name) or "") for one in names)]
    return Fault("cycle", said, "survey", number, columns[0] if columns else "name")


def in_xml(xml: str, code: str, place: str) -> Fault:
    """Return a fault of the runtime with the line of the XForm it comes from, where that can be found."""
    node, _, what = place.partition(": ")
    lines = xml.split("\n")
    near = [number for number, line in enumerate(lines, start=1) if f'"{node}"' in line]
    exact = [number for number in near if what and escape(what[:40], quote=False) in lines[number - 1]]
    anywhere = [number for number, line in enumerate(lines, start=1) if what and escape(what[:40], quote=False) in line]
    line = re.fullmatch(r"line (\d+), column \d+", place)
    row = int(line.group(1)) if line else next(iter(exact or near or anywhere), 0)
    return Fault(code, worded(code, place), row=row)


def worded(code: str, place: str) -> str:
    """Return the sentence of a code."""
    node, _, what = place.partition(": ")
    sentence = _SENTENCES.get(code, "{what}")
    said = sentence.format(what=what or node)
    return f"{node}: {said}" if what and code not in {"no-such-file", "not-xml"} else said


def _as_written(place: str) -> str:
    """Return paths as the references an author writes."""
    return _PATH.sub(r"${\1}", place).replace("} > ${", "} → ${")


def _column(row: Mapping[str, str], expression: str) -> str:
    if not expression:
        return "name"
    wanted = _plain(expression)
    written = {column: _plain(str(cell)) for column, cell in row.items() if cell}
    for is_found in (
        lambda said: said == wanted,
        lambda said: len(wanted) > 20 and said.startswith(wanted),  # what the runtime quotes may be cut
        lambda said: wanted in said,
        lambda said: len(said) > 3 and said in wanted,  # a filter inside its list
    ):
        rules = [column for column in _RULE_COLUMNS if column in written and is_found(written[column])]
        others = [column for column, said in written.items() if column not in {"name", "type"} and is_found(said)]
        if rules or others:
            return (rules or others)[0]
    return ""


def _plain(said: str) -> str:
    return re.sub(r"\s+", "", _PATH.sub(r"\1", _REFERENCE.sub(r"\1", said)))


# --- what pyxform says -----------------------------------------------------------------------------------------

_ROW: Final = re.compile(r"\[row : (\d+)\]\s*")
_SHEET: Final = re.compile(r"On the '(\w+)' sheet, the '([^']+)'")
_LIST: Final = re.compile(r"[Ll]ist name not in choices sheet: (\S+)")
_SPACED: Final = re.compile(r"See \[(.*?)\] in \[(.*?)\]")


def of_pyxform(said: str, book: Workbook, *, is_warning: bool = False) -> Fault:
    """Return what pyxform says with the cell it is about."""
    row, place = _ROW.search(said), _SHEET.search(said)
    fault = Fault(
        "xlsform",
        _ROW.sub("", said).strip(),
        sheet=place.group(1) if place else "survey" if row else "",
        row=int(row.group(1)) if row else 0,
        column=place.group(2) if place else "",
        is_warning=is_warning,
    )
    if fault.row and not fault.column:
        return replace(fault, column=_silent_column(said))
    return fault if fault.row else _searched(book, fault)


def _silent_column(said: str) -> str:
    if _LIST.search(said) or "question type" in said or "Unmatched" in said:
        return "type"
    return "name" if "no name" in said else ""


def _searched(book: Workbook, fault: Fault) -> Fault:
    """Return a fault with the first cell that is the very word it quotes, or that asks for what is missing."""
    spaced = _SPACED.search(fault.message)
    if spaced is not None:
        names = [one.strip() for one in spaced.group(1).split(",")]
        for number, row in enumerate(book.choices, start=2):
            if row.get("name") in names and spaced.group(2) in {row.get("list_name"), row.get("list name")}:
                return replace(fault, sheet="choices", row=number, column="name")
    quoted = set(re.findall(r"'([^']+)'", fault.message))
    for number, row in book.rows():
        if "be a choices sheet" in fault.message and str(row.get("type") or "").startswith(("select", "rank")):
            return replace(fault, sheet="survey", row=number, column="type")
        for column, cell in row.items():
            if cell in quoted and column not in {"label", "hint"}:
                return replace(fault, sheet="survey", row=number, column=column)
    return fault


# --- what pyxform passes over ------------------------------------------------------------------------------------


def passed_over(book: Workbook) -> Iterator[Fault]:
    """Return warnings of what makes a form other than its author meant, and pyxform takes without a word."""
    yield from _misspelt_columns(book)
    yield from _blank_translations("survey", book.survey)
    yield from _blank_translations("choices", book.choices)
    yield from _filters_without_column(book)
    yield from _compared_with_no_choice(book)


def _misspelt_columns(book: Workbook) -> Iterator[Fault]:
    known = sorted(_COLUMNS)
    for column in book.headings:
        plain = column.split(":")[0].strip().lower().replace(" ", "_")
        if plain in _COLUMNS or ":" in column:
            continue
        near = difflib.get_close_matches(plain, known, 1, 0.7)
        if near:
            said = f"nothing reads the column '{column}'; is it '{near[0]}'?"
            yield Fault("unknown-column", said, "survey", 1, column, is_warning=True)


def _blank_translations(sheet: str, rows: Rows) -> Iterator[Fault]:
    columns = dict.fromkeys(name for row in rows for name in row if "::" in name and not name.startswith(_NO_WORDS))
    for what in dict.fromkeys(name.partition("::")[0] for name in columns):
        languages = [name for name in columns if name.partition("::")[0] == what]
        for number, row in enumerate(rows, start=2):
            blank = [name for name in languages if not row.get(name)]
            if blank and len(blank) < len(languages):
                said = f"'{row.get('name', '')}' has no words here, but has in another language"
                yield Fault("no-translation", said, sheet, number, blank[0], is_warning=True)


def _filters_without_column(book: Workbook) -> Iterator[Fault]:
    for number, row in book.rows():
        kind, _, name = str(row.get("type") or "").partition(" ")
        rule = str(row.get("choice_filter") or "")
        if not rule or "from_file" in kind or name.startswith("${"):
            continue
        listed = name.split()[0] if name.split() else ""
        columns = {
            column for one in book.choices if listed in {one.get("list_name"), one.get("list name")} for column in one
        }
        outside = re.sub(r"'[^']*'|\"[^\"]*\"", "''", _REFERENCE.sub("''", rule))
        for found in _COLUMN.finditer(outside):
            word = found.group(1)
            if columns and word not in columns and word not in {"and", "or", "mod", "div", "position"}:
                said = f"the list '{listed}' has no column '{word}'"
                yield Fault("no-such-column", said, "survey", number, "choice_filter", is_warning=True)


def _compared_with_no_choice(book: Workbook) -> Iterator[Fault]:
    """Yield a question compared with a word that none of its choices is: a condition that never changes."""
    offered: dict[str, set[str]] = {}
    for row in book.choices:
        listed = str(row.get("list_name") or row.get("list name") or "")
        offered.setdefault(listed, {""}).add(str(row.get("name")))
    asked: dict[str, set[str]] = {}
    for _, row in book.rows():
        kind, _, said = str(row.get("type") or "").partition(" ")
        words = said.split()
        if kind in _SELECTS and words and words[0] in offered:
            others = {"other"} if words[1:] else set()  # or_other
            asked[str(row.get("name"))] = offered[words[0]] | others
    for number, row in book.rows():
        for column, cell in row.items():
            if column not in _RULE_COLUMNS and not column.startswith("bind::"):
                continue
            rule = re.sub(r"(?<![\w.])\.(?=\s*(?:!?=|,))", f"${{{row.get('name')}}}", str(cell))
            for found in _COMPARED.finditer(rule):
                name, word = (
                    found["left"] or found["right"] or found["marked"],
                    found["in"] or found["behind"] or found["before"] or "",
                )
                if name in asked and not set(word.split()) <= asked[name]:
                    said = f"'{name}' is compared with '{word}', which none of its choices is"
                    yield Fault("no-such-choice", said, "survey", number, column, is_warning=True)
