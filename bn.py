"""The one door: sets everything up on a fresh machine, then runs, tests, checks, measures. `python3 bn.py help`."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
LOCK = HERE / "requirements.lock"
IS_WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if IS_WINDOWS else "bin/python")
BEFORE_ASKING_AGAIN_S = 5  #: a package index that does not answer for a moment reads as "no such version"

#: What Qt needs on a bare Debian or Ubuntu, found by trying in an empty chroot.
SYSTEM_LIBRARIES = [
    "libglib2.0-0",
    "libegl1",
    "libgl1",
    "libfontconfig1",
    "libdbus-1-3",
    "libxkbcommon0",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-keysyms1",
    "libxcb-shape0",
    "libxkbcommon-x11-0",
]

VERBS = {
    "run": "open the app",
    "demo": "play one whole journey through the real widgets (--headless, --out DIR)",
    "intake": "run the reference intake server",
    "find": "search procedures (TEXT, or --batch FILE --json)",
    "checklist": "the papers of one case (CODE --true FACT,FACT --json)",
    "pack": "build or check the procedure pack",
    "store": "check, back up, restore or rescue a machine's data",
    "test": "run the tests (--quick, --long, or pytest's own arguments)",
    "check": "lint, types, contracts, words",
    "bench": "measure (forms, gui, intake, net, packs, search, start, store) [--json]",
    "words": "update, check or compile the translations",
    "lock": "make requirements.lock anew from pyproject.toml",
    "setup": "only set up",
    "help": "this list",
}
MODULES = {
    "run": "ui",
    "demo": "ui.demo",
    "intake": "sync.intake",
    "find": "bnhelper.command_line.find",
    "checklist": "bnhelper.command_line.checklist",
    "pack": "bnhelper.command_line.pack",
    "store": "bnhelper.command_line.store",
    "words": "ui.words.translations",
}


class CannotGoOn(Exception):
    """A set-up step that failed; the message is a sentence with the next step."""


def main(argv: Sequence[str]) -> int:
    """Do one verb; return its exit code."""
    verb, *more = argv or ["help"]
    if verb not in VERBS or verb == "help":
        for name, meaning in VERBS.items():
            print(f"  {name:<10} {meaning}")
        return 0 if verb == "help" else 2
    try:
        set_up()
        return do(verb, more)
    except CannotGoOn as wrong:
        say(str(wrong))
        return 1
    except KeyboardInterrupt:
        return 130


def do(verb: str, more: Sequence[str]) -> int:
    """Run a verb in the environment."""
    if verb == "setup":
        return 0
    if verb == "test":
        return test(more)
    if verb == "check":
        return check()
    if verb == "lock":
        return lock()
    if verb == "bench":
        if not more or not (HERE / "tests" / "bench" / f"{more[0]}.py").exists():
            say(
                "bench what? "
                + ", ".join(
                    sorted(path.stem for path in (HERE / "tests/bench").glob("[a-z]*.py") if path.stem != "bench_run")
                )
            )
            return 2
        return call(["-m", f"tests.bench.{more[0]}", *more[1:]])
    return become(["-m", MODULES[verb], *more])


def test(more: Sequence[str]) -> int:
    """Run the tests: all of them, without the marked ones (--quick), or at the nightly sizes (--long)."""
    rest = [one for one in more if one not in {"--quick", "--long"}]
    if "--quick" not in more:
        install_for_tests()
    chosen = ["-m", "not long"]
    if "--quick" in more:
        chosen = ["-m", "not (journey or crash or looks or long or net or slow)"]
    if "--long" in more:
        chosen = []
        os.environ["BNHELPER_NEW_EXAMPLES"] = "1"
    if "--quick" not in more:
        call(["-m", "tests.peers"])  # without them, what needs them is skipped and says so
    spread = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]  # tests/conftest.py puts the long files first
    spread += ["--max-worker-restart", "0"]  # a run whose worker died would wait for the next one for ever
    return call(["-m", "pytest", *spread, "-q", "--durations", "8", *chosen, *rest])


def check() -> int:
    """Run every check, also after one failed; 1 if any did."""
    steps = {
        "types": ["-m", "mypy"],
        "lint": ["-m", "ruff", "check", "--quiet", "."],
        "format": ["-m", "ruff", "format", "--check", "--quiet", "."],
        "contracts": ["-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"],
        "words": ["-m", "ui.words.translations", "check"],
    }

    def run(step: list[str]) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [str(PYTHON), *step], cwd=HERE, env=environment(), capture_output=True, text=True, check=False
        )

    failed = []
    with ThreadPoolExecutor(2) as hands:  # the types take as long as everything else
        for name, done in zip(steps, hands.map(run, steps.values()), strict=True):
            print(f"{name:<10} {'ok' if done.returncode == 0 else 'FAILED'}", flush=True)
            if done.returncode:
                failed.append(name)
                print(done.stdout + done.stderr, flush=True)
    return 1 if failed else 0


def lock() -> int:
    """Resolve pyproject.toml into requirements.lock, for every platform, with hashes and no address."""
    tool = shutil.which("uv")
    if tool is None:
        raise CannotGoOn("lock needs uv: python3 -m pip install uv")
    groups = ["--extra", "authoring", "--extra", "intake", "--group", "dev"]
    return subprocess.call(
        [
            tool,
            "pip",
            "compile",
            "pyproject.toml",
            *groups,
            "--universal",
            "--generate-hashes",
            "--no-header",
            "--python-version",
            "3.11",
            "--upgrade",
            "-o",
            str(LOCK),
        ],
        cwd=HERE,
    )


def call(arguments: Sequence[str]) -> int:
    """Run Python in the environment with this terminal."""
    return subprocess.call([str(PYTHON), *arguments], cwd=HERE, env=environment())


def become(arguments: Sequence[str]) -> int:
    """Run Python in the environment in this very process, where that can be: who ends it ends the program itself."""
    if IS_WINDOWS:
        return call(arguments)
    os.chdir(HERE)
    sys.stdout.flush()
    return os.execve(PYTHON, [str(PYTHON), *arguments], environment())  # noqa: S606 - no shell is wanted


def environment() -> dict[str, str]:
    """Return the environment of every child: UTF-8, compiled modules, no display means no window."""
    said = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    said["PYTHONUTF8"] = "1"
    has_display = IS_WINDOWS or sys.platform == "darwin" or said.get("DISPLAY") or said.get("WAYLAND_DISPLAY")
    if not has_display:
        said.setdefault("QT_QPA_PLATFORM", "offscreen")
    return said


# --- set-up --------------------------------------------------------------------------------------------------------


def set_up() -> None:
    """Bring everything that is missing or stale up to date; over in an instant when nothing is."""
    want = fingerprint([LOCK, HERE / "pyproject.toml"])
    if not PYTHON.exists() or read(VENV / "bn-installed") != want:
        if sys.platform.startswith("linux"):
            install_system_libraries()
        make_environment()
        install(want)
    build_if_changed(
        "pack", ["-m", "bnhelper.command_line.pack", "build"], pack_sources(), HERE / "resources/packs/province.bnpack"
    )
    build_if_changed(
        "words",
        ["-m", "ui.words.translations", "compile"],
        sorted((HERE / "resources/i18n").glob("*.ts")),
        HERE / "resources/i18n/bnhelper_vi.qm",
    )


def pack_sources() -> list[Path]:
    names = ("procedures", "guides", "places", "portal", "search")
    folders = (*(f"resources/{name}" for name in names), "bnhelper/authoring")
    found = [
        path
        for folder in folders
        for path in sorted((HERE / folder).rglob("*"))
        if path.suffix in {".yaml", ".tsv", ".py", ".xz"}
    ]
    return [
        *found,
        HERE / "bnhelper/catalogue/pack.py",
        HERE / "bnhelper/catalogue/pack_content.py",
        HERE / "bnhelper/catalogue/pack_stamp.py",
        HERE / "bnhelper/catalogue/packed_text.py",
        HERE / "bnhelper/catalogue/search_key.py",
    ]


def build_if_changed(name: str, arguments: Sequence[str], sources: Sequence[Path], made: Path) -> None:
    """Run a build step when its sources are other than last time, or its product is gone."""
    stamp = VENV / f"bn-{name}"
    want = fingerprint(sources)
    if made.exists() and read(stamp) == want:
        return
    done = subprocess.run(
        [str(PYTHON), *arguments], cwd=HERE, env=environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CannotGoOn(f"building {name} failed:\n{done.stdout}{done.stderr}")
    stamp.write_text(want, encoding="utf-8")


def fingerprint(files: Sequence[Path]) -> str:
    digest = hashlib.sha256(f"{sys.version_info.major}.{sys.version_info.minor}".encode())
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def install_system_libraries() -> None:
    """Install what Qt needs where apt is there and allowed; otherwise say the command."""
    if shutil.which("dpkg-query") is None or shutil.which("apt-get") is None:
        return
    missing = [name for name in SYSTEM_LIBRARIES if not is_installed(name)]
    if missing:
        apt(missing, "Qt's system libraries")


def install_for_tests() -> None:
    """Install Debian's Chromium and GNOME's keyring for their tests, as root; without one its tests skip and say so."""
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        return
    for program, package, why in (
        ("chromium", "chromium", "Chromium for the tests of the officers' pages"),
        ("gnome-keyring-daemon", "gnome-keyring", "GNOME's keyring for the tests of the PIN"),
    ):
        if shutil.which(program) is None:
            try:
                apt([package], why)
            except CannotGoOn as wrong:
                say(str(wrong))


def is_installed(package: str) -> bool:
    said = subprocess.run(["dpkg-query", "-W", "-f=${Status}", package], capture_output=True, text=True, check=False)
    return said.returncode == 0 and "ok installed" in said.stdout


def apt(packages: Sequence[str], why: str) -> None:
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    prefix: list[str] = []
    if os.geteuid() != 0:
        prefix = ["sudo", "-n"]
        if shutil.which("sudo") is None or subprocess.call([*prefix, "true"], stderr=subprocess.DEVNULL) != 0:
            raise CannotGoOn(f"{why} are missing. Type:\n  sudo apt-get install {' '.join(packages)}")
    say(f"installing {why} ({len(packages)} packages)")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.call([*prefix, "apt-get", "update", "-qq"], stdout=subprocess.DEVNULL, env=quiet)
    if subprocess.call([*prefix, *command], stdout=subprocess.DEVNULL, env=quiet) != 0:
        raise CannotGoOn(f"apt-get could not install {why}. Type:\n  sudo apt-get install {' '.join(packages)}")


def make_environment() -> None:
    """Make the virtual environment, with Debian's python3-venv where the interpreter comes without ensurepip."""
    if PYTHON.exists():
        return
    say(f"making the environment {VENV.name}")
    if any(makes_environment(python) for python in dict.fromkeys((quickest_python(system_pythons()), sys.executable))):
        return
    if sys.platform.startswith("linux") and shutil.which("apt-get"):
        apt([f"python3.{sys.version_info.minor}-venv"], "Python's venv module")
        if makes_environment(sys.executable):
            return
    raise CannotGoOn("Python cannot make a virtual environment here: install its venv module.")


def makes_environment(python: str) -> bool:
    """Tell whether this interpreter could make the environment; nothing is left of one that could not."""
    if subprocess.run([python, "-m", "venv", str(VENV)], capture_output=True, check=False).returncode == 0:
        return True
    shutil.rmtree(VENV, ignore_errors=True)
    return False


def system_pythons() -> list[Path]:
    """Return where a system keeps its own Python of this version."""
    return [Path(f"/usr/bin/python3.{sys.version_info.minor}")] if sys.platform.startswith("linux") else []


def quickest_python(others: Sequence[Path]) -> str:
    """Return the interpreter for the environment: one of the `others` where that is a fifth quicker.

    What a version manager compiles is mostly built without a profile; Debian's and the official ones are built with
    one, and run the same code in two thirds of the time (measured: 3.11 of both kinds on one machine).
    """
    best, needed = sys.executable, seconds_of_work(sys.executable) / 1.2
    for other in others:
        if other.exists() and not other.samefile(sys.executable) and seconds_of_work(str(other)) < needed:
            best = str(other)
            say(f"with {best}: it is quicker than {sys.executable}")
    return best


def seconds_of_work(python: str) -> float:
    """Return how long an interpreter takes over a little plain Python, the best of seven."""
    work = "d = {}\nfor i in range(20000):\n    d[i % 97] = str(i) + 'x'\n    d.get(i)"
    command = [python, "-I", "-c", f"import timeit; print(min(timeit.repeat({work!r}, number=1, repeat=7)))"]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    return float(said.stdout) if said.returncode == 0 else float("inf")


def install(want: str) -> None:
    """Install the locked dependencies, checked by their hashes, then the project itself."""
    say("installing the locked dependencies (once, about a minute)")
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    for arguments in (["--require-hashes", "-r", str(LOCK)], ["--no-build-isolation", "--no-deps", "-e", str(HERE)]):
        for is_last in (False, True):
            done = subprocess.run(
                [*pip, *arguments], cwd=HERE, env=environment(), stderr=subprocess.PIPE, text=True, check=False
            )
            if not done.returncode:
                break
            if is_last:
                tail = "\n".join(line for line in done.stderr.splitlines() if "WARNING" not in line)[-1500:]
                raise CannotGoOn(f"installing failed; is there a network?\n{tail}")
            time.sleep(BEFORE_ASKING_AGAIN_S)
    say("compiling modules, so that every start is quick")
    subprocess.call(
        [str(PYTHON), "-m", "compileall", "-qq", "-j", "0", str(VENV / ("Lib" if IS_WINDOWS else "lib"))],
        env=environment(),
    )
    (VENV / "bn-installed").write_text(want, encoding="utf-8")


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
