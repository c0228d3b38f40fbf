"""Pictures of an indicator: small multiples of the units below, and every picture as a file."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.access import signed_in
from core.charts.picture import Drawable, picture
from programmes.models import Indicator
from programmes.queries import Points, children_of, points_of
from reports import drawing
from reports.queries.dashboard import readings_of, reform_index, since_of, trend_months
from reports.queries.indicator import Opened, opened_from
from reports.queries.scope import Scope, read_scope
from reports.views import frame
from units.models import Unit

KINDS = {address: kind for kind, address in drawing.PICTURES.items()}


@signed_in
@require_safe
def multiples(request: HttpRequest, pk: int, indicator_pk: int) -> HttpResponse:
    """The trend of each unit below, side by side on one scale."""
    scope, indicator = _asked(request, pk, indicator_pk)
    opened, points = _below(scope, indicator)
    chart = drawing.multiples_of(opened, points)
    return render(request, "reports/multiples.html", {**frame(request, scope), "opened": opened, "chart": chart})


@signed_in
@require_safe
def file(request: HttpRequest, pk: int, indicator_pk: int, kind: str) -> HttpResponse:
    """One picture of the indicator as an SVG file."""
    scope, indicator = _asked(request, pk, indicator_pk)
    opened, points = _below(scope, indicator)
    chart = _drawn(KINDS.get(kind, ""), opened, points)
    if chart is None:
        raise Http404
    name = f"{indicator.code}-{scope.unit.code}-{kind}.svg".lower()
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    drawn = picture(chart, place=scope.unit.name, about=indicator.name)
    return HttpResponse(drawn, content_type="image/svg+xml; charset=utf-8", headers=headers)


def _asked(request: HttpRequest, pk: int, indicator_pk: int) -> tuple[Scope, Indicator]:
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
    chosen = get_object_or_404(Indicator.objects.select_related("numerator", "denominator"), pk=indicator_pk)
    return read_scope(unit, request.GET, request.user, timezone.localdate()), chosen


def _below(scope: Scope, indicator: Indicator) -> tuple[Opened, Points]:
    """The indicator at the units below, all months of the trend."""
    units = children_of(scope.unit, scope.month, scope.basis)
    months = trend_months(scope.month)
    points = points_of(units, [indicator], months[0], months[-1], basis=scope.basis, since=since_of(scope))
    return opened_from(scope, readings_of(scope, [indicator])[indicator.pk], units, points), points


def _drawn(kind: str, opened: Opened, points: Points) -> Drawable | None:
    """None for a picture that there is not: of another kind, or of units below where there are none."""
    if kind == "trend":
        return drawing.trend_line(opened, reform_index(opened.scope, trend_months(opened.scope.month)))
    if not opened.children:
        return None
    if kind == "ranking":
        return drawing.child_bars(opened)
    if kind == "map":
        return drawing.map_of(opened)
    return drawing.multiples_of(opened, points) if kind == "multiples" else None
