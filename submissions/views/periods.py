"""Reporting periods as they are kept: their list, their days and lock, those opened by hand, late permits."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access import needs
from core.dates import format_date
from core.keys import key_of
from core.lists import ListPage
from core.numbers import format_number
from core.verdicts import require
from submissions import actions
from submissions.frame_forms import AdhocForm, PeriodForm, PermitForm
from submissions.keeping_filters import PeriodFilter, PermitFilter
from submissions.keeping_tables import PeriodTable, PermitTable
from submissions.models import Permit, ReportingPeriod
from submissions.permissions import may_keep, may_permit, may_permit_somewhere, permitted_by
from submissions.views.base import Page
from submissions.views.keeping import LONGEST_SEARCH, PERIODS, PERMITS, OfForm, tabs
from units.choices import Right
from units.permissions import may_anywhere, units_with

HITS = 20


@needs("right.view")
class PeriodList(ListPage):
    """The periods of all forms that concern the person, the newest first."""

    template_name = "programmes/list.html"
    table_class = PeriodTable
    filterset_class = PeriodFilter
    title = PERIODS
    lead = gettext_lazy("Which periods are open, until when, and how many units owe them.")
    empty_text = gettext_lazy("No period is open yet. Periods open by themselves once their form is published.")
    export_name = "ky-bao-cao"

    def get_queryset(self) -> QuerySet[Any]:
        seen = ReportingPeriod.objects.visible_to(self.request.user)
        related = seen.select_related("form__programme", "version").prefetch_related("dues", "form__roots")
        kept = Q(form__programme__owner__in=units_with(self.request.user, Right.KEEP_FORMS))
        return related.annotate(kept=kept).order_by("-month", "form__name", "pk")

    def count_text(self, count: int) -> str:
        return _("%(count)s periods") % {"count": format_number(count)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**kwargs, "tabs": tabs("submissions:periods")}


@needs("right.keep_forms")
class PeriodEdit(Page):
    """Due days and lock of one period."""

    form_class = PeriodForm
    title = gettext_lazy("Due days and lock")
    message = gettext_lazy("The days of the period have been saved.")

    def load(self) -> None:
        seen = ReportingPeriod.objects.visible_to(self.person).select_related("form__programme__owner")
        self.period: ReportingPeriod = self.fetch(seen, pk=self.kwargs["pk"])
        require(may_keep(self.person, self.period.form))

    def form_arguments(self) -> dict[str, Any]:
        dues = {f"due_{due.kind}": due.due_on for due in self.period.dues.all()}
        return {"period": self.period, "initial": {"locks_on": self.period.locks_on, **dues}}

    def perform(self, form: PeriodForm) -> ReportingPeriod:
        cleaned = form.cleaned_data
        return actions.change_period(
            period=self.period, dues=form.dues(), locks_on=cleaned["locks_on"], reason=cleaned["reason"], by=self.person
        )

    def success_url(self, result: Any) -> str:
        return f"{reverse('submissions:periods')}?form={self.period.form_id}"

    def context(self) -> dict[str, Any]:
        words = {"start": format_date(self.period.starts_on), "end": format_date(self.period.ends_on)}
        return {
            "lead": _("%(period)s: covers %(start)s to %(end)s.") % {"period": str(self.period), **words},
            "breadcrumbs": [(PERIODS, reverse("submissions:periods")), (str(self.period), "")],
        }


@needs("right.keep_forms")
class OpenAdhoc(OfForm):
    form_class = AdhocForm
    title = gettext_lazy("Open a period")
    submit_label = gettext_lazy("Open")
    message = gettext_lazy("The period is open. Units see it on their start page.")

    def perform(self, form: AdhocForm) -> ReportingPeriod:
        title, due_on = form.cleaned_data["title"], form.cleaned_data["due_on"]
        days = form.days()
        return actions.open_adhoc(form=self.form_at_hand, title=title, days=days, due_on=due_on, by=self.person)


# --- late permits ----------------------------------------------------------------------------------------------


@needs("right.view")
class PermitList(ListPage):
    """The late permits of units that the person may see."""

    template_name = "programmes/list.html"
    table_class = PermitTable
    filterset_class = PermitFilter
    title = PERMITS
    lead = gettext_lazy("A permit opens one locked period for one unit until a day. Late stays late.")
    empty_text = gettext_lazy("No late permit has been given")
    export_name = "cho-nop-muon"

    def get_queryset(self) -> QuerySet[Any]:
        seen = Permit.objects.visible_to(self.request.user)
        related = seen.select_related("unit", "period__form", "given_by").annotate(kept=permitted_by(self.request.user))
        return related.order_by("-given_at", "pk")

    def count_text(self, count: int) -> str:
        return _("%(count)s permits") % {"count": format_number(count)}

    def action_link(self) -> tuple[str, str] | None:
        if not may_permit_somewhere(self.request.user):
            return None
        return reverse("submissions:permit-give"), _("Give a permit")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if not may_permit_somewhere(self.request.user):
            self.table.columns.hide("withdraw")
        return {**kwargs, "tabs": tabs("submissions:permits")}


@needs("right.view")
class PermitGive(Page):
    """A unit, found by search or named in the address, a period that it owes, until when, and why.

    For those who accept reports of units, and for those who keep forms: they choose among the periods of these.
    """

    template_name = "submissions/forms/permit.html"
    form_class = PermitForm
    title = gettext_lazy("Give a late permit")
    submit_label = gettext_lazy("Give the permit")
    message = gettext_lazy("The unit may type and send until that day.")

    def load(self) -> None:
        require(may_permit_somewhere(self.person))
        self.words = self.request.GET.get("q", "")[:LONGEST_SEARCH].strip()

    def form_arguments(self) -> dict[str, Any]:
        units: Any = units_with(self.person, Right.ACCEPT) | units_with(self.person, Right.KEEP_FORMS)
        periods = ReportingPeriod.objects.visible_to(self.person).filter(starts_on__lte=self.today)
        if not may_anywhere(self.person, Right.ACCEPT):
            periods = periods.filter(form__programme__owner__in=units_with(self.person, Right.KEEP_FORMS))
        hits = units.active(self.today).matching(self.words).in_order()[:HITS] if self.words else []
        named = [key_of(self.request.GET.get("unit", "")), key_of(self.request.POST.get("unit", ""))]
        chosen = units.filter(Q(pk=named[0]) | Q(pk=named[1]))
        initial = {"unit": named[0], "period": key_of(self.request.GET.get("period", ""))}
        return {
            "units": units,
            "offered": {unit.pk: unit for unit in [*chosen, *hits]}.values(),
            "periods": periods.select_related("form").order_by("-month", "form__name"),
            "initial": initial,
        }

    def perform(self, form: PermitForm) -> Permit:
        values = {name: form.cleaned_data[name] for name in ("unit", "period", "until", "reason")}
        return actions.give_permit(by=self.person, today=self.today, **values)

    def success_url(self, result: Any) -> str:
        return reverse("submissions:permits")

    def context(self) -> dict[str, Any]:
        crumbs = [(PERMITS, reverse("submissions:permits")), (self.title, "")]
        return {"words": self.words, "breadcrumbs": crumbs}


@needs("right.view")
class PermitWithdraw(Page):
    title = gettext_lazy("Withdraw the permit")
    submit_label = gettext_lazy("Withdraw")
    message = gettext_lazy("The permit has been withdrawn.")
    danger = True

    def load(self) -> None:
        seen = Permit.objects.visible_to(self.person).select_related("unit", "period__form__programme__owner")
        self.permit: Permit = self.fetch(seen, pk=self.kwargs["pk"])
        require(may_permit(self.person, self.permit.unit, self.permit.period.form))

    def perform(self, form: Any) -> Permit:
        return actions.withdraw_permit(permit=self.permit, by=self.person)

    def success_url(self, result: Any) -> str:
        return reverse("submissions:permits")

    def context(self) -> dict[str, Any]:
        words = {
            "unit": self.permit.unit.name,
            "period": str(self.permit.period),
            "day": format_date(self.permit.until),
        }
        change = _("“%(unit)s” may not type or send for %(period)s any more; the permit ran until %(day)s.") % words
        return {
            "changes": [change],
            "breadcrumbs": [(PERMITS, reverse("submissions:permits")), (self.get_title(), "")],
        }
