"""What is done to figures. Verbs for plans, tasks and the catalogue stand in the modules beside."""

from programmes.actions.figures import carry_over, record_figures, register_units
from programmes.recording import Entry, Recorded

__all__ = ["Entry", "Recorded", "carry_over", "record_figures", "register_units"]
