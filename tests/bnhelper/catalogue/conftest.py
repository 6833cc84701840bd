"""A pack of two procedures, and the same with one word changed."""

from dataclasses import replace

import pytest

import resources
from bnhelper.authoring.build_pack import content_from
from bnhelper.authoring.sources import read_sources
from bnhelper.catalogue.pack_content import PackContent


@pytest.fixture(scope="module")
def contents() -> tuple[PackContent, PackContent]:
    sources = read_sources(resources.resource("procedures").parent)
    words = {**sources.words, "everyday": {}, "retired": {}, "life_events": []}
    few = tuple(one for one in sources.procedures if one["code"] in {"1.001193", "1.004194"})
    small = replace(sources, procedures=few, stubs=sources.stubs[:2], words=words, guides=sources.guides[:1])
    changed = tuple({**one, "deadline_vi": "Hạn mới"} for one in few)
    return content_from(small), content_from(replace(small, procedures=changed))
