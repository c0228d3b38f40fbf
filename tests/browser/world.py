"""What the browser stories start with, and short ways to what happened before them. Imported inside fixtures only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import User
from core.periods import first_day, last_finished
from equipment import starter as kinds
from equipment.actions.allotments import Share, allot
from equipment.actions.gifts import LineData, create_gift
from equipment.actions.handovers import Paper, hand_over, prepare_handovers
from equipment.actions.items import NewItem, declare_no_computer, register_item
from equipment.actions.receipts import confirm_receipt
from equipment.models import Gift, Handover, Item, ItemKind
from programmes import starter as catalogue
from programmes.actions import register_units
from programmes.actions.plans import add_pillar, choose_indicators, create_programme, create_task
from programmes.actions.targets import set_target
from programmes.models import Indicator, Measure, Programme
from programmes.rules import ProgrammeDetails, TargetDetails, TaskDetails
from sponsors.actions import add_sponsor
from sponsors.models import Sponsor
from submissions import starter as forms
from submissions.actions import CellEdit, accept_submissions, open_periods, save_grid, send_submission
from submissions.models import ReportingPeriod, Submission
from submissions.queries import Key
from tests.cast import REFORM, Cast
from trainings.actions import record_training
from trainings.choices import Topic
from trainings.models import TrainingClass
from trainings.rules import TrainingDetails
from units.models import Unit

FOLLOWED = ("INF-02", "GOV-03", "TRN-02")  # computers, members in the software, turns of training


@dataclass
class Portal:
    """The cast at work: the catalogue, a sponsor, and one programme that follows three indicators."""

    cast: Cast
    programme: Programme
    sponsor: Sponsor
    today: date

    @property
    def month(self) -> int:
        """The last finished month: the one that reports are due for."""
        return last_finished(self.today)

    @property
    def period(self) -> ReportingPeriod:
        """The period of the monthly form that covers that month."""
        found: ReportingPeriod = ReportingPeriod.objects.get(month=self.month)
        return found

    def period_before(self) -> ReportingPeriod:
        found: ReportingPeriod = ReportingPeriod.objects.get(month=self.month - 1)
        return found

    def indicator(self, code: str) -> Indicator:
        return Indicator.objects.get(code=code)

    # --- reports ---

    def draft(self, unit: Unit, values: Mapping[str, int], by: User) -> Submission:
        measures = dict(Measure.objects.filter(code__in=values).values_list("code", "pk"))
        edits = [
            CellEdit(Key(unit.pk, self.period.pk, measures[code]), Decimal(value)) for code, value in values.items()
        ]
        (submission,) = save_grid(edits=edits, by=by, today=self.today)
        return submission

    def sent(self, unit: Unit, values: Mapping[str, int], by: User) -> Submission:
        return send_submission(submission=self.draft(unit, values, by), by=by, today=self.today)

    def accepted(self, unit: Unit, values: Mapping[str, int], by: User) -> Submission:
        return accept_submissions(submissions=[self.sent(unit, values, by)], by=self.cast.officer)[0]

    # --- equipment ---

    def gift(self, quantity: int = 2, title: str = "Máy tính cho Hội cơ sở") -> Gift:
        details = {"model": "Dell Vostro", "ram_gb": 8, "storage_gb": 256, "year": self.today.year}
        line = LineData(kind=ItemKind.objects.get(code="PC"), quantity=quantity, unit_value=12_000_000, **details)
        return create_gift(
            unit=self.cast.thai_nguyen,
            sponsor=self.sponsor,
            title=title,
            pledged_on=self.today - timedelta(days=40),
            lines=[line],
            by=self.cast.officer,
            today=self.today,
        )

    def handed(self, unit: Unit, gift: Gift | None = None) -> Handover:
        """One machine on its way to the unit, waiting for its confirmation."""
        gift = gift or self.gift()
        on = self.today - timedelta(days=20)
        common = {"by": self.cast.officer, "today": self.today}
        shares = allot(line=gift.lines.get(), shares=[Share(unit, 1)], on=on, **common)
        paper = Paper(on=on, place="Trụ sở Hội LHPN tỉnh", giver_name="Lê Thị Chuyên", giver_position="Chuyên viên")
        (handover,) = prepare_handovers(gift=gift, allotments=shares, paper=paper, **common)
        return hand_over(handover=handover, on=on, **common)

    def confirmed(self, unit: Unit, by: User, **details: Any) -> Handover:
        handover = self.handed(unit)
        return confirm_receipt(handover=handover, received_on=self.today, by=by, today=self.today, **details)

    def machine(self, unit: Unit, by: User, **details: Any) -> Item:
        """A machine that was there before."""
        values = {"received_on": REFORM, "year": 2014, "ram_gb": 2, "storage_gb": 80, **details}
        kind = ItemKind.objects.get(code="PC")
        return register_item(entry=NewItem(unit=unit, kind=kind, **values), by=by, today=self.today)

    def without_fit_computer(self) -> None:
        """All four units of Thái Nguyên have declared: two stand with an old machine, two with none."""
        cast, on = self.cast, self.today - timedelta(days=60)
        for unit in (cast.tan_cuong, cast.police):
            self.machine(unit, by=cast.officer, received_on=on)
        for unit in (cast.dai_phuc, cast.phu_dinh):
            declare_no_computer(unit=unit, on=on, by=cast.officer, today=self.today)

    # --- trainings ---

    def training(self, unit: Unit, by: User, turns: int = 40, month: int | None = None) -> TrainingClass:
        day = first_day(self.month if month is None else month)
        details = TrainingDetails(
            title="Kỹ năng số cho hội viên",
            topic=Topic.DIGITAL,
            organiser=unit,
            start=day,
            end=day,
            turns=turns,
            women=turns,
        )
        return record_training(details=details, by=by, today=self.today)


def build(cast: Cast) -> Portal:
    today = timezone.localdate()
    catalogue.load()
    kinds.load()
    register_units()
    details = ProgrammeDetails(
        code="CDS-HOI",
        name="Chuyển đổi số trong hoạt động Hội LHPN Việt Nam",
        short_name="Chuyển đổi số trong Hội",
        start=REFORM,
        end=today + timedelta(days=400),
    )
    programme = create_programme(owner=cast.centre, details=details, by=cast.national, today=today)
    pillar = add_pillar(programme=programme, name="Hạ tầng, kỹ năng số", by=cast.national)
    followed = Indicator.objects.filter(code__in=FOLLOWED)
    choose_indicators(programme=programme, indicators=followed, pillar=pillar, by=cast.national)
    set_target(
        programme=programme,
        indicator=followed.get(code="INF-02"),
        unit=cast.thai_nguyen,
        details=TargetDetails(Decimal(100), today + timedelta(days=365), Decimal(0), REFORM),
        by=cast.national,
    )
    task = TaskDetails(name="Trang bị máy tính cho Hội cơ sở", owner=cast.thai_nguyen, due=today + timedelta(days=60))
    create_task(programme=programme, details=task, by=cast.national, today=today)
    form = forms.load(programme=programme, first_month=last_finished(today) - 2, by=cast.national, today=today)
    open_periods(today=today, forms=[form])
    sponsor = add_sponsor(kept_by=cast.thai_nguyen, by=cast.officer, name="Công ty CP Đầu tư VCI")
    return Portal(cast, programme, sponsor, today)
