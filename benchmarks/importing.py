"""Goals of imports from Excel: thousands of rows checked and previewed, in a process of their own as in a worker."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter
from typing import IO, Any

import openpyxl
import xlsxwriter
from django.core.files import File
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from benchmarks import memory
from benchmarks.country import Bench
from benchmarks.entry import grid
from benchmarks.peers import Peer
from benchmarks.portal import NATIONAL
from benchmarks.registry import Outcome, goal
from imports import actions
from imports.choices import ImportState
from imports.desk import Desk
from imports.models import Import
from submissions.importing import ProvinceReportImporter, options_of
from submissions.importing.blanks import province_form
from trainings.choices import Topic
from units.choices import Right, Role
from units.models import Grant, Unit

ROWS, SECONDS, MEBIBYTES = 10_000, 60, 300
HEADINGS = ("Xã/phường", "Tên lớp", "Chủ đề", "Từ ngày", "Đến ngày", "Số lượt", "Nữ", "DTTS", "Cán bộ Hội", "Hội viên")
FIRST_DAY = date(2026, 1, 5)


@goal(18, f"Excel of {ROWS:,} trainings checked and previewed, or marked and sent back", "60 s, 300 MB")
def preview_of_many_rows(bench: Bench) -> Outcome:
    """Also what the same file costs that has a mistake in each tenth row and is sent back with its marks."""
    found = {}
    for name in ("sound", "faulty"):
        peer = Peer(os.environ["DATABASE_URL"])  # a fresh process: what a file leaves in memory is counted too
        found[name] = peer.call("benchmarks.importing:check_file", faulty=name == "faulty")
        peer.close()
    sound, faulty = found["sound"], found["faulty"]
    slowest = max(one["seconds"] for one in found.values())
    highest = max(one["peak"] for one in found.values())
    times = sound["seconds"] / sound["reading"]
    note = f"{sound['seconds']:.1f} s, {times:.1f} × the reading alone, {sound['peak']} MiB; "
    note += f"with {faulty['errors']:,} errors and the marked file {faulty['seconds']:.1f} s, {faulty['peak']} MiB"
    return Outcome(f"{slowest:.0f} s, {highest} MB", slowest <= SECONDS and highest <= MEBIBYTES, note)


def check_file(*, faulty: bool) -> dict[str, Any]:
    """Seconds and peak memory of one check; what it writes is taken back."""
    from imports.reading import read_book  # in the measured process

    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file, transaction.atomic():
        upload = _upload(Path(file.name), faulty)
        memory.restart()
        start = perf_counter()
        read_book(Path(upload.file.path))
        reading = perf_counter() - start
        start = perf_counter()
        actions.check(upload)
        seconds = perf_counter() - start
        expected = ImportState.REFUSED if faulty else ImportState.PREVIEW
        if upload.state != expected or upload.new + upload.rows.filter(state="error").count() != ROWS:
            raise RuntimeError(f"the check of the file went wrong: {upload.state}, {upload.problems[:3]}")
        transaction.set_rollback(True)
    found = {"seconds": seconds, "reading": reading, "peak": memory.peak(), "errors": upload.errors}
    upload.file.delete(save=False)
    upload.marked.delete(save=False)
    return found


@goal(23, "Excel of the reports of all communes, 60 numbers each: checked, previewed, written, undone", "60 s, 300 MB")
def reports_of_all_communes(bench: Bench) -> Outcome:
    """At a twentieth of the country that is what the largest province sends: 166 communes, 9,960 numbers."""
    peer = Peer(os.environ["DATABASE_URL"])
    found = peer.call("benchmarks.importing:carry_reports")
    peer.close()
    slowest = max(found["checked"], found["written"], found["undone"])
    note = f"{found['numbers']:,} numbers: form {found['made']:.1f} s, check {found['checked']:.1f} s, "
    note += f"writing {found['written']:.1f} s, undoing {found['undone']:.1f} s"
    return Outcome(f"{slowest:.0f} s, {found['peak']} MB", slowest <= SECONDS and found["peak"] <= MEBIBYTES, note)


def carry_reports() -> dict[str, Any]:
    """Seconds of each step and the peak of memory; what is written is taken back."""
    period, _address = grid()
    by, scope = _officer()
    options = options_of(period.pk, scope.pk)
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file, transaction.atomic():
        memory.restart()
        made, form = _timed(lambda: province_form(Desk(by, scope, timezone.localdate(), Right.ENTER, options)))
        numbers = _fill_in(form, Path(file.name))
        upload = Import(kind=ProvinceReportImporter.kind, scope=scope, asked_by=by, file_name="bc.xlsx", sha256="")
        upload.options = options
        with open(file.name, "rb") as content:
            upload.file.save("bench.xlsx", File(content), save=False)
        upload.save()
        memory.restart()  # filling in is the work of the commune
        checked, _ = _timed(lambda: actions.check(upload))
        upload.state, upload.note = ImportState.APPLYING, "đo"
        upload.save(update_fields=["state", "note"])
        written, _ = _timed(lambda: actions.write(upload))
        if upload.state != ImportState.CONFIRMED:
            raise RuntimeError(f"the import of the reports went wrong: {upload.message} {upload.problems[:3]}")
        upload.state, upload.undone_by = ImportState.UNDOING, by
        upload.save(update_fields=["state", "undone_by"])
        undone, _ = _timed(lambda: actions.take_back(upload))
        if upload.state != ImportState.UNDONE:
            raise RuntimeError(f"the undoing went wrong: {upload.message}")
        found = {"made": made, "checked": checked, "written": written, "undone": undone, "peak": memory.peak()}
        transaction.set_rollback(True)
    upload.file.delete(save=False)
    return found | {"numbers": numbers}


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = perf_counter()
    result = work()
    return perf_counter() - start, result


def _fill_in(form: IO[bytes], path: Path) -> int:
    """A number into every open cell; how many that were."""
    book = openpyxl.load_workbook(form)
    count = 0
    for cells in book.worksheets[0].iter_rows(min_row=7):
        for cell in cells[3:-1]:
            if not cell.protection.locked:
                cell.value = 1 if cell.number_format == "@" else 10
                count += 1
    book.save(path)
    book.close()
    form.close()
    return count


def _officer() -> tuple[User, Unit]:
    """Who enters for the whole country."""
    by, scope = User.objects.get(username=NATIONAL), Unit.objects.get(depth=1)
    Grant.objects.get_or_create(user=by, role=Role.OFFICER, unit=scope, defaults={"valid_from": FIRST_DAY})
    return by, scope


def _upload(path: Path, faulty: bool) -> Import:
    by, scope = _officer()
    communes = list(Unit.objects.filter(depth=3, valid_to=None).order_by("pk").values_list("code", "name")[: ROWS // 3])
    _write(path, communes, faulty)
    with path.open("rb") as content:
        upload = Import(kind="tap-huan", scope=scope, asked_by=by, file_name="tap-huan.xlsx", sha256="")
        upload.file.save("bench.xlsx", File(content), save=False)
        upload.save()
    return upload


def _write(path: Path, communes: list[tuple[str, str]], faulty: bool) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet("Lớp tập huấn")
        sheet.write_row(0, 0, ("Mã xã", *HEADINGS))
        for number in range(ROWS):
            code, name = communes[number % len(communes)]
            start = FIRST_DAY + timedelta(days=number % 200)
            women = 61 if faulty and number % 10 == 0 else 45  # more than the turns in all
            sheet.write_row(number + 1, 0, (code, name, f"Kỹ năng số, lớp {number}", str(Topic.DIGITAL.label)))
            sheet.write_datetime(number + 1, 4, start)
            sheet.write_datetime(number + 1, 5, start)
            sheet.write_row(number + 1, 6, (60, women, 12, 4, 40))
