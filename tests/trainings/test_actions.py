"""Recording, editing and cancelling: rights, rules, the trail, and what arrives in the figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import AuditEntry
from core.verdicts import Denied
from programmes.models import FigureChange
from tests.trainings.conftest import NOVEMBER, OCTOBER, TODAY, World, figures, total
from trainings.actions import cancel_training, edit_training, refresh_measures
from trainings.choices import Topic, TrainingKind, TrainingState
from trainings.models import TrainingClass
from trainings.queries import records_behind, sums
from trainings.rules import details_of

USUAL = {
    "TR-TURNS": 60,
    "TR-WOMEN": 55,
    "TR-MINORITY": 12,
    "TR-OFFICERS": 4,
    "TR-MEMBERS": 50,
    "TR-CLASSES": 1,
    "TR-CERTS": 60,
}


def test_a_held_class_counts_at_once(world: World) -> None:
    training = world.record()
    assert figures(world.cast.tan_cuong, OCTOBER) == USUAL
    assert total(world.cast.thai_nguyen, "TR-TURNS", OCTOBER) == 60
    assert total(world.cast.centre, "TR-WOMEN", OCTOBER) == 55
    entry = AuditEntry.objects.get(action="trainings.record")
    assert (entry.actor, entry.object_id, entry.unit_id) == (
        world.cast.enterer, str(training.pk), world.cast.tan_cuong.pk,
    )  # fmt: skip
    assert entry.after["turns"] == 60


def test_classes_of_a_month_add_up(world: World) -> None:
    world.record()
    world.record(title="Lớp hai", turns=40, women=40, ethnic_minority=0, officers=0, members=40, certificates=0)
    assert figures(world.cast.tan_cuong, OCTOBER)["TR-TURNS"] == 100
    assert figures(world.cast.tan_cuong, OCTOBER)["TR-CLASSES"] == 2
    world.record(end=date(2026, 11, 2))
    assert figures(world.cast.tan_cuong, NOVEMBER) == USUAL
    assert figures(world.cast.tan_cuong, OCTOBER)["TR-TURNS"] == 100


def test_a_province_that_trains_adds_its_own_turns(world: World) -> None:
    world.record()
    world.record(by=world.cast.officer, organiser=world.cast.thai_nguyen, turns=200)
    assert figures(world.cast.thai_nguyen, OCTOBER)["TR-TURNS"] == 200
    assert total(world.cast.thai_nguyen, "TR-TURNS", OCTOBER) == 260


@pytest.mark.parametrize("kind", [TrainingKind.CONTEST, TrainingKind.CAMPAIGN])
def test_contests_and_campaigns_train_nobody(world: World, kind: TrainingKind) -> None:
    world.record(kind=kind)
    assert figures(world.cast.tan_cuong, OCTOBER) == {}


def test_women_reached_on_safety_count_by_whatever_kind(world: World) -> None:
    world.record(topic=Topic.SAFETY, kind=TrainingKind.CAMPAIGN, turns=300, women=290)
    assert figures(world.cast.tan_cuong, OCTOBER) == {"TR-SAFETY": 290}
    world.record(topic=Topic.SAFETY)
    assert figures(world.cast.tan_cuong, OCTOBER) == {**USUAL, "TR-SAFETY": 345}


def test_a_plan_counts_only_once_it_is_held(world: World) -> None:
    plan = world.record(state=TrainingState.PLANNED, start=date(2026, 12, 1), end=date(2026, 12, 2), turns=0,
                        women=0, ethnic_minority=0, officers=0, members=0, certificates=0)  # fmt: skip
    assert figures(world.cast.tan_cuong, OCTOBER) == {}
    edit_training(training=plan, details=world.details(), by=world.cast.enterer, today=TODAY)
    assert figures(world.cast.tan_cuong, OCTOBER) == USUAL


def test_moving_a_class_to_another_month_and_unit_mends_both(world: World) -> None:
    first, second = world.record(), world.record(title="Lớp hai")
    edit_training(training=first, details=world.details(end=date(2026, 11, 3)), by=world.cast.officer, today=TODAY)
    assert figures(world.cast.tan_cuong, OCTOBER)["TR-TURNS"] == 60
    assert figures(world.cast.tan_cuong, NOVEMBER)["TR-TURNS"] == 60
    edit_training(
        training=second, details=world.details(organiser=world.cast.dai_phuc), by=world.cast.officer, today=TODAY
    )
    assert figures(world.cast.tan_cuong, OCTOBER) == {}
    assert figures(world.cast.dai_phuc, OCTOBER) == USUAL
    assert total(world.cast.thai_nguyen, "TR-TURNS", OCTOBER) == 60
    assert total(world.cast.thai_nguyen, "TR-TURNS", NOVEMBER) == 60


def test_the_last_one_cancelled_takes_the_figures_back(world: World) -> None:
    training = world.record()
    cancel_training(training=training, reason="Ghi nhầm đơn vị", by=world.cast.enterer)
    assert figures(world.cast.tan_cuong, OCTOBER) == {}
    assert total(world.cast.thai_nguyen, "TR-TURNS", OCTOBER) in (None, Decimal(0))
    training.refresh_from_db()
    assert (training.state, training.cancel_reason) == (TrainingState.CANCELLED, "Ghi nhầm đơn vị")
    assert set(FigureChange.objects.values_list("measure__code", flat=True)) == set(USUAL)
    assert "Ghi nhầm đơn vị" in FigureChange.objects.first().reason


def test_cancelling_twice_changes_nothing_more(world: World) -> None:
    training = world.record()
    for _time in range(2):
        cancel_training(training=training, reason="Ghi nhầm", by=world.cast.enterer)
    assert AuditEntry.objects.filter(action="trainings.cancel").count() == 1


def test_a_cancelled_one_stays_as_it_is(world: World) -> None:
    training = cancel_training(training=world.record(), reason="Ghi nhầm", by=world.cast.enterer)
    with pytest.raises(ValidationError, match="đã bị hủy"):
        edit_training(training=training, details=world.details(turns=90), by=world.cast.enterer, today=TODAY)
    assert figures(world.cast.tan_cuong, OCTOBER) == {}


def test_editing_without_a_change_writes_nothing(world: World) -> None:
    training = world.record()
    edit_training(training=training, details=details_of(training), by=world.cast.enterer, today=TODAY)
    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["trainings.record"]


def test_the_sums_are_recomputed_never_added(world: World) -> None:
    training = world.record()
    TrainingClass.objects.filter(pk=training.pk).update(turns=70)  # as a bulk load would
    for _time in range(2):
        refresh_measures(world.cast.tan_cuong.pk, OCTOBER)
    assert figures(world.cast.tan_cuong, OCTOBER)["TR-TURNS"] == 70
    assert total(world.cast.thai_nguyen, "TR-TURNS", OCTOBER) == 70


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"women": 61}, "women", "nhiều hơn tổng số lượt"),
    ({"ethnic_minority": 61}, "ethnic_minority", "nhiều hơn tổng số lượt"),
    ({"officers": 61}, "officers", "nhiều hơn tổng số lượt"),
    ({"members": 61}, "members", "nhiều hơn tổng số lượt"),
    ({"certificates": 61}, "certificates", "nhiều hơn tổng số lượt"),
    ({"turns": -1}, "turns", "nhỏ hơn 0"),
    ({"turns": 0, "women": 0, "ethnic_minority": 0, "officers": 0, "members": 0, "certificates": 0}, "turns", "Nhập"),
    ({"turns": 10**9}, "turns", "quá lớn"),
    ({"start": date(2026, 10, 16)}, "end", "trước ngày đầu"),
    ({"end": date(2026, 11, 22)}, "end", "21/11/2026"),
    ({"title": " "}, "title", "Nhập tên"),
    ({"state": TrainingState.CANCELLED}, "state", "Hủy"),
]


@pytest.mark.parametrize(("values", "field", "words"), BAD)
def test_bad_input_is_refused_at_its_field(world: World, values: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        world.record(**values)
    assert list(refused.value.message_dict) == [field]
    assert words in refused.value.message_dict[field][0]
    assert TrainingClass.objects.count() == 0
    assert figures(world.cast.tan_cuong, OCTOBER) == {}


def test_a_unit_that_ended_organises_nothing_afterwards(world: World) -> None:
    with pytest.raises(ValidationError) as refused:
        world.record(by=world.cast.officer, organiser=world.cast.thinh_duc)
    assert "30/06/2025" in refused.value.message_dict["organiser"][0]
    before = {"start": date(2025, 5, 1), "end": date(2025, 5, 2)}
    world.record(by=world.cast.officer, organiser=world.cast.thinh_duc, **before)
    with pytest.raises(ValidationError) as refused:
        world.record(by=world.cast.officer, organiser=world.cast.tan_cuong, **before)
    assert "01/07/2025" in refused.value.message_dict["organiser"][0]
    assert TrainingClass.objects.count() == 1


@pytest.mark.parametrize("name", ["stranger", "dai_phuc_enterer", "leader", "signer", "admin", "national", "nobody"])
def test_nobody_else_records_for_the_unit(world: World, name: str) -> None:
    with pytest.raises(Denied):
        world.record(by=getattr(world.cast, name))
    training = world.record()
    with pytest.raises(Denied):
        edit_training(training=training, details=world.details(turns=99), by=getattr(world.cast, name), today=TODAY)
    with pytest.raises(Denied):
        cancel_training(training=training, reason="x", by=getattr(world.cast, name))
    assert figures(world.cast.tan_cuong, OCTOBER) == USUAL


def test_an_enterer_cannot_hand_a_class_to_a_foreign_unit(world: World) -> None:
    training = world.record()
    with pytest.raises(Denied):
        edit_training(
            training=training, details=world.details(organiser=world.cast.dai_phuc), by=world.cast.enterer, today=TODAY
        )
    training.refresh_from_db()
    assert training.organiser == world.cast.tan_cuong


def test_the_database_holds_the_rules_too(world: World) -> None:
    training = world.record()
    for values in ({"women": 61}, {"end": date(2026, 10, 1)}, {"state": "cancelled"}, {"title": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            TrainingClass.objects.filter(pk=training.pk).update(**values)


def test_what_stands_behind_a_figure(world: World) -> None:
    big = world.record(title="Lớn", turns=90)
    small = world.record(title="Nhỏ", certificates=0)
    world.record(title="Hội thi", kind=TrainingKind.CONTEST)
    world.record(title="Tháng khác", end=date(2026, 11, 1))
    units = [world.cast.tan_cuong.pk]
    assert [(row.title, row.amount) for row in records_behind(units, "TR-TURNS", OCTOBER)] == [("Lớn", 90), ("Nhỏ", 60)]
    assert list(records_behind(units, "TR-CERTS", OCTOBER)) == [big]
    assert [row.amount for row in records_behind(units, "TR-CLASSES", OCTOBER)] == [1, 1]
    assert list(records_behind([world.cast.dai_phuc.pk], "TR-TURNS", OCTOBER)) == []
    with pytest.raises(KeyError):
        records_behind(units, "MB-ALL", OCTOBER)
    assert small in TrainingClass.objects.visible_to(world.cast.officer)


def test_sums_leave_out_what_was_not_held(world: World) -> None:
    world.record()
    cancel_training(training=world.record(), reason="Ghi nhầm", by=world.cast.enterer)
    found = sums(TrainingClass.objects.visible_to(world.cast.officer))
    assert (found.held, found.turns, found.women) == (1, 60, 55)
    assert sums(TrainingClass.objects.visible_to(world.cast.stranger)).turns == 0


def test_details_survive_the_way_into_the_record_and_back(world: World) -> None:
    details = world.details(place="Nhà văn hóa", trainers="Bà Hoa", note="Ghi chú")
    assert details_of(world.record(place="Nhà văn hóa", trainers="Bà Hoa", note="Ghi chú")) == details
    assert replace(details, turns=61) != details
