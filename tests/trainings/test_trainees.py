"""Lists of trainees: who joins, what counts, who sees names, what is left when names are erased."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import AuditEntry
from core.verdicts import Denied
from tests.trainings.conftest import NOVEMBER, OCTOBER, TODAY, World, figures, total
from trainings import actions
from trainings.choices import CountsFrom, Gender, Standing, TrainingState
from trainings.models import Trainee, TrainingClass
from trainings.queries import counted_fields, list_counts
from trainings.rules import details_of
from trainings.trainee_rules import TraineeDetails
from units.models import Unit

NOON = datetime(2026, 11, 21, 5, tzinfo=UTC)
NO_COUNTS = dict.fromkeys(("turns", "women", "ethnic_minority", "officers", "members", "certificates"), 0)


def person(unit: Unit, name: str = "Nguyễn Thị Hoa", year: int = 1985, **values: Any) -> TraineeDetails:
    return TraineeDetails(full_name=name, birth_year=year, unit=unit, **values)


def three(unit: Unit) -> list[TraineeDetails]:
    return [
        person(unit, standing=Standing.OFFICER, position="Chủ tịch", phone="0912 345 678"),
        person(unit, "Lò Thị Mai", 1990, ethnic_minority=True),
        person(unit, "Trần Văn Bình", 1970, gender=Gender.MAN, standing=Standing.OTHER),
    ]


@pytest.fixture
def plan(world: World) -> TrainingClass:
    """A class without any number yet."""
    return world.record(state=TrainingState.PLANNED, start=date(2026, 12, 1), end=date(2026, 12, 2), **NO_COUNTS)


def add(world: World, training: TrainingClass, *people: TraineeDetails, by: Any = None) -> list[Trainee]:
    return actions.add_trainees(training=training, people=people, by=by or world.cast.enterer)


def counts(training: TrainingClass) -> tuple[int, int, int, int, int]:
    training.refresh_from_db()
    return training.turns, training.women, training.ethnic_minority, training.officers, training.members


def test_the_list_makes_the_counts_where_nobody_typed_any(world: World, plan: TrainingClass) -> None:
    add(world, plan, *three(world.cast.tan_cuong))
    assert counts(plan) == (3, 2, 1, 1, 1)
    assert plan.counts_from == CountsFrom.LIST
    assert figures(world.cast.tan_cuong, NOVEMBER) == {}  # a plan counts only once it is held
    held = replace(details_of(plan), state=TrainingState.HELD, start=date(2026, 11, 2), end=date(2026, 11, 2))
    actions.edit_training(training=plan, details=held, by=world.cast.enterer, today=TODAY)
    assert figures(world.cast.tan_cuong, NOVEMBER)["TR-TURNS"] == 3
    assert total(world.cast.thai_nguyen, "TR-MINORITY", NOVEMBER) == 1


def test_typed_numbers_stand_until_somebody_chooses_the_list(world: World) -> None:
    training = world.record(certificates=0)
    add(world, training, *three(world.cast.tan_cuong))
    assert counts(training) == (60, 55, 12, 4, 50)
    assert (training.counts_from, figures(world.cast.tan_cuong, OCTOBER)["TR-TURNS"]) == (CountsFrom.TYPED, 60)
    actions.choose_counts(training=training, counts_from=CountsFrom.LIST, by=world.cast.enterer)
    assert counts(training) == (3, 2, 1, 1, 1)
    assert figures(world.cast.tan_cuong, OCTOBER)["TR-TURNS"] == 3
    add(world, training, person(world.cast.tan_cuong, "Vũ Thị Lan", 2000))
    assert counts(training) == (4, 3, 1, 1, 2)
    assert figures(world.cast.tan_cuong, OCTOBER)["TR-MEMBERS"] == 2
    actions.choose_counts(training=training, counts_from=CountsFrom.KEPT, by=world.cast.enterer)
    add(world, training, person(world.cast.tan_cuong, "Vũ Thị Lý", 2000))
    assert counts(training) == (4, 3, 1, 1, 2)  # kept by decision, although the list went on


def test_a_list_that_says_the_same_makes_the_counts_without_asking(world: World) -> None:
    training = world.record(turns=3, women=2, ethnic_minority=1, officers=1, members=1, certificates=0)
    add(world, training, *three(world.cast.tan_cuong))
    training.refresh_from_db()
    assert training.counts_from == CountsFrom.LIST


def test_numbers_of_the_list_are_not_typed_over(world: World, plan: TrainingClass) -> None:
    add(world, plan, *three(world.cast.tan_cuong))
    plan.refresh_from_db()
    with pytest.raises(ValidationError) as refused:
        actions.edit_training(
            training=plan, details=replace(details_of(plan), turns=9, women=2), by=world.cast.enterer, today=TODAY
        )
    assert list(refused.value.message_dict) == ["turns"]
    edited = replace(details_of(plan), place="Nhà văn hóa")
    assert actions.edit_training(training=plan, details=edited, by=world.cast.enterer, today=TODAY).turns == 3


def test_the_last_one_taken_off_leaves_the_numbers_as_typed(world: World, plan: TrainingClass) -> None:
    made = add(world, plan, *three(world.cast.tan_cuong))
    actions.remove_trainees(training=plan, pks=[made[0].pk], by=world.cast.enterer)
    assert counts(plan) == (2, 1, 1, 0, 1)
    actions.remove_trainees(training=plan, pks=[one.pk for one in made], by=world.cast.enterer)
    assert counts(plan) == (2, 1, 1, 0, 1)
    assert plan.counts_from == CountsFrom.TYPED


TWICE = [
    {"full_name": "nguyễn  thị HOA"},
    {"full_name": "Nguyễn Thị Hoa", "phone": "0900000000"},
    {"full_name": "Nguyễn Thị Hoa", "unit": "thai_nguyen", "phone": "+84912345678"},  # the same number elsewhere
]


@pytest.mark.parametrize("values", TWICE)
def test_who_stands_in_the_list_is_named_instead_of_doubled(world: World, values: dict[str, Any]) -> None:
    training = world.record(organiser=world.cast.thai_nguyen, by=world.cast.officer)
    add(world, training, *three(world.cast.tan_cuong), by=world.cast.officer)
    unit = getattr(world.cast, values.get("unit", "tan_cuong"))
    with pytest.raises(ValidationError, match="số thứ tự 1"):
        add(world, training, replace(person(unit), **{**values, "unit": unit}), by=world.cast.officer)
    again = person(world.cast.tan_cuong, "Vũ Thị Lan", 2000)
    with pytest.raises(ValidationError, match="dòng 1"):
        add(world, training, again, again, by=world.cast.officer)
    assert training.trainees.count() == 3


@pytest.mark.parametrize("name", ["Nguyễn Thị Hòa", "Nguyễn Thị Hoá", "Nguyễn Thị Hoa (chi hội 3)"])
def test_another_tone_or_an_addition_is_another_person(world: World, plan: TrainingClass, name: str) -> None:
    add(world, plan, person(world.cast.tan_cuong), person(world.cast.tan_cuong, name))
    assert plan.trainees.count() == 2


BAD: list[tuple[dict[str, Any], str]] = [
    ({"full_name": " "}, "họ và tên"),
    ({"birth_year": 1899}, "1900–2020"),
    ({"birth_year": 2021}, "1900–2020"),
]


@pytest.mark.parametrize(("values", "words"), BAD)
def test_bad_people_are_refused_and_nobody_joins(
    world: World, plan: TrainingClass, values: dict[str, Any], words: str
) -> None:
    good = person(world.cast.tan_cuong, "Vũ Thị Lan", 2000)
    with pytest.raises(ValidationError, match=words):
        add(world, plan, good, replace(person(world.cast.tan_cuong), **values))
    assert not Trainee.objects.exists()


def test_people_belong_to_the_organiser_or_to_units_below_it(world: World, plan: TrainingClass) -> None:
    for unit in (world.cast.dai_phuc, world.cast.thai_nguyen, world.cast.sam_son):
        with pytest.raises(ValidationError, match="không thuộc đơn vị tổ chức"):
            add(world, plan, person(unit))
    own = world.record(organiser=world.cast.thai_nguyen, by=world.cast.officer)
    add(world, own, person(world.cast.dai_phuc), person(world.cast.tan_cuong), by=world.cast.officer)
    assert own.trainees.count() == 2


@pytest.mark.parametrize("name", ["stranger", "dai_phuc_enterer", "leader", "signer", "admin", "national", "nobody"])
def test_names_are_for_who_keeps_the_class_alone(world: World, plan: TrainingClass, name: str) -> None:
    (one, *_others) = add(world, plan, *three(world.cast.tan_cuong))
    by = getattr(world.cast, name)
    assert not Trainee.objects.visible_to(by).exists()
    writes: list[Any] = [
        lambda: add(world, plan, person(world.cast.tan_cuong, "Vũ Thị Lan"), by=by),
        lambda: actions.edit_trainee(trainee=one, details=person(world.cast.tan_cuong), by=by),
        lambda: actions.remove_trainees(training=plan, pks=[one.pk], by=by),
        lambda: actions.choose_counts(training=plan, counts_from=CountsFrom.KEPT, by=by),
        lambda: actions.number_certificates(training=plan, first=1, symbol="GCN", by=by),
        lambda: actions.erase_names(training=plan, reason="x", by=by, now=NOON),
        lambda: actions.note_export(training=plan, count=3, by=by),
    ]
    for write in writes:
        with pytest.raises(Denied):
            write()
    assert list(plan.trainees.values_list("full_name", "certificate")) == [
        ("Nguyễn Thị Hoa", ""), ("Lò Thị Mai", ""), ("Trần Văn Bình", ""),
    ]  # fmt: skip
    assert Trainee.objects.visible_to(world.cast.officer).count() == 3


def test_a_cancelled_class_and_one_without_names_stay_as_they_are(world: World, plan: TrainingClass) -> None:
    add(world, plan, *three(world.cast.tan_cuong))
    actions.erase_names(training=plan, reason="Hết thời hạn", by=world.cast.enterer, now=NOON)
    with pytest.raises(ValidationError, match="đã được xóa"):
        add(world, plan, person(world.cast.tan_cuong, "Vũ Thị Lan"))
    gone = actions.cancel_training(training=world.record(), reason="Ghi nhầm", by=world.cast.enterer)
    with pytest.raises(ValidationError, match="đã bị hủy"):
        add(world, gone, person(world.cast.tan_cuong))


def test_erased_names_leave_counts_and_keys(world: World, plan: TrainingClass) -> None:
    add(world, plan, *three(world.cast.tan_cuong))
    before = list(plan.trainees.values_list("unit_key", "phone_key", "gender", "standing", "ethnic_minority"))
    with pytest.raises(ValidationError, match="lý do"):
        actions.erase_names(training=plan, reason=" ", by=world.cast.enterer, now=NOON)
    for _time in range(2):
        actions.erase_names(training=plan, reason="Hết thời hạn lưu", by=world.cast.enterer, now=NOON)
    assert list(plan.trainees.values_list("unit_key", "phone_key", "gender", "standing", "ethnic_minority")) == before
    words = ("full_name", "position", "branch", "phone", "sort_key", "search", "birth_year")
    assert set(plan.trainees.values_list(*words)) == {("", "", "", "", "", "", None)}
    assert counts(plan) == (3, 2, 1, 1, 1)
    entry = AuditEntry.objects.get(action="trainings.erase_names")
    assert (entry.reason, entry.after["erased"]) == ("Hết thời hạn lưu", 3)


def test_the_trail_names_nobody(world: World, plan: TrainingClass) -> None:
    (one, *_others) = add(world, plan, *three(world.cast.tan_cuong))
    renamed = person(world.cast.tan_cuong, "Đặng Thị Thu", 1986, phone="0999999999")
    actions.edit_trainee(trainee=one, details=renamed, by=world.cast.enterer)
    actions.remove_trainees(training=plan, pks=[one.pk], by=world.cast.enterer)
    rows = AuditEntry.objects.filter(action__startswith="trainings.list_").order_by("pk")
    assert [(row.action, row.after.get("listed")) for row in rows] == [
        ("trainings.list_add", 3), ("trainings.list_edit", 3), ("trainings.list_remove", 2),
    ]  # fmt: skip
    assert rows[1].after["fields"]["1"] == ["birth_year", "full_name", "phone", "position", "standing"]
    told = " ".join(f"{row.before} {row.after} {row.reason} {row.object_label}" for row in AuditEntry.objects.all())
    for secret in ("Hoa", "Mai", "Bình", "Thu", "0912", "0999", "1985"):
        assert secret not in told


def test_certificates_are_numbered_by_name_from_a_number_on(world: World, plan: TrainingClass) -> None:
    made = add(world, plan, *three(world.cast.tan_cuong))
    assert actions.number_certificates(training=plan, first=9, symbol="GCN-BTV", by=world.cast.enterer) == 3
    numbers = dict(plan.trainees.values_list("full_name", "certificate"))
    assert numbers == {
        "Trần Văn Bình": "009/GCN-BTV", "Nguyễn Thị Hoa": "010/GCN-BTV", "Lò Thị Mai": "011/GCN-BTV",
    }  # fmt: skip
    add(world, plan, person(world.cast.tan_cuong, "Vũ Thị Lan", 2000))
    with pytest.raises(ValidationError, match="đã cấp"):
        actions.number_certificates(training=plan, first=11, symbol="GCN-BTV", by=world.cast.enterer)
    plan.refresh_from_db()
    assert plan.certificates == 3
    assert actions.number_certificates(training=plan, first=12, symbol="GCN-BTV", by=world.cast.enterer) == 1
    plan.refresh_from_db()
    assert (plan.certificates, counted_fields(plan)[-1]) == (4, "certificates")
    actions.remove_trainees(training=plan, pks=[one.pk for one in made], by=world.cast.enterer)
    plan.refresh_from_db()
    assert (plan.certificates, list_counts(plan).turns) == (1, 1)


def test_more_certificates_than_turns_are_refused(world: World) -> None:
    training = world.record(certificates=60)
    add(world, training, *three(world.cast.tan_cuong))
    with pytest.raises(ValidationError, match="60 giấy chứng nhận"):
        actions.choose_counts(training=training, counts_from=CountsFrom.LIST, by=world.cast.enterer)
    training.refresh_from_db()
    assert (training.turns, training.counts_from) == (60, CountsFrom.TYPED)


def test_a_class_that_moves_takes_its_people_along(world: World, plan: TrainingClass) -> None:
    (one, *_others) = add(world, plan, *three(world.cast.tan_cuong))
    plan.refresh_from_db()
    moved = replace(details_of(plan), organiser=world.cast.dai_phuc)
    actions.edit_training(training=plan, details=moved, by=world.cast.officer, today=TODAY)
    key = one.unit_key
    one.refresh_from_db()
    assert (one.unit, one.unit_key != key) == (world.cast.dai_phuc, True)
    plan.refresh_from_db()
    other_year = replace(details_of(plan), start=date(2027, 1, 5), end=date(2027, 1, 5))
    actions.edit_training(training=plan, details=other_year, by=world.cast.officer, today=TODAY)
    key = one.unit_key
    one.refresh_from_db()
    assert one.unit_key != key  # keys of two years have nothing in common
    actions.erase_names(training=plan, reason="Hết hạn", by=world.cast.officer, now=NOON)
    plan.refresh_from_db()
    back = replace(details_of(plan), start=date(2026, 12, 1), end=date(2026, 12, 1))
    with pytest.raises(ValidationError, match="sang năm khác"):
        actions.edit_training(training=plan, details=back, by=world.cast.officer, today=TODAY)


def test_a_new_key_of_the_hashes_is_put_on_all_lists_with_names(
    world: World, plan: TrainingClass, settings: Any
) -> None:
    (one, *_others) = add(world, plan, *three(world.cast.tan_cuong))
    other = world.record()
    add(world, other, person(world.cast.tan_cuong))
    assert other.trainees.get().unit_key == one.unit_key
    actions.erase_names(training=other, reason="Hết hạn", by=world.cast.enterer, now=NOON)
    settings.PERSON_KEY = "another"
    assert actions.rekey() == (3, 1)
    old = one.unit_key, one.phone_key
    one.refresh_from_db()
    assert one.unit_key != old[0]
    assert one.phone_key != old[1]
    assert other.trainees.get().unit_key == old[0]


def test_the_database_holds_the_rules_too(world: World, plan: TrainingClass) -> None:
    one, other, _third = add(world, plan, *three(world.cast.tan_cuong))
    wrong: list[dict[str, Any]] = [
        {"unit_key": other.unit_key}, {"unit_key": ""}, {"birth_year": 1800}, {"full_name": ""}, {"birth_year": None},
    ]  # fmt: skip
    for values in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Trainee.objects.filter(pk=one.pk).update(**values)
