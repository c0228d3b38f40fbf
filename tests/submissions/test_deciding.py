"""Sending, accepting, returning, correcting: states, rights, and what arrives in figures and totals."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry
from core.verdicts import Denied
from programmes.models import Figure, FigureChange
from submissions.actions import (
    accept_submissions,
    reopen_submission,
    return_submission,
    send_submission,
    send_submissions,
)
from submissions.models import Submission
from tests.submissions.conftest import OCTOBER, SEPTEMBER, TODAY, World, figures, flow, level


def state(report: Submission) -> str:
    return Submission.objects.get(pk=report.pk).state


# --- sending ---------------------------------------------------------------------------------------------------


def test_sending_waits_for_acceptance_and_counts_nowhere(world: World) -> None:
    report = world.send({world.members: 320})
    assert (report.state, report.sent_by) == ("sent", world.cast.enterer)
    assert report.sent_at is not None
    assert figures(world.cast.tan_cuong) == {}
    assert AuditEntry.objects.get(action="submissions.send").after == {"state": "sent"}


def test_sending_twice_is_sending_once(world: World) -> None:
    report = world.send({world.members: 320})
    again = send_submission(submission=report, by=world.cast.signer, today=TODAY)
    assert (again.version, again.sent_by) == (report.version, world.cast.enterer)
    assert AuditEntry.objects.filter(action="submissions.send").count() == 1


def test_the_leader_of_the_unit_sends_too(world: World) -> None:
    draft = world.save({world.members: 320})
    assert draft is not None
    assert send_submission(submission=draft, by=world.cast.signer, today=TODAY).sent_by == world.cast.signer


@pytest.mark.parametrize("name", ["stranger", "dai_phuc_enterer", "leader", "admin", "nobody"])
def test_nobody_else_sends(world: World, name: str) -> None:
    draft = world.save({world.members: 320})
    assert draft is not None
    with pytest.raises(Denied):
        send_submission(submission=draft, by=getattr(world.cast, name), today=TODAY)
    assert state(draft) == "draft"


def test_nothing_to_send(world: World) -> None:
    world.save({world.members: 320})
    draft = world.save({world.members: None})
    assert draft is not None
    with pytest.raises(ValidationError, match="Chưa nhập số liệu nào"):
        send_submission(submission=draft, by=world.cast.enterer, today=TODAY)


@pytest.mark.parametrize(
    ("before", "value", "words"),
    [
        (300, 451, "Tăng 50% so với 300 của 09/2026."),
        (300, 149, "Giảm 50% so với 300 của 09/2026."),
        (300, 0, "Giảm 100% so với 300"),
        (300, 450, ""),
        (300, 150, ""),
        (4, 8, ""),  # four more of four: small numbers jump
        (0, 900, ""),
    ],
)
def test_a_large_change_demands_a_note(world: World, before: int, value: int, words: str) -> None:
    world.report(world.cast.tan_cuong, {world.members: before}, month=SEPTEMBER)
    draft = world.save({world.members: value})
    assert draft is not None
    if not words:
        assert send_submission(submission=draft, by=world.cast.enterer, today=TODAY).state == "sent"
        return
    with pytest.raises(ValidationError) as refused:
        send_submission(submission=draft, by=world.cast.enterer, today=TODAY)
    key = str(world.key(world.members))
    assert words in refused.value.message_dict[key][0]
    assert "Ghi lý do vào ghi chú." in refused.value.message_dict[key][0]
    world.save({world.members: value}, notes={world.members: "Tách chi hội"})
    assert send_submission(submission=draft, by=world.cast.enterer, today=TODAY).state == "sent"


def test_a_part_of_a_flow_goes_out_only_with_its_whole(world: World) -> None:
    draft = world.save({world.admitted_minority: 4})
    assert draft is not None
    with pytest.raises(ValidationError) as refused:
        send_submission(submission=draft, by=world.cast.enterer, today=TODAY)
    assert list(refused.value.message_dict) == [str(world.key(world.admitted))]
    world.save({world.admitted: 9})
    assert send_submission(submission=draft, by=world.cast.enterer, today=TODAY).state == "sent"


def test_several_are_sent_all_or_none(world: World) -> None:
    good = world.save({world.members: 320})
    bad = world.save({world.admitted_minority: 4}, unit=world.cast.dai_phuc, by=world.cast.officer)
    assert good is not None
    assert bad is not None
    with pytest.raises(ValidationError, match="Đại Phúc"):
        send_submissions(submissions=[good, bad], by=world.cast.officer, today=TODAY)
    assert (state(good), state(bad)) == ("draft", "draft")


# --- accepting -------------------------------------------------------------------------------------------------


def test_acceptance_moves_figures_and_totals_at_once(world: World) -> None:
    world.report(world.cast.dai_phuc, {world.members: 100, world.admitted: 2})
    report = world.send({world.members: 320, world.admitted: 7, world.online: 1, world.score: "8.25"})
    world.accept(report)
    assert figures(world.cast.tan_cuong) == {"HV": 320, "KN": 7, "TRANG": 1, "DIEM": Decimal("8.25")}
    assert level(world.cast.thai_nguyen, world.members) == 420
    assert level(world.cast.centre, world.members) == 420
    assert flow(world.cast.thai_nguyen, world.admitted) == 9
    figure = Figure.objects.get(unit_id=world.cast.tan_cuong.pk, measure_id=world.members.pk)
    assert (figure.provenance, figure.reference, figure.recorded_by, figure.as_of) == (
        "submission", f"{world.reporting.form.code} 10/2026", world.cast.officer, date(2026, 10, 31),
    )  # fmt: skip
    report.refresh_from_db()
    assert (report.state, report.decided_by) == ("accepted", world.cast.officer)


def test_several_are_accepted_in_one_action(world: World) -> None:
    first = world.send({world.members: 320})
    second = world.send({world.members: 80}, unit=world.cast.dai_phuc, by=world.cast.dai_phuc_enterer)
    assert len(world.accept(first, second)) == 2
    assert level(world.cast.thai_nguyen, world.members) == 400
    assert AuditEntry.objects.filter(action="submissions.accept").count() == 2


def test_accepting_twice_is_accepting_once(world: World) -> None:
    report = world.send({world.members: 320})
    world.accept(report)
    assert world.accept(report, by=world.cast.officer2) == []
    assert level(world.cast.thai_nguyen, world.members) == 320
    assert AuditEntry.objects.filter(action="submissions.accept").count() == 1


def accepting(world: World, *reports: Submission) -> int:
    """How many queries it takes, by an officer who has done nothing else yet."""
    with CaptureQueriesContext(connection) as seen:
        assert len(world.accept(*reports)) == len(reports)
    return len(seen)


def test_many_are_accepted_with_as_many_queries_as_one(world: World) -> None:
    cast = world.cast
    places = [(cast.tan_cuong, cast.enterer), (cast.dai_phuc, cast.dai_phuc_enterer), (cast.phu_dinh, cast.officer2)]

    def sent(month: int) -> list[Submission]:
        return [world.send({world.members: 300, world.score: 8}, unit=u, by=p, month=month) for u, p in places]

    (one, *_others), many = sent(SEPTEMBER), sent(OCTOBER)
    assert accepting(world, one) == accepting(world, *many) <= 16  # with the marks of transactions
    reports = Submission.objects.filter(pk__in=[row.pk for row in many])
    assert {(row.state, row.version, row.decided_by) for row in reports} == {("accepted", 3, cast.officer)}
    assert AuditEntry.objects.filter(action="submissions.accept", before={"state": "sent"}).count() == 4
    assert level(cast.thai_nguyen, world.members) == 900


@pytest.mark.parametrize("typed_by", ["officer", "officer2"])
def test_nobody_accepts_an_own_entry(world: World, typed_by: str) -> None:
    """Neither who sent it nor who typed one cell of it."""
    world.save({world.admitted: 3}, by=getattr(world.cast, typed_by))
    report = world.send({world.members: 320})
    with pytest.raises(Denied, match="phải để người khác duyệt"):
        world.accept(report, by=getattr(world.cast, typed_by))
    assert figures(world.cast.tan_cuong) == {}
    other = world.cast.officer2 if typed_by == "officer" else world.cast.officer
    world.accept(report, by=other)
    assert figures(world.cast.tan_cuong) == {"HV": 320, "KN": 3}


def test_who_only_sent_it_does_not_accept_it(world: World) -> None:
    draft = world.save({world.members: 320})
    assert draft is not None
    send_submission(submission=draft, by=world.cast.officer, today=TODAY)
    with pytest.raises(Denied):
        world.accept(draft)
    assert state(draft) == "sent"


def test_one_own_entry_among_several_accepts_none(world: World) -> None:
    mine = world.send({world.members: 80}, unit=world.cast.dai_phuc, by=world.cast.officer)
    theirs = world.send({world.members: 320})
    with pytest.raises(Denied):
        world.accept(theirs, mine)
    assert (state(theirs), state(mine)) == ("sent", "sent")
    assert not Figure.objects.exists()


@pytest.mark.parametrize("name", ["foreign_officer", "enterer", "signer", "leader", "admin", "national", "nobody"])
def test_only_officers_above_decide(world: World, name: str) -> None:
    report = world.send({world.members: 320})
    person = getattr(world.cast, name)
    with pytest.raises(Denied):
        world.accept(report, by=person)
    with pytest.raises(Denied):
        return_submission(submission=report, reason="x", by=person)
    assert state(report) == "sent"


@pytest.mark.parametrize("before", ["draft", "returned"])
def test_only_what_waits_is_accepted(world: World, before: str) -> None:
    report = world.send({world.members: 320})
    return_submission(submission=report, reason="Sai", by=world.cast.officer)
    if before == "draft":
        Submission.objects.update(state="draft")
    with pytest.raises(ValidationError, match="không ở trạng thái chờ duyệt"):
        world.accept(report)


def test_what_changed_since_it_was_on_the_screen_is_not_accepted(world: World) -> None:
    report = world.send({world.members: 320})
    seen = {report.pk: report.version}
    return_submission(submission=report, reason="Sai", by=world.cast.officer)
    world.send({world.members: 330})
    with pytest.raises(ValidationError, match="đã thay đổi"):
        accept_submissions(submissions=[report], by=world.cast.officer, seen=seen)
    assert figures(world.cast.tan_cuong) == {}


def test_one_period_at_a_time(world: World) -> None:
    october = world.send({world.members: 320})
    september = world.send({world.members: 300}, month=SEPTEMBER)
    with pytest.raises(ValidationError, match="một kỳ"):
        world.accept(october, september)
    world.accept(september)
    world.accept(october)
    assert level(world.cast.thai_nguyen, world.members, SEPTEMBER) == 300
    assert level(world.cast.thai_nguyen, world.members) == 320


def test_a_province_reports_for_itself(world: World) -> None:
    report = world.send({world.firms: 12}, unit=world.cast.thai_nguyen, by=world.cast.officer)
    with pytest.raises(Denied):
        world.accept(report)
    world.accept(report, by=world.cast.officer2)
    assert flow(world.cast.thai_nguyen, world.firms) == 12


# --- returning and correcting ----------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_a_return_demands_a_reason(world: World, reason: str) -> None:
    report = world.send({world.members: 320})
    with pytest.raises(ValidationError) as refused:
        return_submission(submission=report, reason=reason, by=world.cast.officer)
    assert refused.value.message_dict == {"reason": ["Nhập lý do."]}
    assert state(report) == "sent"


def test_returned_mended_sent_and_accepted(world: World) -> None:
    report = world.send({world.members: 320})
    returned = return_submission(submission=report, reason="Chưa khớp quý III", by=world.cast.officer)
    assert (returned.state, returned.return_reason, returned.decided_by) == (
        "returned", "Chưa khớp quý III", world.cast.officer,
    )  # fmt: skip
    assert AuditEntry.objects.get(action="submissions.return").reason == "Chưa khớp quý III"
    assert figures(world.cast.tan_cuong) == {}
    world.accept(world.send({world.members: 312}))
    assert figures(world.cast.tan_cuong) == {"HV": 312}
    assert FigureChange.objects.count() == 0


def test_a_correction_keeps_the_accepted_figures_until_it_is_accepted(world: World) -> None:
    report = world.send({world.members: 320, world.minority: 60, world.admitted: 7})
    world.accept(report)
    reopened = reopen_submission(submission=report, reason="Đếm nhầm chi hội 3", by=world.cast.enterer, today=TODAY)
    assert (reopened.state, reopened.correction_reason) == ("draft", "Đếm nhầm chi hội 3")
    world.send({world.members: 300, world.admitted: None})
    assert figures(world.cast.tan_cuong) == {"HV": 320, "HV-DT": 60, "KN": 7}
    assert level(world.cast.thai_nguyen, world.members) == 320
    world.accept(report)
    assert figures(world.cast.tan_cuong) == {"HV": 300, "HV-DT": 60}
    assert level(world.cast.thai_nguyen, world.members) == 300
    assert flow(world.cast.thai_nguyen, world.admitted) == 0
    changes = {change.measure.code: change for change in FigureChange.objects.select_related("measure")}
    assert {code: (change.old, change.new) for code, change in changes.items()} == {"HV": (320, 300), "KN": (7, None)}
    assert {change.reason for change in changes.values()} == {"Đếm nhầm chi hội 3"}
    assert Submission.objects.get().correction_reason == ""


def test_a_correction_is_accepted_by_itself(world: World) -> None:
    report = world.send({world.members: 320})
    world.accept(report)
    reopen_submission(submission=report, reason="Nhầm", by=world.cast.enterer, today=TODAY)
    world.send({world.members: 310})
    other = world.send({world.members: 80}, unit=world.cast.dai_phuc, by=world.cast.dai_phuc_enterer)
    with pytest.raises(ValidationError, match="duyệt riêng"):
        world.accept(report, other)
    assert figures(world.cast.tan_cuong) == {"HV": 320}


def test_reopening_needs_an_accepted_report_and_a_reason(world: World) -> None:
    report = world.send({world.members: 320})
    with pytest.raises(ValidationError, match="Chỉ mở lại được báo cáo đã duyệt"):
        reopen_submission(submission=report, reason="Nhầm", by=world.cast.enterer, today=TODAY)
    world.accept(report)
    with pytest.raises(ValidationError) as refused:
        reopen_submission(submission=report, reason=" ", by=world.cast.enterer, today=TODAY)
    assert refused.value.message_dict == {"reason": ["Nhập lý do."]}
    for name in ("stranger", "leader", "signer", "national"):
        with pytest.raises(Denied):
            reopen_submission(submission=report, reason="Nhầm", by=getattr(world.cast, name), today=TODAY)
    for _time in range(2):
        reopen_submission(submission=report, reason="Nhầm", by=world.cast.officer, today=TODAY)
    assert AuditEntry.objects.filter(action="submissions.reopen").count() == 1


def test_every_step_leaves_its_trace(world: World) -> None:
    report = world.send({world.members: 320})
    return_submission(submission=report, reason="Sai", by=world.cast.officer)
    world.accept(world.send({world.members: 310}))
    reopen_submission(submission=report, reason="Nhầm", by=world.cast.enterer, today=TODAY)
    trail: list[Any] = list(
        AuditEntry.objects.filter(object_type="submissions.submission", object_id=str(report.pk))
        .order_by("id")
        .values_list("action", "actor__username")
    )
    assert trail == [
        ("submissions.save", "enterer"),
        ("submissions.send", "enterer"),
        ("submissions.return", "officer"),
        ("submissions.save", "enterer"),
        ("submissions.send", "enterer"),
        ("submissions.accept", "officer"),
        ("submissions.reopen", "enterer"),
    ]
