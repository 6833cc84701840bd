"""`bnhelper-form`: check a form, or play answers into one and print its state after each step."""

import argparse
import datetime as dt
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bnhelper.clock import PROVINCE_TIME, SystemClock
from bnhelper.errors import KnownTrouble
from bnhelper.forms.definition import FormDefinition
from bnhelper.forms.instance import FormInstance
from bnhelper.forms.reader import parse_form
from bnhelper.forms.secondary import Media
from bnhelper.forms.state import form_facts, repeats, state
from bnhelper.forms.submission import last_saved, to_xml
from bnhelper.ids import FieldPath

if TYPE_CHECKING:
    from bnhelper.authoring.form_faults import Fault

_FORMAT: Final = 1
_MOST_MEDIA: Final = 60_000_000
_XLSFORM: Final = frozenset({".xlsx", ".xlsm", ".csv", ".md"})


class BadScript(ValueError):
    """A script of answers that is no list of steps."""


@dataclass
class _PlayClock:
    """The time of a play: the machine's, until the script says another."""

    said: dt.datetime | None = None
    day: dt.date | None = None

    def now(self) -> dt.datetime:
        return self.said or SystemClock().now().astimezone(PROVINCE_TIME)

    def today(self) -> dt.date:
        return self.day or self.now().astimezone(PROVINCE_TIME).date()


class _Ids:
    """UUIDs in the order of asking, so that a play gives the same output every time."""

    def __init__(self) -> None:
        self._last = 0

    def __call__(self) -> str:
        self._last += 1
        return f"00000000-0000-4000-8000-{self._last:012}"


def media_in(folder: Path) -> Media:
    """Return what gives the files of a folder by their plain names."""

    def read(name: str) -> bytes | None:
        path = folder / name
        if path.parent != folder or not path.is_file() or path.stat().st_size > _MOST_MEDIA:
            return None
        return path.read_bytes()

    return read


def read_steps(script: object) -> list[dict[str, Any]]:
    """Return a script as steps; an object of path -> value is the short way of writing answers. Raises BadScript."""
    if isinstance(script, dict):
        script = [{"answer": path, "value": value} for path, value in script.items()]
    known = {"answer", "add_repeat", "remove_repeat", "language", "today", "now"}
    if not isinstance(script, list) or not all(
        isinstance(one, dict) and len(known & one.keys()) == 1 for one in script
    ):
        raise BadScript(f"a list of steps, each with one of: {', '.join(sorted(known))}")
    return script


def as_answer(value: object) -> str:
    """Return a JSON value as XForms writes it: lists with blanks between, null as nothing."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return " ".join(as_answer(one) for one in value)
    return "" if value is None else str(value)


def play(
    form: FormDefinition, steps: Sequence[Mapping[str, Any]], language: str = "", previous: str | None = None
) -> dict[str, Any]:
    """Return the state at the start and after each step, as `resources/wire/form-play.schema.json` has it.

    Steps that set the day or language at the very beginning hold from the start.
    """
    clock = _PlayClock()
    language = language or form.default_language
    begun = 0
    while begun < len(steps) and {"today", "now"} & steps[begun].keys():
        _set_time(clock, steps[begun])
        begun += 1
    instance = FormInstance(
        form,
        today=clock.today,
        now=clock.now,
        new_id=_Ids(),
        last_saved=None if previous is None else last_saved(previous),
        seed=1,
    )
    instance.set_language(language)
    shown = [_shown(0, None, language, None, [], instance)]
    for number, step in enumerate(steps, start=1):
        error: dict[str, Any] | None = None
        changed: list[str] = []
        try:
            if "language" in step and not _speaks(form, str(step["language"])):
                error = {"code": "unknown-language", "values": {"languages": list(form.languages)}}
            elif "language" in step:
                language = str(step["language"])
                changed = sorted(instance.set_language(language))
            elif number > begun or not {"today", "now"} & step.keys():
                changed = _take(instance, clock, step)
        except KnownTrouble as trouble:
            error = {"code": trouble.code, "values": dict(trouble.values)}
        except (ValueError, TypeError, KeyError):
            error = {"code": "bad-step", "values": {}}
        shown.append(_shown(number, dict(step), language, error, changed, instance))
    instance.finish()
    return {
        "format": _FORMAT,
        "form": form_facts(form),
        "steps": shown,
        "submission": to_xml(instance, instance_id="00000000-0000-4000-8000-000000000000"),
    }


def _speaks(form: FormDefinition, language: str) -> bool:
    """Tell whether a form has a language; one that names none has its only words in any."""
    return not language or not form.languages or language in form.languages


def _take(instance: FormInstance, clock: _PlayClock, step: Mapping[str, Any]) -> list[str]:
    if "answer" in step:
        return sorted(instance.answer(FieldPath(str(step["answer"])), as_answer(step.get("value"))))
    if "add_repeat" in step:
        return [instance.add_repeat(FieldPath(str(step["add_repeat"])))]
    if "remove_repeat" in step:
        path = FieldPath(str(step["remove_repeat"]))
        return sorted(instance.remove_repeat(path, int(step["position"]) if "position" in step else None))
    _set_time(clock, step)
    return sorted(instance.recompute())


def _set_time(clock: _PlayClock, step: Mapping[str, Any]) -> None:
    if "today" in step:
        clock.day = dt.date.fromisoformat(str(step["today"]))
        clock.said = dt.datetime.combine(clock.day, dt.time(), PROVINCE_TIME)
    else:
        said = dt.datetime.fromisoformat(str(step["now"]))
        clock.said = said if said.tzinfo is not None else said.replace(tzinfo=PROVINCE_TIME)
        clock.day = clock.said.astimezone(PROVINCE_TIME).date()


def _shown(
    number: int,
    did: dict[str, Any] | None,
    language: str,
    error: dict[str, Any] | None,
    changed: list[str],
    instance: FormInstance,
) -> dict[str, Any]:
    return {
        "step": number,
        "did": did,
        "language": language,
        "error": error,
        "changed": changed,
        "nodes": state(instance, language),
        "repeats": repeats(instance, language),
    }


def xform_of(path: Path) -> "tuple[str, list[Fault]]":
    """Return the XForm in a file, converted where it is an XLSForm, and warnings. Raises NoXlsForm, OSError."""
    if path.suffix.lower() in _XLSFORM:
        from bnhelper.authoring.xlsform import to_xform

        return to_xform(path)
    return path.read_text(encoding="utf-8-sig"), []


def check(path: Path, media: Path) -> "list[Fault]":
    """Return everything found wrong with a form, faults before warnings."""
    from bnhelper.authoring.form_check import check_form

    return check_form(path, media_in(media))[1]


def _say(fault: "Fault") -> str:
    place = f"{fault.sheet}, row {fault.row}" if fault.sheet and fault.row else fault.sheet
    if fault.row and not fault.sheet:
        place = f"line {fault.row}"
    if fault.column:
        place = f"{place}, column {fault.column}"
    kind = "warning" if fault.is_warning else "fault"
    return f"{kind}: {f'{place}: ' if place else ''}{fault.code}: {fault.message}"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; 1 for a form with faults, 2 for files or scripts that cannot be read."""
    parser = argparse.ArgumentParser(prog="bnhelper-form", description="Check a form, or play answers into one.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    checking = verbs.add_parser("check", help="say what is wrong with an XForm or XLSForm")
    playing = verbs.add_parser("play", help="print the state of a form after each step of a script")
    for one in (checking, playing):
        one.add_argument("file", type=Path)
        one.add_argument("--media", type=Path, help="folder of the form's files; else the form's own")
        one.add_argument("--json", action="store_true")
    playing.add_argument("--answers", type=Path, help="script: a JSON list of steps, or an object of path -> value")
    playing.add_argument("--language", default="")
    playing.add_argument("--last-saved", type=Path, help="the submission saved last, for ${last-saved#...}")
    said = parser.parse_args(argv)
    media = said.media or said.file.parent
    try:
        if said.verb == "check":
            return _check(said.file, media, is_json=said.json)
        steps = read_steps(json.loads(said.answers.read_text(encoding="utf-8"))) if said.answers else []
        xml, _ = xform_of(said.file)
        previous = said.last_saved.read_text(encoding="utf-8") if said.last_saved else None
        form = parse_form(xml, media_in(media))
        if not _speaks(form, said.language):
            print(f"{said.file}: no language {said.language}; there are: {', '.join(form.languages)}", file=sys.stderr)
            return 2
        shown = play(form, steps, said.language, previous)
    except KnownTrouble as trouble:
        print(f"{said.file}: {trouble}", file=sys.stderr)
        return 1
    except (OSError, ValueError, RecursionError) as wrong:
        print(f"{said.file}: {wrong}", file=sys.stderr)
        return 2
    if said.json:
        print(json.dumps(shown, ensure_ascii=False, indent=1))
    else:
        _tell(shown)
    return 0


def _check(path: Path, media: Path, *, is_json: bool) -> int:
    faults = check(path, media)
    is_good = all(fault.is_warning for fault in faults)
    if is_json:
        print(json.dumps({"ok": is_good, "faults": [asdict(fault) for fault in faults]}, ensure_ascii=False, indent=1))
    else:
        print("\n".join([_say(fault) for fault in faults] or ["the form holds"]))
    return 0 if is_good else 1


def _tell(shown: Mapping[str, Any]) -> None:
    for step in shown["steps"]:
        print(f"--- {step['step']}: {json.dumps(step['did'], ensure_ascii=False) if step['did'] else 'start'}")
        if step["error"]:
            print(f"    {step['error']['code']} {step['error']['values']}")
        for node in step["nodes"]:
            marks = "".join(
                mark
                for mark, is_on in (("-", not node["relevant"]), ("*", node["required"]), ("=", node["readonly"]))
                if is_on
            )
            wrong = f"  !! {node['problem']['kind']} {node['problem']['message']}" if node["problem"] else ""
            print(f"{marks:<3}{node['path']} = {node['value']!r}  {node['label']}{wrong}")


if __name__ == "__main__":
    raise SystemExit(main())
