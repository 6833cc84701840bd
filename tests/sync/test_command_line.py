"""`bnhelper-sync` by stick: three commands, what they print and the codes a script can rely on."""

from pathlib import Path

import pytest

from bnhelper.domain.custody import OutboxState
from sync.command_line import main
from tests.sync.conftest import RunningIntake
from tests.sync.courier_world import locked, machine_at, out, states


def _run(folder: Path, *words: str) -> int:
    return main([words[0], *words[1:], "--folder", str(folder / "data"), "--key-file", str(folder / "key")])


def test_pack_import_unpack(tmp_path: Path, intake: RunningIntake, capsys: pytest.CaptureFixture[str]) -> None:
    stick, device, carrier = tmp_path / "stick", tmp_path / "device", tmp_path / "carrier"
    stick.mkdir()
    machine = machine_at(device, intake)
    locked(machine)
    machine.close()
    machine_at(carrier, intake).close()

    assert _run(device, "import", str(stick)) == 2
    assert "no-bundles" in capsys.readouterr().err
    assert _run(device, "pack", str(stick), "--part-mib", "32") == 0
    assert "sealed 1 dossiers" in capsys.readouterr().out
    assert len(out(stick)) == 1
    assert _run(device, "status") == 1
    assert "waiting 1, held 0, proved today 0" in capsys.readouterr().out
    assert _run(carrier, "import", str(stick)) == 0
    assert "parts 1, proved 1, waiting 0, refused 0" in capsys.readouterr().out
    assert _run(device, "unpack", str(stick)) == 0
    assert "proved 1, held 0" in capsys.readouterr().out
    assert _run(device, "pack", str(stick)) == 2
    assert "nothing-to-carry" in capsys.readouterr().err

    from bnhelper.actions.unlock_machine import unlock_machine
    from bnhelper.catalogue.library import Library
    from bnhelper.paths import Places
    from bnhelper.vault.keys import KeyFile

    opened = unlock_machine(
        Places(device / "data"), KeyFile(device / "key"), library=Library.shipped(), clock=intake.clock
    )
    assert states(opened) == [OutboxState.PROVED]
    opened.close()


@pytest.mark.parametrize(
    "words", [["pack"], ["run", "somewhere"], ["pack", "x", "--part-mib", "1"], ["pack", "x", "--part-mib", "5000"]]
)
def test_what_makes_no_sense_is_refused_before_anything_is_opened(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*words, "--key-file", "nowhere"])
    assert ended.value.code == 2
