"""The own account, and the first password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.forms import Form, ModelForm
from core.phones import PhoneField
from core.stale import StaleGuard

NEW_PASSWORD = {"autocomplete": "new-password"}


class ProfileForm(StaleGuard, ModelForm):
    """What a person may change about the own account without an administrator."""

    phone = PhoneField(label=_("Phone"), required=False)

    class Meta:
        model = User
        fields = ["full_name", "position", "phone"]
        labels = {"full_name": _("Full name"), "position": _("Position")}


class FirstPasswordForm(Form):
    """The password twice; its strength is judged by the action."""

    password = forms.CharField(
        label=_("New password"),
        strip=False,
        widget=forms.PasswordInput(attrs=NEW_PASSWORD),
        help_text=_("At least 10 characters. A short sentence is easy to remember and hard to guess."),
    )
    again = forms.CharField(label=_("New password again"), strip=False, widget=forms.PasswordInput(attrs=NEW_PASSWORD))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "password" in cleaned and "again" in cleaned and cleaned["password"] != cleaned["again"]:
            self.add_error("again", _("The two passwords differ. Enter the same password in both fields."))
        return cleaned
