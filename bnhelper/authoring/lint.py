"""What is wrong with the sources, in the author's own terms: which file, which paper, which fact."""

from bnhelper.authoring.conditions import ConditionNotUnderstood, facts_of
from bnhelper.authoring.sources import Sources, conditions_of

_PAPER_KINDS = {"submit", "form", "present", "eform", "data", "note"}


def lint(sources: Sources) -> list[str]:
    """Return every fault, one sentence each; nothing is built while there is one."""
    faults: list[str] = []
    codes = [one["code"] for one in (*sources.procedures, *sources.stubs)]
    faults.extend(f"{code}: the code stands twice" for code in sorted({one for one in codes if codes.count(one) > 1}))
    for procedure in sources.procedures:
        code = procedure["code"]
        try:
            conditions = conditions_of(procedure)
        except ConditionNotUnderstood as wrong:
            faults.append(f"condition not understood: {wrong}")
            continue
        named = {name for condition in conditions.deciding() for name in facts_of(condition)}
        faults.extend(f"{code}: unknown fact {name}" for name in sorted(named - set(sources.facts)))
        papers = [paper["id"] for paper in procedure["documents"]]
        faults.extend(f"{code}: paper {one} stands twice" for one in sorted({p for p in papers if papers.count(p) > 1}))
        faults.extend(
            f"{code}: paper {paper['id']} has the unknown kind {paper['kind']}"
            for paper in procedure["documents"]
            if paper["kind"] not in _PAPER_KINDS
        )
        if "conditions_reviewed" not in procedure:
            faults.append(f"{code}: conditions_reviewed is not said")
    known = set(codes)
    faults.extend(f"words.yaml: no procedure {code}" for code in sources.words["everyday"] if str(code) not in known)
    faults.extend(
        f"words.yaml: retired code leads to {to}" for to in sources.words["retired"].values() if to not in known
    )
    faults.extend(
        f"words.yaml: life event {event['vi']} leads to {code}, which is no procedure"
        for event in sources.words.get("life_events", ())
        for code in event["codes"]
        if code not in known
    )
    faults.extend(f"declarations: no procedure {code}" for code in sources.declarations if code not in known)
    faults.extend(_faults_of_guides(sources, known))
    return faults


def _faults_of_guides(sources: Sources, known: set[str]) -> list[str]:
    """A guide says everything in both languages, names its sources, and leads only to procedures that exist."""
    faults: list[str] = []
    for guide in sources.guides:
        place = f"guides/{guide.get('id', '?')}"
        faults.extend(
            f"{place}: {key} is missing"
            for key in ("id", "name_vi", "name_en", "summary_vi", "summary_en", "everyday", "steps", "sources")
            if not guide.get(key)
        )
        lines = [line for key in ("before", "steps", "warnings") for line in guide.get(key, ())]
        faults.extend(f"{place}: a line lacks a language: {line}" for line in lines if set(line) != {"vi", "en"})
        faults.extend(f"{place}: no procedure {code}" for code in guide.get("related", ()) if code not in known)
    return faults
