from programmes.forms.catalogue import IndicatorForm, MeasureForm
from programmes.forms.plans import (
    ChooseIndicatorsForm,
    PillarForm,
    PlaceIndicatorForm,
    ProgrammeForm,
    ProgressForm,
    TaskForm,
)
from programmes.forms.targets import HandDownForm, TargetForm

__all__ = [
    "ChooseIndicatorsForm",
    "HandDownForm",
    "IndicatorForm",
    "MeasureForm",
    "PillarForm",
    "PlaceIndicatorForm",
    "ProgrammeForm",
    "ProgressForm",
    "TargetForm",
    "TaskForm",
]
