"""What happens when a form is opened: for the first time, again, and when it only goes on (ODK XForms, "Events")."""

import datetime as dt

from bnhelper.forms.definition import FormDefinition
from bnhelper.forms.instance import FormInstance
from bnhelper.forms.judging import Judge
from bnhelper.forms.submission import read_submission, read_xml, to_xml
from bnhelper.ids import FieldPath
from tests.bnhelper.forms.xforms import NOW, bind, form, p

_LATER = NOW + dt.timedelta(days=2)
_FIRST, _SECOND = "2026-11-24T09:30:00.000+07:00", "2026-11-26T09:30:00.000+07:00"


def _timed() -> FormDefinition:
    return form(
        "<first/><begun/><each/><after/><told/><a/>",
        bind("first", type="dateTime")
        + bind("begun", type="dateTime", jr__preload="timestamp", jr__preloadParams="start")
        + bind("each", type="dateTime", required="true()")
        + bind("after", calculate="concat('at ', /data/each)"),
        '<input ref="/data/a"/><input ref="/data/each"><setvalue event="xforms-value-changed" ref="/data/told" value="1"/>'
        "</input>",
        '<setvalue event="odk-instance-first-load" ref="/data/first" value="now()"/>'
        '<setvalue event="odk-instance-load" ref="/data/each" value="now()"/>',
    )


def _opened(
    definition: FormDefinition,
    now: dt.datetime,
    answers: dict[FieldPath, str] | None = None,
    *,
    is_resumed: bool = False,
) -> FormInstance:
    return FormInstance(definition, today=now.date, now=lambda: now, answers=answers, is_resumed=is_resumed)


def _times(filling: FormInstance) -> list[str]:
    return [filling.value(p(name)) for name in ("first", "begun", "each", "after", "told")]


def test_only_what_happens_at_every_opening_happens_when_a_draft_is_opened_again() -> None:
    definition = _timed()
    draft = _opened(definition, NOW)
    draft.answer(p("a"), "x")
    assert _times(draft) == [_FIRST, _FIRST, _FIRST, f"at {_FIRST}", ""]
    again = _opened(definition, _LATER, draft.answers())
    assert _times(again) == [_FIRST, _FIRST, _SECOND, f"at {_SECOND}", ""], "what follows from it is worked out too"
    assert again.value(p("a")) == "x"
    assert again.answers() == draft.answers() | {p("each"): _SECOND, p("after"): f"at {_SECOND}"}


def test_nothing_happens_where_a_filling_only_goes_on() -> None:
    definition = _timed()
    draft = _opened(definition, NOW)
    draft.answer(p("each"), "2026-11-20T08:00:00.000+07:00")
    draft.answer(p("first"), "")
    kept = draft.values()
    assert _opened(definition, _LATER, draft.answers(), is_resumed=True).values() == kept


def test_a_submission_that_is_read_is_opened_again_and_one_that_is_judged_is_not() -> None:
    definition = _timed()
    sent = to_xml(_opened(definition, NOW), instance_id="1")
    read = read_submission(definition, sent, today=_LATER.date, now=lambda: _LATER)
    assert _times(read)[:3] == [_FIRST, _FIRST, _SECOND]
    blank = sent.replace(f"<each>{_FIRST}</each>", "<each></each>")
    assert blank != sent
    judge = Judge(definition)
    assert judge.problems(read_xml(sent, definition)[2], today=_LATER.date) == []
    (wrong,) = judge.problems(read_xml(blank, definition)[2], today=_LATER.date)
    assert (wrong.path, wrong.kind) == (p("each"), "required")


def test_what_was_not_relevant_when_it_was_sent_is_read_back_as_the_form_gives_it() -> None:
    definition = form(
        "<a/><b>dflt</b><c>said</c>",
        bind("b", relevant="/data/a = 1"),
        '<input ref="/data/a"/><input ref="/data/b"/><input ref="/data/c"/>',
    )
    draft = _opened(definition, NOW)
    draft.answer(p("c"), "")
    sent = to_xml(draft, instance_id="1")
    read = read_submission(definition, sent, today=NOW.date)
    assert (read.value(p("b")), read.value(p("c"))) == ("dflt", "")
    assert to_xml(read, instance_id="1") == sent
    for one in (draft, read):
        one.answer(p("a"), "1")
        assert one.value(p("b")) == "dflt"
    # What a client left out though it is relevant was blank.
    read = read_submission(definition, sent.replace("<c></c>", ""), today=NOW.date)
    assert read.value(p("c")) == ""
