"""A file on its way: taken in, checked, confirmed, undone. All its rows are written, or none."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import audit
from core.text import clean_line
from core.verdicts import require
from imports import marking, safety
from imports.checking import Checked, Reading, Step, compare, digest, read_file
from imports.choices import ImportState, RowState
from imports.desk import Desk
from imports.models import Import, ImportRow, Turn, random_name
from imports.permissions import may_confirm, may_undo
from imports.registry import Importer, importer
from jobs.actions import ask
from units.models import Unit
from units.permissions import may

if TYPE_CHECKING:
    from accounts.models import User

CHECK, WRITE, UNDO = "imports.check", "imports.write", "imports.undo"
_BATCH = 1000
_PROVINCE_STEPS = 2
_SHOWN_PROBLEMS = 2000


class OutdatedPreviewError(ValidationError):
    """What is stored changed between preview and confirmation: the person looks again."""


@transaction.atomic
def take_in(*, kind: str, scope: Unit, file: Any, by: User, options: dict[str, str] | None = None) -> Import:
    """Keep the file and ask for its check. Raises safety.FileError for what is no Excel file, and Denied."""
    require(may(by, known(kind).right, scope))
    safety.inspect(file)
    file.seek(0)
    sign = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    name = clean_line(Path(str(file.name)).name)[-120:] or "tep.xlsx"
    upload = Import(kind=kind, scope=scope, asked_by=by, file_name=name, sha256=sign, options=options or {})
    upload.file.save(random_name(), File(file), save=False)
    upload.save()
    after = {"kind": kind, "file": name, "sha256": sign}
    audit.record(by=by, action="imports.take_in", obj=upload, unit_id=scope.pk, after=after)
    _ask(upload, CHECK, by)
    return upload


@transaction.atomic
def answer(*, upload: Import, answers: dict[str, int], by: User) -> Import:
    """Which units were meant where the file left a doubt; the file is then checked again."""
    stored = _locked(upload)
    require(may_confirm(by, stored, known(stored.kind)))
    if stored.state != ImportState.PREVIEW:
        return stored
    offered = {question["key"]: {one["pk"] for one in question["choices"]} for question in stored.questions}
    for key, pk in answers.items():
        if pk not in offered.get(key, set()):
            raise ValidationError({key: _("Choose one of the units of the list.")})
    stored.answers |= answers
    stored.state = ImportState.CHECKING
    stored.save(update_fields=["answers", "state"])
    _ask(stored, CHECK, by)
    return stored


@translation.override(settings.LANGUAGE_CODE)
def check(upload: Import, *, step: Step = lambda done, total: None) -> Import:
    """Read and compare the whole file, keep the preview or the errors. Called by the worker; may run again.

    Forms and what is said about them are in one language, whoever sends them: a preview is compared with another.
    """
    upload.refresh_from_db()
    if upload.state != ImportState.CHECKING:
        return upload
    by, source = upload.asked_by, known(upload.kind)
    require(may(by, source.right, upload.scope))
    desk = desk_of(upload, by)
    try:
        reading = read_file(Path(upload.file.path), source, desk, upload.answers, step)
    except safety.FileError as refusal:
        return _refuse(upload, str(refusal))
    checked = compare(reading, source, desk)
    _keep(upload, reading, checked)
    return upload


@transaction.atomic
def confirm(*, upload: Import, by: User, note: str = "") -> Import:
    """Write the changes of the preview: at once, or as a job where they are many. A second time changes nothing."""
    stored = _locked(upload)
    require(may_confirm(by, stored, known(stored.kind)))
    if stored.state != ImportState.PREVIEW:
        return stored
    _require_ready(stored, note)
    stored.note, stored.state, stored.message = clean_line(note)[:300], ImportState.APPLYING, ""
    stored.save(update_fields=["note", "state", "message"])
    if stored.writes > known(stored.kind).at_once:
        _ask(stored, WRITE, by)
        return stored
    return write(stored)


@translation.override(settings.LANGUAGE_CODE)
def write(upload: Import) -> Import:
    """Write what was confirmed, all or nothing. What no longer fits the preview goes back to it, with the reason."""
    source = known(upload.kind)
    desk = desk_of(upload, upload.asked_by)
    try:
        reading = read_file(Path(upload.file.path), source, desk, upload.answers)
        with transaction.atomic():
            _take_turn(upload)
            stored = _locked(upload)
            if stored.state == ImportState.APPLYING:
                _write_all(stored, reading, source, desk)
    except safety.FileError as refusal:
        _refuse(upload, str(refusal))
    except OutdatedPreviewError as outdated:
        _keep(upload, reading, compare(reading, source, desk), message=outdated.messages[0])
    except ValidationError as refused:
        message = _("Nothing was written. %(reason)s") % {"reason": " ".join(refused.messages)}
        Import.objects.filter(pk=upload.pk).update(state=ImportState.PREVIEW, message=message)
    upload.refresh_from_db()
    return upload


@transaction.atomic
def undo(*, upload: Import, by: User) -> Import:
    """Take the import back, all of it or nothing: at once, or as a job. A second time changes nothing."""
    stored = _locked(upload)
    require(may_undo(by, stored, known(stored.kind)))
    if stored.state != ImportState.CONFIRMED:
        return stored
    stored.state, stored.undone_by, stored.message = ImportState.UNDOING, by, ""
    stored.save(update_fields=["state", "undone_by", "message"])
    if stored.writes > known(stored.kind).at_once:
        _ask(stored, UNDO, by)
        return stored
    return take_back(stored)


def take_back(upload: Import) -> Import:
    """Undo the rows, the last first. Where somebody changed a record since, nothing is undone and the reason kept."""
    source = known(upload.kind)
    try:
        with transaction.atomic():
            _take_turn(upload)
            stored = _locked(upload)
            if stored.state == ImportState.UNDOING and stored.undone_by is not None:
                _undo_all(stored, source, stored.undone_by)
    except ValidationError as refusal:
        message = _("Nothing was undone. %(reason)s") % {"reason": " ".join(refusal.messages)}
        Import.objects.filter(pk=upload.pk).update(state=ImportState.CONFIRMED, message=message)
    upload.refresh_from_db()
    return upload


def known(kind: str) -> Importer:
    """The importer; LookupError where its room is gone."""
    found = importer(kind)
    if found is None:
        raise LookupError(f"no room registered the import {kind!r}")
    return found


def desk_of(upload: Import, by: User) -> Desk:
    source = known(upload.kind)
    options = dict(upload.options)
    return Desk(by, upload.scope, timezone.localdate(), source.right, options, upload.note, upload.file_name)


def _ask(upload: Import, work: str, by: User) -> None:
    upload.job = ask(kind=work, arguments={"import": upload.pk}, by=by)
    upload.save(update_fields=["job"])


def _locked(upload: Import) -> Import:
    return Import.objects.select_for_update(of=("self",)).select_related("scope", "asked_by").get(pk=upload.pk)


def _take_turn(upload: Import) -> None:
    province = upload.scope.path[: Unit.steplen * _PROVINCE_STEPS]
    mark = f"{upload.kind} {province}"
    Turn.objects.bulk_create([Turn(mark=mark)], ignore_conflicts=True)
    Turn.objects.select_for_update().get(mark=mark)


def _require_ready(upload: Import, note: str) -> None:
    if upload.questions:
        raise ValidationError(_("First choose which units are meant."))
    if not upload.writes:
        raise ValidationError(_("The file changes nothing: there is nothing to confirm."))
    if upload.warnings and not clean_line(note):
        raise ValidationError({"note": _("Some numbers are unusual. Say why.")})


def _refuse(upload: Import, message: str) -> Import:
    with transaction.atomic():
        upload.state, upload.message = ImportState.REFUSED, message
        upload.save(update_fields=["state", "message"])
        _audit_refusal(upload, message)
    return upload


def _audit_refusal(upload: Import, reason: str) -> None:
    after = {"errors": upload.errors, "message": reason}
    audit.record(by=upload.asked_by, action="imports.refuse", obj=upload, unit_id=upload.scope_id, after=after)


def _keep(upload: Import, reading: Reading, checked: Sequence[Checked], *, message: str = "") -> None:
    """The result of a check into the ledger, in place of that of an earlier one."""
    problems = [*reading.problems, *(problem for one in checked for problem in one.problems)]
    counts = {state: sum(1 for one in checked if one.state == state) for state in RowState}
    with transaction.atomic():
        upload.rows.all().delete()
        ImportRow.objects.bulk_create(_rows(upload, checked), batch_size=_BATCH)
        upload.problems = [problem.plain() for problem in reading.problems[:_SHOWN_PROBLEMS]]
        upload.questions = _questions(reading)
        upload.skipped_sheets = reading.skipped
        upload.new, upload.changed = counts[RowState.NEW], counts[RowState.CHANGED]
        upload.same, upload.errors = counts[RowState.SAME], len(problems)
        upload.warnings = sum(1 for one in checked if one.warnings)
        upload.digest, upload.message = digest(checked), message
        upload.state = ImportState.REFUSED if problems else ImportState.PREVIEW
        if problems:
            _mark(upload, problems, reading)
        upload.save()
        if problems:
            _audit_refusal(upload, problems[0].text)


def _questions(reading: Reading) -> list[dict[str, Any]]:
    return [{**question, "keys": sorted(question["keys"])} for question in reading.questions.values()]


def _rows(upload: Import, checked: Sequence[Checked]) -> list[ImportRow]:
    return [
        ImportRow(
            upload=upload,
            place=place,
            sheet=one.read.row.sheet[:100],
            number=one.read.row.number,
            state=one.state,
            label=one.label,
            fields=one.fields,
            problems=[problem.plain() for problem in one.problems],
            warnings=one.warnings,
        )
        for place, one in enumerate(checked)
    ]


def _mark(upload: Import, problems: Sequence[Any], reading: Reading) -> None:
    """The file with its red cells, unless it is so large that the list of errors has to do."""
    if reading.cells > marking.MOST_CELLS:
        return
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as target:
        marking.mark(Path(upload.file.path), Path(target.name), problems)
        with open(target.name, "rb") as content:
            upload.marked.save(random_name(), File(content), save=False)


def _write_all(upload: Import, reading: Reading, source: Importer, desk: Desk) -> None:
    checked = compare(reading, source, desk)
    if reading.problems or digest(checked) != upload.digest:
        raise OutdatedPreviewError(
            _("What is stored has changed since you looked. Look at the changes again and confirm them.")
        )
    lines = [(place, one.line) for place, one in enumerate(checked) if one.line is not None]
    undos = source.write([line for _place, line in lines], desk)
    by_place = {place: undo for (place, _line), undo in zip(lines, undos, strict=True)}
    rows = list(upload.rows.filter(place__in=by_place) if len(by_place) < _BATCH else upload.rows.all())
    changed = [row for row in rows if row.place in by_place]
    for row in changed:
        row.undo = audit.plain(by_place[row.place])
    ImportRow.objects.bulk_update(changed, ["undo"], batch_size=_BATCH // 5)
    upload.state, upload.confirmed_at = ImportState.CONFIRMED, timezone.now()
    upload.save(update_fields=["state", "confirmed_at"])
    after = {"file": upload.file_name, "sha256": upload.sha256, "new": upload.new, "changed": upload.changed}
    audit.record(
        by=desk.by, action="imports.confirm", obj=upload, unit_id=upload.scope_id, reason=upload.note, after=after
    )


def _undo_all(upload: Import, source: Importer, by: User) -> None:
    desk = desk_of(upload, by)
    desk.note = _("Undoing of the import “%(file)s”") % {"file": upload.file_name}
    written = upload.rows.filter(state__in=[RowState.NEW, RowState.CHANGED]).order_by("-place")
    source.undo(list(written.values_list("undo", flat=True)), desk)
    upload.state, upload.undone_at = ImportState.UNDONE, timezone.now()
    upload.save(update_fields=["state", "undone_at"])
    audit.record(by=by, action="imports.undo", obj=upload, unit_id=upload.scope_id, after={"file": upload.file_name})
