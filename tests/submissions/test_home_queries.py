"""The home page asks the database as often for one duty as for many, and at most twenty times for any role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from programmes.models import Measure, Programme, Task
from submissions.actions import return_submission
from submissions.choices import SubmissionState
from submissions.models import Submission
from tests.reporting import monthly
from tests.submissions.conftest import AUGUST, OCTOBER, SEPTEMBER, TODAY, World
from trainings.choices import TrainingState
from trainings.models import TrainingClass
from units.models import Unit

MOST = 20
ROLES = ("national", "admin", "officer", "leader", "enterer", "signer")
SignIn = Callable[[User], Client]


def late_task(programme: Programme, owner: Unit, number: int) -> Task:
    made: Task = Task.objects.create(
        programme=programme, owner=owner, number=number, name=f"Việc {number}",
        start=TODAY - timedelta(days=90), due=TODAY - timedelta(days=1),
    )  # fmt: skip
    return made


def held(organiser: Unit, number: int) -> TrainingClass:
    day = TODAY - timedelta(days=number)
    made: TrainingClass = TrainingClass.objects.create(
        title=f"Lớp {number}", topic="basics", organiser=organiser, start=day, end=day, state=TrainingState.PLANNED
    )
    return made


def fill(world: World, months: tuple[int, ...], numbers: range) -> None:
    """Returned, unsigned and waiting reports, late tasks, classes without a result."""
    cast, programme = world.cast, world.reporting.form.programme
    for month in months:
        sent = world.send({world.members: 9}, month=month)
        return_submission(submission=sent, reason="Chưa khớp", by=cast.officer)
        world.send({world.members: 5}, unit=cast.dai_phuc, by=cast.dai_phuc_enterer, month=month)
        unsigned = world.save({world.members: 4}, unit=cast.phu_dinh, by=cast.officer2, month=month)
        assert unsigned is not None
        Submission.objects.filter(pk=unsigned.pk).update(state=SubmissionState.UNSIGNED)
    for number in numbers:
        for unit in (cast.thai_nguyen, cast.tan_cuong, cast.dai_phuc):
            late_task(programme, unit, Task.objects.count() + 1)
        held(cast.thai_nguyen, number)
        held(cast.tan_cuong, number)


def asked(client: Client) -> int:
    client.get("/")
    with CaptureQueriesContext(connection) as seen:
        client.get("/")
    return len(seen)


def test_as_many_queries_for_one_duty_as_for_many(world: World, client_of: SignIn) -> None:
    people = {role: client_of(getattr(world.cast, role)) for role in ROLES}
    fill(world, (OCTOBER,), range(1, 2))
    one = {role: asked(client) for role, client in people.items()}
    fill(world, (AUGUST, SEPTEMBER), range(2, 5))
    own = Measure.objects.create(code="RIENG", name="Riêng", order=90, kind="flow", unit_of_measure="người")
    for unit in (world.cast.thai_nguyen, world.cast.thanh_hoa):
        monthly(unit, by=world.cast.national, today=TODAY, first_month=AUGUST, measures=[own])
    many = {role: asked(client) for role, client in people.items()}
    assert many == one
    assert max(many.values()) <= MOST
