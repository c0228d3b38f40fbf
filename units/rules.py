"""What may stand below what, and which codes are free: rules that opening and reorganising share."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from core.dates import format_date
from units.choices import UnitKind
from units.models import Unit

PARENT_KINDS: dict[str, frozenset[str]] = {
    UnitKind.PROVINCE: frozenset({UnitKind.CENTRE}),
    UnitKind.DISTRICT: frozenset({UnitKind.PROVINCE}),
    UnitKind.COMMUNE: frozenset({UnitKind.PROVINCE, UnitKind.DISTRICT}),
    UnitKind.ATTACHED: frozenset({UnitKind.CENTRE, UnitKind.PROVINCE, UnitKind.DISTRICT}),
    UnitKind.BRANCH: frozenset({UnitKind.COMMUNE, UnitKind.ATTACHED, UnitKind.BRANCH}),
}


def misplaced(kind: str, parent_kind: str) -> str:
    """Why a unit of the kind may not stand below one of the other kind; empty when it may."""
    if parent_kind in PARENT_KINDS.get(kind, frozenset()):
        return ""
    labels = dict(UnitKind.choices)
    return _("“%(kind)s” cannot stand below “%(parent)s”.") % {
        "kind": labels.get(kind, kind),
        "parent": labels.get(parent_kind, parent_kind),
    }


def not_open(unit: Unit, on: date) -> str:
    """Why the unit cannot be used on the day; empty when it is open then."""
    if unit.valid_to is not None and unit.valid_to < on:
        return _("%(unit)s was closed on %(day)s.") % {"unit": unit.name, "day": format_date(unit.valid_to)}
    if unit.valid_from > on:
        return _("%(unit)s opens only on %(day)s.") % {"unit": unit.name, "day": format_date(unit.valid_from)}
    return ""


def code_taken(kind: str, code: str, on: date, *, ignoring: Collection[int] = ()) -> str:
    """Who has the code from the day on; empty when it is free. `ignoring`: units that close on the day before."""
    same = Unit.objects.filter(kind=kind, code=code).exclude(pk__in=ignoring)
    holder = same.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on)).first()
    if holder is None:
        return ""
    return _("The code %(code)s belongs to %(unit)s.") % {"code": code, "unit": holder.name}


def next_code(parent: Unit, kind: str) -> str:
    """A free code made of the parent's code and a number."""
    taken = set(Unit.objects.filter(kind=kind, code__startswith=f"{parent.code}-").values_list("code", flat=True))
    number = 1
    while f"{parent.code}-{number:02d}" in taken:
        number += 1
    return f"{parent.code}-{number:02d}"
