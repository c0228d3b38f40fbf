"""Generated classes of the communes of three provinces since 07/2025."""

from __future__ import annotations

import random
from datetime import date, timedelta

from demo.story.keepers import NEW_ORDER, Keepers, communes, province
from programmes.models import Programme
from trainings.actions import record_training
from trainings.choices import Topic, TrainingKind, TrainingMode
from trainings.rules import TrainingDetails
from units.models import Unit

_TITLES = (
    (Topic.DIGITAL, "Kỹ năng số cơ bản cho hội viên"),
    (Topic.SAFETY, "An toàn, phòng chống lừa đảo trên không gian mạng"),
    (Topic.SERVICES, "Sử dụng VNeID và dịch vụ công trực tuyến"),
    (Topic.BUSINESS, "Bán hàng trực tuyến cho chị em tiểu thương"),
    (Topic.SOFTWARE, "Phần mềm quản lý cán bộ, hội viên"),
)


def classes(people: Keepers, programme: Programme, until: date) -> int:
    """Two or three classes a commune in Thái Nguyên, one in the others."""
    made = 0
    for code, most in (("19", 3), ("92", 1), ("31", 1)):
        for unit in communes(province(code, NEW_ORDER), NEW_ORDER):
            draw = random.Random(f"classes {code} {unit.code}")  # noqa: S311 - sample data
            for _one in range(draw.randint(1, most)):
                record_training(
                    details=_class(unit, programme, draw, until), by=people.enterer, today=until, sample=True
                )
                made += 1
    return made


def _class(unit: Unit, programme: Programme, draw: random.Random, until: date) -> TrainingDetails:
    topic, title = draw.choice(_TITLES)
    day = NEW_ORDER + timedelta(days=draw.randint(10, (until - NEW_ORDER).days - 5))
    turns = draw.randint(28, 120)
    women = turns - draw.randint(0, turns // 10)
    return TrainingDetails(
        title=title,
        topic=topic,
        organiser=unit,
        start=day,
        end=day,
        turns=turns,
        women=women,
        ethnic_minority=draw.randint(0, turns // 3),
        officers=draw.randint(2, 14),
        members=women - draw.randint(0, 8),
        kind=TrainingKind.CAMPAIGN if topic == Topic.SAFETY and draw.random() < 0.4 else TrainingKind.CLASS,
        mode=draw.choice([TrainingMode.ONSITE, TrainingMode.ONSITE, TrainingMode.ONLINE]),
        place=f"Nhà văn hóa {unit.short_name}",
        programme=programme,
    )
