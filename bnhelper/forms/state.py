"""Everything that can be said of a filled form at one moment, as plain data: how runtimes are compared.

Its shape is `resources/wire/form-play.schema.json`.
"""

from typing import Any

from bnhelper.forms.definition import FormDefinition
from bnhelper.forms.instance import FormInstance
from bnhelper.ids import FieldPath


def form_facts(form: FormDefinition) -> dict[str, Any]:
    """Return what a form says of itself."""
    return {
        "id": form.form_id,
        "version": form.version,
        "title": form.title,
        "languages": list(form.languages),
        "default_language": form.default_language,
        "entities": [
            {"path": one.path, "dataset": one.dataset, "properties": dict(one.properties)} for one in form.entities
        ],
    }


def repeats(instance: FormInstance, language: str) -> list[dict[str, Any]]:
    """Return every place where instances may stand, also where none does, in document order."""
    with instance.bounded():
        return _repeats(instance, language)


def _repeats(instance: FormInstance, language: str) -> list[dict[str, Any]]:
    crowded = {one.path for one in instance.problems() if one.kind == "too-many"}
    found = []
    for path in instance.repeat_paths():
        repeat = instance.repeat_at(path)
        above = FieldPath(path.rpartition("/")[0])
        found.append(
            {
                "path": path,
                "count": len(instance.repeats(path)),
                "counted": repeat.count is not None,
                "may_add": instance.may_add(path),
                "may_remove": repeat.may_add_remove,
                "label": instance.words(repeat.label, above, language),
                "too_many": path in crowded,
            }
        )
    return found


def state(instance: FormInstance, language: str) -> list[dict[str, Any]]:
    """Return every node of the form in document order, in one language."""
    with instance.bounded():
        return [_node(instance, path, language) for path in instance.paths(inner=True)]


def _node(instance: FormInstance, path: FieldPath, language: str) -> dict[str, Any]:
    form = instance.form
    generic = instance.generic(path)
    is_leaf = generic in form.leaves
    control = form.controls.get(generic)
    is_relevant = instance.is_relevant(path)
    problem = instance.problem(path) if is_leaf else None
    if is_leaf:
        kind = control.kind if control is not None else ("calculate" if form.bind(generic).calculate else "hidden")
    else:
        kind = "repeat" if generic in form.repeats else "group"
    said: dict[str, Any] = {
        "path": path,
        "kind": kind,
        "type": form.bind(generic).type if is_leaf else "",
        "value": instance.value(path) if is_leaf else "",
        "relevant": is_relevant,
        "required": instance.is_required(path) if is_leaf else False,
        "readonly": instance.is_readonly(path),
        "valid": problem is None,
        "problem": None if problem is None else {"kind": problem.kind, "message": problem.message(language)},
        "label": instance.label(path, language),
        "hint": instance.hint(path, language),
    }
    if is_leaf and form.bind(generic).save_to:
        said["save_to"] = form.bind(generic).save_to
    if control is not None:
        guidance = control.hint.guidance_in(language)
        if guidance:
            said["guidance"] = guidance
        said["appearance"] = control.appearance
        media = control.label.media_in(language)
        if media:
            said["media"] = dict(media)
        if control.media_type:
            said["media_type"] = control.media_type
        if control.range is not None:
            said["range"] = {"start": control.range.start, "end": control.range.end, "step": control.range.step}
        if control.choices or control.itemset is not None:
            said["choices"] = [
                {"value": one.value, "label": one.label, **({"media": dict(one.media)} if one.media else {})}
                for one in (instance.choices(path, language) if is_relevant else [])
            ]
    return said
