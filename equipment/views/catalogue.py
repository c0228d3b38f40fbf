"""What administrators keep: kinds of things, and the minimum specification with its consequences shown first."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.access import needs
from core.numbers import format_number
from core.pages import FormPage
from equipment.actions import catalogue as actions
from equipment.forms.items import KindForm, MinimumForm
from equipment.models import ItemKind, MinimumSpecification
from equipment.queries.gaps import reporting_units
from equipment.queries.minimums import Shift, preview_minimum
from equipment.state import Minimum
from equipment.views.frame import room_tabs, way
from units.choices import Right

KEEP = f"right.{Right.MANAGE_CATALOGUE}"


@needs(KEEP)
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """Both lists on one page: they are short and seldom change."""
    title = _("Kinds and minimum specification")
    context = {
        "title": title,
        "kinds": ItemKind.objects.order_by("-active", "name"),
        "minimums": MinimumSpecification.objects.order_by("-valid_from"),
        "tabs": room_tabs(request, "kinds"),
        "breadcrumbs": way((title, "")),
    }
    return render(request, "equipment/catalogue.html", context)


class _Page(FormPage):
    def success_url(self, result: Any) -> str:
        return reverse("equipment:kinds")

    def context(self) -> dict[str, Any]:
        return {"breadcrumbs": way((_("Kinds and minimum"), reverse("equipment:kinds")), (self.get_title(), ""))}


@needs(KEEP)
class KindAdd(_Page):
    form_class = KindForm
    title = gettext_lazy("Add a kind")
    message = gettext_lazy("The kind has been saved.")

    def perform(self, form: KindForm) -> ItemKind:
        names = form.Meta.fields
        return actions.save_kind(values={name: form.cleaned_data[name] for name in names}, by=self.by)


@needs(KEEP)
class KindEdit(_Page):
    form_class = KindForm
    title = gettext_lazy("Edit the kind")
    message = gettext_lazy("The kind has been saved.")

    def load(self) -> None:
        self.kind: ItemKind = self.fetch(ItemKind.objects.all(), pk=self.kwargs["pk"])

    def form_arguments(self) -> dict[str, Any]:
        return {"instance": copy(self.kind)}

    def perform(self, form: KindForm) -> ItemKind:
        return actions.save_kind(kind=self.kind, values=form.changed_values(), by=self.by)


@needs(KEEP)
class MinimumAdd(_Page):
    """The first sending shows what would change; the second one saves."""

    form_class = MinimumForm
    title = gettext_lazy("Add a minimum specification")
    submit_label = gettext_lazy("Continue")
    message = gettext_lazy("Saved. All units are being judged anew; their figures follow in a moment.")
    minimum: MinimumSpecification | None = None

    def form_arguments(self) -> dict[str, Any]:
        last = MinimumSpecification.objects.order_by("-valid_from").first()
        names = ("min_ram_gb", "min_storage_gb", "max_age_years")
        same = {name: getattr(last, name) for name in names} if last else {}
        return {"initial": {"valid_from": timezone.localdate(), **same}}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.load()
        form = self.form_class(data=request.POST, **self.form_arguments())
        if not form.is_valid() or form.cleaned_data["confirmed"]:
            return super().post(request, *args, **kwargs)
        data = request.POST.copy()
        data["confirmed"] = "on"
        form.data = data
        self.changes = [_in_words(shift) for shift in self._preview(form)]
        return self.show(form)

    def _preview(self, form: MinimumForm) -> list[Shift]:
        cleaned, today = form.cleaned_data, timezone.localdate()
        new = Minimum(cleaned["valid_from"], cleaned["min_ram_gb"], cleaned["min_storage_gb"], cleaned["max_age_years"])
        replaces = self.minimum.valid_from if self.minimum else None
        units = reporting_units(self.by, today)
        return preview_minimum(new, replaces=replaces, units=units, on=max(today, new.valid_from))

    def perform(self, form: MinimumForm) -> MinimumSpecification:
        cleaned = form.cleaned_data
        names = ("min_ram_gb", "min_storage_gb", "max_age_years", "legal_basis", "note")
        values = {name: cleaned[name] for name in names}
        return actions.save_minimum(valid_from=cleaned["valid_from"], values=values, minimum=self.minimum, by=self.by)

    def context(self) -> dict[str, Any]:
        if not hasattr(self, "changes"):
            return super().context()
        nothing = [_("No unit changes its state.")]
        return {**super().context(), "changes": self.changes or nothing, "submit_label": _("Save")}


@needs(KEEP)
class MinimumEdit(MinimumAdd):
    title = gettext_lazy("Correct the minimum specification")

    def load(self) -> None:
        self.minimum = self.fetch(MinimumSpecification.objects.all(), pk=self.kwargs["pk"])

    def form_arguments(self) -> dict[str, Any]:
        return {"instance": copy(self.minimum)}


def _in_words(shift: Shift) -> str:
    """12 đơn vị: đạt yêu cầu → chỉ có máy yếu hoặc hỏng (Xã A, Xã B …)."""
    names = ", ".join(shift.names) + (" …" if shift.units > len(shift.names) else "")
    words = {"n": format_number(shift.units), "before": shift.before_label, "after": shift.after_label}
    return _("%(n)s units: %(before)s → %(after)s (%(names)s)") % {**words, "names": names}
