"""Looking at forms: the list, one form with its calendar, versions and periods, and the units that owe it."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django.db.models import Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import User
from core.access import needs
from core.lists import ListPage
from core.numbers import format_number
from submissions.frames import Coming, FormDetails, coming, details_of
from submissions.keeping_filters import FormFilter, OwingFilter
from submissions.keeping_tables import FormTable, kind_names
from submissions.models import Form
from submissions.permissions import may_keep
from submissions.queries.keeping import draft, holidays, owing_by_kind, published
from submissions.queries.periods import owing
from submissions.views.keeping import FORMS, tabs, way_to
from units.choices import Right
from units.models import Unit
from units.permissions import may_anywhere
from units.queries import with_places
from units.tables import UnitTable

PERIODS_SHOWN = 6


@needs("right.view")
class FormList(ListPage):
    """The forms of programmes that concern the person."""

    template_name = "programmes/list.html"
    table_class = FormTable
    filterset_class = FormFilter
    title = FORMS
    lead = gettext_lazy("What units report, how often, and until when.")
    empty_text = gettext_lazy("There are no forms yet")
    export_name = "bieu-mau"

    def get_queryset(self) -> QuerySet[Any]:
        seen = Form.objects.visible_to(self.request.user).select_related("programme")
        is_draft = Q(versions__published_at__isnull=True)
        return seen.annotate(
            published_number=Max("versions__number", filter=~is_draft),
            draft_number=Max("versions__number", filter=is_draft),
        )

    def count_text(self, count: int) -> str:
        return _("%(count)s forms") % {"count": format_number(count)}

    def action_link(self) -> tuple[str, str] | None:
        if not may_anywhere(self.request.user, Right.KEEP_FORMS):
            return None
        return reverse("submissions:form-create"), _("New form")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**kwargs, "tabs": tabs("submissions:forms")}


@needs("right.view")
@require_safe
def form(request: HttpRequest, pk: int) -> HttpResponse:
    """One form: its frame, the next periods as its calendar makes them, who owes it, its versions and periods."""
    seen = Form.objects.visible_to(request.user).select_related("programme__owner")
    found = get_object_or_404(seen, pk=pk)
    today, person = timezone.localdate(), cast(User, request.user)
    details = details_of(found)
    context = {
        "form": found,
        "may_keep": may_keep(person, found),
        "facts": facts_of(found, details),
        "coming": coming_rows(coming(details, today, holidays()), details.kinds),
        "kinds": kinds_in_words(details.kinds),
        "owing": owing_rows(found, today),
        "versions": found.versions.select_related("published_by").order_by("-number"),
        "in_force": published(found),
        "draft": draft(found),
        "periods": found.periods.select_related("version").order_by("-month")[:PERIODS_SHOWN],
        "today": today,
        "breadcrumbs": [(FORMS, reverse("submissions:forms")), (found.name, "")],
    }
    return render(request, "submissions/forms/form.html", context)


def facts_of(form: Form, details: FormDetails) -> list[tuple[Any, ...]]:
    """The frame in words."""
    roots = ", ".join(unit.name for unit in details.roots)
    programme_url = reverse("programmes:detail", args=[form.programme_id])
    lock = _("%(days)s days after the last due day") % {"days": details.lock_after}
    return [
        (_("Code"), form.code),
        (_("Programme"), form.programme.short_name, programme_url),
        (_("Kept by"), form.programme.owner.name),
        (_("Frequency"), form.get_frequency_display()),
        (_("Days that a report covers"), _("set for each period") if form.is_adhoc else form.get_calendar_display()),
        (_("Owed by"), kind_names(form.kinds)),
        (_("Limited to"), roots or _("all units that the programme binds")),
        (_("Due day on a weekend or holiday"), form.get_shift_display()),
        (_("Lock"), _("never") if details.lock_after is None else lock),
        (_("Signed by the unit's leader"), _("Yes") if form.signed else _("No")),
        (_("In use"), _("Yes") if form.active else _("No")),
    ]


def kinds_in_words(kinds: tuple[str, ...]) -> list[str]:
    return [kind_names([kind]) for kind in kinds]


def coming_rows(periods: list[Coming], kinds: tuple[str, ...]) -> list[dict[str, Any]]:
    """The next periods with a due day for each kind in order: the day, the unshifted day where it moved."""
    return [
        {
            "period": period,
            "dues": [(kind_names([kind]), period.dues.get(kind), period.moved.get(kind)) for kind in kinds],
        }
        for period in periods
    ]


def owing_rows(form: Form, on: date) -> list[tuple[str, int]]:
    return [(kind_names([kind]), count) for kind, count in owing_by_kind(form, on).items()]


@needs("right.view")
class Owing(ListPage):
    """The units that owe a form today, as far as the person may see them."""

    template_name = "components/list.html"
    table_class = UnitTable
    filterset_class = OwingFilter
    empty_text = gettext_lazy("No unit that you may see owes this form")
    export_name = "don-vi-nop"

    def get_queryset(self) -> QuerySet[Any]:
        self.form = get_object_or_404(Form.objects.visible_to(self.request.user), pk=self.kwargs["pk"])
        owed = owing(self.form, timezone.localdate()).order_by().values("pk")
        return with_places(Unit.objects.visible_to(self.request.user).filter(pk__in=owed)).in_order()

    def get_title(self) -> str:
        return _("Units that owe “%(form)s”") % {"form": self.form.name}

    def count_text(self, count: int) -> str:
        return _("%(count)s units") % {"count": format_number(count)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**kwargs, "breadcrumbs": way_to(self.form, (_("Units that owe it"), ""))}


def kind_tabs(kinds: list[str], chosen: str) -> list[dict[str, Any]]:
    """The kinds of unit that owe a form, to look at it as each of them."""
    rows = [{"label": kind_names([kind]), "href": f"?kind={kind}", "active": kind == chosen} for kind in kinds]
    return rows if len(rows) > 1 else []
