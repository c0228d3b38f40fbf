from submissions.actions.deciding import accept_submissions, reopen_submission, return_submission
from submissions.actions.reorganising import pass_drafts
from submissions.actions.saving import CellEdit, StaleError, save_cells, save_grid
from submissions.actions.sending import send_submission, send_submissions

__all__ = [
    "CellEdit",
    "StaleError",
    "accept_submissions",
    "pass_drafts",
    "reopen_submission",
    "return_submission",
    "save_cells",
    "save_grid",
    "send_submission",
    "send_submissions",
]
