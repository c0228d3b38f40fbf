"""Classes, workshops, contests and campaigns from Excel: found by organiser, name and first day."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.dates import parse_date
from core.remarks import remark
from core.text import fold
from imports.columns import Column, Takes, unit_columns
from imports.desk import Desk
from imports.registry import Aim, Importer, Line, Row, RowError, Stored, Undo, Values
from trainings.actions import cancel_training, edit_training, record_trainings
from trainings.choices import CountsFrom, Remark, Topic, TrainingKind, TrainingMode, TrainingState
from trainings.models import TrainingClass
from trainings.queries import LISTED
from trainings.rules import MOST_TURNS, TrainingDetails, details_of, problems
from units.choices import Right

DATES = ("start", "end")
COUNTS = ("turns", "women", "ethnic_minority", "officers", "members", "certificates")
DETAILS = ("title", "topic", "kind", "state", *DATES, *COUNTS, "mode", "place", "trainers", "note")
STATES = {state.value: state.label for state in (TrainingState.HELD, TrainingState.PLANNED)}
_USUAL = {
    "kind": TrainingKind.CLASS.value,
    "state": TrainingState.HELD.value,
    "mode": TrainingMode.ONSITE.value,
}


def _count(name: str, heading: Any, *aliases: str) -> Column:
    return Column(name, heading, Takes.INTEGER, maximum=MOST_TURNS, aliases=aliases, width=12)


COLUMNS = (
    *unit_columns(gettext_lazy("Organiser"), as_of=("end", "start")),
    Column(
        "title",
        gettext_lazy("Name of the class or event"),
        required=True,
        aliases=("Tên lớp", "Tên lớp tập huấn", "Nội dung tập huấn"),
        width=40,
    ),
    Column(
        "topic", gettext_lazy("Topic"), Takes.CHOICE, required=True, choices=dict(Topic.choices), aliases=("Lĩnh vực",)
    ),
    Column(
        "kind", gettext_lazy("Kind"), Takes.CHOICE, choices=dict(TrainingKind.choices), aliases=("Hình thức hoạt động",)
    ),
    Column("state", gettext_lazy("State"), Takes.CHOICE, choices=STATES),
    Column("start", gettext_lazy("First day"), Takes.DATE, required=True, aliases=("Từ ngày", "Ngày bắt đầu", "Ngày")),
    Column(
        "end",
        gettext_lazy("Last day"),
        Takes.DATE,
        aliases=("Đến ngày", "Ngày kết thúc"),
        help=gettext_lazy("Leave empty if it took one day."),
    ),
    replace(_count("turns", gettext_lazy("Turns in all"), "Số lượt", "Lượt người", "Tổng số lượt"), watch_fall=True),
    _count("women", gettext_lazy("Of which women"), "Nữ", "Trong đó nữ", "Phụ nữ"),
    _count("ethnic_minority", gettext_lazy("Of which ethnic minority"), "DTTS", "Dân tộc thiểu số"),
    _count("officers", gettext_lazy("Of which officers of the Union"), "Cán bộ Hội"),
    _count("members", gettext_lazy("Of which members"), "Hội viên"),
    _count("certificates", gettext_lazy("Certificates issued"), "Giấy chứng nhận", "Số giấy chứng nhận"),
    Column("mode", gettext_lazy("Mode"), Takes.CHOICE, choices=dict(TrainingMode.choices), aliases=("Cách tổ chức",)),
    Column("place", gettext_lazy("Place"), max_length=200, aliases=("Nơi tổ chức",)),
    Column("trainers", gettext_lazy("Trainers"), max_length=300, aliases=("Giảng viên", "Báo cáo viên")),
    Column("note", gettext_lazy("Note"), Takes.TEXT, max_length=2000),
)


class TrainingImporter(Importer):
    kind = "tap-huan"
    title = gettext_lazy("Trainings")
    lead = gettext_lazy("A training is recognised by its organiser, its name and its first day.")
    right = Right.ENTER
    list_route = "trainings:list"
    columns = COLUMNS

    def key(self, row: Row, desk: Desk) -> Hashable:
        return _key(row.values)

    def label(self, row: Row, desk: Desk) -> str:
        return f"{desk.name(row.values['unit'])} · {row.values['title']}"

    def aims(self, rows: Sequence[Row], desk: Desk) -> list[Aim]:
        wanted = {row.values["unit"] for row in rows if "unit" in row.values}
        desk.load(wanted)
        known = {}
        standing = TrainingClass.objects.visible_to(desk.by).of_units(wanted).exclude(state=TrainingState.CANCELLED)
        for training in standing.order_by("-pk"):
            stored = _stored(training)
            known[_key(stored.values)] = stored
        return [Aim(known.get(_key(row.values)) if _has_key(row.values) else None) for row in rows]

    def check(self, row: Row, stored: Stored | None, values: Values, desk: Desk) -> Mapping[str, str]:
        found = problems(_details(values, desk), today=desk.today)
        if stored is not None and stored.values["counts_from"] == CountsFrom.LIST:
            text = _("This number is counted from the list of trainees. Empty the cell.")
            found |= {name: text for name in LISTED if row.values.get(name, stored.values[name]) != stored.values[name]}
        return {"unit" if name == "organiser" else name: text for name, text in found.items()}

    def write(self, lines: Sequence[Line], desk: Desk) -> list[Undo]:
        fresh = [line for line in lines if line.stored is None]
        entries = [_details(line.values, desk) for line in fresh]
        reason = desk.note or remark(Remark.IMPORTED)
        made = iter(record_trainings(entries=entries, by=desk.by, today=desk.today, reason=reason))
        old = TrainingClass.objects.select_related("organiser", "programme", "sponsor").in_bulk(
            [line.stored.pk for line in lines if line.stored]
        )
        return [
            _change(line, old[line.stored.pk], desk) if line.stored else _undo_of(next(made), None) for line in lines
        ]

    def undo(self, undos: Sequence[Undo], desk: Desk) -> None:
        trainings = TrainingClass.objects.select_related("organiser", "programme", "sponsor").in_bulk(
            [undo["pk"] for undo in undos]
        )
        for undo in undos:
            _take_back(undo, trainings[undo["pk"]], desk)

    def existing(self, desk: Desk) -> Iterable[Values]:
        standing = TrainingClass.objects.visible_to(desk.by).of_units(desk.units.units)
        for training in standing.exclude(state=TrainingState.CANCELLED).order_by("-end", "pk").iterator():
            yield _stored(training).values


def _key(values: Mapping[str, Any]) -> tuple[Any, ...]:
    return values["unit"], fold(values["title"]), values["start"]


def _has_key(values: Mapping[str, Any]) -> bool:
    return all(name in values for name in ("unit", "title", "start"))


def _stored(training: TrainingClass) -> Stored:
    told = {"unit": training.organiser_id, "counts_from": training.counts_from}
    return Stored(training.pk, {name: getattr(training, name) for name in DETAILS} | told)


def _details(values: Values, desk: Desk) -> TrainingDetails:
    """The record as it shall stand; without a last day it took one day."""
    given = {name: values[name] for name in DETAILS if values.get(name) is not None}
    organiser = desk.unit(values["unit"])
    whole: dict[str, Any] = {**_USUAL, "end": values["start"], **given, "organiser": organiser}
    return TrainingDetails(**whole)


def _change(line: Line, training: TrainingClass, desk: Desk) -> Undo:
    before = _plain(training)
    changes = {name: value for name, value in line.changes.items() if name in DETAILS}
    details = replace(details_of(training), **changes)
    try:
        edited = edit_training(training=training, details=details, by=desk.by, today=desk.today)
    except ValidationError as refusal:
        raise RowError(line.row, refusal) from refusal
    return _undo_of(edited, {name: before[name] for name in changes})


def _undo_of(training: TrainingClass, before: dict[str, Any] | None) -> Undo:
    return {"pk": training.pk, "before": before, "after": _plain(training)}


def _plain(training: TrainingClass) -> dict[str, Any]:
    """The record as JSON keeps it."""
    values = {name: getattr(training, name) for name in DETAILS}
    return values | {name: values[name].isoformat() for name in DATES} | {"unit": training.organiser_id}


def _take_back(undo: Undo, training: TrainingClass, desk: Desk) -> None:
    if _plain(training) != undo["after"]:
        text = _("“%(name)s” was changed after the import. Correct it on its page.")
        raise ValidationError(text % {"name": training.title})
    if undo["before"] is None:
        cancel_training(training=training, reason=desk.note, by=desk.by)
        return
    before: Values = {name: parse_date(value) if name in DATES else value for name, value in undo["before"].items()}
    details = replace(details_of(training), **before)
    edit_training(training=training, details=details, by=desk.by, today=desk.today)
