"""Pages that read: the home list of duties, the leader's dashboard, an indicator opened, a figure opened."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.access import signed_in
from core.kept import kept
from core.periods import label as month_label
from core.periods import month_of
from programmes.choices import Basis
from programmes.models import Indicator, Measure
from programmes.queries import STANDING_RULE
from reports import drawing, phrases, slides
from reports.panels import panels
from reports.queries.dashboard import reform_index, status_order, trend_months
from reports.queries.figure import open_figure
from reports.queries.home import home_of
from reports.queries.indicator import open_indicator
from reports.queries.outlook import prospect_of
from reports.queries.records import records_behind
from reports.queries.scope import Scope, read_scope
from reports.queries.screen import Screen, screen_of
from reports.sentences import gift_sentences, prospect_sentences
from units.choices import Right
from units.models import Unit
from units.permissions import granted_units, seen_keys


@signed_in
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the person has to do; a person who only looks is led to the dashboard."""
    today = timezone.localdate()
    page = home_of(request.user, today)
    if page.only_looks and page.units:
        return redirect("reports:dashboard", page.units[0].pk)
    return render(request, "reports/home.html", {"page": page, "today": today})


@signed_in
@require_safe
def dashboard_home(request: HttpRequest) -> HttpResponse:
    """The dashboard of the unit where the person is at home."""
    unit = granted_units(request.user, Right.VIEW).order_by("depth", "-valid_from", "pk").first()
    if unit is None:
        messages.info(request, _("Your account has no unit yet. Ask your administrator for a role."))
        return redirect("home")
    return redirect("reports:dashboard", unit.pk)


@signed_in
@require_safe
@kept
def unit_dashboard(request: HttpRequest, pk: int) -> HttpResponse:
    """The leader's screen of one unit and programme."""
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
    scope = read_scope(unit, request.GET, request.user, timezone.localdate())
    screen = screen_of(scope, request.user)
    context = {**frame(request, scope), **drawn(screen)}
    if slides.SLIDE in request.GET:
        return render(request, "reports/slide.html", {**context, **slides.slide(context, request.GET[slides.SLIDE])})
    return render(request, "reports/dashboard.html", context)


@signed_in
@require_safe
@kept
def indicator(request: HttpRequest, pk: int, indicator_pk: int) -> HttpResponse:
    """One indicator of one unit, opened to the units below, or to the records of a unit that reports itself."""
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
    chosen = get_object_or_404(Indicator.objects.select_related("numerator", "denominator"), pk=indicator_pk)
    scope = read_scope(unit, request.GET, request.user, timezone.localdate())
    opened = open_indicator(scope, chosen)
    reform = reform_index(scope, trend_months(scope.month))
    prospect = prospect_of(opened.reading, scope, request.user)
    context = {
        "opened": opened,
        "prospect": prospect_sentences(prospect) if prospect else [],
        "gifts": gift_sentences(prospect) if prospect else [],
        "row": drawing.indicator_row(opened.reading, scope, reform),
        "line": drawing.trend_line(opened, reform),
        "bars": drawing.child_bars(opened) if opened.children else None,
        "map": drawing.map_of(opened) if opened.children else None,
        "records": [] if opened.children else records_behind(opened, request.user),
        **drawing.words_of(opened.reading),
    }
    return render(request, "reports/indicator.html", {**frame(request, scope), **context})


@signed_in
@require_safe
def figure(request: HttpRequest, pk: int, measure_pk: int, period: int) -> HttpResponse:
    """One number of one unit and month: who entered it, what changed, which records and documents stand behind it."""
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
    measure = get_object_or_404(Measure, pk=measure_pk)
    if not 2000 * 12 <= period <= month_of(timezone.localdate()):
        raise Http404
    scope = read_scope(unit, request.GET, request.user, timezone.localdate())
    page = open_figure(scope, measure, period, request.user)
    sections = [render_to_string(one.template, one.context(request, scope, page), request) for one in panels()]
    return render(request, "reports/figure.html", {**frame(request, scope), "page": page, "sections": sections})


def frame(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """What every report page shows around its content: path, programme, month and basis to choose."""
    opened = Exists(Unit.objects.visible_to(request.user).filter(pk=OuterRef("pk")))
    above = list(Unit.objects.get_ancestors(scope.unit).annotate(seen=opened))
    path = [*above, scope.unit]
    seen = {unit.pk for unit in above if unit.seen} | seen_keys(request.user, [*scope.stand_ins, *scope.undivided])
    return {
        "scope": scope,
        "path": path,
        "programmes": scope.choices,
        "bases": Basis.choices,
        "standing_rule": STANDING_RULE,
        "month_text": month_label(scope.month),
        "visible": {*seen, scope.unit.pk},
    }


def drawn(screen: Screen) -> dict[str, Any]:
    """The numbers of the leader's screen as rows, sentences and pictures."""
    scope, page, opened = screen.scope, screen.page, screen.opened
    reform = screen.reform_index
    return {
        "screen": screen,
        "reported": [(one, drawing.reported_bar(one)) for one in screen.reported],
        "pillars": [
            (pillar.name, [drawing.indicator_row(reading, scope, reform) for reading in pillar.readings])
            for pillar in page.pillars
        ],
        "summary": [(status, page.counts[status]) for status in status_order() if page.counts.get(status)],
        "decisions": phrases.decisions(screen),
        "more_pressing": phrases.more_pressing(screen),
        "changes": [phrases.change(move, screen) for move in (*screen.moves.up, *screen.moves.down)],
        "opened": opened,
        "map": drawing.map_of(opened) if opened else None,
    }
