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
    faults.extend(f"declarations: no procedure {code}" for code in sources.declarations if code not in known)
    return faults
