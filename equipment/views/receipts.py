"""The receiver's pages: confirm, refuse, add the scan; and the way to the stored scan."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.access import needs, signed_in
from core.pages import FormPage
from core.verdicts import require
from equipment.actions import receipts as actions
from equipment.choices import HandoverState
from equipment.forms.gifts import ReasonForm
from equipment.forms.receiving import ReceiptForm, ScanForm
from equipment.models import Handover, HandoverLine
from equipment.permissions import may_confirm, may_give
from equipment.queries.gifts import things_in_words
from equipment.views.frame import way_to_handover
from units.choices import Right

RECEIVE = f"right.{Right.RECEIVE}"


class _Receiving(FormPage):
    """A page about minutes that wait for the person's own unit."""

    handover: Handover

    def load(self) -> None:
        related = ("gift__unit", "gift__sponsor", "receiver", "giver")
        self.handover = self.fetch(Handover.objects.visible_to(self.by).select_related(*related), pk=self.kwargs["pk"])
        require(may_confirm(self.by, self.handover))
        self.lines: list[HandoverLine] = list(
            self.handover.lines.filter(void=False).select_related("allotment__line__kind").order_by("pk")
        )

    def success_url(self, result: Any) -> str:
        return reverse("equipment:handover", args=[self.handover.pk])

    def context(self) -> dict[str, Any]:
        crumbs = way_to_handover(self.handover, (self.get_title(), ""))
        return {"handover": self.handover, "lines": self.lines, "breadcrumbs": crumbs}

    def things(self) -> str:
        """In words: 1 máy, 50 bộ."""
        return things_in_words([self.handover.pk])[self.handover.pk]


@needs(RECEIVE)
class Confirm(_Receiving):
    """The page that must be perfect on a phone: what came, one button."""

    template_name = "equipment/confirm.html"
    form_class = ReceiptForm
    title = gettext_lazy("Confirm the receipt")

    def form_arguments(self) -> dict[str, Any]:
        initial = {
            "received_on": timezone.localdate(),
            "receiver_name": self.handover.receiver_name or self.by.full_name,
            "receiver_position": self.handover.receiver_position or self.by.position,
        }
        return {"lines": self.lines, "initial": initial}

    def perform(self, form: ReceiptForm) -> Handover:
        cleaned = form.cleaned_data
        names = ("received_on", "scan", "receiver_name", "receiver_position", "note")
        values = {name: cleaned[name] for name in names}
        return actions.confirm_receipt(handover=self.handover, lines=form.received(), by=self.by, **values)

    def success_message(self, result: Handover) -> str:
        return _("Receipt confirmed: %(things)s. The figures of your unit are up to date.") % {"things": self.things()}

    def context(self) -> dict[str, Any]:
        waiting = self.handover.state == HandoverState.HANDED
        label = _("Confirm that %(things)s arrived") % {"things": self.things()}
        return {**super().context(), "submit_label": label, "waiting": waiting}


@needs(RECEIVE)
class Refuse(_Receiving):
    form_class = ReasonForm
    title = gettext_lazy("Refuse the receipt")
    lead = gettext_lazy(
        "Say what is wrong: nothing came, the wrong thing, or it is damaged. The giver sees the reason."
    )
    submit_label = gettext_lazy("Refuse the receipt")
    message = gettext_lazy("The refusal was sent to the giver.")
    danger = True

    def perform(self, form: ReasonForm) -> Handover:
        return actions.refuse_receipt(handover=self.handover, reason=form.cleaned_data["reason"], by=self.by)


@signed_in
class Scan(FormPage):
    """Adds the signed minutes afterwards: the giver or the receiver."""

    form_class = ScanForm
    title = gettext_lazy("Add the signed minutes")
    submit_label = gettext_lazy("Upload")
    message = gettext_lazy("The signed minutes have been stored.")

    def load(self) -> None:
        visible = Handover.objects.visible_to(self.by).select_related("gift__unit", "receiver")
        self.handover: Handover = self.fetch(visible, pk=self.kwargs["pk"])
        if not may_give(self.by, self.handover.gift):
            require(may_confirm(self.by, self.handover))

    def perform(self, form: ScanForm) -> Handover:
        return actions.attach_scan(handover=self.handover, scan=form.cleaned_data["scan"], by=self.by)

    def success_url(self, result: Any) -> str:
        return reverse("equipment:handover", args=[self.handover.pk])

    def context(self) -> dict[str, Any]:
        return {"breadcrumbs": way_to_handover(self.handover, (self.get_title(), ""))}


@signed_in
@require_safe
def stored_scan(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The uploaded file, only to whom the minutes are visible, as an attachment: it never runs in the portal."""
    handover = get_object_or_404(Handover.objects.visible_to(request.user), pk=pk)
    if not handover.scan:
        raise Http404
    name = handover.scan_name
    response = FileResponse(
        handover.scan.open("rb"), as_attachment=True, filename=name, content_type=handover.scan_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
