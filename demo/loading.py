"""The stages of the sample, each told once and in one transaction, so that a broken start can be repeated."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

from django.core.management import call_command
from django.db import transaction
from django.utils import translation

from accounts import audit
from accounts.models import AuditEntry
from demo import accounts
from demo.story import communes, figures, letters, plans, provinces, reporting, thai_nguyen, trainees, trainings
from demo.story.keepers import Keepers, dismiss, keepers
from equipment import starter as equipment_starter
from equipment.actions.reorganisations import pass_on
from programmes.models import Programme
from units.choices import ReorganisationState
from units.models import Reorganisation

STAGE = "demo.stage"
Say = Callable[[str], object]


def load(today: date, say: Say) -> bool:
    """Tell what has not been told yet; returns whether anything was."""
    told = set(AuditEntry.objects.filter(action=STAGE).values_list("reason", flat=True))
    stages: dict[str, tuple[str, Callable[[], object]]] = {
        "reference": ("Danh mục đơn vị và chỉ số", _reference),
        "people": ("Tài khoản mẫu", accounts.load),
        "plans": ("Chương trình, nhiệm vụ, chỉ tiêu", _plans),
        "gift": ("166 máy tính của Thái Nguyên", _gift),
        "articles": ("Các bài báo khác", _articles),
        "reorganisation": ("Máy móc theo đơn vị mới", _reorganisation),
        "figures": (
            "36 tháng số liệu mẫu của ba tỉnh",
            lambda: figures.generate(keepers(), provinces.told_until(today), say),
        ),
        "communes": ("Danh bạ, chỉ tiêu của các xã", _communes),
        "forms": ("Biểu mẫu báo cáo", lambda: _forms(today)),
        "reports": ("Báo cáo tháng của Thái Nguyên", lambda: _reports(today)),
        "trainings": ("Lớp tập huấn", lambda: _trainings(today)),
        "letters": ("Báo cáo phát hành", lambda: _letters(today)),
        "trainees": ("Danh sách học viên", trainees.lists),
        "end": ("Hoàn tất", lambda: dismiss(keepers())),
    }
    with translation.override("vi"):
        for name, (title, tell) in stages.items():
            if name not in told:
                _tell(name, title, tell, say)
    return not set(stages) <= told


def _tell(name: str, title: str, tell: Callable[[], object], say: Say) -> None:
    start = time.monotonic()
    with transaction.atomic():
        tell()
        audit.record(by=None, action=STAGE, reason=name)
    say(f"  {title}: {time.monotonic() - start:.0f} giây")


def _reference() -> None:
    call_command("load_catalogue", verbosity=0)
    call_command("load_units", verbosity=0)
    equipment_starter.load()


def _plans() -> None:
    people = keepers()
    found = plans.programmes(people)
    plans.targets(people, found)


def _programmes() -> plans.Programmes:
    by_code = {one.code: one for one in Programme.objects.all()}
    return plans.Programmes(by_code["CDS-HOI"], by_code["NQ01-TN"], by_code["DA-939"])


def _gift() -> None:
    people = keepers()
    needy = thai_nguyen.survey(people)
    thai_nguyen.gift_of_vci(people, needy, _programmes().union)
    thai_nguyen.kits_of_2021(people)
    thai_nguyen.bac_kan(people)


def _articles() -> None:
    people = keepers()
    provinces.thanh_hoa(people, _programmes())
    provinces.rank(people)
    provinces.procedures(people)
    provinces.hau_giang(people)
    provinces.hai_duong(people)
    provinces.machines(people)


def _reorganisation() -> None:
    """The official successions are loaded as applied before any machine was known: now the machines follow them."""
    people: Keepers = keepers()
    for reorganisation in Reorganisation.objects.filter(state=ReorganisationState.APPLIED).order_by("on", "pk"):
        pass_on(reorganisation=reorganisation, by=people.national)
    thai_nguyen.later_life(people)
    thai_nguyen.wear(people)
    thai_nguyen.open_gift(people, _programmes().union)


def _communes() -> None:
    people = keepers()
    communes.contacts(people)
    communes.targets(people, _programmes().union)


def _forms(today: date) -> None:
    reporting.forms(keepers(), _programmes().union, provinces.told_until(today), today)


def _reports(today: date) -> None:
    reporting.reports(keepers(), provinces.told_until(today), today)


def _trainings(today: date) -> None:
    trainings.classes(keepers(), _programmes().union, min(today, date(2026, 11, 15)))


def _letters(today: date) -> None:
    letters.letters(_programmes().union, keepers().officer, today)
