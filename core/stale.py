"""No silent loss between two people who edit the same record: a stale save shows both values.

The page carries the values it showed. When it is sent, a field that somebody changed meanwhile and that this person
changed too is an error naming both values; a field this person left alone takes over the newer value. Sending again
is a decision and is saved.
"""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _

SEEN, STALE = "seen", "stale"


class SeenField(forms.CharField):
    """The hidden mark of what the page showed; it is no value of the record and never counts as changed."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class StaleGuard(forms.BaseForm):
    """Mixin, first among the bases. `initial` (or the instance) must be as stored now, locked where saving follows.

    `changed_values()` gives what the action has to write: only the fields this person changed.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._guarded = [name for name, field in self.fields.items() if not field.disabled and name != SEEN]
        self.fields[SEEN] = SeenField(initial=self._pack())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        seen = self._unpack(cleaned.pop(SEEN, ""))
        for name in self._guarded:
            if name in cleaned and name in seen and seen[name] != self._stored(name):
                self._settle(name, seen[name], cleaned)
        if self.errors:
            self._show_what_is_stored(seen)
        return cleaned

    def changed_values(self) -> dict[str, Any]:
        """The cleaned values that differ from the stored ones, by field; ask after `is_valid()`."""
        return {
            name: self.cleaned_data[name]
            for name in self._guarded
            if name in self.cleaned_data and self._as_text(name, self.cleaned_data[name]) != self._stored(name)
        }

    def _settle(self, name: str, seen: str, cleaned: dict[str, Any]) -> None:
        typed, stored = self._as_text(name, cleaned[name]), self._stored(name)
        if typed == seen:
            cleaned[name] = self.fields[name].clean(self.fields[name].prepare_value(self._initial(name)))
        elif typed != stored:
            words = {"stored": self._in_words(name, self._initial(name)), "typed": self._in_words(name, cleaned[name])}
            self.add_error(
                name,
                forms.ValidationError(
                    _(
                        "Somebody has just changed this to “%(stored)s”; you entered “%(typed)s”. "
                        "Save again to keep yours, or enter the other value."
                    ),
                    code=STALE,
                    params=words,
                ),
            )

    def _show_what_is_stored(self, seen: dict[str, str]) -> None:
        """Where both values are shown, the next save is a decision. All other fields keep the mark of what was seen:
        one that was left alone, or that could not be read, must not pass for a change of the newer value."""
        guarded = [name for name in self._guarded if name in self.fields]  # a form may have taken one away since
        marks = {name: seen.get(name, self._stored(name)) for name in guarded}
        marks |= {name: self._stored(name) for name in guarded if self.has_error(name, STALE)}
        data = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict or a dict
        data[self.add_prefix(SEEN)] = json.dumps(marks, ensure_ascii=False)
        self.data = data

    def _pack(self) -> str:
        return json.dumps({name: self._stored(name) for name in self._guarded}, ensure_ascii=False)

    def _unpack(self, text: str) -> dict[str, str]:
        """What the page had shown; a request that carries nothing readable claims nothing."""
        try:
            seen = json.loads(text)
        except (ValueError, RecursionError):
            return {}
        return seen if isinstance(seen, dict) else {}

    def _initial(self, name: str) -> Any:
        return self.get_initial_for_field(self.fields[name], name)

    def _stored(self, name: str) -> str:
        return self._as_text(name, self._initial(name))

    def _as_text(self, name: str, value: Any) -> str:
        """One spelling for a stored and for a cleaned value, so that they can be compared."""
        prepared = self.fields[name].prepare_value(value)
        if prepared is None or prepared is False:
            return ""
        if isinstance(prepared, list | tuple | set):
            return ",".join(sorted(str(part) for part in prepared))
        return str(prepared).replace("\r\n", "\n")

    def _in_words(self, name: str, value: Any) -> str:
        field = self.fields[name]
        if isinstance(field, forms.BooleanField):
            return _("Yes") if value else _("No")
        if isinstance(field, forms.ModelChoiceField):
            chosen = value if isinstance(value, Model) else field.queryset and field.queryset.filter(pk=value).first()
            return str(chosen or "–")
        labels = {str(key): str(label) for key, label in getattr(field, "choices", ())}
        text = self._as_text(name, value)
        return labels.get(text, text) or "–"
