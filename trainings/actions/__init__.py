"""All writing of this room: trainings, and the lists of who attended."""

from trainings.actions.trainings import (
    cancel_training,
    edit_training,
    record_training,
    record_trainings,
    refresh_measures,
)

__all__ = ["cancel_training", "edit_training", "record_training", "record_trainings", "refresh_measures"]
