"""Allotting: chosen units or a proposal, numbers beside each; and taking back what is not in minutes yet."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.access import needs
from core.keys import key_of
from core.numbers import format_number
from core.pages import FormPage
from core.verdicts import require
from equipment.actions import allotments as actions
from equipment.forms.gifts import ReasonForm
from equipment.forms.giving import AllotForm
from equipment.models import Allotment, GiftLine
from equipment.permissions import may_give
from equipment.queries.gaps import Proposal, candidates, gap_notes, propose_allotment, weak_model, with_need
from equipment.queries.gifts import open_lines
from equipment.views.frame import way, way_to_gift
from equipment.views.gifts import GIVE
from units.models import Unit

MOST_ROWS = 400  # a province has at most 168 communes


@needs(GIVE)
@require_safe
def choose_line(request: HttpRequest) -> HttpResponse:
    """From which gift: the lines that have something left."""
    title = _("Allot from which gift?")
    gift = request.GET.get("gift", "")
    context = {
        "title": title,
        "lines": [row for row in open_lines(request.user) if gift in ("", str(row.line.gift_id))],
        "units": request.GET.getlist("units"),
        "breadcrumbs": way((title, "")),
    }
    return render(request, "equipment/choose_line.html", context)


@needs(GIVE)
class Allot(FormPage):
    """Numbers for each unit. `?line=` names the gift line, `?units=` the units that were chosen in the gap list."""

    template_name = "equipment/allot.html"
    form_class = AllotForm
    title = gettext_lazy("Allot")
    submit_label = gettext_lazy("Allot")

    def load(self) -> None:
        visible = GiftLine.objects.visible_to(self.by).select_related("gift__unit", "gift__sponsor", "kind")
        self.line: GiftLine = get_object_or_404(visible, pk=key_of(self.request.GET.get("line", "")))
        require(may_give(self.by, self.line.gift))
        self.today = timezone.localdate()
        self.left = actions.left_of(self.line)

    def form_arguments(self) -> dict[str, Any]:
        return {
            "units": self.rows(),
            "chosen": frozenset(self.chosen()),
            "initial": {"on": max(self.line.gift.pledged_on, self.today)},
        }

    def chosen(self) -> list[int]:
        return [key for text in self.request.GET.getlist("units") if (key := key_of(text))]

    def rows(self) -> list[Unit]:
        """The units with a number field: those that were sent, else the chosen ones, else all that may get one."""
        if self.request.method == "POST":
            sent = [name.removeprefix("unit_") for name in self.request.POST if name.startswith("unit_")]
            keys = [key for text in sent if (key := key_of(text))]
            return list(_in_need(Unit.objects.visible_to(self.by).filter(pk__in=keys), self.today))
        found = candidates(self.line, self.today)
        chosen = self.chosen()
        return list(_in_need(found.filter(pk__in=chosen) if chosen else found, self.today)[:MOST_ROWS])

    def perform(self, form: AllotForm) -> list[Allotment]:
        cleaned = form.cleaned_data
        return actions.allot(
            line=self.line, shares=form.shares(), on=cleaned["on"], reason=cleaned["reason"], by=self.by
        )

    def success_message(self, result: list[Allotment]) -> str:
        return _("%(n)s allotted to %(units)s units.") % {
            "n": format_number(sum(row.quantity for row in result)),
            "units": format_number(len(result)),
        }

    def success_url(self, result: Any) -> str:
        return reverse("equipment:gift", args=[self.line.gift_id])

    def context(self) -> dict[str, Any]:
        units = self.rows()
        return {
            "line": self.line,
            "left": self.left,
            "weak_model": weak_model(self.line, self.today) if self.line.kind.is_computer else "",
            "notes": gap_notes([unit.pk for unit in units], self.by, self.today),
            "breadcrumbs": way_to_gift(self.line.gift, (self.get_title(), "")),
        }


@needs(GIVE)
class Propose(Allot):
    """The allotment that closes most of the gap; the person edits and confirms it."""

    title = gettext_lazy("Proposed allotment")
    submit_label = gettext_lazy("Confirm the allotment")

    def load(self) -> None:
        super().load()
        self.proposal: Proposal = propose_allotment(self.line, left=self.left, on=self.today)

    def chosen(self) -> list[int]:
        return [unit.pk for unit in self.proposal.units]

    def rows(self) -> list[Unit]:
        return super().rows() if self.request.method == "POST" else list(self.proposal.units)

    def context(self) -> dict[str, Any]:
        return {**super().context(), "proposal": self.proposal}


@needs(GIVE)
class AllotmentCancel(FormPage):
    form_class = ReasonForm
    title = gettext_lazy("Cancel the allotment")
    submit_label = gettext_lazy("Cancel the allotment")
    message = gettext_lazy("The allotment is cancelled; its things are free again.")
    danger = True

    def load(self) -> None:
        visible = Allotment.objects.visible_to(self.by).select_related("unit", "line__gift__unit", "line__kind")
        self.allotment: Allotment = self.fetch(visible, pk=self.kwargs["pk"])
        require(may_give(self.by, self.allotment.line.gift))

    def perform(self, form: ReasonForm) -> Allotment:
        return actions.cancel_allotment(allotment=self.allotment, reason=form.cleaned_data["reason"], by=self.by)

    def success_url(self, result: Any) -> str:
        return reverse("equipment:gift", args=[self.allotment.line.gift_id])

    def context(self) -> dict[str, Any]:
        line = self.allotment.line
        what = {"n": self.allotment.quantity, "what": f"{line.kind.counted_in} {line.model or line.kind.name}"}
        changes = [_("%(unit)s no longer gets %(n)s %(what)s.") % {**what, "unit": self.allotment.unit.name}]
        return {"changes": changes, "breadcrumbs": way_to_gift(line.gift, (self.get_title(), ""))}


def _in_need(units: Any, today: Any) -> Any:
    """The most urgent first, then by name."""
    return with_need(units, today).order_by("-score", "sort_key", "pk")
