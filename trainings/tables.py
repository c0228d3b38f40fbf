"""The list of trainings."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.numbers import format_number
from core.tables import NOTHING, Column, DateColumn, NumberColumn, StatusColumn, Table
from trainings.choices import TrainingState
from trainings.models import TrainingClass

STATE_TONES: dict[str, str] = {
    TrainingState.PLANNED: "info",
    TrainingState.HELD: "good",
    TrainingState.CANCELLED: "plain",
}


def page_of(record: TrainingClass) -> str:
    return reverse("trainings:detail", args=[record.pk])


class TrainingTable(Table):
    title = Column(verbose_name=_("Name of the class or event"), linkify=page_of, order_by=("search",))
    kind = Column()
    topic = Column()
    organiser = Column(accessor="organiser__name", verbose_name=_("Organiser"), order_by=("organiser__sort_key",))
    end = DateColumn(verbose_name=_("Last day"))
    turns = NumberColumn(verbose_name=_("Turns"))
    women = NumberColumn(verbose_name=_("Women (turns)"))
    state = StatusColumn(tones=STATE_TONES)

    def value_turns(self, value: int, record: TrainingClass) -> int | None:
        """Nothing for what was not held: nobody has come to a plan yet."""
        return value if record.is_held else None

    def value_women(self, value: int, record: TrainingClass) -> int | None:
        return self.value_turns(value, record)

    def render_turns(self, value: int, record: TrainingClass) -> str:
        return format_number(self.value_turns(value, record)) or NOTHING

    def render_women(self, value: int, record: TrainingClass) -> str:
        return self.render_turns(value, record)

    class Meta:
        model = TrainingClass
        fields = ("title", "kind", "topic", "organiser", "end", "turns", "women", "state")
