"""The sponsor form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.forms import ModelForm
from core.phones import PhoneField
from core.stale import StaleGuard
from sponsors.models import Sponsor
from units.choices import Right
from units.models import Unit
from units.permissions import granted_units

if TYPE_CHECKING:
    from accounts.models import User

TAX_CODE_DIGITS = (10, 12, 13)  # companies, persons by their personal number, branches (Thông tư 86/2024/TT-BTC)


class SponsorForm(StaleGuard, ModelForm):
    """A sponsor, kept by one of the units at which the person holds the right to keep sponsors."""

    phone = PhoneField(label=_("Phone"), required=False)

    class Meta:
        model = Sponsor
        fields = [
            "name",
            "kind",
            "tax_code",
            "contact_name",
            "contact_position",
            "phone",
            "email",
            "address",
            "kept_by",
            "note",
        ]
        labels = {
            "name": _("Name of the sponsor"),
            "kind": _("Kind of sponsor"),
            "tax_code": _("Tax code"),
            "contact_name": _("Contact person"),
            "contact_position": _("Position of the contact person"),
            "email": _("E-mail"),
            "address": _("Address"),
            "kept_by": _("Unit that keeps the contact"),
            "note": _("Note"),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = granted_units(user, Right.MANAGE_SPONSORS)
        choices = Unit.objects.filter(Q(pk__in=units) | Q(pk=self.instance.kept_by_id)).in_order()
        self.fields["kept_by"].queryset = choices  # type: ignore[attr-defined]  # a ModelChoiceField
        if self.instance.pk is None:
            self.fields["kept_by"].initial = choices.first()

    def clean_tax_code(self) -> str:
        typed: str = self.cleaned_data["tax_code"]
        if typed and sum(sign.isdigit() for sign in typed) not in TAX_CODE_DIGITS:
            raise ValidationError(
                _("“%(typed)s” is not a tax code: it has 10, 12 or 13 digits."), params={"typed": typed}
            )
        return typed
