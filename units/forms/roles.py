"""Forms that give and end roles, and that invite people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions import account_with
from core.forms import DateField, Form, LineField, NotesField
from core.phones import PhoneField
from core.verdicts import Verdict
from units.choices import Role, UnitKind
from units.models import Unit
from units.permissions import may_grant

if TYPE_CHECKING:
    from accounts.models import User


class _RoleForm(Form):
    """What giving a role asks, whoever gets it."""

    role = forms.ChoiceField(label=gettext_lazy("Role"))

    def __init__(self, *args: Any, user: User, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.unit = user, unit
        self.fields["role"].choices = roles_to_give(user, unit)  # type: ignore[attr-defined]  # a ChoiceField


class GrantForm(_RoleForm):
    """A role for somebody who has an account."""

    email = LineField(
        label=gettext_lazy("E-mail or sign-in name of the person"),
        max_length=254,
        help_text=gettext_lazy("The person must already have an account."),
    )
    valid_from = DateField(label=gettext_lazy("From"))
    valid_to = DateField(
        label=gettext_lazy("Until"), required=False, help_text=gettext_lazy("Left empty, the role has no end.")
    )
    note = LineField(label=gettext_lazy("Note"), max_length=200, required=False)
    field_order = ["email", "role", "valid_from", "valid_to", "note"]

    def clean_email(self) -> str:
        typed: str = self.cleaned_data["email"]
        person = account_with(typed)
        if person is None:
            raise ValidationError(
                _("Nobody signs in with “%(typed)s”. Check the spelling, or invite the person as a new one."),
                params={"typed": typed},
            )
        self.person: User = person
        return typed


class InviteForm(_RoleForm):
    """A new account with its first role."""

    full_name = LineField(label=gettext_lazy("Full name"), max_length=120)
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), help_text=gettext_lazy("The person signs in with this address.")
    )
    position = LineField(label=gettext_lazy("Position"), max_length=120, required=False)
    phone = PhoneField(label=gettext_lazy("Phone"), required=False)
    field_order = ["full_name", "email", "position", "phone", "role"]

    def clean_email(self) -> str:
        typed: str = self.cleaned_data["email"].lower()
        if account_with(typed):
            raise ValidationError(
                _("“%(typed)s” already has an account: give that person a role instead."), params={"typed": typed}
            )
        return typed


def roles_to_give(user: User, unit: Unit) -> list[tuple[str, Any]]:
    """The roles that the person may give at the unit."""

    def offered(role: str) -> Verdict:
        return may_grant(user, role, unit, to=None)

    small = [(role, label) for role, label in Role.choices if role != Role.NATIONAL]
    if not offered(Role.VIEWER):
        return []
    national = unit.kind == UnitKind.CENTRE and offered(Role.NATIONAL)
    return list(Role.choices) if national else small


class EndGrantForm(Form):
    on = DateField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Left empty, the role ends at once."),
    )
    reason = LineField(label=gettext_lazy("Reason"), max_length=200)


class ReasonForm(Form):
    """For steps that must say why."""

    reason = NotesField(label=gettext_lazy("Reason"), max_length=1000)
