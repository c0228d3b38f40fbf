"""Trainings and reports in the administration: scoped, corrected by the same verb, nothing more."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.trainings.conftest import OCTOBER, World, figures
from units.choices import Role

SignIn = Callable[[User], Client]
LIST = reverse("admin:trainings_trainingclass_changelist")


def page(pk: int) -> str:
    return reverse("admin:trainings_trainingclass_change", args=[pk])


@pytest.fixture
def keeper(world: World, client_of: SignIn) -> Client:
    """An administrator who also enters data."""
    from tests.cast import grant  # needs the database settings

    grant(world.cast.admin, Role.OFFICER, world.cast.thai_nguyen)
    return client_of(world.cast.admin)


def test_the_list_is_scoped_and_searched_without_tones(world: World, keeper: Client) -> None:
    world.record()
    world.record(title="Lớp ở Sầm Sơn", organiser=world.cast.sam_son, by=world.cast.stranger)
    html = keeper.get(LIST, {"q": "ky nang"}).content.decode()
    assert "Kỹ năng số cho hội viên" in html
    assert "Sầm Sơn" not in keeper.get(LIST).content.decode()


def test_a_correction_moves_the_figures_and_a_bad_one_is_named(world: World, keeper: Client) -> None:
    training = world.record()
    html = keeper.get(page(training.pk)).content.decode()
    values = {
        match[1]: unescape(match[2]) for match in re.finditer(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', html)
    } | {name: getattr(training, name) for name in ("kind", "topic", "mode", "organiser_id")}
    values = {**values, "organiser": training.organiser_id, "note": "", "programme": "", "sponsor": ""}
    refused = keeper.post(page(training.pk), {**values, "women": "61"})
    assert "nhiều hơn tổng số lượt" in refused.content.decode()
    assert figures(world.cast.tan_cuong, OCTOBER)["TR-WOMEN"] == 55
    keeper.post(page(training.pk), {**values, "women": "50"})
    assert figures(world.cast.tan_cuong, OCTOBER)["TR-WOMEN"] == 50


def test_an_administrator_without_the_right_only_looks(world: World, client_of: SignIn) -> None:
    training = world.record()
    client = client_of(world.cast.admin)
    assert client.get(page(training.pk)).status_code == 200
    assert client.post(page(training.pk), {"women": "1"}).status_code == 403
    assert client.get(reverse("admin:trainings_trainingclass_add")).status_code == 403
