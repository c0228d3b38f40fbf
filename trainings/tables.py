"""The list of trainings, and the list of those who attended one."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.numbers import format_number
from core.phones import masked
from core.tables import NOTHING, Column, DateColumn, NumberColumn, StatusColumn, Table
from trainings.choices import TrainingState
from trainings.models import Trainee, TrainingClass

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


def page_of_trainee(record: Trainee) -> str | None:
    """Where the person is corrected; nowhere once the name is erased."""
    return reverse("trainings:trainee", args=[record.training_id, record.pk]) if record.full_name else None


class TraineeTable(Table):
    """Who is in the list of a class. Telephone numbers are masked: a page is looked at over shoulders."""

    full_name = Column(
        verbose_name=_("Full name"), linkify=page_of_trainee, order_by=("sort_key",), empty_values=()
    )  # an erased name is shown as the number in the list
    place = NumberColumn(verbose_name=_("No."), initial_sort_descending=False)
    birth_year = Column(verbose_name=_("Year of birth"), attrs={"cell": {"class": "num"}})
    gender = Column()
    ethnic_minority = Column(verbose_name=_("Ethnic minority"))
    standing = Column()
    position = Column(verbose_name=_("Position"))
    branch = Column(verbose_name=_("Branch, place of work"))
    unit = Column(accessor="unit__name", verbose_name=_("Unit"), order_by=("unit__sort_key",))
    phone = Column(verbose_name=_("Phone"), orderable=False)
    certificate = Column(verbose_name=_("Certificate"))

    def render_full_name(self, record: Trainee) -> str:
        return str(record)

    def render_birth_year(self, value: int) -> str:
        return str(value)

    def value_birth_year(self, value: int) -> int:
        return value

    def render_ethnic_minority(self, value: bool) -> str:
        return str(_("Yes")) if value else NOTHING

    def value_ethnic_minority(self, value: bool) -> bool:
        return value

    def render_phone(self, value: str) -> str:
        return masked(value)

    class Meta:
        model = Trainee
        fields = (
            "full_name", "place", "birth_year", "gender", "ethnic_minority", "standing", "position", "branch", "unit",
            "phone", "certificate",
        )  # fmt: skip


class OneUnitTraineeTable(TraineeTable):
    """Of an organiser without units below it: all belong to it."""

    class Meta(TraineeTable.Meta):
        exclude = ("unit",)


class FullTraineeTable(TraineeTable):
    """The same for the file: with whole numbers."""

    def render_phone(self, value: str) -> str:
        return value
