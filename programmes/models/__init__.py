from programmes.models.catalogue import RANK_LABEL, Indicator, Measure, default_entered_at
from programmes.models.figures import (
    LARGEST_VALUE,
    VALUE_SCALE,
    WEIGHT_SCALE,
    Contribution,
    Figure,
    FigureChange,
    ScaledField,
    Total,
)
from programmes.models.plans import Pillar, Programme, ProgrammeIndicator, Target, Task, TaskUpdate

__all__ = [
    "LARGEST_VALUE",
    "RANK_LABEL",
    "VALUE_SCALE",
    "WEIGHT_SCALE",
    "Contribution",
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
    "default_entered_at",
]
