from submissions.views.cells import Cells, CellStory
from submissions.views.completeness import Standings, completeness
from submissions.views.grid import Reopen, SaveUnitGrid, Unchanged, UnitGrid
from submissions.views.home import home
from submissions.views.lagging import Lagging
from submissions.views.notices import OpenNotice, OwnPace, PaceByLink, ReadAll, notices
from submissions.views.province import Province, SaveProvince, SendProvince
from submissions.views.reminding import NoticeLog, Remind
from submissions.views.review import Accept, Return, ReviewOne, review
from submissions.views.sending import Check, GiveBack, SaveAndCheck, Send, Sign, TakeBack

__all__ = [
    "Accept",
    "CellStory",
    "Cells",
    "Check",
    "GiveBack",
    "Lagging",
    "NoticeLog",
    "OpenNotice",
    "OwnPace",
    "PaceByLink",
    "Province",
    "ReadAll",
    "Remind",
    "Reopen",
    "Return",
    "ReviewOne",
    "SaveAndCheck",
    "SaveProvince",
    "SaveUnitGrid",
    "Send",
    "SendProvince",
    "Sign",
    "Standings",
    "TakeBack",
    "Unchanged",
    "UnitGrid",
    "completeness",
    "home",
    "notices",
    "review",
]
