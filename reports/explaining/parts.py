"""The parts into which the change of a number falls."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Part(TextChoices):
    """Why a number changed, in the order in which a page tells it."""

    CORRECTED = "corrected", _("Corrected")
    REORGANISED = "reorganised", _("Reorganised units")
    GAINED = "gained", _("Increased")
    LOST = "lost", _("Decreased")

    def words(self, *, of_states: bool) -> str:
        """Of states of units («has a fit computer») a gain is newly reached and a loss is lost."""
        if of_states and self in _OF_STATES:
            return str(_OF_STATES[self])
        return str(self.label)

    @property
    def meaning(self) -> str:
        return str(_MEANINGS[self])


_OF_STATES = {Part.GAINED: _("Newly reached"), Part.LOST: _("No longer reached")}
_MEANINGS = {
    Part.CORRECTED: _("figures of the earlier month that were corrected or taken back after that month was over"),
    Part.REORGANISED: _("what units that ended had, and what others took over from them; units that opened or ended"),
    Part.GAINED: _("units whose own figures raised the value, by reports or by records"),
    Part.LOST: _("units whose own figures lowered the value, by reports or by records"),
}
