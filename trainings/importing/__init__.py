"""What can be imported into this room from Excel."""

from trainings.importing.trainings import TrainingImporter

__all__ = ["TrainingImporter"]
