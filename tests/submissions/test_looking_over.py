"""Before a report leaves: what is empty, what is noted, what it does to the targets; and what stays the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, User
from core.verdicts import Denied
from programmes.choices import MeasureKind, Window
from programmes.models import Figure, Indicator, Target
from submissions.actions import confirm_unchanged, send_submission
from submissions.models import Cell, Submission
from submissions.queries import load_sheet
from submissions.queries.effects import effects
from submissions.summary import summary
from tests.submissions.conftest import AUGUST, OCTOBER, SEPTEMBER, TODAY, World

SignIn = Callable[[User], Client]


def target(world: World, code: str, value: int, **measures: Any) -> Target:
    indicator = Indicator.objects.create(
        code=code, name=f"Chỉ số {code}", unit_label="%" if "denominator" in measures else "người", **measures
    )
    return Target.objects.create(
        indicator=indicator,
        unit=world.cast.tan_cuong,
        programme=world.reporting.form.programme,
        due=date(2026, 12, 31),
        value=value,
        baseline=0,
        baseline_on=date(2025, 12, 31),
    )


def moved(world: World) -> dict[str, tuple[Decimal | None, Decimal | None]]:
    sheet = load_sheet(world.cast.tan_cuong, world.period())
    return {one.indicator.code: (one.now, one.after) for one in effects(sheet)}


def test_a_level_a_flow_and_a_share_before_and_after(world: World) -> None:
    target(world, "TL", 50, numerator=world.minority, denominator=world.members)
    target(world, "KN", 20, numerator=world.admitted, window=Window.PROGRAMME)
    target(world, "HV", 400, numerator=world.members)
    world.report(world.cast.tan_cuong, {world.members: 200, world.minority: 50, world.admitted: 3}, month=SEPTEMBER)
    assert moved(world) == {"TL": (25, 25), "KN": (3, 3), "HV": (200, 200)}
    world.save({world.members: 250, world.minority: 100, world.admitted: 4})
    assert moved(world) == {"TL": (25, 40), "KN": (3, 7), "HV": (200, 250)}
    assert set(Figure.objects.filter(unit_id=world.cast.tan_cuong.pk).values_list("period", flat=True)) == {SEPTEMBER}


def test_after_the_acceptance_it_is_as_was_foretold(world: World) -> None:
    target(world, "TL", 50, numerator=world.minority, denominator=world.members)
    target(world, "KN", 20, numerator=world.admitted, window=Window.PROGRAMME)
    world.report(world.cast.tan_cuong, {world.members: 200, world.admitted: 3}, month=AUGUST)
    report = world.send({world.members: 250, world.minority: 100, world.admitted: 4})
    foretold = {code: after for code, (_now, after) in moved(world).items()}
    world.accept(report)
    assert {code: now for code, (now, _after) in moved(world).items()} == foretold


def test_a_correction_takes_the_place_of_what_was_recorded(world: World) -> None:
    target(world, "KN", 20, numerator=world.admitted, window=Window.PROGRAMME)
    world.report(world.cast.tan_cuong, {world.admitted: 10})
    world.save({world.admitted: 4})
    assert moved(world) == {"KN": (10, 4)}
    world.save({world.admitted: None})
    assert moved(world) == {"KN": (10, 0)}


def test_targets_of_others_and_of_other_forms_say_nothing(world: World) -> None:
    foreign = target(world, "KN", 20, numerator=world.admitted)
    Target.objects.filter(pk=foreign.pk).update(unit=world.cast.dai_phuc)
    target(world, "DN", 5, numerator=world.firms)  # not asked of communes
    assert moved(world) == {}


def test_the_page_asks_before_a_mostly_empty_report_leaves(world: World, client_of: SignIn) -> None:
    target(world, "HV", 400, numerator=world.members)
    world.save({world.members: 250})
    place = [world.period().pk, world.cast.tan_cuong.pk]
    client = client_of(world.cast.enterer)
    html = client.get(reverse("submissions:check", args=place)).content.decode()
    for words in ("Đã nhập 1 trên 6 số liệu", "Chỉ số HV", "250", "400", "5 số để trống"):
        assert words in html
    refused = client.post(reverse("submissions:send", args=place), {"version": 1})
    assert "Phần lớn báo cáo còn trống" in refused.content.decode()
    assert Submission.objects.get().state == "draft"
    client.post(reverse("submissions:send", args=place), {"version": 1, "confirmed": "on"})
    assert Submission.objects.get().state == "sent"


def test_a_full_report_is_sent_without_a_tick(world: World) -> None:
    world.save({world.members: 250, world.minority: 0, world.admitted: 0, world.score: 3})
    looked = summary(load_sheet(world.cast.tan_cuong, world.period()))
    assert (looked.filled, looked.empty, looked.is_mostly_empty) == (4, 2, False)


def test_what_changed_since_the_page_was_opened_is_looked_at_again(world: World) -> None:
    saved = world.save({world.members: 250})
    assert saved is not None
    world.save({world.members: 251}, by=world.cast.officer)
    with pytest.raises(ValidationError, match="đã thay đổi"):
        send_submission(submission=saved, by=world.cast.enterer, today=TODAY, seen=1)
    assert Submission.objects.get().state == "draft"


def test_the_leader_sees_the_same_page_before_signing(world: World, client_of: SignIn) -> None:
    world.reporting.form.signed = True
    world.reporting.form.save()
    target(world, "HV", 400, numerator=world.members)
    report = world.send({world.members: 250})
    assert report.is_unsigned
    url = reverse("submissions:sign", args=[world.period().pk, world.cast.tan_cuong.pk])
    client = client_of(world.cast.signer)
    html = client.get(url).content.decode()
    for words in ("Đã nhập 1 trên 6 số liệu", "Chỉ số HV", "250"):
        assert words in html
    client.post(url, {"version": report.version, "confirmed": "on"})
    assert (Submission.objects.get().state, Submission.objects.get().signed_by) == ("sent", world.cast.signer)


# --- nothing changed -------------------------------------------------------------------------------------------


def unchanged(world: World, section: int | None = None, by: User | None = None) -> tuple[int, int, int]:
    filled = confirm_unchanged(
        unit=world.cast.tan_cuong,
        period=world.period(),
        section=section,
        by=by or world.cast.enterer,
        today=TODAY,
    )
    return filled.levels, filled.flows, filled.left


def stored() -> dict[str, Any]:
    return dict(Cell.objects.values_list("measure__code", "value"))


def test_nothing_changed_fills_levels_and_flows_and_leaves_what_is_given(world: World) -> None:
    before = {world.members: 300, world.online: 1, world.score: 8, world.admitted: 4}
    world.report(world.cast.tan_cuong, before, month=SEPTEMBER)
    world.save({world.members: 310})
    assert unchanged(world) == (1, 2, 2)  # the score, and a part that was never reported, stay empty
    assert stored() == {"HV": 310, "KN": 0, "KN-DT": 0, "TRANG": 1}
    entry = AuditEntry.objects.get(action="submissions.unchanged")
    assert (entry.actor, entry.after) == (world.cast.enterer, {"KN": "0", "KN-DT": "0", "TRANG": "1"})
    assert unchanged(world) == (0, 0, 2)
    world.save({world.admitted: 5})  # editing undoes it
    assert stored()["KN"] == 5


def test_one_section_at_a_time(world: World) -> None:
    world.report(world.cast.tan_cuong, {world.members: 300, world.online: 1}, month=SEPTEMBER)
    assert unchanged(world, section=2) == (1, 0, 1)
    assert stored() == {"TRANG": 1}
    assert unchanged(world, section=9) == (0, 0, 0)


def test_what_would_not_be_sound_stays_empty(world: World) -> None:
    world.report(world.cast.tan_cuong, {world.members: 300, world.minority: 200}, month=SEPTEMBER)
    world.save({world.members: 250})
    world.save({world.members: 300, world.minority: 150})
    world.save({world.members: 160})
    world.save({world.minority: None, world.members: 200})
    assert unchanged(world)[0] == 1
    assert stored()["HV-DT"] == 200


def test_nobody_else_confirms(world: World) -> None:
    for who in ("stranger", "leader", "signer"):
        with pytest.raises(Denied):
            unchanged(world, by=getattr(world.cast, who))
    assert not Cell.objects.exists()


def test_without_a_script_what_was_typed_is_stored_too(world: World, client_of: SignIn) -> None:
    assert world.admitted.kind == MeasureKind.FLOW
    place = [world.period(OCTOBER).pk, world.cast.tan_cuong.pk]
    typed = {str(world.key(world.members)): "320"}
    answer = client_of(world.cast.enterer).post(
        reverse("submissions:unchanged", args=place) + "?phan=1", typed, follow=True
    )
    assert "Đã điền 0 ô theo số kỳ trước, 2 ô bằng 0" in answer.content.decode()
    assert stored() == {"HV": 320, "KN": 0, "KN-DT": 0}
