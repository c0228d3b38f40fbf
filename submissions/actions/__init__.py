from submissions.actions.autosaving import Kept, Outcome, TypedCell, keep_cells
from submissions.actions.deciding import accept_submissions, reopen_submission, return_submission
from submissions.actions.filling import Filled, confirm_unchanged
from submissions.actions.forms import change_form, create_form, draft_of, publish, write_draft
from submissions.actions.periods import change_period, give_permit, open_adhoc, open_periods, withdraw_permit
from submissions.actions.reorganising import pass_drafts
from submissions.actions.restoring import WrittenCell, restore_cells
from submissions.actions.saving import CellEdit, StaleError, save_cells, save_grid
from submissions.actions.sending import obstacles, send_submission, send_submissions, sign_submission, take_back
from submissions.frames import FormDetails
from submissions.schedule import Due

__all__ = [
    "CellEdit",
    "Due",
    "Filled",
    "FormDetails",
    "Kept",
    "Outcome",
    "StaleError",
    "TypedCell",
    "WrittenCell",
    "accept_submissions",
    "change_form",
    "change_period",
    "confirm_unchanged",
    "create_form",
    "draft_of",
    "give_permit",
    "keep_cells",
    "obstacles",
    "open_adhoc",
    "open_periods",
    "pass_drafts",
    "publish",
    "reopen_submission",
    "restore_cells",
    "return_submission",
    "save_cells",
    "save_grid",
    "send_submission",
    "send_submissions",
    "sign_submission",
    "take_back",
    "withdraw_permit",
    "write_draft",
]
