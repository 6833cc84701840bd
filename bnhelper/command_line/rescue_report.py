"""What a rescue needs to know of procedures, and how its outcome is told."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from bnhelper.catalogue.library import Library
from bnhelper.catalogue.pack import Pack
from bnhelper.paths import Places
from bnhelper.store.rescue import Rescued


def procedure_of(library: Library, paths: Iterable[str], code: str) -> dict[str, Any] | None:
    """Return a dossier's procedure as columns: of this code, or the smallest whose form has every answered path."""
    pack, wanted = library.newest, set(paths)
    if not (code or wanted):
        return None
    names = {path.rsplit("/", 1)[-1] for path in wanted}
    fitting = []
    for one in pack.procedures():
        if not one.is_stub and (not code or one.code == code):
            xml = pack.form_xml(one.code)
            if not all(name in xml for name in names):
                continue  # without reading the form: there are thousands
            leaves = _leaves(pack, one.code)
            if wanted <= leaves:
                fitting.append((len(leaves), one.code, one))
    if not fitting:
        return None
    best = min(fitting)[2]
    return {
        "procedure": best.code,
        "title_vi": best.name_vi,
        "title_en": best.name_en,
        "pack_version": pack.version,
        "pack_sha256": pack.sha256,
    }


@lru_cache(maxsize=4096)
def _leaves(pack: Pack, code: str) -> frozenset[str]:
    """Return the paths of a form; kept, since every dossier that lost its row is held against every form."""
    return frozenset(pack.form(code).leaves)


def rescue_report(made: Rescued, target: Places) -> None:
    """Print what was saved and what was not: counts, codes and the names of papers, nothing personal."""
    saved = made.saved
    print(f"saved into {target.root.name}: {saved['dossiers']} dossiers, {saved['answers']} answers, ", end="")
    print(f"{saved['outbox']} sealed, {made.photos} photos")
    seal = "" if made.has_seal else "; the store's salt is lost, so that no page could be checked"
    print(f"pages: {made.pages} read, {made.broken_pages} of them broken{seal}")
    lists = {
        "its head was made anew from what was left": made.rebuilt,
        "compare with the paper": made.doubtful,
        "no longer sealed, check it and lock it again": made.unsealed,
        "photo lost, take it again": made.lost_photos,
    }
    for words, names in lists.items():
        for name in names:
            print(f"  {words}: {name}")
    print(f"photo files without a key: {made.nameless_files}; rows that belong to nothing: {made.strangers}")
    if made.is_new_device:
        print("The device's own identity is lost: enrol this machine again.")
    print(f"Open it with: bnhelper --folder {target.root.name}. The damaged one was not changed.")
