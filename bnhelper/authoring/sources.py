"""Reads the authoring sources: one YAML per procedure, the facts, the stubs, declarations and search words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bnhelper.authoring.conditions import ALWAYS, Condition, both, facts_of, read
from bnhelper.authoring.conditions import Fact as FactCondition
from bnhelper.authoring.phrases import read_phrases
from bnhelper.authoring.procedure_schema import faults_of

CODE = re.compile(r"\d\.\d{6}")
FORM_ENDINGS = (".xlsx", ".md", ".csv")
CHANNELS = {"truc_tuyen": "online", "truc_tiep": "direct", "buu_chinh": "postal"}


@dataclass(frozen=True, slots=True)
class FactSource:
    """One fact of facts.yaml."""

    id: str
    kind: str  #: question | derived | system | sensitive
    ask_vi: str
    ask_en: str
    hint_vi: str = ""
    hint_en: str = ""


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything a pack is built from, as read."""

    facts: Mapping[str, FactSource]
    procedures: tuple[Mapping[str, Any], ...]
    forms: Mapping[str, Path]  #: the XLSForm of a procedure that has a folder of its own
    stubs: tuple[Mapping[str, Any], ...]
    declarations: Mapping[str, Mapping[str, Any]]
    lists: Mapping[str, Any]
    words: Mapping[str, Any]
    guides: tuple[Mapping[str, Any], ...]
    meta: Mapping[str, Any]
    left_out: tuple[str, ...] = ()  #: codes of imported procedures that an author has written already
    brought: frozenset[str] = frozenset()  #: codes that came from the folder of further sources


def read_sources(folder: Path, imported: Path | None = None) -> Sources:
    """Return the sources below `folder` (the project's `resources/`).

    `imported` is a folder of sources that were read from the portal: a procedure known by name only gives way to them.
    What an author has written goes before them; the codes that were left out are in `Sources.left_out`. Raises
    ValueError when that folder has no procedure, or with a line for each slip that keeps a file from being one.
    """
    procedures = folder / "procedures"
    forms: dict[str, Path] = {}
    found = _procedures([path for path in sorted(procedures.glob("*.yaml")) if path.stem[:1].isdigit()])
    whole = [*found, *_folders(procedures, forms)]
    ours = {one["code"] for one in whole}
    left_out: tuple[str, ...] = ()
    added_codes = frozenset[str]()
    if imported is not None:
        brought: dict[str, Path] = {}
        added = [*_procedures(sorted(imported.glob("*.yaml"))), *_folders(imported, brought)]
        if not added:
            raise ValueError(f"{imported}: no procedure stands in this folder")
        forms |= {code: path for code, path in brought.items() if code not in ours}
        left_out = tuple(sorted(str(one["code"]) for one in added if one["code"] in ours))
        whole += [one for one in added if one["code"] not in ours]
        added_codes = frozenset(str(one["code"]) for one in added)
    codes = {one["code"] for one in whole}
    return Sources(
        facts={one["id"]: FactSource(**one) for one in _yaml(procedures / "facts.yaml")["facts"]},
        procedures=tuple(whole),
        forms=forms,
        stubs=tuple(one for one in _yaml(procedures / "stubs.yaml")["stubs"] if one["code"] not in codes),
        declarations={path.stem: _yaml(path) for path in sorted((procedures / "declarations").glob("*.yaml"))},
        lists={**_yaml(procedures / "lists.yaml"), "units": units_as_choices(folder / "places")},
        words={
            **_yaml(folder / "search" / "words.yaml"),
            "intentions": _yaml(folder / "search" / "intentions.yaml"),
            "thesaurus": _yaml(folder / "search" / "thesaurus.yaml"),
            "said": read_phrases(folder / "search" / "everyday.tsv"),
        },
        guides=tuple(sorted(map(_yaml, sorted((folder / "guides").glob("*.yaml"))), key=lambda one: one["order"])),
        meta=_yaml(procedures / "sources.yaml"),
        left_out=left_out,
        brought=added_codes,
    )


def _folders(folder: Path, forms: dict[str, Path]) -> list[Any]:
    """Return the procedures that have a folder of their own: `procedure.yaml`, and the form as an XLSForm."""
    paths = sorted(folder.glob("*/procedure.yaml"))
    found = _procedures(paths)
    for path, record in zip(paths, found, strict=True):
        form = next((one for ending in FORM_ENDINGS if (one := path.parent / f"form{ending}").exists()), None)
        if form is not None:
            forms[record["code"]] = form
    return found


def _procedures(paths: list[Path]) -> list[Any]:
    """Return the procedures of these files. Raises ValueError with every slip of every file, one a line."""
    found, faults = [], []
    for path in paths:
        try:
            found.append(_yaml(path))
        except ValueError as wrong:
            faults.append(str(wrong))
        else:
            faults.extend(faults_of(found[-1], _place(path)) or _faults_of_code(path, found))
    if faults:
        raise ValueError("\n".join(faults))
    return found


def _faults_of_code(path: Path, found: list[Any]) -> list[str]:
    """Return what is wrong with the code of the last one: a copied folder still has that of the first."""
    code = str(found[-1]["code"])
    name = path.parent.name if path.name == "procedure.yaml" else path.stem
    if CODE.fullmatch(name) and name != code:
        return [
            f"{_place(path)}: code is {code}, but the {'folder' if path.name == 'procedure.yaml' else 'file'} is {name}"
        ]
    return (
        [f"{_place(path)}: {code} stands in another folder as well"]
        if code in [one["code"] for one in found[:-1]]
        else []
    )


def _place(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def files_beside(form: Path) -> dict[str, bytes]:
    """Return what lies in a procedure's folder for its form to use: lists, pictures, sounds."""
    own = {"procedure.yaml", "try.json"}
    return {
        path.name: path.read_bytes()
        for path in sorted(form.parent.iterdir())
        if path.is_file() and path.name not in own and path.stem != form.stem
    }


def units_as_choices(folder: Path) -> list[tuple[str, str, str]]:
    """Return the 99 communes and wards as choices: code, name, name."""
    lines = (folder / "units-2025.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines[1:]]
    return [(row[0], row[1], row[1]) for row in sorted(rows, key=lambda row: row[1].split(" ", 1)[-1])]


_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # eight times as quick where libyaml is there


def _yaml(path: Path) -> Any:
    """Return what a file says. Raises ValueError with the row where it is no YAML."""
    try:
        return yaml.load(path.read_text(encoding="utf-8-sig"), Loader=_Loader)  # noqa: S506 - a safe loader, either way
    except UnicodeDecodeError as wrong:
        raise ValueError(f"{_place(path)}: the file is not saved as UTF-8") from wrong
    except (yaml.YAMLError, ValueError, RecursionError) as wrong:
        mark = getattr(wrong, "problem_mark", None)
        where = f"row {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        said = getattr(wrong, "problem", None) or str(wrong)[:80]
        raise ValueError(f"{_place(path)}: {where}this is no YAML: {said}") from wrong


@dataclass(frozen=True, slots=True)
class Conditions:
    """The conditions of one procedure, by what they decide."""

    documents: Mapping[str, Condition]
    certified: Mapping[str, Condition]
    alternatives: Mapping[str, Condition]  #: by "<paper>_<n>", n from 1
    fees: tuple[Condition, ...]
    exemptions: Mapping[int, Condition]  #: by index into fees
    rule: Condition | None

    def deciding(self) -> list[Condition]:
        """Return every condition whose outcome shows: an alternative only counts while its paper is possible."""
        found = [*self.documents.values()]
        found.extend([self.rule] if self.rule is not None else [])
        found.extend(both(self.documents[paper], condition) for paper, condition in self.certified.items())
        found.extend(
            both(self.documents[name.rpartition("_")[0]], condition) for name, condition in self.alternatives.items()
        )
        found.extend(self.fees)
        found.extend(both(self.fees[index], condition) for index, condition in self.exemptions.items())
        return found

    def facts_in_order(self, facts: Mapping[str, FactSource]) -> list[str]:
        """Return the facts this procedure needs, in the order they are asked.

        What decides papers comes before what decides alternatives and certification, that before fees;
        sensitive facts come last of all (they are asked only when nothing else has settled the matter).
        """
        tiers = [
            [*self.documents.values(), *([self.rule] if self.rule else [])],
            [*self.alternatives.values(), *self.certified.values()],
            [*self.fees, *self.exemptions.values()],
        ]
        place = {name: index for index, name in enumerate(facts)}
        first_tier: dict[str, int] = {}
        for tier, conditions in enumerate(tiers):
            for condition in conditions:
                for name in facts_of(condition):
                    first_tier.setdefault(name, tier)
        rank = {"derived": 0, "question": 1, "system": 2, "sensitive": 3}
        return sorted(first_tier, key=lambda name: (rank[facts[name].kind], first_tier[name], place[name]))


def conditions_of(procedure: Mapping[str, Any]) -> Conditions:
    """Return the conditions of one procedure source. Raises ConditionNotUnderstood with the place."""
    code = procedure["code"]
    documents: dict[str, Condition] = {}
    certified: dict[str, Condition] = {}
    alternatives: dict[str, Condition] = {}
    for paper in procedure["documents"]:
        place = f"{code} {paper['id']}"
        documents[paper["id"]] = read(paper["when"], place)
        if "certified_when" in paper:
            certified[paper["id"]] = read(paper["certified_when"], place)
        for number, one in enumerate(paper.get("alternatives", ()), start=1):
            alternatives[f"{paper['id']}_{number}"] = read(one["when"], place)
    fees: list[Condition] = []
    exemptions: dict[int, Condition] = {}
    for index, fee in enumerate(procedure["fees"]):
        condition = read(fee.get("when", "always"), f"{code} fee {index + 1}")
        if fee.get("channel") in CHANNELS:
            channel = FactCondition(f"channel_{CHANNELS[fee['channel']]}")
            condition = channel if condition == ALWAYS else both(channel, condition)
        fees.append(condition)
        if "exempt_when" in fee:
            exemptions[index] = read(fee["exempt_when"], f"{code} fee {index + 1}")
    rule = read(procedure["rule"], f"{code} rule") if "rule" in procedure else None
    return Conditions(documents, certified, alternatives, tuple(fees), exemptions, rule)
