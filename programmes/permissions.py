"""Who may plan, report on tasks, set targets and keep the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.verdicts import Verdict, allowed, denied
from programmes.models import Programme, Task
from units.choices import Right, UnitKind
from units.models import Unit, UnitQuerySet
from units.permissions import granted_units, may

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


def may_plan(user: User | AnonymousUser, unit: Unit) -> Verdict:
    """Create a programme of this unit; change one of its programmes with pillars, tasks and indicators."""
    return may(user, Right.PLAN, unit)


def may_report(user: User | AnonymousUser, task: Task) -> Verdict:
    """Report progress: whoever plans the programme, and those who plan or enter data at the responsible unit."""
    return (
        may_plan(user, task.programme.owner) or may(user, Right.PLAN, task.owner) or may(user, Right.ENTER, task.owner)
    )


def may_set_target(user: User | AnonymousUser, programme: Programme, unit: Unit) -> Verdict:
    """Set targets in a programme: whoever plans it, and whoever plans at the unit above hands down to those below."""
    verdict = may_plan(user, programme.owner)
    if verdict or unit.pk == programme.owner_id:
        return verdict
    above = Unit.objects.get_parent(unit)
    return verdict if above is None else may_plan(user, above)


def may_keep_catalogue(user: User | AnonymousUser) -> Verdict:
    """Measures and indicators are the same everywhere: kept by those who hold the right at the centre."""
    if granted_units(user, Right.MANAGE_CATALOGUE).filter(kind=UnitKind.CENTRE).exists():
        return allowed()
    return denied(_("Measures and indicators are kept by the national administrators."))


def target_units(user: User | AnonymousUser, programme: Programme) -> UnitQuerySet:
    """The units for which the person may set targets in this programme, offered by the form: one level at a time."""
    parents = list(granted_units(user, Right.PLAN))
    own: list[int] = []
    if may_plan(user, programme.owner):
        own = [programme.owner_id]
        parents.append(programme.owner)
    children = [child.pk for parent in parents for child in Unit.objects.get_children(parent)]
    return programme.units().filter(pk__in=[*own, *children])  # type: ignore[no-any-return]
