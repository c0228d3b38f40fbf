from submissions.views.completeness import Standings, completeness
from submissions.views.grid import GiveBack, Reopen, SaveUnitGrid, SendUnitGrid, Sign, TakeBack, UnitGrid
from submissions.views.home import home
from submissions.views.lagging import Lagging
from submissions.views.notices import OwnPace, PaceByLink, ReadAll, notices, open_notice
from submissions.views.province import Province, SaveProvince, SendProvince
from submissions.views.reminding import NoticeLog, Remind
from submissions.views.review import Accept, Return, ReviewOne, review

__all__ = [
    "Accept",
    "GiveBack",
    "Lagging",
    "NoticeLog",
    "OwnPace",
    "PaceByLink",
    "Province",
    "ReadAll",
    "Remind",
    "Reopen",
    "Return",
    "ReviewOne",
    "SaveProvince",
    "SaveUnitGrid",
    "SendProvince",
    "SendUnitGrid",
    "Sign",
    "Standings",
    "TakeBack",
    "UnitGrid",
    "completeness",
    "home",
    "notices",
    "open_notice",
    "review",
]
