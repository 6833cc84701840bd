"""Plays one whole journey: search, ask, list, capture, lock, receipt, cut, send, supplement, result."""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QComboBox, QLineEdit, QListWidget

from bnhelper.domain.custody import StatusKey
from bnhelper.ids import DossierId, PaperId
from bnhelper.paths import Places
from bnhelper.queries.dossier_list import dossier, dossier_list
from bnhelper.queries.dossier_status import dossier_status
from bnhelper.queries.dossier_tasks import dossier_tasks, photo_bytes
from bnhelper.settings import Settings
from bnhelper.store import outbox
from sync.runner import Pace
from sync.wire.version import CHUNK_BYTES
from ui.app import App
from ui.demo.hands import DidNotHappen, Hands
from ui.demo.officer import OfficerBrowser
from ui.demo.relay import Relay
from ui.demo.sample_papers import card_photo, paper_photo, result_pdf
from ui.devices.picture import Offered
from ui.presenters import routes
from ui.screens.receipt import ReceiptScreen
from ui.screens.scan_card import ScanCardScreen
from ui.screens.take_photo import TakePhotoScreen

_EVIDENCE = PaperId("birth_evidence")
_ASKED = "/data/declaration/mother/residence"


@dataclass(slots=True)
class Played:
    """What came out; everything in it was looked up after the fact, on both sides."""

    summary: dict[str, Any] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def start_intake(folder: Path) -> tuple[subprocess.Popen[bytes], dict[str, Any]]:
    """Start the real intake as a process of its own; return it and what its ready file says."""
    ready = folder / "ready.json"
    command = [sys.executable, "-m", "sync.intake", "--folder", str(folder / "intake"), "--port", "0"]
    process = subprocess.Popen(  # noqa: S603 - our own server
        [*command, "--ready-file", str(ready)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    ends = time.monotonic() + 60
    while not ready.exists():
        if process.poll() is not None or time.monotonic() > ends:
            raise DidNotHappen("the intake to start")
        time.sleep(0.05)
    return process, json.loads(ready.read_text(encoding="utf-8"))


class Play:
    """One journey on a fresh machine below `folder`, against a fresh intake."""

    def __init__(self, folder: Path, out: Path, *, is_fast: bool, say: Callable[[str], None]) -> None:
        self._folder = folder
        self._out = out
        self._is_fast = is_fast
        self._say = say
        self._began = time.monotonic()
        self._key = ""
        out.mkdir(parents=True, exist_ok=True)
        self.process, self._ready = start_intake(folder)
        try:
            self._open(folder, is_fast=is_fast)
        except BaseException:
            self.process.kill()
            raise

    def _open(self, folder: Path, *, is_fast: bool) -> None:
        port = int(str(self._ready["url"]).rpartition(":")[2])
        # A weak 4G line; slow enough for a cut to fall into the middle of a photo.
        self.relay = Relay(("127.0.0.1", port), bytes_per_s=None if is_fast else 400_000)
        self._invitation = str(self._ready["invitation"]).replace(
            self._ready["url"], f"http://127.0.0.1:{self.relay.port}"
        )
        officer = self._ready["officer"]
        self._officer = OfficerBrowser(self._ready["url"], officer["user"], officer["password"])
        self.app = App(
            Places(folder / "machine"),
            pace=Pace(idle_s=0.3 if is_fast else 2.0, quickest_probe_s=0.2 if is_fast else 1.0),
            settings=Settings(),
        )
        self.app.window.resize(1366, 768)
        self.app.window.show()
        self.hands = Hands(self.app, self._out, pause_s=0.0 if is_fast else 0.6)

    def step(self, words: str) -> None:
        """Say what is done, with the time since the beginning."""
        self._say(f"{time.monotonic() - self._began:6.1f} s  {words}")

    def play(self) -> Played:
        """Play the whole journey; return the summary and what of it was not so."""
        self._set_up()
        self._find_and_ask()
        dossier_id = self._capture()
        receipt = self._lock(dossier_id)
        self._send_through_a_cut(dossier_id)
        round_trip = self._supplement(dossier_id)
        self._result(dossier_id)
        return self._judge(dossier_id, receipt, round_trip)

    # --- acts ----------------------------------------------------------------------------------------------

    def _set_up(self) -> None:
        hands = self.hands
        hands.screen("FirstRunScreen")
        # The field comes after the first paint, with the ways that this machine has.
        secret = hands.find("secretField", QLineEdit)
        hands.picture("first-run")
        hands.type(hands.find("person", QLineEdit), "Vũ Đức Đạt")
        unit = hands.find("unit", QComboBox)
        unit.setCurrentIndex(unit.findData("09208"))
        if hands.has("secretAgain") and secret.echoMode() == QLineEdit.EchoMode.Password:
            words = "271828" if self._has_pin() else "tre xanh lua chin"
            hands.type(secret, words)
            hands.type(hands.find("secretAgain", QLineEdit), words)
            self._key = words
        hands.type(hands.find("invitation", QLineEdit), self._invitation)
        hands.click("primaryAction")
        hands.screen("TodayScreen")
        hands.picture("today-empty")
        self.step("the machine is set up, encrypted, and enrolled at the province")

    def _has_pin(self) -> bool:
        found: list[list[str]] = []
        self.app.kinds(found.append)
        self.hands.wait(lambda: found, "the kinds of keys")
        return found[0] == ["pin"]

    def _find_and_ask(self) -> None:
        hands = self.hands
        self.app.window.home(routes.FindProcedure())
        hands.screen("FindProcedureScreen")
        hands.type(hands.find("searchField", QLineEdit), "dang ky khai sinh")
        results = hands.find("resultsList", QListWidget)
        hands.wait(
            lambda: results.count() and results.item(0).text().startswith("Thủ tục đăng ký khai sinh"), "the hit"
        )
        hands.picture("find")
        results.itemActivated.emit(results.item(0))
        hands.screen("ProcedureScreen")
        hands.picture("procedure")
        hands.click("primaryAction")
        hands.screen("CaseQuestionScreen")
        answers = {
            "channel": "online",
            "by_proxy": "no",
            "birth_edata_available": "no",
            "child_abandoned": "no",
            "born_by_surrogacy": "no",
            "has_medical_birth_cert": "yes",
        }
        asked = 0
        while type(hands.page).__name__ == "CaseQuestionScreen":
            fact = str(getattr(hands.page, "_at", "")).rpartition("/")[2]
            hands.click(f"answer_{answers.get(fact, 'no')}")
            if asked < 3:
                hands.picture(f"case-{fact}")
            hands.click("primaryAction")
            asked += 1
            if asked > 20:
                raise DidNotHappen("the questions to end")
        hands.screen("ChecklistScreen")
        hands.picture("checklist")
        self.step(f"{asked} questions, and the family's own list of papers")
        hands.click("primaryAction")
        hands.screen("DossierTasksScreen")
        hands.picture("tasks-empty")

    def _capture(self) -> DossierId:
        hands, app = self.hands, self.app
        desk = app.desk
        assert desk is not None
        dossier_id = dossier_list(desk.machine).rows[0].id
        hands.click("scanCard")
        hands.screen("ScanCardScreen")
        page = hands.page
        assert isinstance(page, ScanCardScreen)
        page.read(lambda: Offered(card_photo(), "the-can-cuoc.png"))
        hands.settle()
        hands.click("livesThere")
        hands.picture("scan-card")
        hands.click("primaryAction")
        hands.screen("DossierTasksScreen")
        self.step("the card's QR code filled in five fields, and the ward that its old address belongs to today")
        hands.click("row_applicant")
        hands.screen("QuestionScreen")
        hands.click("primaryAction")
        hands.picture("question-errors" if hands.has("errorSummary") else "question")
        hands.fill({"phone": "0912345678"})  # the residence of today came with the card
        hands.click("primaryAction")
        hands.settle()
        self._section("requester", {"relation": "mother"})
        self._section(
            "child",
            {
                "full_name": "TRẦN MINH AN",
                "birth_date": "2026-11-08",
                "sex": "nam",
                "birth_place": "Bệnh viện Đa khoa tỉnh Bắc Ninh",
            },
            {"home_town": "Xã Tam Đa, tỉnh Bắc Ninh"},
        )
        self._section("mother", {"full_name": "NGUYỄN THỊ HOÀ", "birth_date": "1990-09-05", "residence": "Xã Tam Đa"})
        self._section("father", {"is_known": "no"})
        self._section("copies", {"wants_copies": "no"})
        self.step("the declaration is filled in, every answer saved as it was given")
        hands.click("row_papers")
        hands.screen("TakePhotoScreen")
        photos = hands.page
        assert isinstance(photos, TakePhotoScreen)
        for number, title in enumerate(("GIẤY CHỨNG SINH", "GIẤY CHỨNG SINH (mặt sau)")):
            content = paper_photo(title, ["Họ tên mẹ: NGUYỄN THỊ HOÀ", "Ngày sinh con: 08/11/2026"], seed=number)
            photos.attach(_EVIDENCE, partial(Offered, content, title))
            hands.settle()
        hands.picture("papers")
        hands.click("primaryAction")
        hands.screen("DossierTasksScreen")
        self.step("two photos, sealed on the disk")
        hands.click("row_consent")
        hands.screen("ConsentScreen")
        hands.click("giver_self")
        hands.picture("consent")
        hands.click("primaryAction")
        hands.screen("DossierTasksScreen")
        hands.picture("tasks-full")
        self.step("consent given")
        return dossier_id

    def _section(self, name: str, *pages: dict[str, str]) -> None:
        hands = self.hands
        hands.screen("DossierTasksScreen")
        hands.click(f"row_{name}")
        for number, values in enumerate(pages):
            hands.screen("QuestionScreen")
            hands.fill(values)
            if number == 0 and name == "mother":
                hands.picture("question-filled")
            hands.click("primaryAction")
            hands.settle()

    def _lock(self, dossier_id: DossierId) -> Path:
        hands = self.hands
        self.relay.cut()
        runner = self.app.runner
        assert runner is not None
        runner.sync_now()
        hands.wait(lambda: runner.snapshot().link.gate.value == "offline", "the network to be gone")
        hands.screen("DossierTasksScreen")
        hands.click("primaryAction")
        hands.screen("CheckAnswersScreen")
        hands.picture("check")
        hands.click("primaryAction")
        hands.screen("ReceiptScreen")
        hands.picture("receipt")
        page = hands.page
        assert isinstance(page, ReceiptScreen)
        path = self._out / "receipt.pdf"
        made: list[bytes] = []
        self.app.background.run(page.pdf()).then(made.append)
        hands.settle()
        path.write_bytes(made[0])
        desk = self.app.desk
        assert desk is not None
        if dossier(desk.machine, dossier_id).status is not StatusKey.READY:
            raise DidNotHappen("a locked dossier to be waiting and not sent")
        self.step("locked with no network; the slip says that it is not sent")
        self.app.window.home(routes.SyncCentre())
        hands.screen("SyncCentreScreen")
        hands.picture("sync-offline")
        return path

    def _send_through_a_cut(self, dossier_id: DossierId) -> None:
        hands, app = self.hands, self.app
        desk, runner = app.desk, app.runner
        assert desk is not None
        assert runner is not None
        # Two photos of 1.2 MB are on their way side by side. By then so much is confirmed that the kernel may hold only
        # little of each (`Line.send_buffer`): both lose less than one piece, and each is still in its middle.
        self.relay.restore_but_cut_after(1_400_000)
        runner.sync_now()
        hands.wait(self.relay.was_cut.is_set, "the cut in the middle of a photo", 120)
        hands.settle()
        if dossier(desk.machine, dossier_id).status is StatusKey.DELIVERED:
            raise DidNotHappen("the cut to fall before the end")
        hands.picture("sync-cut")
        self.step("the network was cut in the middle of a photo")
        self.relay.restore()
        runner.sync_now()
        hands.wait(lambda: dossier(desk.machine, dossier_id).status is StatusKey.DELIVERED, "the signed receipt", 120)
        hands.settle()
        hands.picture("sync-done")
        self.step("it went on from the confirmed byte; the province's signed receipt is verified")

    def _supplement(self, dossier_id: DossierId) -> bool:
        hands, app = self.hands, self.app
        desk = app.desk
        assert desk is not None
        self._officer.act(dossier_id, "accept")
        note = "Đề nghị ghi rõ thôn nơi cư trú của mẹ."
        self._officer.act(dossier_id, "supplement", note=note, fields=[_ASKED])
        self._wake()
        hands.wait(lambda: dossier(desk.machine, dossier_id).status is StatusKey.SUPPLEMENT, "the officer's request")
        app.window.home(routes.Today())
        hands.screen("TodayScreen")
        hands.picture("today-supplement")
        app.window.go(routes.SupplementPage(dossier_id))
        hands.screen("SupplementScreen")
        hands.picture("supplement")
        hands.click("primaryAction")
        hands.screen("QuestionScreen")
        hands.fill({"residence": "Thôn Phúc Long, xã Tam Đa, tỉnh Bắc Ninh"})
        hands.picture("supplement-question")
        hands.click("primaryAction")
        hands.screen("SupplementScreen")
        hands.click("primaryAction")
        hands.screen("CheckAnswersScreen")
        hands.click("primaryAction")
        hands.screen("SupplementScreen")
        hands.wait(
            lambda: dossier(desk.machine, dossier_id).status is StatusKey.DELIVERED, "the supplement to arrive", 120
        )
        self.step("the officer asked for one field; exactly that was mended and has arrived")
        return "Thôn Phúc Long, xã Tam Đa, tỉnh Bắc Ninh" in self._officer.page(dossier_id)

    def _result(self, dossier_id: DossierId) -> None:
        hands, app = self.hands, self.app
        desk = app.desk
        assert desk is not None
        self._officer.act(dossier_id, "review")
        self._officer.act(dossier_id, "result", pdf=result_pdf())
        self._wake()
        hands.wait(lambda: dossier_status(desk.machine, dossier_id, "vi").result_photo is not None, "the result", 120)
        app.window.home(routes.SupplementPage(dossier_id))
        hands.screen("SupplementScreen")
        hands.picture("result")
        self.step("the result came back to the volunteer")
        for name, route in (
            ("dossiers", routes.DossierList()),
            ("settings", routes.SettingsPage()),
            ("help", routes.Help()),
        ):
            app.window.home(route)
            hands.settle()
            hands.picture(name)
        app.lock()
        hands.screen("UnlockScreen")
        hands.wait(lambda: hands.has("primaryAction"), "the keys of the machine")
        hands.settle()
        hands.picture("unlock")
        hands.type(hands.find("secretField", QLineEdit), self._key)
        hands.click("primaryAction")
        hands.screen("HelpScreen")  # exactly where the work was when the screen was locked
        app.window.home(routes.Today())
        hands.screen("TodayScreen")
        hands.picture("today-result")
        self.step("locked, and opened again")

    def _wake(self) -> None:
        if self.app.runner is not None:
            self.app.runner.wake()

    # --- judgement -----------------------------------------------------------------------------------------

    def _judge(self, dossier_id: DossierId, receipt: Path, round_trip: bool) -> Played:
        """Look at both sides and say what is so; nothing here is taken on trust."""
        desk = self.app.desk
        assert desk is not None
        played = Played()
        row = dossier(desk.machine, dossier_id)
        with desk.machine.store.read() as db:
            sealed = outbox.get(db, row.outbox_id or 0)
            first = outbox.get(db, 1)
        server_bytes = self._officer.envelope(dossier_id)
        sent = {file.sha256: file.bytes_sent for file in first.files}
        photos: list[dict[str, Any]] = []
        for paper in dossier_tasks(desk.machine, dossier_id, "vi").papers:
            for photo in paper.photos:
                on_device = hashlib.sha256(photo_bytes(desk.machine, photo.id)).hexdigest()
                on_server = hashlib.sha256(self._officer.file(dossier_id, photo.sha256)).hexdigest()
                photos.append(
                    {
                        "sha256_device": on_device,
                        "sha256_server": on_server,
                        "bytes_total": photo.size,
                        "bytes_sent": sent.get(photo.sha256, 0),
                    }
                )
        twice = sum(one["bytes_sent"] - one["bytes_total"] for one in photos)
        checks = {
            "every photo is the same on both sides": photos
            and all(one["sha256_device"] == one["sha256_server"] for one in photos),
            "two photos": len(photos) == 2,
            "the canonical bytes are equal on both sides": sealed.envelope == server_bytes,
            "every photo byte was sent": all(one["bytes_sent"] >= one["bytes_total"] for one in photos),
            "at most one chunk was sent twice": twice <= CHUNK_BYTES,
            "the supplement went there and back": round_trip,
            "the result is here": row.status is StatusKey.RESULT,
            "the receipt is a PDF": receipt.read_bytes().startswith(b"%PDF-"),
            "the network was cut": self.relay.was_cut.is_set(),
        }
        played.wrong = [words for words, holds in checks.items() if not holds]
        played.summary = {
            "dossier_id": dossier_id,
            "status": row.status.value,
            "office_number": row.office_number,
            "photos": photos,
            "envelope_sha256_device": sealed.envelope_sha256,
            "envelope_sha256_server": hashlib.sha256(server_bytes).hexdigest(),
            "bytes_sent_twice": twice,
            "supplement_round_trip": round_trip,
            "screens": self.hands.screens,
            "receipt_pdf": receipt.name,
            "seconds": round(time.monotonic() - self._began, 1),
            "wrong": played.wrong,
        }
        return played

    def close(self) -> None:
        """End the app and the server."""
        self.app.close()
        self.app.window.close()
        self.relay.close()
        self.process.terminate()
        self.process.wait(15)
