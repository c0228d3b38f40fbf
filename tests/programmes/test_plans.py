"""Programmes, pillars, tasks and followed indicators: what the actions do, refuse and write down."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from accounts.models import AuditEntry
from core.periods import make_month
from core.verdicts import Denied
from programmes import starter
from programmes.actions import plans
from programmes.actions.task_figures import refresh_task_figures
from programmes.choices import TaskState
from programmes.models import Figure, Indicator, Pillar, Programme, Task
from programmes.queries.plans import pillars_with_tasks, task_summary
from programmes.registered import PR_TASKS, PR_TASKS_DONE
from programmes.rules import ProgrammeDetails, ProgressReport, TaskDetails
from tests.cast import Cast, build
from units.models import Unit

TODAY = date(2026, 11, 21)
DETAILS = ProgrammeDetails(
    code="CDS-2026",
    name="Kế hoạch chuyển đổi số 2026",
    short_name="CĐS 2026",
    start=date(2026, 1, 1),
    end=date(2026, 12, 31),
)


@pytest.fixture
def measures(db: None) -> None:
    starter.load_registered()


@pytest.fixture
def programme(cast: Cast, measures: None) -> Programme:
    return plans.create_programme(owner=cast.thai_nguyen, details=DETAILS, by=cast.officer, today=TODAY)


def new_task(programme: Programme, cast: Cast, owner: Unit | None = None, **values: object) -> Task:
    details = TaskDetails(
        **{"name": "Nhiệm vụ", "owner": owner or cast.thai_nguyen, "due": date(2026, 12, 31), **values}  # type: ignore[arg-type]
    )
    return plans.create_task(programme=programme, details=details, by=cast.officer, today=TODAY)


def report(task: Task, cast: Cast, on: date, state: TaskState, progress: int | None = None, note: str = "") -> Task:
    said = ProgressReport(on=on, state=state, progress=progress, note=note)
    plans.report_task_progress(task=task, report=said, by=cast.officer, today=TODAY)
    task.refresh_from_db()
    return task


def counts(unit: Unit) -> dict[int, tuple[int, int]]:
    """Month → (tasks, done) as recorded."""
    found: dict[int, dict[str, int]] = {}
    for figure in Figure.objects.filter(unit=unit, measure__code__in=[PR_TASKS, PR_TASKS_DONE]).select_related(
        "measure"
    ):
        found.setdefault(figure.period, {})[figure.measure.code] = int(figure.value)
    return {month: (both[PR_TASKS], both[PR_TASKS_DONE]) for month, both in sorted(found.items())}


def refused(field: str, raised: pytest.ExceptionInfo[ValidationError]) -> str:
    assert list(raised.value.message_dict) == [field]
    return str(raised.value.message_dict[field][0])


# --- programmes ---


def test_creating_a_programme_leaves_an_audit_row(cast: Cast, programme: Programme) -> None:
    row = AuditEntry.objects.get(action="programmes.create")
    assert (row.actor, row.unit_id, row.object_id) == (cast.officer, cast.thai_nguyen.pk, str(programme.pk))
    assert row.after["code"] == "CDS-2026"


@pytest.mark.parametrize("name", ["leader", "enterer", "signer", "foreign_officer", "stranger", "nobody"])
def test_only_who_plans_at_the_unit_creates_its_programme(cast: Cast, measures: None, name: str) -> None:
    with pytest.raises(Denied):
        plans.create_programme(owner=cast.thai_nguyen, details=DETAILS, by=getattr(cast, name), today=TODAY)
    assert Programme.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("end", {"end": date(2025, 12, 31)}),
        ("start", {"start": date(1999, 12, 31)}),
        ("end", {"end": date(2101, 1, 1)}),
        ("code", {"code": "cds-2026"}),
    ],
)
def test_bad_frames_are_refused_at_their_field(
    cast: Cast, programme: Programme, field: str, changes: dict[str, object]
) -> None:
    details = replace(DETAILS, **{"code": "KHAC", **changes})  # type: ignore[arg-type]
    with pytest.raises(ValidationError) as raised:
        plans.create_programme(owner=cast.thai_nguyen, details=details, by=cast.officer, today=TODAY)
    refused(field, raised)
    assert Programme.objects.count() == 1


def test_a_closed_unit_opens_no_programme(cast: Cast, measures: None) -> None:
    with pytest.raises(ValidationError) as raised:
        plans.create_programme(owner=cast.old_thai_nguyen, details=DETAILS, by=cast.officer, today=TODAY)
    assert "Thái Nguyên" in refused("owner", raised)


def test_editing_writes_only_what_differs(cast: Cast, programme: Programme) -> None:
    details = replace(DETAILS, short_name="CĐS")
    plans.edit_programme(programme=programme, details=details, by=cast.officer2, today=TODAY)
    row = AuditEntry.objects.get(action="programmes.edit")
    assert (row.before, row.after) == ({"short_name": "CĐS 2026"}, {"short_name": "CĐS"})
    programme.refresh_from_db()
    assert programme.search == "cds-2026 ke hoach chuyen doi so 2026 cds"
    plans.edit_programme(programme=programme, details=details, by=cast.officer2, today=TODAY)
    assert AuditEntry.objects.filter(action="programmes.edit").count() == 1


def test_a_programme_cannot_end_before_its_tasks(cast: Cast, programme: Programme) -> None:
    new_task(programme, cast)
    details = replace(DETAILS, end=date(2026, 6, 30))
    with pytest.raises(ValidationError) as raised:
        plans.edit_programme(programme=programme, details=details, by=cast.officer, today=TODAY)
    assert "31/12/2026" in refused("end", raised)


# --- who sees what ---


def test_a_provinces_programme_is_seen_by_its_communes_only(cast: Cast, programme: Programme) -> None:
    def seen(name: str) -> list[Programme]:
        return list(Programme.objects.visible_to(getattr(cast, name)))

    for name in ("national", "officer", "leader", "enterer", "dai_phuc_enterer"):
        assert seen(name) == [programme], name
    for name in ("foreign_officer", "stranger", "nobody"):
        assert seen(name) == [], name


def test_a_national_programme_is_seen_by_all_who_hold_a_grant(cast: Cast, measures: None) -> None:
    national = plans.create_programme(owner=cast.centre, details=DETAILS, by=cast.national, today=TODAY)
    for name in ("national", "officer", "enterer", "foreign_officer", "stranger"):
        assert list(Programme.objects.visible_to(getattr(cast, name))) == [national], name
    assert list(Programme.objects.visible_to(cast.nobody)) == []


def test_an_old_provinces_programme_is_seen_by_the_successors_people(cast: Cast, measures: None) -> None:
    old = Programme.objects.create(owner=cast.old_thai_nguyen, **replace(DETAILS, code="CU").as_values())
    assert list(Programme.objects.visible_to(cast.officer)) == [old]
    assert list(Programme.objects.visible_to(cast.enterer)) == [old]
    assert list(Programme.objects.visible_to(cast.stranger)) == []
    assert old.binds(cast.thai_nguyen)
    assert old.binds(cast.phu_dinh)
    assert not old.binds(cast.sam_son)


def test_tasks_of_neighbours_are_not_seen(cast: Cast, programme: Programme) -> None:
    own = new_task(programme, cast, cast.tan_cuong)
    foreign = new_task(programme, cast, cast.dai_phuc)
    above = new_task(programme, cast)
    assert set(Task.objects.visible_to(cast.enterer)) == {own, above}
    assert set(Task.objects.visible_to(cast.dai_phuc_enterer)) == {foreign, above}
    assert set(Task.objects.visible_to(cast.officer)) == {own, foreign, above}
    assert set(Task.objects.visible_to(cast.stranger)) == set()


# --- pillars ---


def test_pillars_keep_their_order_and_names_are_unique(cast: Cast, programme: Programme) -> None:
    for name in ("Chính quyền số", "Kinh tế số", "Xã hội số"):
        plans.add_pillar(programme=programme, name=name, by=cast.officer)
    assert [(pillar.name, pillar.order) for pillar in programme.pillars.all()] == [
        ("Chính quyền số", 1),
        ("Kinh tế số", 2),
        ("Xã hội số", 3),
    ]
    with pytest.raises(ValidationError) as raised:
        plans.add_pillar(programme=programme, name="Kinh tế số", by=cast.officer)
    refused("name", raised)
    with pytest.raises(Denied):
        plans.add_pillar(programme=programme, name="Khác", by=cast.leader)


def test_removing_a_pillar_keeps_its_tasks(cast: Cast, programme: Programme) -> None:
    pillar = plans.add_pillar(programme=programme, name="Kinh tế số", by=cast.officer)
    task = new_task(programme, cast, pillar=pillar)
    plans.remove_pillar(pillar=pillar, by=cast.officer)
    task.refresh_from_db()
    assert task.pillar is None
    assert Pillar.objects.count() == 0


# --- tasks ---


def test_a_task_gets_the_next_number(cast: Cast, programme: Programme) -> None:
    assert [new_task(programme, cast).number, new_task(programme, cast, number=7).number] == [1, 7]
    assert new_task(programme, cast).number == 8


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("due", {"start": date(2026, 5, 2), "due": date(2026, 5, 1)}),
        ("due", {"due": date(2025, 12, 31)}),
        ("due", {"due": date(2027, 1, 1)}),
        ("number", {"number": 1}),
        ("number", {"number": 0}),
    ],
)
def test_bad_tasks_are_refused_at_their_field(
    cast: Cast, programme: Programme, field: str, changes: dict[str, object]
) -> None:
    new_task(programme, cast)
    with pytest.raises(ValidationError) as raised:
        new_task(programme, cast, **changes)
    refused(field, raised)
    assert Task.objects.count() == 1


def test_the_responsible_unit_stands_below_the_owner_and_is_active(cast: Cast, programme: Programme) -> None:
    for unit in (cast.sam_son, cast.centre, cast.thinh_duc):
        with pytest.raises(ValidationError) as raised:
            new_task(programme, cast, unit)
        refused("owner", raised)
    assert new_task(programme, cast, cast.police).owner == cast.police


def test_a_pillar_of_another_programme_is_refused(cast: Cast, programme: Programme) -> None:
    other = plans.create_programme(
        owner=cast.thai_nguyen, details=replace(DETAILS, code="KHAC"), by=cast.officer, today=TODAY
    )
    pillar = plans.add_pillar(programme=other, name="Khác", by=cast.officer)
    with pytest.raises(ValidationError) as raised:
        new_task(programme, cast, pillar=pillar)
    refused("pillar", raised)


def test_editing_a_task_moves_its_count(cast: Cast, programme: Programme) -> None:
    task = new_task(programme, cast, cast.tan_cuong)
    details = TaskDetails.of(task, owner=cast.dai_phuc, name="Tên mới")
    plans.edit_task(task=task, details=details, by=cast.officer, today=TODAY)
    assert counts(cast.tan_cuong) == {}
    assert counts(cast.dai_phuc) == {make_month(2026, 1): (1, 0)}
    assert set(AuditEntry.objects.get(action="programmes.edit_task").after) == {"owner", "name"}


def test_a_task_with_reports_is_stopped_instead_of_removed(cast: Cast, programme: Programme) -> None:
    task = new_task(programme, cast)
    mistake = new_task(programme, cast)
    report(task, cast, TODAY, TaskState.DOING, 10)
    with pytest.raises(ValidationError):
        plans.remove_task(task=task, by=cast.officer, today=TODAY)
    plans.remove_task(task=mistake, by=cast.officer, today=TODAY)
    assert list(Task.objects.all()) == [task]
    assert counts(cast.thai_nguyen) == {make_month(2026, 1): (1, 0)}


# --- progress ---


def test_a_report_moves_the_task_and_is_dated(cast: Cast, programme: Programme) -> None:
    task = report(new_task(programme, cast), cast, date(2026, 3, 5), TaskState.DOING, 40, "Đã họp")
    update = task.updates.get()
    assert (task.state, task.progress, task.done_on) == ("doing", 40, None)
    assert (update.on, update.progress, update.note, update.by) == (date(2026, 3, 5), 40, "Đã họp", cast.officer)
    row = AuditEntry.objects.get(action="programmes.report_progress")
    assert (row.reason, row.after["progress"], row.before["progress"]) == ("Đã họp", 40, 0)


def test_done_is_whole_and_dated(cast: Cast, programme: Programme) -> None:
    task = report(new_task(programme, cast), cast, date(2026, 6, 1), TaskState.DONE)
    assert (task.state, task.progress, task.done_on) == ("done", 100, date(2026, 6, 1))
    task = report(task, cast, date(2026, 7, 1), TaskState.DONE, 100, "Nghiệm thu")
    assert task.done_on == date(2026, 6, 1)
    task = report(task, cast, date(2026, 8, 1), TaskState.DOING, 90, "Phải làm lại")
    assert (task.state, task.progress, task.done_on) == ("doing", 90, None)


def test_a_late_entry_of_an_earlier_day_does_not_overtake(cast: Cast, programme: Programme) -> None:
    task = report(new_task(programme, cast), cast, date(2026, 6, 1), TaskState.DOING, 60)
    task = report(task, cast, date(2026, 2, 1), TaskState.DOING, 20)
    assert task.progress == 60
    assert [update.progress for update in task.updates.all()] == [60, 20]


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("on", ProgressReport(on=date(2026, 11, 22), state="doing", progress=10)),
        ("on", ProgressReport(on=date(2025, 12, 31), state="doing", progress=10)),
        ("progress", ProgressReport(on=TODAY, state="doing", progress=101)),
        ("progress", ProgressReport(on=TODAY, state="doing", progress=-1)),
        ("progress", ProgressReport(on=TODAY, state="done", progress=99)),
        ("progress", ProgressReport(on=TODAY, state="todo", progress=5)),
    ],
)
def test_bad_reports_are_refused_at_their_field(
    cast: Cast, programme: Programme, field: str, said: ProgressReport
) -> None:
    task = new_task(programme, cast)
    with pytest.raises(ValidationError) as raised:
        plans.report_task_progress(task=task, report=said, by=cast.officer, today=TODAY)
    refused(field, raised)
    task.refresh_from_db()
    assert (task.state, task.progress, task.updates.count()) == ("todo", 0, 0)


def test_the_responsible_unit_reports_its_own_task_only(cast: Cast, programme: Programme) -> None:
    own, foreign = new_task(programme, cast, cast.tan_cuong), new_task(programme, cast, cast.dai_phuc)
    said = ProgressReport(on=TODAY, state="doing", progress=10)
    plans.report_task_progress(task=own, report=said, by=cast.enterer, today=TODAY)
    for person, task in ((cast.enterer, foreign), (cast.signer, own), (cast.leader, own), (cast.stranger, own)):
        with pytest.raises(Denied):
            plans.report_task_progress(task=task, report=said, by=person, today=TODAY)
    assert own.updates.count() == 1


def test_the_database_refuses_what_slips_by(cast: Cast, programme: Programme) -> None:
    task = new_task(programme, cast)
    for values in (
        {"progress": 101},
        {"state": "done"},
        {"state": "done", "progress": 100},
        {"start": date(2027, 1, 1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Task.objects.filter(pk=task.pk).update(**values)


# --- tasks as figures ---


def test_counts_follow_progress_month_by_month(cast: Cast, programme: Programme) -> None:
    tasks = [new_task(programme, cast) for _ in range(3)]
    assert counts(cast.thai_nguyen) == {make_month(2026, 1): (3, 0)}
    report(tasks[0], cast, date(2026, 3, 31), TaskState.DONE)
    report(tasks[1], cast, date(2026, 5, 1), TaskState.DONE)
    report(tasks[2], cast, date(2026, 5, 20), TaskState.STOPPED)
    expected = {make_month(2026, 1): (3, 0), make_month(2026, 3): (3, 1), make_month(2026, 5): (2, 2)}
    assert counts(cast.thai_nguyen) == expected
    report(tasks[1], cast, date(2026, 6, 1), TaskState.DOING, 80)
    assert counts(cast.thai_nguyen) == {
        make_month(2026, 1): (3, 0),
        make_month(2026, 3): (3, 1),
        make_month(2026, 5): (2, 1),
    }


def test_counting_again_changes_nothing(cast: Cast, programme: Programme) -> None:
    report(new_task(programme, cast), cast, date(2026, 3, 31), TaskState.DONE)
    before = list(Figure.objects.values_list("unit", "measure", "period", "value", "recorded_at"))
    refresh_task_figures({cast.thai_nguyen.pk}, by=None, today=TODAY)
    assert list(Figure.objects.values_list("unit", "measure", "period", "value", "recorded_at")) == before


def test_a_moved_start_moves_the_counts(cast: Cast, programme: Programme) -> None:
    new_task(programme, cast)
    details = replace(DETAILS, start=date(2026, 4, 1))
    plans.edit_programme(programme=programme, details=details, by=cast.officer, today=TODAY)
    assert counts(cast.thai_nguyen) == {make_month(2026, 4): (1, 0)}


def test_a_programme_to_come_counts_from_this_month_on(cast: Cast, measures: None) -> None:
    details = replace(DETAILS, start=date(2027, 1, 1), end=None)
    coming = plans.create_programme(owner=cast.thai_nguyen, details=details, by=cast.officer, today=TODAY)
    new_task(coming, cast, due=date(2027, 6, 30))
    assert counts(cast.thai_nguyen) == {make_month(2026, 11): (1, 0)}


def test_tasks_of_a_closed_unit_count_at_its_successor(cast: Cast, measures: None) -> None:
    old = Programme.objects.create(
        owner=cast.old_thai_nguyen, **replace(DETAILS, start=date(2021, 1, 1), code="CU").as_values()
    )
    for number in (1, 2):
        Task.objects.create(programme=old, number=number, name="Cũ", owner=cast.old_thai_nguyen, due=date(2026, 12, 31))
    refresh_task_figures({cast.old_thai_nguyen.pk}, by=None, today=TODAY)
    assert counts(cast.old_thai_nguyen) == {make_month(2021, 1): (2, 0)}
    assert counts(cast.thai_nguyen) == {make_month(2025, 7): (2, 0)}
    report(Task.objects.get(number=1), cast, date(2025, 9, 1), TaskState.DONE)
    assert counts(cast.old_thai_nguyen) == {make_month(2021, 1): (2, 0)}
    assert counts(cast.thai_nguyen) == {make_month(2025, 7): (2, 0), make_month(2025, 9): (2, 1)}


def test_summaries_leave_stopped_tasks_out(cast: Cast, programme: Programme) -> None:
    pillar = plans.add_pillar(programme=programme, name="Kinh tế số", by=cast.officer)
    empty = plans.add_pillar(programme=programme, name="Xã hội số", by=cast.officer)
    late = new_task(programme, cast, pillar=pillar, due=date(2026, 6, 30))
    report(new_task(programme, cast, pillar=pillar), cast, TODAY, TaskState.DONE)
    report(new_task(programme, cast), cast, TODAY, TaskState.STOPPED)
    summary = task_summary(programme.tasks.all(), TODAY)
    assert (summary.total, summary.done, summary.todo, summary.late, summary.stopped) == (2, 1, 1, 1, 1)
    assert summary.percent == Decimal(50)
    groups = pillars_with_tasks(programme, cast.officer, TODAY)
    assert [(group.pillar, len(group.tasks), group.summary.late) for group in groups] == [
        (pillar, 2, 1),
        (empty, 0, 0),
        (None, 1, 0),
    ]
    assert list(Task.objects.late(TODAY)) == [late]


# --- followed indicators ---


def test_indicators_are_chosen_once_and_dropped(cast: Cast, programme: Programme) -> None:
    starter.load()
    both = list(Indicator.objects.filter(code__in=["INF-01", "INF-02"]))
    assert len(plans.choose_indicators(programme=programme, indicators=both, by=cast.officer)) == 2
    assert plans.choose_indicators(programme=programme, indicators=both, by=cast.officer) == []
    chosen = programme.chosen.get(indicator__code="INF-02")
    plans.place_indicator(chosen=chosen, pillar=None, order=0, by=cast.officer)
    assert [entry.indicator.code for entry in programme.chosen.all()] == ["INF-02", "INF-01"]
    plans.drop_indicator(chosen=chosen, by=cast.officer)
    assert [entry.indicator.code for entry in programme.chosen.all()] == ["INF-01"]
    with pytest.raises(Denied):
        plans.choose_indicators(programme=programme, indicators=both, by=cast.foreign_officer)


# --- two people at once ---


@pytest.mark.django_db(transaction=True)
def test_reports_at_the_same_moment_are_all_counted(on_postgres: None, transactional_db: None) -> None:
    cast = build()
    starter.load_registered()
    programme = plans.create_programme(owner=cast.thai_nguyen, details=DETAILS, by=cast.officer, today=TODAY)
    tasks = [new_task(programme, cast) for _ in range(6)]

    def finish(task: Task) -> None:
        try:
            report(task, cast, date(2026, 3, 1), TaskState.DONE)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=6) as pool:
        list(pool.map(finish, tasks))
    assert counts(cast.thai_nguyen) == {make_month(2026, 1): (6, 0), make_month(2026, 3): (6, 6)}
