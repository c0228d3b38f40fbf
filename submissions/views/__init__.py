from submissions.views.grid import Reopen, SaveUnitGrid, SendUnitGrid, UnitGrid
from submissions.views.home import home
from submissions.views.province import Province, SaveProvince, SendProvince
from submissions.views.review import Accept, Return, ReviewOne, review

__all__ = [
    "Accept",
    "Province",
    "Reopen",
    "Return",
    "ReviewOne",
    "SaveProvince",
    "SaveUnitGrid",
    "SendProvince",
    "SendUnitGrid",
    "UnitGrid",
    "home",
    "review",
]
