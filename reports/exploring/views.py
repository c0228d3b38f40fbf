"""The cross table, its files, and the views that people save of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.access import signed_in
from core.forms import Form
from core.keys import key_of
from core.lists import EXPORT, ListPage
from core.numbers import format_number
from core.pages import FormPage
from core.verdicts import require
from programmes.models import Indicator
from reports import actions
from reports.exploring import files
from reports.exploring.forms import QuestionForm, SavedViewForm
from reports.exploring.pictures import picture
from reports.exploring.table import CrossTable
from reports.exploring.tables import SavedViewTable
from reports.models import SavedView, SavedViewQuerySet
from reports.permissions import may_drop, may_keep
from reports.queries.scope import UNIT, Scope, read_scope
from reports.views import frame
from units.choices import Right
from units.models import Unit
from units.permissions import granted_units

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

MOST_CELLS, MOST_CELLS_IN_FILE = 2000, 50_000
MOST_COLUMNS = 100
MOST_SAVED = 50  # listed beside a table; the page of saved views has all
EXPLORE, TEMPLATE = "reports:explore", "reports/explore.html"
VIEW, DRAWN = "bang", "ve"  # parts of the address: which saved view was opened, which entry is drawn


@signed_in
@require_safe
def explore(request: HttpRequest) -> HttpResponseBase:
    """The cross table that the address asks for, on the page or as a file."""
    unit = asked_unit(request)
    if unit is None:
        messages.info(request, _("Your account has no unit yet. Ask your administrator for a role."))
        return redirect("home")
    scope = read_scope(unit, request.GET, request.user, timezone.localdate())
    form = question_form(scope, request.GET)
    if form is None or not form.is_valid():
        return render(request, TEMPLATE, {**around(request, scope), "form": form})
    table = CrossTable(form.question(), request.user)
    kind, refusal = request.GET.get(EXPORT), too_large(table)
    if kind in {"csv", "xlsx"} and not refusal:
        return files.file_of(table, kind)
    context = {"form": form, "question": table.question, "table": table, "refusal": refusal}
    return render(request, TEMPLATE, {**around(request, table.scope), **context, **shown(request, table, refusal)})


def asked_unit(request: HttpRequest) -> Unit | None:
    """The unit of the address, if the person may see it; without one the unit where the person is at home."""
    if typed := request.GET.get(UNIT):
        unit: Unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=key_of(typed))
        return unit
    return home_unit(request.user)


def home_unit(user: User | AnonymousUser) -> Unit | None:
    unit: Unit | None = granted_units(user, Right.VIEW).order_by("depth", "-valid_from", "pk").first()
    return unit


def question_form(scope: Scope, asked: QueryDict) -> QuestionForm | None:
    """None where no programme with indicators binds the unit."""
    followed = Indicator.objects.filter(chosen__programme=scope.programme, active=True)
    indicators = list(
        followed.select_related("numerator", "denominator").order_by(
            "chosen__pillar__order", "chosen__order", "chosen__pk"
        )
    )
    return QuestionForm(asked, scope=scope, indicators=indicators) if scope.programme and indicators else None


def too_large(table: CrossTable) -> str:
    """Why the table is not made at all; empty where it is."""
    if len(table.columns) > MOST_COLUMNS:
        return _("The table would have %(count)s columns, more than %(most)s. Put them into the rows instead.") % {
            "count": format_number(len(table.columns)),
            "most": MOST_COLUMNS,
        }
    if table.size > MOST_CELLS_IN_FILE:
        words = {"count": format_number(table.size), "most": format_number(MOST_CELLS_IN_FILE)}
        return (
            _("The table would have %(count)s cells, more than %(most)s. Choose fewer units, months or indicators.")
            % words
        )
    return ""


def around(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """What stands around the table: the way to the unit, what else can be chosen, and the saved views."""
    found = frame(request, scope)
    below = Unit.objects.get_children(scope.unit).active(scope.units_of).order_by("sort_key", "pk")
    opened = key_of(request.GET.get(VIEW, ""))
    saved = list(SavedView.objects.visible_to(request.user).select_related("unit", "owner")[:MOST_SAVED])
    return {
        **found,
        "above": [unit for unit in found["path"] if unit.pk in found["visible"]],
        "below": below,
        "saved": saved,
        "opened": next((view for view in saved if view.pk == opened), None),
    }


def shown(request: HttpRequest, table: CrossTable, refusal: str) -> dict[str, Any]:
    """The lines, their sums and their picture; only links to files where the table is too large for a page."""
    question = table.question
    found: dict[str, Any] = {
        "about": files.about(question),
        "turned": question.turned().query,
        "files": [] if refusal or not table.size else export_links(question.query),
    }
    if refusal or table.size > MOST_CELLS:
        words = {"count": format_number(table.size), "most": format_number(MOST_CELLS)}
        only_file = _("The table has %(count)s cells; a page shows at most %(most)s. Download it, or choose less.")
        return {**found, "refusal": refusal or only_file % words}
    lines = list(table.lines())
    sums = table.total_line(lines)
    drawn = key_of(request.GET.get(DRAWN, "0")) or 0
    drawing = picture(table, lines, sums, drawn)
    return {**found, "lines": lines, "sums": sums, "picture": drawing, "hidden": question.pairs()}


def export_links(query: str) -> list[tuple[str, str]]:
    return [(f"?{query}&{EXPORT}=xlsx", _("Export Excel")), (f"?{query}&{EXPORT}=csv", _("Export CSV"))]


# --- saved views ---


@signed_in
class SavedViews(ListPage):
    """The views that the person may open: own ones and those that others share."""

    title = gettext_lazy("Saved views")
    lead = gettext_lazy("Cross tables under a name. Figures are always those of today, and only those you may see.")
    table_class = SavedViewTable
    empty_text = gettext_lazy("No view has been saved yet. Put a cross table together and save it.")

    def get_queryset(self) -> SavedViewQuerySet:
        user: Any = self.request.user
        visible = SavedView.objects.visible_to(user).annotate(is_own=Q(owner=user))
        return visible.select_related("owner", "unit").order_by("name", "pk")

    def count_text(self, count: int) -> str:
        return _("%(count)s saved views") % {"count": format_number(count)}

    def action_link(self) -> tuple[str, str] | None:
        return reverse(EXPLORE), _("Explore the figures")


@signed_in
@require_safe
def open_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Leads to the table as it was saved. Who may not see its unit sees the same table of the unit at home."""
    view = get_object_or_404(SavedView.objects.visible_to(request.user), pk=pk)
    asked = QueryDict(view.query, mutable=True)
    unit = Unit.objects.visible_to(request.user).filter(pk=key_of(asked.get(UNIT, ""))).first()
    if unit is None and (home := home_unit(request.user)) is not None:
        asked[UNIT] = str(home.pk)
        messages.info(request, _("This view was saved for another unit. Here it shows %(unit)s.") % {"unit": home.name})
    asked[VIEW] = str(view.pk)
    return redirect(f"{reverse(EXPLORE)}?{asked.urlencode()}")


@signed_in
class SaveView(FormPage):
    """Saves the table that the address of this page asks for."""

    form_class = SavedViewForm
    title = gettext_lazy("Save this view")
    lead = gettext_lazy("The choices are saved, not the numbers: opened again, the view shows the figures of that day.")
    message = gettext_lazy("The view has been saved.")

    def load(self) -> None:
        unit = asked_unit(self.request)
        scope = unit and read_scope(unit, self.request.GET, self.by, timezone.localdate())
        form = scope and question_form(scope, self.request.GET)
        if not form or not form.is_valid():
            raise Http404
        self.question = form.question()

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.by}

    def perform(self, form: SavedViewForm) -> SavedView:
        return actions.save_view(by=self.by, query=self.question.query, **form.cleaned_data)

    def success_url(self, result: SavedView | None) -> str:
        saved = f"&{VIEW}={result.pk}" if result else ""
        return f"{reverse(EXPLORE)}?{self.question.query}{saved}"

    def context(self) -> dict[str, Any]:
        return {"breadcrumbs": crumbs(self.get_title())}


@signed_in
class ChangeView(FormPage):
    form_class = SavedViewForm
    title = gettext_lazy("Rename or share the view")
    message = gettext_lazy("The view has been changed.")

    def load(self) -> None:
        self.view: SavedView = self.fetch(SavedView.objects.visible_to(self.request.user), pk=self.kwargs["pk"])
        require(may_keep(self.by, self.view))

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.by, "view": self.view}

    def perform(self, form: SavedViewForm) -> SavedView:
        return actions.change_view(view=self.view, by=self.by, **form.cleaned_data)

    def success_url(self, result: SavedView | None) -> str:
        return reverse("reports:saved-views")

    def context(self) -> dict[str, Any]:
        return {"breadcrumbs": crumbs(self.view.name)}


@signed_in
class DropView(FormPage):
    title = gettext_lazy("Remove the saved view")
    lead = gettext_lazy("Nobody will find it in the list any more. Figures are not touched.")
    submit_label = gettext_lazy("Remove")
    message = gettext_lazy("The view has been removed.")
    danger = True
    form_class: ClassVar[type[Any]] = Form

    def load(self) -> None:
        self.view: SavedView = self.fetch(SavedView.objects.visible_to(self.request.user), pk=self.kwargs["pk"])
        require(may_drop(self.by, self.view))

    def perform(self, form: Form) -> None:
        actions.drop_view(view=self.view, by=self.by)

    def success_url(self, result: None) -> str:
        return reverse("reports:saved-views")

    def context(self) -> dict[str, Any]:
        return {"breadcrumbs": crumbs(self.view.name), "changes": [self.view.name]}


def crumbs(leaf: str) -> list[tuple[str, str]]:
    return [
        (_("Explore the figures"), reverse(EXPLORE)),
        (_("Saved views"), reverse("reports:saved-views")),
        (leaf, ""),
    ]
