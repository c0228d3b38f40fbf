from programmes.models.catalogue import Indicator, Measure
from programmes.models.figures import VALUE_SCALE, WEIGHT_SCALE, Figure, FigureChange, ScaledField, Total
from programmes.models.plans import Pillar, Programme, ProgrammeIndicator, Target, Task, TaskUpdate

__all__ = [
    "VALUE_SCALE",
    "WEIGHT_SCALE",
    "Figure",
    "FigureChange",
    "Indicator",
    "Measure",
    "Pillar",
    "Programme",
    "ProgrammeIndicator",
    "ScaledField",
    "Target",
    "Task",
    "TaskUpdate",
    "Total",
]
