"""Which indicators a programme follows, and under which pillar."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access import needs
from core.numbers import format_number
from core.verdicts import require
from programmes.actions import plans
from programmes.forms import ChooseIndicatorsForm, PlaceIndicatorForm
from programmes.models import Programme, ProgrammeIndicator
from programmes.permissions import may_plan
from programmes.views.base import OfProgramme


@needs("right.plan")
class Choose(OfProgramme):
    form_class = ChooseIndicatorsForm
    template_name = "programmes/choose_indicators.html"
    title = gettext_lazy("Choose indicators")
    submit_label = gettext_lazy("Follow these indicators")

    def form_arguments(self) -> dict[str, Any]:
        return {"programme": self.programme}

    def perform(self, form: ChooseIndicatorsForm) -> list[ProgrammeIndicator]:
        pillar = form.cleaned_data["pillar"]
        return plans.choose_indicators(
            programme=self.programme, indicators=form.chosen(), pillar=pillar, by=self.person
        )

    def success_message(self, result: list[ProgrammeIndicator]) -> str:
        return _("%(count)s indicators have been added to the programme.") % {"count": format_number(len(result))}


class OfFollowed(OfProgramme):
    """A form about one indicator within a programme that the person plans."""

    followed: ProgrammeIndicator

    def load(self) -> None:
        visible = Programme.objects.visible_to(self.request.user)
        found = ProgrammeIndicator.objects.filter(programme__in=visible)
        self.followed = self.fetch(found.select_related("programme__owner", "indicator"), pk=self.kwargs["pk"])
        self.programme = self.followed.programme
        require(may_plan(self.request.user, self.programme.owner))

    def context(self) -> dict[str, Any]:
        return {**super().context(), "lead": self.followed.indicator.name}


@needs("right.plan")
class Place(OfFollowed):
    form_class = PlaceIndicatorForm
    title = gettext_lazy("Place the indicator")
    message = gettext_lazy("The indicator has been placed.")

    def form_arguments(self) -> dict[str, Any]:
        initial = {"pillar": self.followed.pillar, "order": self.followed.order}
        return {"programme": self.programme, "initial": initial}

    def perform(self, form: PlaceIndicatorForm) -> ProgrammeIndicator:
        values = {name: form.cleaned_data[name] for name in ("pillar", "order")}
        return plans.place_indicator(chosen=self.followed, by=self.person, **values)


@needs("right.plan")
class Drop(OfFollowed):
    title = gettext_lazy("Take the indicator out of the programme")
    submit_label = gettext_lazy("Take it out")
    message = gettext_lazy("The programme no longer follows this indicator.")
    danger = True

    def perform(self, form: Any) -> None:
        plans.drop_indicator(chosen=self.followed, by=self.person)

    def context(self) -> dict[str, Any]:
        change = _("“%(indicator)s” is no longer shown in “%(programme)s”. Its figures stay.") % {
            "indicator": self.followed.indicator.name,
            "programme": self.programme.short_name,
        }
        return {**super().context(), "changes": [change]}
