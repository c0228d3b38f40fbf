"""What happened to units, told to the rooms above inside the same transaction: the only channel that goes upward.

`lineage_changed(sender, unit_ids: set[int])`: the lineage rows of these units were written anew; sent after the
rows stand. `reorganisation_applied(sender, reorganisation, undone: bool, by)`: predecessors are closed and successors
open (or, undone, the other way round); links and lineage are already written.
"""

from __future__ import annotations

from django.dispatch import Signal

lineage_changed = Signal()
reorganisation_applied = Signal()
