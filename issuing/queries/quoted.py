"""Which issued reports quote a figure: asked on the page of that figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, Subquery

from issuing.models import IssuedReport, IssuedReportQuerySet, Snapshot, SnapshotRow
from programmes.models import Figure, Measure
from units.models import Lineage, Unit

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

YEAR = 12


def quoting(user: User | AnonymousUser, unit: Unit, measure: Measure, period: int) -> IssuedReportQuerySet:
    """Issued reports, seen by the person, of the unit or of one it counts for, that stand on its number of the month.

    They quote it as a number of the period or as one of the year before.
    """
    concerned = Lineage.objects.filter(unit=unit).values("ancestor")
    newest = Snapshot.objects.filter(report=OuterRef("pk")).order_by("-number").values("pk")[:1]
    window = _level(unit, measure, period) if measure.is_level else _flow(period) | _flow(period + YEAR)
    rows = SnapshotRow.objects.filter(
        window, Q(indicator__numerator=measure) | Q(indicator__denominator=measure), snapshot=OuterRef("newest")
    )
    reports = IssuedReport.objects.visible_to(user).issued().filter(unit__in=concerned)
    found: IssuedReportQuerySet = reports.annotate(newest=Subquery(newest)).filter(Exists(rows))
    return found.select_related("unit", "programme").order_by("-issued_on", "-pk")


def _flow(period: int) -> Q:
    """The month lies in the window that is summed; a year later for the window of the year before."""
    return Q(first__lte=period, snapshot__month__gte=period)


def _level(unit: Unit, measure: Measure, period: int) -> Q:
    """A unit's own level counts until its next one; a total is of its month alone."""
    own = Figure.objects.filter(unit=unit, measure=measure)
    if not own.exists():
        return Q(snapshot__month__in=[period, period + YEAR])
    following = own.filter(period__gt=period).order_by("period").values_list("period", flat=True).first()
    if following is None:
        return Q(snapshot__month__gte=period)
    now = Q(snapshot__month__gte=period, snapshot__month__lt=following)
    return now | Q(snapshot__month__gte=period + YEAR, snapshot__month__lt=following + YEAR)
