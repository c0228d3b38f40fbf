"""The list of trainees of one class from Excel: a person is found by name, year of birth and unit."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.dates import format_date
from core.text import sort_key
from core.verdicts import require
from imports.cells import as_text
from imports.columns import UNIT_HEADINGS, Column, Takes, unit_columns
from imports.desk import Desk
from imports.registry import Aim, Importer, Line, Row, RowError, Stored, Undo, Values
from trainings.actions import add_trainees, edit_trainees, remove_trainees
from trainings.actions.trainees import LIST_IMPORT
from trainings.choices import Gender, Standing
from trainings.ethnic_words import is_minority
from trainings.models import Trainee, TrainingClass
from trainings.permissions import may_keep_list
from trainings.trainee_rules import OLDEST, TraineeDetails, details_of, keys_of, problems, standing_keys
from units.choices import Right

DETAILS = ("full_name", "birth_year", "gender", "ethnic_minority", "standing", "position", "branch", "phone")
BRANCH_HEADINGS = ("Chi hội", "Chi, tổ hội", "Thôn", "Nơi công tác", "Đơn vị công tác", "Cơ quan")
_FIRST = (
    Column(
        "full_name",
        gettext_lazy("Full name"),
        required=True,
        max_length=120,
        aliases=("Họ và tên", "Họ tên", "Họ và tên học viên", "Tên học viên", "Học viên"),
        width=28,
    ),
    Column(
        "birth_year",
        gettext_lazy("Year of birth"),
        Takes.YEAR,
        required=True,
        minimum=OLDEST,
        maximum=2200,
        aliases=("Năm sinh", "Ngày sinh", "Ngày, tháng, năm sinh", "Ngày tháng năm sinh"),
        width=12,
    ),
    Column(
        "gender",
        gettext_lazy("Gender"),
        Takes.CHOICE,
        choices=dict(Gender.choices),
        aliases=("Giới tính", "Nam/nữ", "Nam, nữ"),
        help=gettext_lazy("Empty: woman."),
        width=10,
    ),
    Column(
        "ethnic_minority",
        gettext_lazy("Ethnic minority"),
        Takes.OPEN,
        aliases=("Dân tộc", "Dân tộc thiểu số", "DTTS", "Là người DTTS"),
        help=gettext_lazy("Có, Không, or the name of the people; only whether it is a minority is kept."),
        width=12,
    ),
    Column(
        "standing",
        gettext_lazy("Standing"),
        Takes.CHOICE,
        choices=dict(Standing.choices),
        aliases=("Đối tượng", "Thành phần"),
        help=gettext_lazy("Empty: member."),
        width=20,
    ),
    Column("position", gettext_lazy("Position"), max_length=120, aliases=("Chức vụ", "Chức danh"), width=22),
)
_PHONE = Column(
    "phone",
    gettext_lazy("Phone"),
    Takes.PHONE,
    max_length=20,
    aliases=("Điện thoại", "Số điện thoại", "SĐT", "ĐT"),
    width=16,
)
_BRANCH = Column("branch", gettext_lazy("Branch, place of work"), max_length=120, width=24)


@dataclass
class _List:
    """The class and those who are in its list already."""

    training: TrainingClass
    present: list[Trainee]

    def details(self, values: Mapping[str, Any], desk: Desk) -> TraineeDetails:
        """The person as a row tells it; without a unit of the organiser."""
        told = {name: values[name] for name in DETAILS if values.get(name) is not None}
        return TraineeDetails(unit=desk.unit(values.get("unit") or self.training.organiser_id), **told)


class TraineeImporter(Importer):
    kind = LIST_IMPORT
    title = gettext_lazy("List of trainees")
    lead = gettext_lazy("A person is recognised by name, year of birth and unit. A file takes nobody off the list.")
    right = Right.ENTER
    list_route = "trainings:list"
    unit_column = ""
    own_start = True
    personal = True
    at_once = 1000
    columns = (*_FIRST, _BRANCH, _PHONE)

    def start_url(self, options: Mapping[str, str]) -> str:
        return reverse("trainings:list-import", args=[options["class"]])

    def result_url(self, options: Mapping[str, str]) -> str:
        return reverse("trainings:trainees", args=[options["class"]])

    def subject(self, options: Mapping[str, str]) -> str:
        return subject_of(TrainingClass.objects.get(pk=options["class"]))

    def columns_for(self, desk: Desk) -> tuple[Column, ...]:
        """With the unit where the organiser has units below it; elsewhere «Đơn vị» means the branch."""
        training = _list(desk).training
        code, unit = unit_columns(required=False)
        others = (one for pk, one in desk.units.units.items() if pk != training.organiser_id and one.kind in unit.kinds)
        if not any(one.is_active(training.end) for one in others):
            return (*_FIRST, replace(_BRANCH, aliases=(*BRANCH_HEADINGS, *UNIT_HEADINGS)), _PHONE)
        unit = replace(unit, on=training.end, help=gettext_lazy("Empty: the organiser of the class."))
        return (*_FIRST, code, unit, replace(_BRANCH, aliases=BRANCH_HEADINGS), _PHONE)

    def look_at_head(self, sheet: str, rows: Sequence[Sequence[Any]], desk: Desk) -> list[tuple[str, str]]:
        """The form of another class is not read into this one."""
        mark, own = f"{self.title} · ", subject_of(_list(desk).training)
        heads = [str(cell) for row in rows for cell in row if str(cell).startswith(mark)]
        if not heads or own in heads[0]:
            return []
        text = _("This is the form of another class: %(head)s. Download the form of this class and copy the rows.")
        return [("A1", text % {"head": heads[0].removeprefix(mark)})]

    def key(self, row: Row, desk: Desk) -> Hashable:
        unit = row.values.get("unit") or desk.scope.pk
        return sort_key(row.values["full_name"]), row.values["birth_year"], unit

    def label(self, row: Row, desk: Desk) -> str:
        return f"{row.values['full_name']}, {row.values['birth_year']}"

    def aims(self, rows: Sequence[Row], desk: Desk) -> list[Aim]:
        listed = _list(desk)
        desk.load({row.values["unit"] for row in rows if "unit" in row.values})
        by_key = {one.unit_key: one for one in listed.present}
        seen = standing_keys(listed.present)
        return [_aim(row, listed, by_key, seen, desk) for row in rows]

    def check(self, row: Row, stored: Stored | None, values: Values, desk: Desk) -> Mapping[str, str]:
        listed = _list(desk)
        if listed.training.is_cancelled:
            return {"full_name": _("This training was cancelled and can no longer be edited.")}
        if listed.training.names_erased_at is not None:
            return {"full_name": _("The names of this class were erased; its list can no longer be changed.")}
        return problems(listed.details(values, desk), listed.training)

    def write(self, lines: Sequence[Line], desk: Desk) -> list[Undo]:
        listed = _list(desk)
        told = {id(line): listed.details(line.values, desk) for line in lines}
        fresh = [line for line in lines if line.stored is None]
        changes = {line.stored.pk: told[id(line)] for line in lines if line.stored is not None}
        before = {one.pk: _plain(one) for one in listed.present if one.pk in changes}
        try:
            people = [told[id(line)] for line in fresh]
            made = iter(add_trainees(training=listed.training, people=people, by=desk.by) if people else ())
            edited = edit_trainees(training=listed.training, changes=changes, by=desk.by) if changes else []
        except ValidationError as refusal:
            raise RowError(lines[0].row, refusal) from refusal
        after = {one.pk: one for one in edited}
        return [
            _undo_of(after[line.stored.pk], before[line.stored.pk]) if line.stored else _undo_of(next(made), None)
            for line in lines
        ]

    def undo(self, undos: Sequence[Undo], desk: Desk) -> None:
        training = _list(desk).training
        if training.names_erased_at is not None:
            raise ValidationError(_("The names of this class were erased; its list can no longer be changed."))
        present = {one.pk: one for one in training.trainees.select_related("unit")}
        for undo in undos:
            one = present.get(undo["pk"])
            if one is None or _plain(one) != undo["after"]:
                name = undo["after"]["full_name"]
                text = _("“%(name)s” was changed after the import. Correct the list on its page.")
                raise ValidationError(text % {"name": name})
        old = [undo for undo in undos if undo["before"] is not None]
        desk.load({undo["before"]["unit"] for undo in old})
        if changes := {undo["pk"]: _as_before(present[undo["pk"]], undo["before"], desk) for undo in old}:
            edit_trainees(training=training, changes=changes, by=desk.by)
        if gone := [undo["pk"] for undo in undos if undo["before"] is None]:
            remove_trainees(training=training, pks=gone, by=desk.by, reason=desk.note)

    def existing(self, desk: Desk) -> Iterable[Values]:
        for one in _list(desk).present:
            values: Values = {name: getattr(one, name) for name in DETAILS}
            yield values | {"unit": one.unit_id}

    def blank(self, desk: Desk) -> Iterable[Values]:
        return ()


def subject_of(training: TrainingClass) -> str:
    """How forms and previews name the class."""
    return f"{training.title} ({format_date(training.start)})"


def _list(desk: Desk) -> _List:
    """The class of the desk with its list; refuses who may no longer keep it."""
    return desk.once("list", lambda: _load(desk))  # type: ignore[no-any-return]


def _load(desk: Desk) -> _List:
    training = TrainingClass.objects.select_related("organiser").get(pk=desk.options["class"])
    require(may_keep_list(desk.by, training.organiser))
    return _List(training, list(training.trainees.select_related("unit")))


def _aim(row: Row, listed: _List, by_key: dict[str, Trainee], seen: dict[str, str], desk: Desk) -> Aim:
    """Who of the list is meant; and who stands there already under the same number at another unit."""
    found: dict[str, str] = _read_minority(row)
    if "full_name" not in row.values or "birth_year" not in row.values:
        return Aim(problems=found)
    by_unit, by_phone = keys_of(listed.details(row.values, desk), listed.training.end.year)
    stored = by_key.get(by_unit)
    if by_phone in seen and (stored is None or stored.phone_key != by_phone):
        text = _("This person is there already with the same number: %(first)s. Correct the unit, or delete the row.")
        found["phone"] = text % {"first": seen[by_phone]}
    seen[by_phone or by_unit] = _("row %(number)s of the file") % {"number": row.number}
    values = {name: getattr(stored, name) for name in DETAILS} | {"unit": stored.unit_id} if stored else {}
    return Aim(Stored(stored.pk, values) if stored else None, found)


def _read_minority(row: Row) -> dict[str, str]:
    """Puts yes or no in place of what the file says; the name of a people goes no further."""
    written = row.values.pop("ethnic_minority", None)
    if written is None:
        return {}
    answer = written if isinstance(written, bool) else is_minority(as_text(written))
    if answer is None:
        text = _("“%(value)s” is neither Có nor Không, nor the name of a people of Vietnam. Enter Có or Không.")
        return {"ethnic_minority": text % {"value": as_text(written)[:60]}}
    row.values["ethnic_minority"] = answer
    return {}


def _plain(one: Trainee) -> dict[str, Any]:
    """The person as JSON keeps it."""
    values = {name: getattr(one, name) for name in (*DETAILS, "certificate")}
    return {**values, "gender": str(one.gender), "standing": str(one.standing), "unit": one.unit_id}


def _undo_of(one: Trainee, before: dict[str, Any] | None) -> Undo:
    return {"pk": one.pk, "before": before, "after": _plain(one)}


def _as_before(one: Trainee, before: dict[str, Any], desk: Desk) -> TraineeDetails:
    told = {name: before[name] for name in DETAILS}
    return replace(details_of(one), unit=desk.unit(before["unit"]), **told)
