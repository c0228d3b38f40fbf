"""The forms that keep a unit: profile, contacts, a unit below, a new name, the end."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access import needs, signed_in
from core.pages import FormPage
from core.verdicts import denied, require
from units import actions
from units.choices import Right
from units.forms import AddUnitForm, CloseForm, ContactFormSet, ProfileForm, RenameForm, kinds_below
from units.models import Grant, Unit
from units.permissions import may, may_keep_contacts, rights_at
from units.views.unit import SMALL_KINDS

KEEP = f"right.{Right.MANAGE_UNITS}"


class UnitPage(FormPage):
    """A form about one visible unit, which leads back to its page."""

    unit: Unit

    def load(self) -> None:
        self.unit = self.fetch(Unit.objects.visible_to(self.request.user), pk=self.kwargs["pk"])
        require(self.verdict())

    def verdict(self) -> Any:
        return may(self.by, Right.MANAGE_UNITS, self.unit)

    def success_url(self, result: Any) -> str:
        return reverse("units:detail", args=[self.unit.pk])

    def context(self) -> dict[str, Any]:
        home = (self.unit.name, reverse("units:detail", args=[self.unit.pk]))
        return {"unit": self.unit, "breadcrumbs": [(_("Units"), reverse("units:list")), home, (self.get_title(), "")]}


@needs(KEEP)
class EditUnit(UnitPage):
    template_name = "units/edit.html"
    form_class = ProfileForm
    title = gettext_lazy("Edit the profile")
    message = gettext_lazy("The profile has been saved.")

    def form_arguments(self) -> dict[str, Any]:
        return {"instance": copy(self.unit)}

    def perform(self, form: ProfileForm) -> Unit:
        return actions.edit_unit(unit=self.unit, by=self.by, **form.changed_values())


@signed_in  # officers, administrators and the unit's own leader: `may_keep_contacts` decides
class EditContacts(UnitPage):
    template_name = "units/contacts.html"
    form_class = ContactFormSet
    title = gettext_lazy("Contacts")
    lead = gettext_lazy("People to call at this unit. Empty a line to take the person off the list.")
    message = gettext_lazy("The contacts have been saved.")

    def verdict(self) -> Any:
        return may_keep_contacts(self.by, self.unit)

    def form_arguments(self) -> dict[str, Any]:
        return {"stored": self.unit.contacts.all()}

    def perform(self, form: Any) -> Any:
        return actions.set_contacts(unit=self.unit, contacts=form.lines(), by=self.by)


@needs(KEEP)
class AddUnit(UnitPage):
    form_class = AddUnitForm
    title = gettext_lazy("Add a unit below")
    submit_label = gettext_lazy("Add the unit")
    message = gettext_lazy("The unit has been added.")

    def verdict(self) -> Any:
        if not kinds_below(self.unit, rights_at(self.by, self.unit)):
            return denied(_("No unit can be added below %(unit)s.") % {"unit": self.unit.name})
        return super().verdict()

    def form_arguments(self) -> dict[str, Any]:
        return {"parent": self.unit, "rights": rights_at(self.by, self.unit)}

    def perform(self, form: AddUnitForm) -> Unit:
        return actions.add_unit(parent=self.unit, by=self.by, **form.cleaned_data)

    def success_url(self, result: Unit | None) -> str:
        return reverse("units:detail", args=[(result or self.unit).pk])


class _VerbPage(UnitPage):
    """A verb for which larger units need a national decision."""

    def verdict(self) -> Any:
        right = Right.MANAGE_UNITS if self.unit.kind in SMALL_KINDS else Right.REORGANISE
        return may(self.by, right, self.unit)


@needs(KEEP)
class RenameUnit(_VerbPage):
    form_class = RenameForm
    title = gettext_lazy("Rename the unit")
    lead = gettext_lazy("The unit goes on; its former name stays findable with its dates.")
    submit_label = gettext_lazy("Rename")
    message = gettext_lazy("The unit has its new name.")

    def form_arguments(self) -> dict[str, Any]:
        names = ("name", "short_name", "designation")
        return {"initial": {name: getattr(self.unit, name) for name in names}}

    def perform(self, form: RenameForm) -> Unit:
        return actions.rename_unit(unit=self.unit, by=self.by, **form.cleaned_data)


@needs(KEEP)
class CloseUnit(_VerbPage):
    form_class = CloseForm
    title = gettext_lazy("Close the unit")
    lead = gettext_lazy(
        "For a unit that ends without a successor. Where another unit takes over, propose a reorganisation."
    )
    submit_label = gettext_lazy("Close the unit")
    message = gettext_lazy("The unit is closed.")
    danger = True

    def perform(self, form: CloseForm) -> Unit:
        return actions.close_unit(unit=self.unit, by=self.by, **form.cleaned_data)

    def context(self) -> dict[str, Any]:
        held = Grant.objects.in_force().filter(unit=self.unit).select_related("user")
        told = _("%(person)s is no longer “%(role)s” here.")
        ending = [told % {"person": grant.user, "role": grant.get_role_display()} for grant in held]
        closing = _("%(unit)s no longer stands in lists and reports after that day. Nothing is deleted.")
        return {**super().context(), "changes": [closing % {"unit": self.unit.name}, *ending]}
