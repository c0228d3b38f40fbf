"""What pages ask about units: where one stands, what came before and after, the tree, who holds which role."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Concat, Greatest, Length, Substr

from core.text import fold
from units.choices import UnitKind
from units.models import Grant, Lineage, Succession, Unit, UnitQuerySet, without_union

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

    from accounts.models import User

REPORTING_KINDS = (UnitKind.COMMUNE, UnitKind.ATTACHED)
LAST = "Z" * Unit.steplen  # above every step: the upper end of a subtree


# --- where a unit stands ---------------------------------------------------------------------------------------


def unit_path(unit: Unit) -> tuple[Unit, ...]:
    """The units above, from the province down to the parent; the centre goes without saying. One query."""
    return tuple(above for above in Unit.objects.filter(path__in=_paths_above(unit)) if above.depth > 1)


def path_names(units: Iterable[Unit], separator: str = ", ") -> dict[int, str]:
    """For lists: the names above each unit by its key, nearest first («Huyện Đại Từ, Tỉnh Thái Nguyên»). One query."""
    listed = list(units)
    wanted = {path for unit in listed for path in _paths_above(unit) if len(path) > Unit.steplen}
    names = dict(Unit.objects.filter(path__in=wanted).order_by().values_list("path", "name"))
    return {
        unit.pk: separator.join(names[path] for path in reversed(_paths_above(unit)) if path in names)
        for unit in listed
    }


def with_places(units: UnitQuerySet) -> UnitQuerySet:
    """For long lists and exports: adds the names of the two units above (`above`, `higher`; the centre goes without
    saying) and of the first unit that followed (`heir`), within the one query of the list."""
    heirs = Succession.objects.filter(predecessor=OuterRef("pk")).order_by("share", "successor__sort_key", "pk")
    found: UnitQuerySet = units.annotate(
        above=Subquery(_above(1)), higher=Subquery(_above(2)), heir=Subquery(heirs.values("successor__name")[:1])
    )
    return found


def _above(levels: int) -> QuerySet[Any]:
    length = Greatest(Length(OuterRef("path")) - levels * Unit.steplen, Value(0))  # PostgreSQL refuses less
    path = Substr(OuterRef("path"), 1, length)
    named: QuerySet[Any] = Unit.objects.order_by().filter(path=path, depth__gt=1).values("name")
    return named


def _paths_above(unit: Unit) -> list[str]:
    return [unit.path[:end] for end in range(Unit.steplen, len(unit.path), Unit.steplen)]


def children(unit: Unit, on: date) -> UnitQuerySet:
    """The units directly below that are open on the day, in Vietnamese order."""
    return Unit.objects.get_children(unit).active(on).in_order()  # type: ignore[no-any-return]


# --- what came before and after --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Relative:
    """A predecessor or successor, with its share and the event that made it one."""

    unit: Unit
    share: str
    percent: int | None
    on: date
    legal_basis: str
    title: str
    note: str


def predecessors(unit: Unit) -> list[Relative]:
    """The units of which this one came, whole ones first. Their names are public; open their pages by `visible_to`."""
    links = unit.origins.select_related("predecessor", "reorganisation").order_by("predecessor__sort_key", "pk")
    return _in_share_order(_relative(link, link.predecessor) for link in links)


def successors(unit: Unit) -> list[Relative]:
    """The units that came of this one directly, the whole or larger part first."""
    links = unit.successions.select_related("successor", "reorganisation").order_by("successor__sort_key", "pk")
    return _in_share_order(_relative(link, link.successor) for link in links)


def _relative(link: Succession, unit: Unit) -> Relative:
    event = link.reorganisation
    return Relative(unit, link.share, link.percent, event.on, event.legal_basis, event.title, link.note)


def _in_share_order(relatives: Iterable[Relative]) -> list[Relative]:
    order = {"whole": 0, "main": 0, "part": 1}
    return sorted(relatives, key=lambda relative: order[relative.share])


# --- search ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hit:
    """A unit that was found. Of a closed one also what it is today (empty: nothing followed)."""

    unit: Unit
    active: bool
    successors: tuple[Unit, ...] = ()


def find_units(text: str, user: User | AnonymousUser, on: date, *, limit: int = 20) -> list[Hit]:
    """Tone-free search among the units that the person may see, by present and former names and by code.

    Units of exactly this short name come first, open ones before closed ones. At most three queries.
    """
    typed = without_union(fold(text))
    if not typed:
        return []
    found = Unit.objects.visible_to(user).matching(typed).annotate(exact=_exactly(typed), closed=_closed(on))
    units = list(found.order_by("-exact", "closed", "depth", "sort_key", "pk")[:limit])
    today = current_successors([unit for unit in units if unit.closed], on)
    return [Hit(unit, not unit.closed, today.get(unit.pk, ())) for unit in units]


def _exactly(typed: str) -> Case:
    """1 where the name ends with these words: the code follows the name in the search column."""
    whole_name = Q(search__startswith=Concat(Value(f"{typed} "), F("code")))
    at_the_end = Q(search__contains=Concat(Value(f" {typed} "), F("code")))
    return Case(When(whole_name | at_the_end, then=1), default=0, output_field=IntegerField())


def _closed(on: date) -> Case:
    return Case(When(valid_to__lt=on, then=1), default=0, output_field=IntegerField())


def current_successors(units: Collection[Unit], on: date) -> dict[int, tuple[Unit, ...]]:
    """For closed units the open ones in which they live on, through any number of steps. Two queries.

    Direct successors of every share; where one of them is closed in its turn, those that count it today.
    """
    if not units:
        return {}
    found: dict[int, list[Unit]] = {unit.pk: [] for unit in units}
    direct = Succession.objects.filter(predecessor__in=found).select_related("successor").order_by("share", "pk")
    for link in sorted(direct, key=lambda link: link.share == "part"):
        found[link.predecessor_id].append(link.successor)
    further = [pk for pk, heirs in found.items() if not heirs or not all(heir.is_active(on) for heir in heirs)]
    for pk, heirs in _counted_successors(further, on).items():
        found[pk] = heirs
    return {pk: tuple(heir for heir in heirs if heir.is_active(on)) for pk, heirs in found.items()}


def _counted_successors(keys: Collection[int], on: date) -> dict[int, list[Unit]]:
    """From the lineage: the open units that stand lowest among those to which each counts beside its own ancestors."""
    rows = Lineage.objects.filter(unit__in=keys, own=False).select_related("ancestor").order_by("-weight", "ancestor")
    heirs: dict[int, list[Unit]] = {pk: [] for pk in keys}
    for row in rows:
        if row.ancestor.is_active(on):
            heirs[row.unit_id].append(row.ancestor)
    return {
        pk: [one for one in some if not any(other.path.startswith(one.path) for other in some if other != one)]
        for pk, some in heirs.items()
    }


# --- the tree --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TreeNode:
    """One line of the tree: how many units of commune level stand below, and whether the line opens."""

    unit: Unit
    opens: bool
    communes: int


def tree_roots(user: User | AnonymousUser, on: date) -> list[TreeNode]:
    """The topmost units that the person may see and that were open on the day."""
    if not user.is_authenticated:
        return []
    visible = Unit.objects.visible_to(user).active(on)
    # not only the units that grants name: on an earlier day only their predecessors were open
    places = list(visible.filter(depth=1).values_list("path", flat=True)) or visible.values_list("path", flat=True)
    roots: list[str] = []
    for path in sorted(places):
        if not roots or not path.startswith(roots[-1]):
            roots.append(path)
    return _nodes(Unit.objects.filter(path__in=roots), on)


def tree_children(unit: Unit, user: User | AnonymousUser, on: date) -> list[TreeNode]:
    """The lines directly below one, for opening it. Two queries."""
    return _nodes(Unit.objects.visible_to(user).filter(pk__in=children(unit, on).order_by().values("pk")), on)


def _nodes(units: UnitQuerySet, on: date) -> list[TreeNode]:
    inside = Unit.objects.filter(path__gt=OuterRef("path"), path__lt=Concat(OuterRef("path"), Value(LAST))).active(on)
    listed = list(units.annotate(opens=Exists(inside.order_by())).in_order())
    communes = _communes_below(listed, on)
    return [TreeNode(unit, unit.opens, communes.get(unit.path, 0)) for unit in listed]


def _communes_below(units: Collection[Unit], on: date) -> dict[str, int]:
    """How many units of commune level are open below each of these, which stand on few different levels."""
    counts: dict[str, int] = {}
    for length in {len(unit.path) for unit in units}:
        paths = [unit.path for unit in units if len(unit.path) == length]
        below = Unit.objects.filter(path__range=(min(paths), max(paths) + LAST), kind__in=REPORTING_KINDS).active(on)
        rows = below.exclude(path__in=paths).order_by().values(top=Substr("path", 1, length)).annotate(n=Count("pk"))
        counts |= {row["top"]: row["n"] for row in rows if row["top"] in set(paths)}
    return counts


def counts_by_level(on: date, *, below: Unit | None = None) -> dict[str, int]:
    """How many units of each kind are open on the day, in the whole country or below a unit (itself included)."""
    units = Unit.objects.active(on) if below is None else Unit.objects.below(below).active(on)
    rows = units.order_by().values("kind").annotate(n=Count("pk"))
    found = {row["kind"]: row["n"] for row in rows}
    return {kind: found[kind] for kind in UnitKind.values if kind in found}


# --- roles -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RoleHolder:
    """A person with a role that reaches the unit; `here`: given at this unit, not above it."""

    grant: Grant
    here: bool


def roles_at(unit: Unit, on: date) -> list[RoleHolder]:
    """Who has which role on the unit: its own people first, then those of the units above, nearest first."""
    above = [*_paths_above(unit), unit.path]
    grants: QuerySet[Grant] = Grant.objects.in_force(on).filter(unit__path__in=above).select_related("user", "unit")
    ordered = grants.order_by("-unit__depth", "role", "user__sort_key", "pk")
    return [RoleHolder(grant, grant.unit_id == unit.pk) for grant in ordered]
