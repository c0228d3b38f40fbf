"""The tree of units on a day, opened level by level; every line is also a link that works without scripts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.access import signed_in
from core.dates import DateError, parse_date
from core.keys import key_of
from units.choices import UnitKind
from units.models import Unit
from units.queries import TreeNode, counts_by_level, tree_children, tree_roots

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

REFORM = date(2025, 7, 1)  # first day of the two-level order (Nghị quyết 202/2025/QH15): the days people compare


@dataclass(frozen=True)
class Line:
    """A line of the tree and, where it is open, the lines below it."""

    node: TreeNode
    opened: bool
    below: tuple[Line, ...] = ()

    @property
    def leaves_only(self) -> bool:
        """Nothing below opens: the lines may stand in columns."""
        return not any(line.node.opens for line in self.below)


@signed_in
@require_safe
def tree(request: HttpRequest) -> HttpResponse:
    """The tree with the way to one unit (`mo`) opened, as it was on a day (`ngay`, today unless told)."""
    day, wrong_day = _day(request)
    roots = tree_roots(request.user, day)
    shown = _opened_path(request, roots)
    context = {
        "title": _("Tree of units"),
        "lines": [_line(node, shown, request.user, day) for node in roots],
        "levels": _levels(roots, day),
        "day": day,
        "is_today": day == timezone.localdate(),
        "typed_day": request.GET.get("ngay", ""),
        "wrong_day": wrong_day,
        "before_reform": REFORM - timedelta(days=1),
        "breadcrumbs": [(_("Units"), reverse("units:list")), (_("Tree of units"), "")],
    }
    return render(request, "units/tree.html", context)


@signed_in
@require_safe
def branch(request: HttpRequest, pk: int) -> HttpResponse:
    """One line with the lines below it, or folded again (`dong`); swapped in by htmx."""
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
    day, _wrong = _day(request)
    if "dong" in request.GET:
        line = Line(TreeNode(unit, opens=True, communes=_communes(unit, day)), opened=False)
    else:
        below = tuple(Line(node, opened=False) for node in tree_children(unit, request.user, day))
        line = Line(TreeNode(unit, opens=True, communes=_communes(unit, day)), opened=True, below=below)
    return render(request, "units/tree_line.html", {"line": line, "day": day})


def _line(node: TreeNode, shown: str, user: User | AnonymousUser, day: date) -> Line:
    if not (node.opens and shown.startswith(node.unit.path)):
        return Line(node, opened=False)
    below = tree_children(node.unit, user, day)
    return Line(node, opened=True, below=tuple(_line(child, shown, user, day) for child in below))


def _opened_path(request: HttpRequest, roots: list[TreeNode]) -> str:
    """The path down to which the tree is opened; a single root is opened by itself."""
    wanted = request.GET.get("mo", "")
    if key := key_of(wanted):
        unit = Unit.objects.visible_to(request.user).filter(pk=key).first()
        return unit.path if unit else ""
    return roots[0].unit.path if len(roots) == 1 and not wanted else ""


def _day(request: HttpRequest) -> tuple[date, str]:
    """The day asked for, and what was wrong with it (then today is shown)."""
    typed = request.GET.get("ngay", "").strip()
    try:
        return (parse_date(typed), "") if typed else (timezone.localdate(), "")
    except DateError as refusal:
        return timezone.localdate(), str(refusal)


def _levels(roots: list[TreeNode], day: date) -> list[tuple[str, int]]:
    """How many units of each level the tree holds that day."""
    sums: dict[str, int] = {}
    for node in roots:
        for kind, count in counts_by_level(day, below=node.unit).items():
            sums[kind] = sums.get(kind, 0) + count
    return [(str(label), sums[kind]) for kind, label in UnitKind.choices if kind in sums]


def _communes(unit: Unit, day: date) -> int:
    counts = counts_by_level(day, below=unit)
    own = 1 if unit.is_reporting_kind else 0
    return counts.get(UnitKind.COMMUNE, 0) + counts.get(UnitKind.ATTACHED, 0) - own
