"""Gifts: the list, one gift with all its stages, and the forms that keep it."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.access import needs, signed_in
from core.forms import Form
from core.lists import ListPage
from core.numbers import format_number
from core.pages import FormPage
from core.verdicts import require
from equipment.actions import gifts as actions
from equipment.choices import AllotmentState, GiftState
from equipment.choices import GiftForm as FormOfGift
from equipment.filters import GiftFilters
from equipment.forms.gifts import GiftForm, PaymentForm, ReasonForm
from equipment.importing import GiftImporter
from equipment.models import Allotment, Gift, GiftPayment
from equipment.permissions import may_give
from equipment.queries.gifts import balance, with_stages
from equipment.tables import GiftTable
from equipment.views.frame import room_tabs, way, way_to_gift
from imports.links import import_links
from units.choices import Right
from units.permissions import may_anywhere

GIVE = f"right.{Right.GIVE}"


@signed_in
class GiftList(ListPage):
    template_name = "equipment/list.html"
    title = gettext_lazy("Gifts")
    lead = gettext_lazy("A pledge is not a delivery: only what the receiver has confirmed counts.")
    table_class = GiftTable
    filterset_class = GiftFilters
    export_name = "khoan-tai-tro"
    empty_text = gettext_lazy("No gift has been recorded yet.")

    def get_queryset(self) -> Any:
        return with_stages(Gift.objects.visible_to(self.request.user)).order_by("-pledged_on", "-pk")

    def count_text(self, count: int) -> str:
        return _("%(count)s gifts") % {"count": format_number(count)}

    def action_link(self) -> tuple[str, str] | None:
        if not may_anywhere(self.request.user, Right.GIVE):
            return None
        return reverse("equipment:gift-add"), _("Record a gift")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = [row.record for row in self.table.page.object_list]
        if not any(gift.form == FormOfGift.MONEY for gift in shown):
            self.table.columns.hide("paid")
        if not any(gift.amount for gift in shown):
            self.table.columns.hide("amount")
        if len({gift.unit_id for gift in shown}) == 1:
            self.table.columns.hide("unit")
        links = import_links(self.request, GiftImporter.kind)
        return {**kwargs, "tabs": room_tabs(self.request, "gifts"), "actions": links}


@signed_in
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One gift: pledged, allotted, handed over and received, line by line and unit by unit."""
    visible = Gift.objects.visible_to(request.user).select_related("sponsor", "unit", "programme")
    gift = get_object_or_404(visible, pk=pk)
    allotments = Allotment.objects.filter(line__gift=gift)
    related = allotments.select_related("unit", "line__kind").order_by("unit__sort_key", "pk")
    may = bool(may_give(request.user, gift)) and gift.state == GiftState.PLEDGED
    states = set(related.values_list("state", flat=True))
    context = {
        "gift": gift,
        "balance": balance(gift),
        "allotments": related.prefetch_related("handover_lines__handover"),
        "may": may,
        "may_prepare": may and AllotmentState.OPEN in states,
        "may_hand_over": may and AllotmentState.PREPARED in states,
        "breadcrumbs": way_to_gift(gift),
    }
    return render(request, "equipment/gift.html", context)


class _Page(FormPage):
    """A page about one gift that the person may see and keeps."""

    gift: Gift

    def load(self) -> None:
        visible = Gift.objects.visible_to(self.by).select_related("unit", "sponsor")
        self.gift = self.fetch(visible, pk=self.kwargs["pk"])
        require(may_give(self.by, self.gift))

    def success_url(self, result: Any) -> str:
        return reverse("equipment:gift", args=[self.gift.pk])

    def context(self) -> dict[str, Any]:
        return {"gift": self.gift, "breadcrumbs": way_to_gift(self.gift, (self.get_title(), ""))}


@needs(GIVE)
class GiftAdd(FormPage):
    template_name = "equipment/gift_form.html"
    form_class = GiftForm
    title = gettext_lazy("Record a gift")
    message = gettext_lazy("The gift has been recorded. It counts once its things are handed over and confirmed.")

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.by, "initial": {"pledged_on": timezone.localdate()}}

    def perform(self, form: GiftForm) -> Gift:
        values = {name: value for name, value in form.cleaned_data.items() if name in form.Meta.fields}
        try:
            return actions.create_gift(lines=form.line_data(), by=self.by, **values)
        except ValidationError as refusal:
            raise form.place(refusal) from refusal

    def success_url(self, result: Gift | None) -> str:
        return reverse("equipment:gift", args=[result.pk]) if result else reverse("equipment:gifts")

    def context(self) -> dict[str, Any]:
        gifts = (_("Gifts"), reverse("equipment:gifts"))
        return {"breadcrumbs": way(gifts, (self.get_title(), ""))}


@needs(GIVE)
class GiftEdit(_Page):
    template_name = "equipment/gift_form.html"
    form_class = GiftForm
    title = gettext_lazy("Edit the gift")
    message = gettext_lazy("The gift has been saved.")

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.by, "instance": copy(self.gift)}  # a copy: the form writes what was typed on it

    def perform(self, form: GiftForm) -> Gift:
        try:
            return actions.edit_gift(gift=self.gift, changes=form.changed_values(), lines=form.line_data(), by=self.by)
        except ValidationError as refusal:
            raise form.place(refusal) from refusal


@needs(GIVE)
class GiftWithdraw(_Page):
    form_class = ReasonForm
    title = gettext_lazy("The sponsor withdraws the gift")
    submit_label = gettext_lazy("Withdraw")
    message = gettext_lazy("The gift is withdrawn.")
    danger = True

    def perform(self, form: ReasonForm) -> Gift:
        return actions.withdraw_gift(gift=self.gift, reason=form.cleaned_data["reason"], by=self.by)

    def context(self) -> dict[str, Any]:
        total = balance(self.gift).total
        words = {"received": format_number(total.received), "open": format_number(total.allotted - total.handed)}
        changes = [
            _("%(open)s allotted things that were not handed over are free again.") % words,
            _("%(received)s things that were received stay with their units.") % words,
        ]
        return {**super().context(), "changes": changes}


@needs(GIVE)
class GiftClose(_Page):
    title = gettext_lazy("Close the gift")
    lead = gettext_lazy("Nothing more will come of it.")
    submit_label = gettext_lazy("Close the gift")
    message = gettext_lazy("The gift is closed.")
    template_name = "components/confirm.html"
    form_class = Form

    def perform(self, form: Any) -> Gift:
        return actions.close_gift(gift=self.gift, by=self.by)


@needs(GIVE)
class PaymentAdd(_Page):
    form_class = PaymentForm
    title = gettext_lazy("Record money that arrived")
    message = gettext_lazy("The payment has been recorded.")

    def form_arguments(self) -> dict[str, Any]:
        return {"initial": {"on": timezone.localdate()}}

    def perform(self, form: PaymentForm) -> GiftPayment:
        return actions.record_payment(gift=self.gift, by=self.by, **form.cleaned_data)


@needs(GIVE)
class PaymentCancel(_Page):
    form_class = ReasonForm
    title = gettext_lazy("Cancel a payment")
    submit_label = gettext_lazy("Cancel the payment")
    message = gettext_lazy("The payment no longer counts.")
    danger = True

    def load(self) -> None:
        super().load()
        self.payment: GiftPayment = get_object_or_404(self.gift.payments, pk=self.kwargs["payment"])

    def perform(self, form: ReasonForm) -> GiftPayment:
        return actions.cancel_payment(payment=self.payment, reason=form.cleaned_data["reason"], by=self.by)
