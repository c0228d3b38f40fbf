"""What is done to units, grants and reorganisations. Verbs; each checks its right, writes its audit row, is atomic.

They raise `core.verdicts.Denied` (403 with the reason) and `ValidationError` with messages by field.
"""

from units.actions.accounts import create_administrator, lift_pause, open_account, renew_link, set_account_active
from units.actions.grants import end_grant, grant_role
from units.actions.reorganise import (
    Preview,
    apply_reorganisation,
    preview_reorganisation,
    propose_reorganisation,
)
from units.actions.undo import undo_reorganisation
from units.actions.units import ContactLine, ProfileChanges, add_unit, close_unit, edit_unit, rename_unit, set_contacts
from units.plans import Link, NewUnit

__all__ = [
    "ContactLine",
    "Link",
    "NewUnit",
    "Preview",
    "ProfileChanges",
    "add_unit",
    "apply_reorganisation",
    "close_unit",
    "create_administrator",
    "edit_unit",
    "end_grant",
    "grant_role",
    "lift_pause",
    "open_account",
    "preview_reorganisation",
    "propose_reorganisation",
    "rename_unit",
    "renew_link",
    "set_account_active",
    "set_contacts",
    "undo_reorganisation",
]
