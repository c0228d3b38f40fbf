"""The measures that are computed from records: their codes, and the way to them.

The rooms that keep the records write them through `programmes.actions.record_figures`; the starter catalogue
(`programmes.starter`) creates them.
"""

from __future__ import annotations

from programmes.models import Measure

U_COMMUNE = "U-COMMUNE"  # active units of commune level, attached units included
U_ALL = "U-ALL"  # active units of all levels

EQ_WORKING = "EQ-WORKING"  # the unit has a working computer (0 or 1, as the four that follow)
EQ_FIT = "EQ-FIT"
EQ_SHARED = "EQ-SHARED"
EQ_WEAK = "EQ-WEAK"
EQ_NONE = "EQ-NONE"
EQ_GIVEN = "EQ-GIVEN"  # computers received by confirmed handover
EQ_VALUE = "EQ-VALUE"  # their value in đồng

TR_TURNS = "TR-TURNS"  # participants of trainings, counted each time
TR_WOMEN = "TR-WOMEN"  # parts of the turns, as the three that follow
TR_MINORITY = "TR-MINORITY"
TR_OFFICERS = "TR-OFFICERS"
TR_MEMBERS = "TR-MEMBERS"
TR_CLASSES = "TR-CLASSES"
TR_CERTS = "TR-CERTS"
TR_SAFETY = "TR-SAFETY"

PR_TASKS = "PR-TASKS"  # tasks of programmes, and those done
PR_TASKS_DONE = "PR-TASKS-DONE"


def measure(code: str) -> Measure:
    """The measure of this code. Raises Measure.DoesNotExist, saying what to do."""
    try:
        return Measure.objects.get(code=code)
    except Measure.DoesNotExist:
        raise Measure.DoesNotExist(f"There is no measure {code}: run `manage.py load_catalogue`.") from None
