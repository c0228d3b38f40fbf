"""The migration that turns references and notes of earlier versions into codes."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps

from equipment.models import ItemEvent
from programmes.choices import Provenance
from programmes.models import Figure
from tests.equipment.conftest import World

pytestmark = pytest.mark.django_db
MIGRATION = import_module("equipment.migrations.0002_remarks_as_codes")


def test_what_the_portal_wrote_becomes_codes_and_what_people_typed_stays(world: World) -> None:
    handover = world.confirmed(world.cast.tan_cuong)
    typed = world.machine(world.cast.dai_phuc, note="Biên bản tự viết")
    ItemEvent.objects.filter(item__handover_line__handover=handover).update(note=f"Biên bản {handover.number}")
    figures = Figure.objects.filter(unit=world.cast.tan_cuong, measure__code="EQ-FIT")
    figures.update(reference="Thiết bị " + 51 * "9")
    imported = Figure.objects.filter(unit=world.cast.dai_phuc, measure__code="EQ-FIT")
    imported.update(provenance=Provenance.IMPORT, reference="Biên bản họp 5/2026")
    MIGRATION.to_codes(apps, None)
    received = ItemEvent.objects.get(item__handover_line__handover=handover)
    assert received.note == f"~equipment.minutes:{handover.number}"
    assert typed.events.get().note == "Biên bản tự viết"
    assert set(figures.values_list("reference", flat=True)) == {"~equipment.item:" + 44 * "9"}  # cut to the column
    assert set(imported.values_list("reference", flat=True)) == {"Biên bản họp 5/2026"}
