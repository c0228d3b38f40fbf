"""The page of one unit: profile, life, people, and the sections that upper rooms add."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.access import signed_in
from core.verdicts import require
from units.choices import Right, UnitKind
from units.models import RECORDS_BEGIN, Unit
from units.panels import panel, panels
from units.permissions import may, may_anywhere, may_end_grant, may_keep_contacts, rights_at, seen_keys
from units.queries import Relative, RoleHolder, counts_by_level, predecessors, roles_at, successors, unit_path


@signed_in
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Profile, path, predecessors and successors, contacts, and who has which role."""
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
    today = timezone.localdate()
    rights = rights_at(request.user, unit)
    context = {
        **frame(request, unit, "", rights),
        "since": None if unit.valid_from <= RECORDS_BEGIN else unit.valid_from,
        "is_open": unit.is_active(today),
        "former_names": unit.names.order_by("-valid_to"),
        "predecessors": _openable(request, predecessors(unit)),
        "successors": _openable(request, successors(unit)),
        "contacts": unit.contacts.all(),
        "roles": _role_lines(request, unit),
        "levels": _levels_below(unit),
        "may": {right.value: right in rights for right in Right},
        "may_keep_contacts": bool(may_keep_contacts(request.user, unit)),
        "may_rename": (Right.MANAGE_UNITS if unit.kind in SMALL_KINDS else Right.REORGANISE) in rights,
    }
    return render(request, "units/detail.html", context)


@signed_in
@require_safe
def section(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """One section of an upper room as a page of its own: figures, machines, trainings."""
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
    found = panel(key)
    if found is None:
        raise Http404
    require(may(request.user, found.right, unit))
    context = {**frame(request, unit, key, rights_at(request.user, unit)), **found.context(request, unit)}
    return render(request, "units/section.html", {**context, "panel": found})


SMALL_KINDS = (UnitKind.ATTACHED, UnitKind.BRANCH)  # administrators open, rename and close these themselves


def frame(request: HttpRequest, unit: Unit, key: str, rights: frozenset[Right]) -> dict[str, Any]:
    """What every page of a unit shows around its section: title, way, tabs. `key` is empty for the profile."""
    above = unit_path(unit)
    seen = seen_keys(request.user, above)
    links = [(one.name, reverse("units:detail", args=[one.pk]) if one.pk in seen else "") for one in above]
    offered = [one for one in panels() if one.right in rights]
    tabs = [{"label": _("Profile"), "href": reverse("units:detail", args=[unit.pk]), "active": not key}]
    for one in offered:
        address = reverse("units:section", args=[unit.pk, one.key])
        tabs.append({"label": one.title, "href": address, "active": one.key == key})
    return {
        "unit": unit,
        "title": unit.name,
        "kicker": unit.get_kind_display(),
        "tabs": tabs if offered else [],
        "breadcrumbs": [(_("Units"), reverse("units:list")), *links, (unit.name, "")],
    }


def _openable(request: HttpRequest, relatives: list[Relative]) -> list[tuple[Relative, bool]]:
    """Each with whether the person may open its page; names of units are public."""
    seen = seen_keys(request.user, (relative.unit for relative in relatives))
    return [(relative, relative.unit.pk in seen) for relative in relatives]


@dataclass(frozen=True)
class RoleLine:
    """A person with a role that reaches the unit; whether the reader may open the person, and end the role."""

    holder: RoleHolder
    opens: bool
    may_end: bool


def _role_lines(request: HttpRequest, unit: Unit) -> list[RoleLine]:
    holders = roles_at(unit, timezone.localdate())
    if not may_anywhere(request.user, Right.MANAGE_USERS):
        return [RoleLine(holder, opens=False, may_end=False) for holder in holders]
    seen = seen_keys(request.user, (holder.grant.unit for holder in holders))
    return [
        RoleLine(
            holder,
            opens=holder.grant.unit_id in seen,
            may_end=holder.here and bool(may_end_grant(request.user, holder.grant)),
        )
        for holder in holders
    ]


def _levels_below(unit: Unit) -> list[tuple[str, int, str]]:
    """How many units of each level stand below: label, number, level for the filter of the list."""
    day = min(unit.valid_to or timezone.localdate(), timezone.localdate())
    counts = counts_by_level(day, below=unit)
    counts[unit.kind] = counts.get(unit.kind, 0) - 1
    return [(str(label), counts[kind], kind) for kind, label in UnitKind.choices if counts.get(kind, 0) > 0]
