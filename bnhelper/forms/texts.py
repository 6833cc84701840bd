"""The texts of a form in every language, with their outputs and media."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias
from xml.etree.ElementTree import Element

from bnhelper.forms.compiler import Compiler
from bnhelper.forms.expressions import Expression
from bnhelper.ids import FieldPath

_XF: Final = "{http://www.w3.org/2002/xforms}"
_TEXT: Final = f"{_XF}text"
_VALUE: Final = f"{_XF}value"
Parts: TypeAlias = tuple[str | Expression, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """One text in every language of the form: language -> words.

    `parts` holds the languages in which values of the form stand between the words; in `by_language` they are
    left out. `value` is an expression that gives the whole text, in place of words.
    """

    by_language: Mapping[str, str]
    parts: Mapping[str, Parts] = field(default_factory=dict)
    #: language -> form of media (image, audio, video, big-image) -> address, as written
    media: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    value: Expression | None = None
    #: language -> further guidance, which a hint may have
    guidance: Mapping[str, str] = field(default_factory=dict)

    def guidance_in(self, language: str) -> str:
        """Return the guidance in `language`, else in the form's first language."""
        return self.guidance.get(language) or next(iter(self.guidance.values()), "")

    def in_language(self, language: str) -> str:
        """Return the words in `language`, else in the form's first language, else nothing."""
        return self.by_language.get(language) or next(iter(self.by_language.values()), "")

    def parts_in(self, language: str) -> Parts:
        """Return words and values in `language`, else in the form's first language."""
        known = self.by_language.get(language)
        chosen = language if known else next(iter(self.by_language), "")
        return self.parts.get(chosen) or (self.by_language.get(chosen, ""),)

    def media_in(self, language: str) -> Mapping[str, str]:
        """Return form -> address of the media in `language`, else in the form's first language."""
        return self.media.get(language) or next(iter(self.media.values()), {})


NO_TEXT: Final = Text({})


class TextReader:
    """Gives the texts a document names, compiling outputs where they stand."""

    def __init__(self, model: Element, compiler: Compiler) -> None:
        self._compiler = compiler
        self._known: dict[str, dict[str, Element]] = {}
        self._made: dict[tuple[str, FieldPath], Text] = {}
        languages: list[str] = []
        default = ""
        for translation in model.iterfind(f"{_XF}itext/{_XF}translation"):
            language = translation.get("lang", "")
            languages.append(language)
            if translation.get("default", "false()").strip() not in {"false()", "false"}:
                default = language  # the attribute's mere presence says so, in JavaRosa too
            for text in translation:
                if text.tag == _TEXT:
                    self._known.setdefault(text.get("id", ""), {})[language] = text
        self.languages = tuple(languages)
        self.default = default or (languages[0] if languages else "")

    def itext(self, key: str, at: FieldPath) -> Text:
        """Return the text called `key`; its outputs are seen from `at`."""
        known = self._made.get((key, FieldPath("")))
        if known is None:
            known = self._made.get((key, at))
        if known is None:
            known = self._read(self._known.get(key, {}), at)
            self._made[key, at if known.parts else FieldPath("")] = known
        return known

    def keys(self) -> frozenset[str]:
        return frozenset(self._known)

    def _read(self, by_language: Mapping[str, Element], at: FieldPath) -> Text:
        words: dict[str, str] = {}
        parts: dict[str, Parts] = {}
        media: dict[str, dict[str, str]] = {}
        guidance: dict[str, str] = {}
        for language, element in by_language.items():
            for value in element:
                if value.tag != _VALUE:
                    continue
                form = value.get("form")
                if form in {"image", "audio", "video", "big-image"}:
                    media.setdefault(language, {})[form] = "".join(value.itertext()).strip()
                elif form == "guidance":
                    guidance[language] = "".join(value.itertext()).strip()
                elif form is None or (form == "long" and language not in words):
                    words[language], found = self._pieces(value, at)
                    if found:
                        parts[language] = found
        return Text(words, parts, media, guidance=guidance)

    def _pieces(self, element: Element, at: FieldPath) -> tuple[str, Parts]:
        if len(element) == 0:
            return (element.text or "").strip(), ()
        pieces: list[str | Expression] = []

        def gather(parent: Element) -> None:
            pieces.append(parent.text or "")
            for child in parent:
                source = child.get("value") or child.get("ref")
                if child.tag == f"{_XF}output" and source:
                    pieces.append(self._compiler.compile(source, at))
                else:
                    gather(child)
                pieces.append(child.tail or "")

        gather(element)
        said = "".join(piece for piece in pieces if isinstance(piece, str))
        if all(isinstance(piece, str) for piece in pieces):
            return said, ()
        return " ".join(said.split()), tuple(piece for piece in pieces if piece)

    def named(self, said: str | None, at: FieldPath) -> Text:
        """Return the text an attribute names by jr:itext('id') or by a path, or says outright."""
        if said is None:
            return NO_TEXT
        inner = said.strip()
        if inner.startswith("jr:itext(") and inner.endswith(")"):
            inner = inner[9:-1].strip()
            if inner[:1] in {"'", '"'}:
                return self.itext(inner.strip("'\""), at)
            return Text({}, value=self._compiler.compile(said, at))
        return Text({"": said})

    def of_element(self, element: Element | None, at: FieldPath) -> Text:
        """Return the text of a label or hint."""
        if element is None:
            return NO_TEXT
        ref = element.get("ref")
        if ref is None:
            words, parts = self._pieces(element, at)
            return Text({"": words}, {"": parts} if parts else {})
        return self.named(ref, at) if "itext(" in ref else Text({}, value=self._compiler.compile(ref, at))
