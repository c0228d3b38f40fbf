"""Lists of trainees of a few classes: invented people, each with «Mẫu» (sample) in the name."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from accounts.models import User
from demo.story.keepers import NEW_ORDER, communes, province
from trainings.actions import add_trainees, edit_training, number_certificates, record_training
from trainings.choices import Gender, Standing, Topic, TrainingState
from trainings.models import TrainingClass
from trainings.rules import TrainingDetails, details_of
from trainings.trainee_rules import TraineeDetails
from units.models import Unit

_FAMILIES = ("Nguyễn", "Trần", "Lê", "Hoàng", "Phạm", "Lương", "Nông", "Ma", "Vũ", "Đặng", "Dương", "Triệu")
_GIVEN = ("An", "Bích", "Chi", "Dung", "Giang", "Hà", "Hạnh", "Hoa", "Hương", "Lan", "Liên", "Mai", "Nga", "Oanh",
          "Phương", "Quyên", "Thảo", "Thu", "Trang", "Vân", "Xuân", "Yến")  # fmt: skip
_MEN = ("Bình", "Dũng", "Hùng", "Sơn")
_POSITIONS = ("Chủ tịch Hội LHPN xã", "Phó Chủ tịch Hội LHPN xã", "Chi hội trưởng")
_LIST = 34  # people of the commune's list
_STAYED = 12  # of them came to the second class too
_DAYS = (date(2026, 10, 22), date(2026, 11, 5), date(2026, 11, 10))


def lists() -> None:
    """Two classes of Tân Cương whose lists share people, one of them with other typed numbers; a class of the province
    with officers of the communes, one of whom is found again there."""
    officer = User.objects.get(username="canbo")
    unit = User.objects.get(username="nhaplieu").grants.get().unit
    draw = random.Random("trainees")  # noqa: S311 - sample data
    people = [_person(draw, unit, number) for number in range(_LIST)]
    first = _listed(officer, unit, "An toàn trên không gian mạng cho hội viên", _DAYS[0], Topic.SAFETY, people)
    number_certificates(training=first, first=1, symbol="GCN-HPN", by=officer)
    others = [_person(draw, unit, number) for number in range(_LIST, _LIST + 6)]
    second = _details(unit, "Dùng trợ lý ảo soạn văn bản", _DAYS[1], Topic.DIGITAL)
    typed = record_training(
        details=replace(second, turns=20, women=20), by=officer, today=_DAYS[1], sample=True
    )  # the list below holds two people less
    add_trainees(training=typed, people=[*people[:_STAYED], *others], by=officer)
    above = province("19", NEW_ORDER)
    sent = [replace(_person(draw, one, 1), phone="") for one in communes(above, NEW_ORDER)[:40] if one != unit]
    title = "Tập huấn cán bộ Hội sử dụng phần mềm quản lý"
    _listed(officer, above, title, _DAYS[2], Topic.SOFTWARE, [people[0], *sent])


def _listed(
    by: User, unit: Unit, title: str, day: date, topic: Topic, people: Sequence[TraineeDetails]
) -> TrainingClass:
    """A class that was planned, got its list, and was held: its numbers come from the list."""
    plan = replace(_details(unit, title, day, topic), state=TrainingState.PLANNED)
    training = record_training(details=plan, by=by, today=day, sample=True)
    add_trainees(training=training, people=people, by=by)
    training.refresh_from_db()
    held = replace(details_of(training), state=TrainingState.HELD)
    return edit_training(training=training, details=held, by=by, today=day)


def _details(unit: Unit, title: str, day: date, topic: Topic) -> TrainingDetails:
    place = f"Hội trường {unit.short_name}"
    return TrainingDetails(title=title, topic=topic, organiser=unit, start=day, end=day, place=place)


def _person(draw: random.Random, unit: Unit, number: int) -> TraineeDetails:
    man = number % 17 == 16
    name = f"{draw.choice(_FAMILIES)} {'Văn' if man else 'Thị'} Mẫu {draw.choice(_MEN if man else _GIVEN)}"
    standing = Standing.OFFICER if number < len(_POSITIONS) else Standing.OTHER if man else Standing.MEMBER
    return TraineeDetails(
        full_name=name,
        birth_year=1962 + number,  # a year of its own each: nobody is somebody else by chance
        unit=unit,
        gender=Gender.MAN if man else Gender.WOMAN,
        standing=standing,
        ethnic_minority=draw.random() < 0.3,
        position=_POSITIONS[number] if number < len(_POSITIONS) else "",
        branch="" if number < len(_POSITIONS) else f"Chi hội xóm {1 + number % 9}",
        phone=f"0900 000 {number:03d}" if number % 3 else "",
    )
