"""XPath 1.0's and ODK's functions on choices, nodes and the form itself.

Source of names and meanings: ODK XForms specification, "XPath functions"; ODK documentation, "Form functions".
"""

import hashlib
import math
import random

from bnhelper.forms import functions_of_place, functions_of_text, functions_of_time, mathematics
from bnhelper.forms.expressions import Compiled, Context, visited
from bnhelper.forms.function_table import ANY, FUNCTIONS, function
from bnhelper.forms.nodes import Node
from bnhelper.forms.values import Value, equal, to_bool, to_number, to_text

assert functions_of_place
assert functions_of_text
assert functions_of_time
assert mathematics


def _nodes(value: Value) -> list[Node]:
    if not isinstance(value, list):
        raise ValueError("not a node set")  # noqa: TRY004 - one family for what authors do wrong
    return value


# --- control -------------------------------------------------------------------------------------------------


@function("if", 3, is_lazy=True)
def choose(c: Context, condition: Compiled, yes: Compiled, no: Compiled) -> Value:
    return yes(c) if to_bool(condition(c)) else no(c)


@function("coalesce", 2, ANY, is_lazy=True)
def coalesce(c: Context, *options: Compiled) -> Value:
    for option in options[:-1]:
        value = option(c)
        if to_text(value):
            return value
    return options[-1](c)


@function("once", 1, is_lazy=True)
def once(c: Context, inner: Compiled) -> Value:
    return c.current.text or inner(c)


FUNCTIONS["true"] = FUNCTIONS["if"].__class__(0, 0, lambda _c: True)
FUNCTIONS["false"] = FUNCTIONS["if"].__class__(0, 0, lambda _c: False)


@function("boolean", 1)
def boolean(_c: Context, value: Value) -> bool:
    return to_bool(value)


@function("boolean-from-string", 1)
def boolean_from_string(_c: Context, value: Value) -> bool:
    return to_text(value).lower() in {"true", "1"}


@function("not", 1)
def negate(_c: Context, value: Value) -> bool:
    return not to_bool(value)


# --- choices -------------------------------------------------------------------------------------------------


@function("selected", 2, is_by_letter=True)
def selected(_c: Context, answer: Value, wanted: Value) -> bool:
    """Tell whether a word is among those of a list; nothing is among the words of an empty list, as in JavaRosa."""
    return f" {to_text(wanted).strip()} " in f" {' '.join(to_text(answer).split())} "


FUNCTIONS["is-selected"] = FUNCTIONS["selected"]


@function("count-selected", 1, is_by_letter=True)
def count_selected(_c: Context, answer: Value) -> float:
    return float(len(to_text(answer).split()))


@function("selected-at", 2, is_by_letter=True)
def selected_at(_c: Context, answer: Value, place: Value) -> str:
    number, chosen = to_number(place), to_text(answer).split()
    return chosen[int(number)] if 0 <= number < len(chosen) else ""


@function("jr:itext", 1)
def itext(c: Context, key: Value) -> str:
    return c.scope.itext(to_text(key))


@function("checklist", 2, ANY)
def checklist(_c: Context, fewest: Value, most: Value, *factors: Value) -> bool:
    flags = _flags(factors)
    return _within(float(sum(flags)), to_number(fewest), to_number(most))


@function("weighted-checklist", 2, ANY)
def weighted_checklist(_c: Context, fewest: Value, most: Value, *pairs: Value) -> bool:
    if len(pairs) == 2 and isinstance(pairs[0], list) and isinstance(pairs[1], list):
        flags, weights = _flags(pairs[:1]), [to_number([node]) for node in pairs[1]]
    else:
        flags, weights = _flags(pairs[::2], is_each=True), [to_number(one) for one in pairs[1::2]]
    if len(flags) != len(weights):
        raise ValueError("as many factors as weights")
    total = sum(weight for flag, weight in zip(flags, weights, strict=True) if flag)
    return _within(total, to_number(fewest), to_number(most))


def _flags(factors: tuple[Value, ...], *, is_each: bool = False) -> list[bool]:
    if not is_each and len(factors) == 1 and isinstance(factors[0], list):
        return [to_bool([node]) for node in factors[0]]
    return [to_bool(factor) for factor in factors]


def _within(count: float, fewest: float, most: float) -> bool:
    """-1 means no bound."""
    return (fewest == -1 or count >= fewest) and (most == -1 or count <= most)


# --- nodes ---------------------------------------------------------------------------------------------------


@function("count", 1)
def count(_c: Context, nodes: Value) -> float:
    return float(len(_nodes(nodes)))


@function("count-non-empty", 1)
def count_non_empty(c: Context, nodes: Value) -> float:
    visited(c, len(_nodes(nodes)))
    return float(sum(1 for node in _nodes(nodes) if node.value()))


@function("last", 0)
def last(c: Context) -> float:
    return float(c.size or 1)


@function("position", 0, 1)
def position(c: Context, nodes: Value | None = None) -> float:
    if nodes is None:
        return float(c.position or c.node.position())
    found = _nodes(nodes)
    return float(found[0].position()) if found else 0.0


@function("current", 0)
def current(c: Context) -> list[Node]:
    return [c.current]


@function("instance", 1)
def instance(c: Context, name: Value) -> list[Node]:
    found = c.scope.secondary(to_text(name))
    return [] if found is None else [found]


@function("local-name", 0, 1)
def local_name(c: Context, nodes: Value | None = None) -> str:
    found = [c.node] if nodes is None else _nodes(nodes)
    return found[0].name if found else ""


FUNCTIONS["name"] = FUNCTIONS["local-name"]


@function("randomize", 1, 2)
def randomize(c: Context, nodes: Value, seed: Value | None = None) -> list[Node]:
    """Shuffle: with a seed always the same way, without one the same way for one question of a form.

    With a seed the order is that of Collect and Enketo: Fisher and Yates's from the inside out, on the generator
    of Park and Miller.
    """
    given = _nodes(nodes)
    visited(c, len(given))
    shuffled = list(given)
    if seed is None:
        random.Random(c.scope.version + c.current.path).shuffle(shuffled)
        return shuffled
    number = to_number(seed)
    if math.isnan(number) or math.isinf(number):
        text = to_text(seed).encode("utf-8")
        number = float(int.from_bytes(hashlib.sha256(text).digest()[:8], "big", signed=True)) if text else 0.0
    state = int(math.fmod(int(number), 2_147_483_647))
    state = state + 2_147_483_646 if state <= 0 else state
    for place, node in enumerate(given):
        state = state * 16_807 % 2_147_483_647
        other = int((state - 1) / 2_147_483_646 * (place + 1))
        shuffled[place] = shuffled[other]
        shuffled[other] = node
    return shuffled


@function("pulldata", 4)
def pulldata(c: Context, name: Value, wanted: Value, column: Value, key: Value) -> str:
    """Return the cell of column `wanted` in the first row of a table whose `column` is `key`."""
    table = c.scope.secondary(to_text(name).removesuffix(".csv"))
    root = None if table is None else table.first("root")
    if root is None:
        return ""
    visited(c, 1)
    key_text = to_text(key)
    index = root.index("item", to_text(column))
    rows = [] if index is None else index.get(key_text, [])
    if not rows and (index is None or not isinstance(key, str)):
        visited(c, len(root.children) * 4)
        rows = [row for row in root.named("item") if equal(list(row.named(to_text(column))), key)]
    cell = rows[0].first(to_text(wanted)) if rows else None
    return "" if cell is None else cell.value()


# --- the form and the device -----------------------------------------------------------------------------------


@function("uuid", 0, 1)
def uuid(c: Context, length: Value | None = None) -> str:
    if length is None:
        return c.scope.new_id()
    wanted = int(to_number(length))
    if not 0 < wanted <= 256:
        raise ValueError("a length of 1 to 256")
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    return "".join(letters[int(c.scope.random() * len(letters))] for _ in range(wanted))


@function("random", 0)
def random_number(c: Context) -> float:
    return c.scope.random()


@function("version", 0)
def version(c: Context) -> str:
    return c.scope.version


@function("property", 1)
def property_of(c: Context, name: Value) -> str:
    return c.scope.device_property(to_text(name))


@function("depend", 1, ANY)
def depend(_c: Context, value: Value, *_others: Value) -> Value:
    return value
