"""What can be imported into this room from Excel."""

from trainings.importing.trainees import TraineeImporter
from trainings.importing.trainings import TrainingImporter

__all__ = ["TraineeImporter", "TrainingImporter"]
