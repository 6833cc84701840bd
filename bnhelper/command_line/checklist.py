"""`bn.py checklist`: the papers of one case from a terminal, through the same form runtime as the screens."""

import argparse
import datetime as dt
import json
import sys
from collections.abc import Sequence

from bnhelper.catalogue.checklist import checklist
from bnhelper.catalogue.library import Library
from bnhelper.catalogue.pack import Pack, UnknownProcedure
from bnhelper.clock import SystemClock, province_date
from bnhelper.forms.instance import FormInstance
from bnhelper.ids import FieldPath


def answered_case(pack: Pack, code: str, true: Sequence[str], *, today: dt.date) -> FormInstance:
    """Return the form of `code` with the facts in `true` answered yes and every other fact, of any kind, no.

    Raises UnknownProcedure for a code without a form. A fact the procedure does not name changes nothing.
    """
    instance = FormInstance(pack.form(code), today=lambda: today)
    facts = [path for path in instance.form.under("/data/case") if path != "/data/case/channel"]
    instance.restore({path: "yes" if path.rpartition("/")[2] in true else "no" for path in facts})
    return instance


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; 2 for a procedure that has no form."""
    parser = argparse.ArgumentParser(prog="checklist", description="The papers one case needs.")
    parser.add_argument("code", help="a procedure's code, such as 1.001193")
    parser.add_argument("--true", default="", help="facts that hold, separated by commas; all others are answered no")
    parser.add_argument("--json", action="store_true")
    said = parser.parse_args(argv)
    pack = Library.shipped().newest
    try:
        true = [FieldPath(name) for name in said.true.split(",") if name]
        instance = answered_case(pack, said.code, true, today=province_date(SystemClock().now()))
        procedure = pack.procedure(said.code)
    except UnknownProcedure:
        print(f"no form for {said.code}", file=sys.stderr)
        return 2
    found = checklist(instance, procedure, "vi")
    if said.json:
        print(json.dumps({"code": procedure.code, "documents": [item.paper for item in found.items]}))
    else:
        print(procedure.name_vi)
        for item in found.items:
            print(f"  {'' if item.need == 'needed' else '(có thể) '}{item.name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
