"""Reports of units that end: what passes to the successor, what stays, and the way back."""

from __future__ import annotations

from datetime import date

import pytest

from programmes import starter
from submissions.actions import return_submission
from submissions.models import Cell, Submission
from submissions.queries.overview import stranded_drafts
from tests.submissions.conftest import AUGUST, NOVEMBER, OCTOBER, SEPTEMBER, TODAY, World, figures, level
from units.actions.reorganise import apply_reorganisation, preview_reorganisation, propose_reorganisation
from units.actions.undo import undo_reorganisation
from units.choices import ReorganisationKind, UnitKind
from units.models import Reorganisation, Unit
from units.plans import Link, NewUnit

MERGED_ON = date(2026, 10, 1)  # September is the last month of the old units


@pytest.fixture(autouse=True)
def measures_of_the_other_rooms(db: None) -> None:
    """They hear of the reorganisation too and count their records."""
    starter.load_registered()


def plan(world: World, *old: Unit) -> Reorganisation:
    province = Unit.objects.get(pk=world.cast.thai_nguyen.pk)
    new = NewUnit(parent=province, kind=UnitKind.COMMUNE, name="Xã Mới", short_name="Mới", code="99999")
    return propose_reorganisation(
        kind=ReorganisationKind.MERGE,
        on=MERGED_ON,
        legal_basis="Nghị quyết 1/NQ-HĐND",
        links=[Link(Unit.objects.get(pk=unit.pk), new) for unit in old],
        by=world.cast.national,
        title="Nhập xã",
    )


def merge(world: World, *old: Unit) -> tuple[Reorganisation, Unit]:
    row = apply_reorganisation(reorganisation=plan(world, *old), by=world.cast.national, today=TODAY)
    return row, Unit.objects.get(code="99999")


@pytest.mark.parametrize("state", ["draft", "sent", "returned"])
def test_an_undecided_report_of_a_later_month_passes_as_a_draft(world: World, state: str) -> None:
    report = world.send({world.members: 320}) if state != "draft" else world.save({world.members: 320})
    assert report is not None
    if state == "returned":
        return_submission(submission=report, reason="Sai", by=world.cast.officer)
    _row, heir = merge(world, world.cast.tan_cuong, world.cast.dai_phuc)
    report.refresh_from_db()
    assert (report.unit, report.moved_from, report.state) == (heir, world.cast.tan_cuong, "draft")
    assert Cell.objects.get(submission=report).value == 320
    world.save({world.members: 400}, unit=heir, by=world.cast.officer)  # its people go on


def test_the_last_months_of_the_old_unit_stay_with_it(world: World) -> None:
    world.save({world.members: 310}, month=SEPTEMBER)
    world.accept(world.send({world.members: 300}, month=AUGUST))
    _row, heir = merge(world, world.cast.tan_cuong, world.cast.dai_phuc)
    assert not Submission.objects.filter(unit=heir).exists()
    assert Submission.objects.filter(unit=world.cast.tan_cuong).count() == 2
    assert figures(world.cast.tan_cuong, AUGUST) == {"HV": 300}


def test_two_drafts_for_one_successor_need_a_decision(world: World) -> None:
    world.save({world.members: 320})
    world.save({world.members: 80}, unit=world.cast.dai_phuc, by=world.cast.officer)
    _row, heir = merge(world, world.cast.tan_cuong, world.cast.dai_phuc)
    assert Submission.objects.get(unit=heir).moved_from == world.cast.tan_cuong
    assert [draft.unit for draft in stranded_drafts(world.cast.officer)] == [world.cast.dai_phuc]
    for person in (world.cast.foreign_officer, world.cast.leader):
        assert stranded_drafts(person) == []


def test_undone_the_drafts_go_back(world: World) -> None:
    world.save({world.members: 320})
    world.save({world.members: 330}, month=NOVEMBER)
    row, heir = merge(world, world.cast.tan_cuong, world.cast.dai_phuc)
    assert Submission.objects.filter(unit=heir).count() == 2
    undo_reorganisation(reorganisation=row, by=world.cast.national, reason="Nhầm")
    assert list(
        Submission.objects.order_by("period__month").values_list("unit", "period__month", "state", "moved_from")
    ) == [
        (world.cast.tan_cuong.pk, OCTOBER, "draft", None),
        (world.cast.tan_cuong.pk, NOVEMBER, "draft", None),
    ]
    world.accept(world.send({world.members: 325}))
    assert level(world.cast.thai_nguyen, world.members) == 325


def test_the_preview_names_the_open_reports(world: World) -> None:
    world.save({world.members: 320})
    world.save({world.members: 310}, month=SEPTEMBER)
    world.accept(world.send({world.members: 300}, month=AUGUST))
    preview = preview_reorganisation(
        reorganisation=plan(world, world.cast.tan_cuong, world.cast.dai_phuc), by=world.cast.national, today=TODAY
    )
    named = [(str(one.title), str(one.detail)) for one in preview.decisions if "Báo cáo" in str(one.title)]
    assert named == [
        ("Báo cáo chưa xong của Xã Tân Cương: Báo cáo tháng · Tháng 09/2026", "ở lại với đơn vị: cần gửi hoặc duyệt"),
        (
            "Báo cáo chưa xong của Xã Tân Cương: Báo cáo tháng · Tháng 10/2026",
            "chuyển sang đơn vị kế tục dưới dạng bản nháp",
        ),
    ]
