"""Forms of records whose rules stand in the actions."""

from __future__ import annotations

from typing import Any

from django.forms.models import BaseModelForm


class RulesInAction(BaseModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Mixin of model forms: fields are checked here, rules between fields by the action, which names the field.

    Django would check the constraints of the database too, and tell their names on top of the form.
    """

    def _post_clean(self) -> None:
        self.instance.validate_constraints = _left_to_the_action
        try:
            super()._post_clean()  # type: ignore[misc]  # private, and the only place where Django checks them
        finally:
            del self.instance.validate_constraints

    def validate_unique(self) -> None:
        """Left to the action."""


def _left_to_the_action(exclude: Any = None) -> None:
    """In place of Model.validate_constraints."""
