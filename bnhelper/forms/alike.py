"""Reads submissions of one form by their texts alone where their tags are those of one that was read before.

A server reads the same form all day. Submissions of it differ in what people wrote; which nodes they have depends on
the case, and there are few cases. So the places of the answers are learned from a whole reading of the tags, once, and
after that a submission with the very same tags is cut at them. Whatever is unusual goes to the parser: comments,
sections, entities, letters that XML does not have.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bnhelper.forms.definition import FormDefinition
from bnhelper.forms.submission import read_xml
from bnhelper.forms.trouble import FormRefused
from bnhelper.ids import FieldPath

_TAG_AND_TEXT: Final = re.compile(r"<([^<>]*)>([^<]*)")
_MARK: Final = "\ue000"  #: no plain letter: what is put between two of them is found again
_ODD: Final = re.compile("[\x00-\x08\x0b-\x1f&\ud800-\udfff\ue000\ufffe\uffff]")  #: what no plain text has
#: A text between tags, odd letters aside. Letters below 256 alone: a class with others takes milliseconds to compile,
#: and a form has a hundred texts.
_TEXT: Final = "[^<]*+"
_MOST_KNOWN: Final = 64  #: cases of a form, before it begins to learn anew
_RECENT: Final = 4  #: cases that are tried whole, before the tags are looked at one by one
_MOST_TAGS: Final = 1_000
_MOST_LETTERS: Final = 200_000
_Tags = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the answers of a submission are: texts between its tags, in order, and what tags say alone."""

    whole: re.Pattern[str]  #: a group for each answer
    paths: tuple[FieldPath, ...]  #: of the groups
    said_by_tags: Mapping[FieldPath, str]

    def answers(self, found: re.Match[str]) -> dict[FieldPath, str]:
        answers = dict(zip(self.paths, found.groups(), strict=True))
        answers.update(self.said_by_tags)
        return answers


class Reader:
    """Reads submissions of one form as `read_xml` does; may be asked from several threads."""

    def __init__(self, form: FormDefinition) -> None:
        self._form = form
        self._known: dict[_Tags, _Places] = {}
        self._recent: tuple[_Places, ...] = ()  #: replaced as one, since several threads read

    def answers(self, xml: str) -> dict[FieldPath, str]:
        """Return the answers of a submission by path. Raises FormRefused for what is none."""
        if len(xml) > _MOST_LETTERS or xml[:1] != "<" or "]]>" in xml or _ODD.search(xml) is not None:
            return self._parsed(xml)
        for places in self._recent:
            found = places.whole.fullmatch(xml)
            if found is not None:
                return places.answers(found)
        tags = _tags_of(xml)
        known = self._known.get(tags)
        found = None if known is None else known.whole.fullmatch(xml)
        if known is not None and found is not None:
            self._recent = (known, *self._recent[: _RECENT - 1])
            return known.answers(found)
        answers = self._parsed(xml)
        self._learn(tags)
        return answers

    def _parsed(self, xml: str) -> dict[FieldPath, str]:
        return read_xml(xml, self._form)[2]

    def _learn(self, tags: _Tags) -> None:
        """Remember where a submission with these tags has its answers, which mostly are the texts between tags.

        Attributes may be answers too: what has them below the root is not remembered.
        """
        if (
            not 0 < len(tags) <= _MOST_TAGS
            or any("=" in tag for tag in tags[1:])
            or any(tag[:1] in "!?" for tag in tags)
        ):
            return
        marked = "".join(f"<{tag}>{_MARK}{at}{_MARK}" for at, tag in enumerate(tags))
        try:
            read = self._parsed(marked[: marked.rindex(">") + 1])
        except FormRefused:
            return  # a tag that ends elsewhere than at the first ">"
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        at_tag = {int(said[1:-1]): path for path, said in read.items() if said[:1] == _MARK}
        between = (f"({_TEXT})" if at in at_tag else _TEXT for at in range(len(tags) - 1))
        told = "".join(f"{re.escape(f'<{tag}>')}{text}" for tag, text in zip(tags, [*between, ""], strict=True))
        self._known[tags] = _Places(
            re.compile(told),
            tuple(at_tag[at] for at in sorted(at_tag)),
            {path: said for path, said in read.items() if said[:1] != _MARK},
        )


def _tags_of(xml: str) -> _Tags:
    """Return the tags of a submission that is nothing but tags and plain letters; none where it is not."""
    found = _TAG_AND_TEXT.findall(xml)
    if not found or len(found) != xml.count("<") or found[-1][1]:  # one begins no tag, or something stands behind
        return ()
    return tuple(tag for tag, _ in found)
