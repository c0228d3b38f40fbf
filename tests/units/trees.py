"""Small trees for tests of lineage and reorganisation, and the dump that says whether two states are equal."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.apps import apps

from units.choices import Designation, ReorganisationKind, ReorganisationState, Share, UnitKind
from units.models import RECORDS_BEGIN, Lineage, Reorganisation, Succession, Unit

DESIGNATIONS = {
    UnitKind.PROVINCE: Designation.TINH,
    UnitKind.COMMUNE: Designation.XA,
    UnitKind.DISTRICT: Designation.HUYEN,
}
WORDS = {UnitKind.PROVINCE: "Tỉnh ", UnitKind.COMMUNE: "Xã ", UnitKind.DISTRICT: "Huyện "}


def open_below(parent: Unit, kind: UnitKind, short: str, **facts: Any) -> Unit:
    """A unit as it would stand after loading; lineage is up to the test."""
    facts = {"code": short[:20], "designation": DESIGNATIONS.get(kind, Designation.NONE), **facts}
    fresh = Unit.objects.get(pk=parent.pk)
    unit: Unit = Unit.objects.add_child(
        fresh, {"kind": kind, "name": f"{WORDS.get(kind, '')}{short}", "short_name": short, **facts}
    )
    return unit


def centre() -> Unit:
    root: Unit = Unit.objects.add_root(
        {"kind": UnitKind.CENTRE, "code": "TW", "name": "Hội Liên hiệp Phụ nữ Việt Nam", "short_name": "Trung ương"}
    )
    return root


def close(unit: Unit, last_day: date) -> None:
    Unit.objects.filter(pk=unit.pk).update(valid_to=last_day)
    unit.valid_to = last_day


def link(predecessor: Unit, successor: Unit, share: Share = Share.WHOLE, percent: int | None = None) -> Succession:
    event, _ = Reorganisation.objects.get_or_create(
        kind=ReorganisationKind.REFORM, on=successor.valid_from, title="Sắp xếp", state=ReorganisationState.APPLIED
    )
    return Succession.objects.create(
        reorganisation=event, predecessor=predecessor, successor=successor, share=share, percent=percent
    )


def lineage(unit: Unit) -> dict[str, tuple[int, bool, bool]]:
    """Name of the ancestor and its first day → (weight, counts, own)."""
    rows = Lineage.objects.filter(unit=unit).select_related("ancestor")
    since = {RECORDS_BEGIN: ""}
    return {
        f"{row.ancestor.short_name}{since.get(row.ancestor.valid_from, f' {row.ancestor.valid_from:%Y}')}": (
            row.weight,
            row.counts,
            row.own,
        )
        for row in rows
    }


def dump(*, without: tuple[str, ...] = ("Reorganisation",)) -> dict[str, set[str]]:
    """Every row of every table of the room, as text (a plan in JSON is no member of a set)."""
    return {
        model.__name__: {
            repr(row) for row in model._base_manager.values_list(*[f.attname for f in model._meta.concrete_fields])
        }
        for model in apps.get_app_config("units").get_models()
        if model.__name__ not in without
    }
