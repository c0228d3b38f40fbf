"""All writing of this room: trainings, and the lists of who attended."""

from trainings.actions.keys import rekey
from trainings.actions.trainees import (
    add_trainees,
    choose_counts,
    edit_trainee,
    edit_trainees,
    erase_names,
    note_export,
    number_certificates,
    remove_trainees,
)
from trainings.actions.trainings import (
    cancel_training,
    edit_training,
    record_training,
    record_trainings,
    refresh_measures,
)

__all__ = [
    "add_trainees",
    "cancel_training",
    "choose_counts",
    "edit_trainee",
    "edit_trainees",
    "edit_training",
    "erase_names",
    "note_export",
    "number_certificates",
    "record_training",
    "record_trainings",
    "refresh_measures",
    "rekey",
    "remove_trainees",
]
