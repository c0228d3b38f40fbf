"""How often a person wants e-mail."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from submissions.choices import MailPace


class PaceForm(Form):
    pace = forms.ChoiceField(choices=MailPace.choices, label=_("How often"), widget=forms.RadioSelect)
