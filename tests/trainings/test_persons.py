"""Turns and persons of a year: the same person found in two lists, never twice, never over two years."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programmes.models import Measure
from tests.trainings.conftest import OCTOBER, World
from tests.trainings.test_trainees import person
from trainings import actions, persons
from trainings.choices import CountsFrom, Gender, Standing, TrainingKind
from trainings.models import Trainee, TrainingClass
from trainings.queries import Coverage, Persons, coverage_by_unit, persons_by_unit
from trainings.rules import TrainingDetails

PAGE = reverse("trainings:persons")


def listed(world: World, *people: Any, **values: Any) -> TrainingClass:
    """A class of the province with these people in its list, unless said otherwise."""
    usual: dict[str, Any] = {"organiser": world.cast.thai_nguyen, "by": world.cast.officer}
    training = world.record(**{**usual, **values})
    actions.add_trainees(training=training, people=people, by=usual["by"])
    return training


def count(unit: Any, year: int = 2026) -> tuple[int, int]:
    found = persons_by_unit([unit.pk], year)[unit.pk]
    return found.turns, found.persons


def test_two_classes_of_one_year_are_two_turns_and_one_person(world: World) -> None:
    cast = world.cast
    listed(world, person(cast.tan_cuong))
    listed(world, person(cast.tan_cuong, "NGUYỄN THỊ  HOA"), organiser=cast.tan_cuong)
    assert count(cast.thai_nguyen) == (2, 1)
    assert count(cast.tan_cuong) == (1, 1)
    assert count(cast.dai_phuc) == (0, 0)
    assert count(cast.centre) == (2, 1)
    before = {"start": date(2025, 8, 1), "end": date(2025, 8, 1)}
    listed(world, person(cast.tan_cuong), **before)
    assert count(cast.thai_nguyen, 2025) == (1, 1)
    assert count(cast.thai_nguyen) == (2, 1)
    keys = Trainee.objects.values_list("training__end__year", "unit_key").distinct()
    assert len(set(keys)) == len({key for _year, key in keys}) == 2  # nobody is followed over the years


def test_a_telephone_number_finds_who_came_from_another_unit(world: World) -> None:
    cast = world.cast
    listed(world, person(cast.tan_cuong, phone="0912 345 678"))
    listed(world, person(cast.dai_phuc, phone="+84 912.345.678"))
    listed(world, person(cast.dai_phuc, phone="0999 999 999"))
    assert count(cast.thai_nguyen) == (3, 1)  # the third shares unit, name and year with the second
    listed(world, person(cast.tan_cuong, "Lò Thị Mai", phone="0912 345 678"))  # the telephone of a family
    assert count(cast.thai_nguyen) == (4, 2)


def test_parts_and_what_is_no_training(world: World) -> None:
    cast = world.cast
    people = [
        person(cast.tan_cuong, standing=Standing.OFFICER, ethnic_minority=True),
        person(cast.dai_phuc, "Trần Văn Bình", gender=Gender.MAN, standing=Standing.OTHER),
    ]
    listed(world, *people)
    listed(world, *people[:1])
    listed(world, person(cast.tan_cuong, "Vũ Thị Lan"), kind=TrainingKind.CONTEST)
    world.record(turns=40, women=40, ethnic_minority=0, officers=0, members=0, certificates=0)
    assert persons_by_unit([cast.thai_nguyen.pk], 2026)[cast.thai_nguyen.pk] == Persons(3, 2, 1, 1, 1, 0)
    assert coverage_by_unit([cast.thai_nguyen.pk], 2026)[cast.thai_nguyen.pk] == Coverage(3, 2, 160)


@dataclass(frozen=True)
class Attended:
    """One row of a made-up list: which class, which person's keys, which parts."""

    training: int
    unit_key: str
    phone_key: str
    woman: bool


ROWS = st.lists(
    st.builds(Attended, st.integers(0, 2), st.sampled_from("abcdefg"), st.sampled_from(["", *"123456"]), st.booleans()),
    max_size=14,
)


def naive(rows: list[Attended]) -> tuple[int, int]:
    """Persons and women among them: groups of rows that share a key, merged until nothing changes."""
    groups: list[tuple[set[str], set[str], bool]] = [
        ({row.unit_key}, {row.phone_key} - {""}, row.woman) for row in rows
    ]
    merged = True
    while merged:
        merged = False
        for first in range(len(groups)):
            for second in range(first + 1, len(groups)):
                one, other = groups[first], groups[second]
                if one[0] & other[0] or one[1] & other[1]:
                    groups[first] = (one[0] | other[0], one[1] | other[1], one[2] or other[2])
                    del groups[second]
                    merged = True
                    break
            if merged:
                break
    return len(groups), sum(1 for group in groups if group[2])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_persons_are_counted_as_by_hand(world: World, rows: list[Attended]) -> None:
    with transaction.atomic():
        organisers = (world.cast.tan_cuong, world.cast.dai_phuc, world.cast.thai_nguyen)
        classes = [TrainingClass.objects.create(**details(world, unit)) for unit in organisers]
        kept = once_in_class(rows)
        Trainee.objects.bulk_create(trainee(classes, row, place) for place, row in enumerate(kept))
        units = [world.cast.thai_nguyen.pk, world.cast.tan_cuong.pk]
        found = persons_by_unit(units, 2026)
        for unit_id, those in zip(units, (kept, [row for row in kept if row.training == 0]), strict=True):
            assert (found[unit_id].persons, found[unit_id].women) == naive(those)
            assert found[unit_id].turns == len(those)
        transaction.set_rollback(True)


def details(world: World, organiser: Any) -> dict[str, Any]:
    told: TrainingDetails = world.details(organiser=organiser)
    return told.as_values()


def once_in_class(rows: list[Attended]) -> list[Attended]:
    seen: dict[int, set[str]] = defaultdict(set)
    kept = []
    for row in rows:
        keys = {row.unit_key, row.phone_key} - {""}
        if not seen[row.training] & keys:
            seen[row.training] |= keys
            kept.append(row)
    return kept


def trainee(classes: list[TrainingClass], row: Attended, place: int) -> Trainee:
    training = classes[row.training]
    return Trainee(
        training=training, place=place, full_name="A", birth_year=1985, unit=training.organiser, unit_key=row.unit_key,
        phone_key=row.phone_key, gender=Gender.WOMAN if row.woman else Gender.MAN,
    )  # fmt: skip


def test_persons_ask_a_few_questions_however_many_units(world: World, django_assert_num_queries: Any) -> None:
    listed(world, person(world.cast.tan_cuong, phone="0912345678"), person(world.cast.dai_phuc, "Vũ Thị Lan"))
    for units in ([world.cast.thai_nguyen.pk], [world.cast.thai_nguyen.pk, world.cast.tan_cuong.pk]):
        with django_assert_num_queries(2):
            persons_by_unit(units, 2026)


@pytest.mark.parametrize("phone", ["0912345678", "+84 912 345 678", "84912345678", "0912.345.678"])
def test_one_spelling_of_a_number(phone: str) -> None:
    assert persons.national_number(phone) == "0912345678"


def test_a_leader_sees_how_many_persons_and_no_name(world: World, client_of: Any) -> None:
    cast = world.cast
    listed(world, person(cast.tan_cuong, phone="0912 345 678"), person(cast.dai_phuc, "Lò Thị Mai"))
    listed(world, person(cast.tan_cuong), organiser=cast.tan_cuong)
    leader: Client = client_of(cast.leader)
    html = leader.get(PAGE, {"unit": cast.thai_nguyen.pk, "year": "2026"}).content.decode()
    assert [html.count(words) for words in ("Nguyễn Thị Hoa", "Lò Thị Mai", "0912")] == [0, 0, 0]
    assert f'href="?unit={cast.tan_cuong.pk}&amp;year=2026"' in html
    assert "2 trong 2 lớp đã tổ chức có danh sách, chiếm 2% của 120 lượt" in html
    assert leader.get(PAGE, {"unit": cast.sam_son.pk}).status_code == 404
    for odd in ("abc", "9" * 30, "-1"):
        assert leader.get(PAGE, {"unit": odd}).status_code == 404
        assert leader.get(PAGE, {"year": odd}).status_code == 200
    assert client_of(cast.nobody).get(PAGE).status_code == 404


def test_the_page_of_a_number_tells_persons_beside_turns(world: World, client_of: Any) -> None:
    cast = world.cast
    training = listed(world, person(cast.tan_cuong), organiser=cast.tan_cuong, certificates=0)
    actions.choose_counts(training=training, counts_from=CountsFrom.LIST, by=cast.officer)
    leader = client_of(cast.leader)
    for code, told in (("TR-TURNS", True), ("EQ-GIVEN", False)):
        measure = Measure.objects.get(code=code)
        html = leader.get(reverse("reports:figure", args=[cast.tan_cuong.pk, measure.pk, OCTOBER])).content.decode()
        assert ("1 người khác nhau, 1 lượt" in html) is told
