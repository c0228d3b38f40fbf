"""Reorganisations: the list, a proposal in two steps, the preview that proves the sums, applying and undoing."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.access import needs, signed_in
from core.lists import ListPage
from core.numbers import format_number
from core.pages import FormPage
from core.verdicts import require
from units import actions
from units.choices import ReorganisationKind, ReorganisationState, Right
from units.filters import ReorganisationFilters
from units.forms import REORGANISATION_FORMS, AreaForm, ReasonForm, ReorganisationForm
from units.models import Reorganisation, ReorganisationQuerySet, Unit
from units.permissions import may, may_anywhere, may_prepare
from units.tables import ReorganisationTable

PREPARE = f"right.{Right.MANAGE_UNITS}"
APPLY = f"right.{Right.REORGANISE}"
SHOWN = 200  # arrows shown of a large reform; the list of units has them all


def way_to(name: str) -> list[tuple[str, str]]:
    home, here = reverse("units:list"), reverse("units:reorganisations")
    return [(_("Units"), home), (_("Reorganisations"), here), *([(name, "")] if name else [])]


@signed_in
class ReorganisationList(ListPage):
    title = gettext_lazy("Reorganisations")
    lead = gettext_lazy("Dated events in the life of units: who came of whom, since when, by which decision.")
    table_class = ReorganisationTable
    filterset_class = ReorganisationFilters
    export_name = "sap-xep-don-vi"
    empty_text = gettext_lazy("No reorganisation has touched your units.")

    def get_queryset(self) -> ReorganisationQuerySet:
        return Reorganisation.objects.visible_to(self.request.user).order_by("-on", "title")

    def count_text(self, count: int) -> str:
        return _("%(count)s reorganisations") % {"count": format_number(count)}

    def action_link(self) -> tuple[str, str] | None:
        if not may_anywhere(self.request.user, Right.MANAGE_UNITS):
            return None
        return reverse("units:propose"), _("Propose a reorganisation")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**kwargs, "breadcrumbs": [(_("Units"), reverse("units:list")), (self.get_title(), "")]}


@needs(PREPARE)
class ChooseArea(FormPage):
    """First step of a proposal."""

    form_class = AreaForm
    title = gettext_lazy("Propose a reorganisation")
    lead = gettext_lazy("First the kind and the area. Nothing changes before a national administrator has applied it.")
    submit_label = gettext_lazy("Continue")

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.by}

    def perform(self, form: AreaForm) -> dict[str, Any]:
        return {"kind": form.cleaned_data["kind"], "area": form.cleaned_data["area"].pk}

    def success_url(self, result: dict[str, Any] | None) -> str:
        return reverse("units:propose-units", kwargs=result) if result else reverse("units:reorganisations")

    def context(self) -> dict[str, Any]:
        return {"breadcrumbs": way_to(self.get_title())}


@needs(PREPARE)
class Propose(FormPage):
    """Second step: which units, what becomes of them, since when, by which decision."""

    template_name = "units/propose.html"
    submit_label = gettext_lazy("Keep the proposal and show what it does")
    message = gettext_lazy("The proposal has been kept. Nothing has changed yet.")

    def load(self) -> None:
        kind = self.kwargs["kind"]
        if kind not in REORGANISATION_FORMS:
            raise Http404
        self.kind = ReorganisationKind(kind)
        self.area = get_object_or_404(Unit.objects.visible_to(self.request.user), pk=self.kwargs["area"])
        require(may_prepare(self.by, self.area))

    @property
    def form_class(self) -> type[ReorganisationForm]:  # type: ignore[override]  # one form for each kind
        return REORGANISATION_FORMS[self.kind]

    def form_arguments(self) -> dict[str, Any]:
        return {"area": self.area, "user": self.by}

    def get_title(self) -> str:
        return f"{self.kind.label} · {self.area.name}"

    def perform(self, form: ReorganisationForm) -> Reorganisation:
        told = {name: form.cleaned_data[name] for name in ("on", "legal_basis", "title", "note")}
        return actions.propose_reorganisation(kind=self.kind, links=form.links(), by=self.by, **told)

    def success_url(self, result: Reorganisation | None) -> str:
        return reverse("units:reorganisation", args=[result.pk]) if result else reverse("units:propose")

    def context(self) -> dict[str, Any]:
        return {"area": self.area, "kind": self.kind, "breadcrumbs": way_to(self.get_title())}


@signed_in
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What was decided and, of a proposal, what applying would do; of an applied one, the arrows."""
    row = get_object_or_404(Reorganisation.objects.visible_to(request.user), pk=pk)
    proposed = row.state == ReorganisationState.PROPOSED
    preview = None
    if proposed and row.scope is not None and may_prepare(request.user, row.scope):
        preview = actions.preview_reorganisation(reorganisation=row, by=request.user)  # type: ignore[arg-type]
    links = row.links.select_related("predecessor", "successor").order_by("successor__path", "predecessor__path")
    context = {
        "row": row,
        "title": row.title,
        "preview": preview,
        "links": links[:SHOWN],
        "hidden": max(0, links.count() - SHOWN),
        "may_apply": bool(preview) and bool(row.scope and may(request.user, Right.REORGANISE, row.scope)),
        "may_undo": _may_undo(request, row),
        "breadcrumbs": way_to(row.title),
    }
    return render(request, "units/reorganisation.html", context)


def _may_undo(request: HttpRequest, row: Reorganisation) -> bool:
    """Withdrawing a proposal is for who may propose, undoing an applied one for who may apply."""
    if row.scope is None or row.state == ReorganisationState.UNDONE:
        return False
    if row.state == ReorganisationState.APPLIED:
        return bool(row.undo_data) and bool(may(request.user, Right.REORGANISE, row.scope))
    return bool(may_prepare(request.user, row.scope))


class _StepPage(FormPage):
    """A step on a reorganisation that the person may see."""

    def load(self) -> None:
        self.row: Reorganisation = self.fetch(Reorganisation.objects.visible_to(self.by), pk=self.kwargs["pk"])
        if self.row.scope is None:
            raise Http404

    def success_url(self, result: Any) -> str:
        return reverse("units:reorganisation", args=[self.row.pk])

    def context(self) -> dict[str, Any]:
        return {"lead": self.row.title, "breadcrumbs": way_to(self.row.title)}


@needs(APPLY)
class Apply(_StepPage):
    template_name = "units/apply.html"
    title = gettext_lazy("Apply the reorganisation")
    submit_label = gettext_lazy("Apply")
    message = gettext_lazy("The reorganisation has been applied.")
    danger = True

    def load(self) -> None:
        super().load()
        require(may(self.by, Right.REORGANISE, self.row.scope))  # type: ignore[arg-type]  # refused above

    def perform(self, form: Any) -> Reorganisation:
        return actions.apply_reorganisation(reorganisation=self.row, by=self.by)

    def context(self) -> dict[str, Any]:
        preview = actions.preview_reorganisation(reorganisation=self.row, by=self.by)
        return {**super().context(), "preview": preview, "note": _("It can be undone while nothing has come after it.")}


@needs(PREPARE)
class Undo(_StepPage):
    form_class = ReasonForm
    danger = True

    def load(self) -> None:
        super().load()
        applied = self.row.state == ReorganisationState.APPLIED
        right = Right.REORGANISE if applied else Right.MANAGE_UNITS
        require(may(self.by, right, self.row.scope))  # type: ignore[arg-type]  # refused above

    def get_title(self) -> str:
        applied = self.row.state == ReorganisationState.APPLIED
        return _("Undo the reorganisation") if applied else _("Withdraw the proposal")

    def perform(self, form: ReasonForm) -> Reorganisation:
        return actions.undo_reorganisation(reorganisation=self.row, by=self.by, **form.cleaned_data)

    def success_message(self, result: Reorganisation) -> str:
        return _("“%(title)s” has been taken back.") % {"title": result.title}

    def context(self) -> dict[str, Any]:
        return {**super().context(), "submit_label": self.get_title()}
