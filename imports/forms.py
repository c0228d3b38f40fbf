"""The forms of an import: the file, the units that were meant, and the note at the confirmation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import Form, LineField
from imports.models import Import
from imports.permissions import scopes
from imports.registry import Importer
from imports.safety import LARGEST_FILE, MEGABYTE

if TYPE_CHECKING:
    from accounts.models import User


class FileForm(Form):
    """The file alone, where the page says for what it is."""

    file = forms.FileField(
        label=gettext_lazy("Excel file (.xlsx)"),
        allow_empty_file=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        error_messages={"empty": gettext_lazy("The file is empty. Fill in the form and send it.")},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise ValidationError(
                _("The file is larger than %(limit)s MB. Split it, or remove pictures from it."),
                params={"limit": LARGEST_FILE // MEGABYTE},
            )
        return file


class UploadForm(FileForm):
    """The file, and the unit for which it is where the person has several."""

    scope: Any = forms.ModelChoiceField(None, label=gettext_lazy("For unit"), empty_label=None)
    field_order = ("scope", "file")

    def __init__(self, *args: Any, user: User, importer: Importer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["scope"]
        field.queryset = scopes(user, importer)
        field.initial = field.queryset.first()
        if len(field.queryset[:2]) == 1:
            field.widget = forms.HiddenInput()


class AnswerForm(Form):
    """One question for each name in the file that fits several units."""

    def __init__(self, *args: Any, upload: Import, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys: dict[str, str] = {}
        for number, question in enumerate(upload.questions):
            name = f"unit-{number}"
            self.keys[name] = question["key"]
            choices = [(one["pk"], f"{one['name']} ({one['code']}), {one['place']}") for one in question["choices"]]
            cells = ", ".join(question["cells"][:3]) + ("…" if len(question["cells"]) > 3 else "")
            self.fields[name] = forms.TypedChoiceField(
                label=_("Which unit is “%(typed)s” (%(cells)s)?") % {"typed": question["typed"], "cells": cells},
                choices=choices,
                coerce=int,
                widget=forms.RadioSelect,
            )

    def answers(self) -> dict[str, int]:
        return {key: self.cleaned_data[name] for name, key in self.keys.items()}


class ConfirmForm(Form):
    """The confirmation; the note is needed where numbers are unusual, such as a fall by 90%."""

    note = LineField(
        label=gettext_lazy("Note"),
        max_length=300,
        error_messages={"required": gettext_lazy("Some numbers are unusual. Say why.")},
    )

    def __init__(self, *args: Any, upload: Import, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not upload.warnings:
            del self.fields["note"]
