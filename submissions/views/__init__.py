from submissions.views.grid import GiveBack, Reopen, SaveUnitGrid, SendUnitGrid, Sign, TakeBack, UnitGrid
from submissions.views.home import home
from submissions.views.province import Province, SaveProvince, SendProvince
from submissions.views.review import Accept, Return, ReviewOne, review

__all__ = [
    "Accept",
    "GiveBack",
    "Province",
    "Reopen",
    "Return",
    "ReviewOne",
    "SaveProvince",
    "SaveUnitGrid",
    "SendProvince",
    "SendUnitGrid",
    "Sign",
    "TakeBack",
    "UnitGrid",
    "home",
    "review",
]
