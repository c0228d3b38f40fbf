from submissions.views.cells import Cells, CellStory
from submissions.views.completeness import Standings, completeness
from submissions.views.excel import ProvinceExcel, UnitExcel, province_form, unit_form
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
    "ProvinceExcel",
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
    "UnitExcel",
    "UnitGrid",
    "completeness",
    "home",
    "notices",
    "province_form",
    "review",
    "unit_form",
]
