"""Minutes: the list, one set, its printed form, and the giver's steps."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.access import needs, signed_in
from core.lists import ListPage
from core.numbers import format_number
from core.pages import FormPage
from core.verdicts import require
from equipment.actions import handovers as actions
from equipment.choices import HandoverState
from equipment.filters import HandoverFilters
from equipment.forms.gifts import ReasonForm
from equipment.forms.giving import HandOverForm, HandoverForm, HandOverManyForm, PrepareForm
from equipment.models import Allotment, Gift, Handover
from equipment.permissions import may_confirm, may_give
from equipment.printing import Minutes, minutes_of
from equipment.queries.gifts import items_of_handovers, with_things
from equipment.tables import HandoverTable
from equipment.views.frame import room_tabs, way_to_handover
from equipment.views.gifts import GIVE, _Page

WITH_PARTIES = ("gift__unit", "gift__sponsor", "giver", "receiver", "confirmed_by", "handed_by")


@signed_in
class HandoverList(ListPage):
    template_name = "equipment/list.html"
    title = gettext_lazy("Handovers")
    lead = gettext_lazy("Only minutes whose receipt is confirmed count.")
    table_class = HandoverTable
    filterset_class = HandoverFilters
    export_name = "bien-ban-ban-giao"
    empty_text = gettext_lazy("No minutes have been prepared yet.")

    def get_queryset(self) -> Any:
        return with_things(Handover.objects.visible_to(self.request.user)).order_by("-on", "-pk")

    def count_text(self, count: int) -> str:
        return _("%(count)s minutes") % {"count": format_number(count)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**kwargs, "tabs": room_tabs(self.request, "handovers")}


@signed_in
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One set of minutes: parties, lines, how far it is, and the next step of this person."""
    handover = get_object_or_404(Handover.objects.visible_to(request.user).select_related(*WITH_PARTIES), pk=pk)
    lines = handover.lines.select_related("allotment__line__kind", "allotment__unit").order_by("pk")
    context = {
        "handover": handover,
        "lines": lines,
        "items": items_of_handovers([handover.pk]).get(handover.pk, []),
        "may_give": bool(may_give(request.user, handover.gift)),
        "confirm": may_confirm(request.user, handover),
        "gift_visible": Gift.objects.visible_to(request.user).filter(pk=handover.gift_id).exists(),
        "breadcrumbs": way_to_handover(handover),
    }
    return render(request, "equipment/handover.html", context)


@signed_in
@require_safe
def printed(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes on paper, in the layout of Nghị định 30/2020."""
    handover = get_object_or_404(Handover.objects.visible_to(request.user).select_related(*WITH_PARTIES), pk=pk)
    return _paper(request, minutes_of([handover]), reverse("equipment:handover", args=[pk]))


@signed_in
@require_safe
def printed_of_gift(request: HttpRequest, pk: int) -> HttpResponse:
    """All minutes of a gift that were not refused or cancelled, one after the other."""
    gift = get_object_or_404(Gift.objects.visible_to(request.user), pk=pk)
    void = [HandoverState.REFUSED, HandoverState.CANCELLED]
    papers = Handover.objects.visible_to(request.user).filter(gift=gift).exclude(state__in=void)
    ordered = papers.select_related(*WITH_PARTIES).order_by("year", "sequence")
    return _paper(request, minutes_of(list(ordered)), reverse("equipment:gift", args=[pk]))


def _paper(request: HttpRequest, papers: list[Minutes], back: str) -> HttpResponse:
    return render(request, "equipment/minutes.html", {"papers": papers, "back": back})


@needs(GIVE)
class Prepare(_Page):
    """One set of minutes for each receiver of the chosen open allotments."""

    form_class = PrepareForm
    title = gettext_lazy("Prepare handover minutes")
    submit_label = gettext_lazy("Prepare the minutes")

    def form_arguments(self) -> dict[str, Any]:
        open_ones = Allotment.objects.filter(line__gift=self.gift).open()
        related = open_ones.select_related("unit", "line__kind").order_by("unit__sort_key", "pk")
        initial = {"on": timezone.localdate(), "giver_name": self.by.full_name, "giver_position": self.by.position}
        return {"allotments": related, "initial": initial}

    def perform(self, form: PrepareForm) -> list[Handover]:
        return actions.prepare_handovers(
            gift=self.gift,
            allotments=list(form.cleaned_data["allotments"]),
            paper=form.paper(),
            first_number=form.cleaned_data["first_number"],
            by=self.by,
        )

    def success_message(self, result: list[Handover]) -> str:
        words = {"n": format_number(len(result)), "first": result[0].number, "last": result[-1].number}
        return _("%(n)s minutes prepared, numbers %(first)s to %(last)s. Print them, then record the handover.") % words

    def success_url(self, result: list[Handover] | None) -> str:
        if result is not None and len(result) == 1:
            return reverse("equipment:handover", args=[result[0].pk])
        return super().success_url(result)


@needs(GIVE)
class HandOverMany(_Page):
    """The prepared minutes of a gift, handed over on one day."""

    form_class = HandOverManyForm
    title = gettext_lazy("Record the handover")
    lead = gettext_lazy("The receivers confirm afterwards; only then the machines count.")
    submit_label = gettext_lazy("Record the handover")

    def form_arguments(self) -> dict[str, Any]:
        drafts = Handover.objects.visible_to(self.by).filter(gift=self.gift, state=HandoverState.DRAFT)
        ordered = drafts.select_related("receiver").order_by("year", "sequence")
        return {"handovers": ordered, "initial": {"on": timezone.localdate()}}

    def perform(self, form: HandOverManyForm) -> list[Handover]:
        chosen = form.cleaned_data["handovers"]
        return [actions.hand_over(handover=paper, on=form.cleaned_data["on"], by=self.by) for paper in chosen]

    def success_message(self, result: list[Handover]) -> str:
        return _("%(n)s minutes handed over. The receivers are asked to confirm.") % {"n": len(result)}


class _OfHandover(FormPage):
    """A page of the giver about one set of minutes."""

    handover: Handover

    def load(self) -> None:
        visible = Handover.objects.visible_to(self.by).select_related("gift__unit", "receiver", "giver")
        self.handover = self.fetch(visible, pk=self.kwargs["pk"])
        require(may_give(self.by, self.handover.gift))

    def success_url(self, result: Any) -> str:
        return reverse("equipment:handover", args=[self.handover.pk])

    def context(self) -> dict[str, Any]:
        crumbs = way_to_handover(self.handover, (self.get_title(), ""))
        return {"handover": self.handover, "breadcrumbs": crumbs}


@needs(GIVE)
class HandoverEdit(_OfHandover):
    form_class = HandoverForm
    title = gettext_lazy("Edit the minutes")
    message = gettext_lazy("The minutes have been saved.")

    def form_arguments(self) -> dict[str, Any]:
        return {"instance": copy(self.handover)}

    def perform(self, form: HandoverForm) -> Handover:
        return actions.edit_handover(handover=self.handover, changes=form.changes(), serials=form.serials(), by=self.by)


@needs(GIVE)
class HandOver(_OfHandover):
    form_class = HandOverForm
    title = gettext_lazy("Record the handover")
    submit_label = gettext_lazy("Handed over")
    message = gettext_lazy("The handover has been recorded. The receiver is asked to confirm.")

    def form_arguments(self) -> dict[str, Any]:
        return {"initial": {"on": min(self.handover.on, timezone.localdate())}}

    def perform(self, form: HandOverForm) -> Handover:
        return actions.hand_over(handover=self.handover, on=form.cleaned_data["on"], by=self.by)


@needs(GIVE)
class HandoverCancel(_OfHandover):
    form_class = ReasonForm
    title = gettext_lazy("Cancel the minutes")
    submit_label = gettext_lazy("Cancel the minutes")
    message = gettext_lazy("The minutes are cancelled; their allotments are open again.")
    danger = True

    def perform(self, form: ReasonForm) -> Handover:
        return actions.cancel_handover(handover=self.handover, reason=form.cleaned_data["reason"], by=self.by)

    def context(self) -> dict[str, Any]:
        words = {"number": self.handover.number, "unit": self.handover.receiver.name}
        changes = [
            _("Minutes %(number)s to %(unit)s fall.") % words,
            _("The allotment is open again; the number %(number)s stays used.") % words,
        ]
        return {**super().context(), "changes": changes}
