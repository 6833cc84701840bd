"""`python -m ui.words.translations update|check|compile`: the Vietnamese of every text, complete."""

import re
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from xml.etree.ElementTree import Element

import defusedxml.ElementTree as SafeTree

_ROOT = Path(__file__).resolve().parents[2]
_TS = _ROOT / "resources" / "i18n" / "bnhelper_vi.ts"
_QM = _TS.with_suffix(".qm")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; 0 when it did its work, 1 when a text lacks its Vietnamese."""
    verb = (argv if argv is not None else sys.argv[1:])[:1]
    if verb == ["update"]:
        code = _run("pyside6-lupdate", "-extensions", "py", "-no-obsolete", str(_ROOT / "ui"), "-ts", str(_TS))
        _TS.write_text(_only_words(_TS.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
        return code
    if verb == ["compile"]:
        return _run("pyside6-lrelease", str(_TS), "-qm", str(_QM))
    if verb == ["check"]:
        faults = check()
        print("\n".join(faults) or f"{len(_messages())} texts, all translated")
        return 1 if faults else 0
    print(__doc__)
    return 2


def _only_words(text: str) -> str:
    """Return a .ts file without line numbers and code comments, which change with every edit and tell nothing."""
    return re.sub(r"^ *<(location|extracomment)\b.*?(/>|</extracomment>)\n", "", text, flags=re.MULTILINE | re.DOTALL)


def check() -> list[str]:
    """Return what is wrong: untranslated, not NFC, or the file does not know a text of the program."""
    faults = []
    known = {(context, message.findtext("source") or "") for context, message in _messages()}
    for context, message in _messages():
        translation = message.find("translation")
        source = message.findtext("source") or ""
        words = "" if translation is None else "".join(translation.itertext())
        if translation is None or translation.get("type") or not words.strip():
            faults.append(f"{context}: no Vietnamese for {source!r}")
        elif not unicodedata.is_normalized("NFC", words):
            faults.append(f"{context}: not NFC: {words!r}")
    fresh = _TS.with_name("fresh.ts")
    try:
        if _run("pyside6-lupdate", "-extensions", "py", "-silent", str(_ROOT / "ui"), "-ts", str(fresh)):
            return [*faults, "lupdate failed"]
        now = {(context, message.findtext("source") or "") for context, message in _messages(fresh)}
    finally:
        fresh.unlink(missing_ok=True)
    faults.extend(f"{context}: new text {source!r}, run bn.py words update" for context, source in sorted(now - known))
    faults.extend(
        f"{context}: text is gone {source!r}, run bn.py words update" for context, source in sorted(known - now)
    )
    return faults


def _messages(path: Path = _TS) -> list[tuple[str, Element]]:
    root = SafeTree.fromstring(path.read_bytes(), forbid_dtd=False)
    return [(one.findtext("name") or "", message) for one in root.iter("context") for message in one.iter("message")]


def _run(tool: str, *arguments: str) -> int:
    name = tool + (".exe" if sys.platform == "win32" else "")
    done = subprocess.run(  # noqa: S603 - our own tools, by whole path
        [str(Path(sys.executable).parent / name), *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        print(done.stdout + done.stderr)
    return done.returncode


if __name__ == "__main__":
    raise SystemExit(main())
