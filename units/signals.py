"""What happened to units, told to the rooms above inside the same transaction: the only channel that goes upward.

`lineage_changed(sender, unit_ids: set[int])`: the lineage rows of these units were written anew, or the units were
closed or opened again; sent after the rows stand.
`reorganisation_applied(sender, reorganisation, undone: bool, by)`: predecessors are closed and successors open; links
and lineage are written (`reorganisation.links`). With `undone` it is sent while the links still stand and the
predecessors are open again: a room takes back what it did for this reorganisation, so that no row of its own refers to
units that the reorganisation opened. They are removed next, and a row left there forbids the undoing.
"""

from __future__ import annotations

from django.dispatch import Signal

lineage_changed = Signal()
reorganisation_applied = Signal()
