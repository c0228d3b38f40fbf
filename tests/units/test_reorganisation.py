"""Mergers, divisions, moves and closings: proposed, previewed, applied, undone without a trace in the tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import AuditEntry
from core.verdicts import Denied
from tests.cast import Cast, grant
from tests.units.trees import dump, lineage, open_below
from units import actions, queries, reorganisation_checks
from units.actions import ContactLine, Link, NewUnit
from units.choices import ReorganisationKind, ReorganisationState, Right, Role, Share, UnitKind
from units.lineage import rebuild_lineage
from units.models import Contact, Grant, Reorganisation, Succession, Unit
from units.permissions import may
from units.reorganisation_checks import Decision, Findings, PlannedChange, SumCheck
from units.signals import lineage_changed, reorganisation_applied

pytestmark = pytest.mark.django_db
ON = date(2026, 10, 1)
EVE = ON - timedelta(days=1)
TODAY = date(2026, 11, 21)
MERGE, SPLIT, MOVE, CLOSE = (
    ReorganisationKind.MERGE,
    ReorganisationKind.SPLIT,
    ReorganisationKind.MOVE,
    ReorganisationKind.CLOSE,
)


@pytest.fixture(autouse=True)
def rooms_above_are_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here the units alone are tested; equipment and programmes test what they do when they hear of it."""
    for signal in (reorganisation_applied, lineage_changed):
        monkeypatch.setattr(signal, "receivers", [])


def fresh(unit: Unit) -> Unit:
    return Unit.objects.get(pk=unit.pk)


def commune(parent: Unit, short: str, code: str = "") -> NewUnit:
    return NewUnit(
        parent=parent, kind=UnitKind.COMMUNE, name=f"Xã {short}", short_name=short, designation="xa", code=code
    )


def propose(cast: Cast, kind: ReorganisationKind, links: list[Link], **facts: Any) -> Reorganisation:
    by = facts.pop("by", cast.national)
    return actions.propose_reorganisation(
        kind=kind, on=facts.pop("on", ON), legal_basis="Nghị quyết 9/NQ", links=links, by=by, **facts
    )


def merger(cast: Cast) -> list[Link]:
    new = commune(cast.thai_nguyen, "Tân Phúc", "05999")
    return [Link(fresh(cast.tan_cuong), new), Link(fresh(cast.dai_phuc), new)]


def apply(cast: Cast, kind: ReorganisationKind, links: list[Link]) -> Reorganisation:
    return actions.apply_reorganisation(reorganisation=propose(cast, kind, links), by=cast.national, today=TODAY)


def heir_of(unit: Unit) -> Unit:
    return Succession.objects.get(predecessor=unit).successor


class TestMerger:
    def test_predecessors_close_the_day_before_and_the_successor_opens(self, cast: Cast) -> None:
        row = apply(cast, MERGE, merger(cast))
        new = heir_of(cast.tan_cuong)
        assert heir_of(cast.dai_phuc) == new
        assert (new.name, new.code, new.valid_from, new.valid_to) == ("Xã Tân Phúc", "05999", ON, None)
        assert new.legal_basis == "Nghị quyết 9/NQ"
        for old in (fresh(cast.tan_cuong), fresh(cast.dai_phuc)):
            assert (old.valid_to, old.closing_basis) == (EVE, "Nghị quyết 9/NQ")
        assert (row.state, row.applied_by, row.scope) == (ReorganisationState.APPLIED, cast.national, cast.thai_nguyen)
        assert Unit.objects.find_problems() == ([], [], [], [], [])

    def test_lineage_follows_over_two_generations(self, cast: Cast) -> None:
        apply(cast, MERGE, merger(cast))
        assert lineage(cast.thinh_duc)["Tân Phúc 2026"] == (100, True, False)
        assert lineage(cast.thinh_duc)["Tân Cương 2025"] == (100, True, False)
        assert rebuild_lineage() == set()

    def test_grants_pass_from_that_day(self, cast: Cast) -> None:
        ending = date(2027, 3, 31)
        Grant.objects.filter(user=cast.signer).update(valid_to=ending)
        later = Grant.objects.create(
            user=cast.nobody, role=Role.VIEWER, unit=cast.tan_cuong, valid_from=date(2027, 1, 1)
        )
        apply(cast, MERGE, merger(cast))
        new = heir_of(cast.tan_cuong)
        assert Grant.objects.get(user=cast.enterer, unit=cast.tan_cuong).valid_to == EVE
        passed = Grant.objects.get(user=cast.enterer, unit=new)
        assert (passed.valid_from, passed.valid_to, passed.role) == (ON, None, Role.ENTERER)
        assert Grant.objects.get(user=cast.signer, unit=new).valid_to == ending
        assert Grant.objects.get(pk=later.pk).unit == new
        assert may(cast.enterer, Right.ENTER, new, on=TODAY)
        assert not may(cast.enterer, Right.ENTER, cast.phu_dinh, on=TODAY)
        assert set(Grant.objects.filter(unit=new).values_list("user__username", flat=True)) == {
            "enterer",
            "signer",
            "dai_phuc_enterer",
            "nobody",
        }

    def test_a_person_of_both_units_gets_one_role(self, cast: Cast) -> None:
        grant(cast.enterer, Role.ENTERER, cast.dai_phuc)
        apply(cast, MERGE, merger(cast))
        assert Grant.objects.filter(user=cast.enterer, unit=heir_of(cast.tan_cuong)).count() == 1

    def test_contacts_flags_and_branches_come_along(self, cast: Cast) -> None:
        actions.set_contacts(unit=cast.tan_cuong, contacts=[ContactLine("Hoa", "Chủ tịch")], by=cast.admin)
        actions.set_contacts(unit=cast.dai_phuc, contacts=[ContactLine("Mai", "Chủ tịch")], by=cast.admin)
        actions.edit_unit(unit=fresh(cast.dai_phuc), by=cast.admin, upland=True)
        branch = open_below(cast.tan_cuong, UnitKind.BRANCH, "Xóm 1", code="X1", address="Nhà văn hóa")
        deeper = open_below(branch, UnitKind.BRANCH, "Tổ 1", code="X1-1")
        rebuild_lineage({branch.pk, deeper.pk})
        apply(cast, MERGE, merger(cast))
        new = heir_of(cast.tan_cuong)
        assert [contact.full_name for contact in new.contacts.all()] == ["Hoa", "Mai"]
        assert new.upland
        moved = heir_of(branch)
        assert (moved.address, moved.code, fresh(branch).valid_to) == ("Nhà văn hóa", "X1", EVE)
        assert moved.path.startswith(new.path)
        assert heir_of(deeper).path.startswith(moved.path)
        assert lineage(deeper)["Tân Phúc 2026"] == (100, True, False)

    def test_into_a_unit_that_goes_on(self, cast: Cast) -> None:
        apply(cast, MERGE, [Link(fresh(cast.dai_phuc), fresh(cast.tan_cuong))])
        assert heir_of(cast.dai_phuc) == cast.tan_cuong
        assert fresh(cast.tan_cuong).valid_to is None
        assert may(cast.dai_phuc_enterer, Right.ENTER, cast.tan_cuong, on=TODAY)


class TestDivision:
    def test_real_shares(self, cast: Cast) -> None:
        a, b = commune(cast.thai_nguyen, "Một", "1"), commune(cast.thai_nguyen, "Hai", "2")
        apply(
            cast,
            SPLIT,
            [Link(fresh(cast.tan_cuong), a, Share.MAIN, 70), Link(fresh(cast.tan_cuong), b, Share.PART, 30)],
        )
        assert lineage(cast.tan_cuong)["Một 2026"] == (70, True, False)
        assert lineage(cast.tan_cuong)["Hai 2026"] == (30, False, False)
        assert lineage(cast.thinh_duc)["Hai 2026"] == (30, False, False)
        main = Unit.objects.get(name="Xã Một")
        assert Grant.objects.filter(user=cast.enterer).exclude(unit=cast.tan_cuong).get().unit == main

    @pytest.mark.parametrize(
        ("shares", "percents"),
        [
            ((Share.MAIN, Share.MAIN), (None, None)),
            ((Share.PART, Share.PART), (None, None)),
            ((Share.WHOLE, Share.PART), (None, None)),
            ((Share.MAIN, Share.PART), (70, None)),
            ((Share.MAIN, Share.PART), (70, 29)),
            ((Share.MAIN, Share.PART), (100, 0)),
        ],
    )
    def test_wrong_shares(self, cast: Cast, shares: tuple[Share, Share], percents: tuple[int | None, ...]) -> None:
        new = commune(cast.thai_nguyen, "Một", "1"), commune(cast.thai_nguyen, "Hai", "2")
        links = [
            Link(fresh(cast.tan_cuong), unit, share, percent)
            for unit, share, percent in zip(new, shares, percents, strict=True)
        ]
        with pytest.raises(ValidationError) as refused:
            propose(cast, SPLIT, links)
        assert list(refused.value.message_dict) == ["links"]
        assert not Reorganisation.objects.filter(kind=SPLIT).exists()


class TestMove:
    def test_a_new_life_below_the_other_parent(self, cast: Cast) -> None:
        actions.edit_unit(unit=fresh(cast.dai_phuc), by=cast.admin, address="Trụ sở", remote=True)
        new = NewUnit(fresh(cast.thanh_hoa), UnitKind.COMMUNE, "Xã Đại Phúc", "Đại Phúc", "xa")
        apply(cast, MOVE, [Link(fresh(cast.dai_phuc), new)])
        moved = heir_of(cast.dai_phuc)
        assert (moved.code, moved.address, moved.remote) == (cast.dai_phuc.code, "Trụ sở", True)
        assert moved.path.startswith(cast.thanh_hoa.path)
        assert lineage(cast.dai_phuc)["Thanh Hóa 2025"] == (100, True, False)
        assert set(Unit.objects.visible_to(cast.foreign_officer).filter(short_name="Đại Phúc")) == {
            cast.dai_phuc,
            moved,
        }
        assert Reorganisation.objects.get(kind=MOVE).scope == cast.centre

    def test_not_to_where_it_stands(self, cast: Cast) -> None:
        new = NewUnit(fresh(cast.thai_nguyen), UnitKind.COMMUNE, "Xã Đại Phúc", "Đại Phúc", "xa")
        with pytest.raises(ValidationError):
            propose(cast, MOVE, [Link(fresh(cast.dai_phuc), new)])

    def test_a_province_takes_its_units_along(self, cast: Cast) -> None:
        new = NewUnit(fresh(cast.centre), UnitKind.PROVINCE, "Tỉnh Việt Bắc", "Việt Bắc", "tinh", "99")
        links = [Link(fresh(cast.thai_nguyen), new), Link(fresh(cast.thanh_hoa), new)]
        apply(cast, MERGE, links)
        moved = heir_of(cast.tan_cuong)
        assert (moved.name, moved.code, moved.depth) == ("Xã Tân Cương", cast.tan_cuong.code, 3)
        assert lineage(cast.thinh_duc)["Việt Bắc 2026"] == (100, True, False)
        assert lineage(cast.sam_son)["Việt Bắc 2026"] == (100, True, False)
        assert may(cast.enterer, Right.ENTER, moved, on=TODAY)
        assert queries.counts_by_level(TODAY) == {"centre": 1, "province": 1, "commune": 4, "attached": 1}
        assert rebuild_lineage() == set()


class TestClosing:
    def test_without_successor(self, cast: Cast) -> None:
        held = grant(cast.nobody, Role.VIEWER, cast.police)
        apply(cast, CLOSE, [Link(fresh(cast.police))])
        held.refresh_from_db()
        assert (fresh(cast.police).valid_to, held.valid_to) == (EVE, EVE)
        assert not Succession.objects.filter(predecessor=cast.police).exists()

    def test_not_over_open_units_below(self, cast: Cast) -> None:
        open_below(cast.police, UnitKind.BRANCH, "Chi hội 1")
        with pytest.raises(ValidationError, match="Chi hội 1"):
            propose(cast, CLOSE, [Link(fresh(cast.police))])


class TestRefusals:
    def test_bad_plans(self, cast: Cast) -> None:
        new = commune(fresh(cast.thai_nguyen), "Mới", "05999")
        tan_cuong, dai_phuc, thanh_hoa = fresh(cast.tan_cuong), fresh(cast.dai_phuc), fresh(cast.thanh_hoa)
        taken = commune(fresh(cast.thai_nguyen), "Mới", cast.phu_dinh.code)
        plans = {
            "nothing": (MERGE, []),
            "closed unit": (MERGE, [Link(fresh(cast.thinh_duc), new), Link(tan_cuong, new)]),
            "one unit is no merger": (MERGE, [Link(tan_cuong, new)]),
            "one successor is no division": (SPLIT, [Link(tan_cuong, new)]),
            "twice to the same": (SPLIT, [Link(tan_cuong, new, Share.MAIN), Link(tan_cuong, new, Share.PART)]),
            "successor closes itself": (MERGE, [Link(tan_cuong, dai_phuc), Link(dai_phuc, tan_cuong)]),
            "closed successor": (MERGE, [Link(tan_cuong, fresh(cast.thinh_duc))]),
            "another level": (MERGE, [Link(tan_cuong, thanh_hoa)]),
            "code in use": (MERGE, [Link(tan_cuong, taken), Link(dai_phuc, taken)]),
            "closing with successor": (CLOSE, [Link(tan_cuong, new)]),
            "the centre": (CLOSE, [Link(fresh(cast.centre))]),
            "own verb": (ReorganisationKind.RENAME, [Link(tan_cuong, new)]),
        }
        for name, (kind, links) in plans.items():
            with pytest.raises(ValidationError) as refused:
                propose(cast, kind, links)
            assert list(refused.value.message_dict) == ["links"], name
        assert Reorganisation.objects.count() == 1

    def test_it_needs_a_decision_to_rest_on(self, cast: Cast) -> None:
        with pytest.raises(ValidationError) as refused:
            actions.propose_reorganisation(kind=MERGE, on=ON, legal_basis=" ", links=merger(cast), by=cast.national)
        assert list(refused.value.message_dict) == ["legal_basis"]

    def test_not_before_its_day_and_only_once(self, cast: Cast) -> None:
        row = propose(cast, MERGE, merger(cast))
        before = dump()
        with pytest.raises(ValidationError, match="01/10/2026"):
            actions.apply_reorganisation(reorganisation=row, by=cast.national, today=EVE)
        assert dump() == before
        actions.apply_reorganisation(reorganisation=row, by=cast.national, today=ON)
        with pytest.raises(ValidationError):
            actions.apply_reorganisation(reorganisation=row, by=cast.national, today=ON)

    def test_a_plan_that_time_has_overtaken(self, cast: Cast) -> None:
        row = propose(cast, MERGE, merger(cast))
        apply(cast, MERGE, [Link(fresh(cast.dai_phuc), fresh(cast.phu_dinh))])
        with pytest.raises(ValidationError, match="Xã Đại Phúc"):
            actions.apply_reorganisation(reorganisation=row, by=cast.national, today=TODAY)

    @pytest.mark.parametrize("who", ["officer", "enterer", "leader", "stranger", "nobody"])
    def test_who_may_not_even_propose(self, cast: Cast, who: str) -> None:
        with pytest.raises(Denied):
            propose(cast, MERGE, merger(cast), by=getattr(cast, who))

    def test_the_province_proposes_the_centre_applies(self, cast: Cast) -> None:
        row = propose(cast, MERGE, merger(cast), by=cast.admin)
        assert actions.preview_reorganisation(reorganisation=row, by=cast.admin, today=TODAY).applicable
        with pytest.raises(Denied):
            actions.apply_reorganisation(reorganisation=row, by=cast.admin, today=TODAY)
        into_foreign = [Link(fresh(cast.dai_phuc), commune(fresh(cast.thanh_hoa), "Đại Phúc"))]
        with pytest.raises(Denied):
            propose(cast, MOVE, into_foreign, by=cast.admin)


class TestPreview:
    @pytest.fixture
    def losing_check(self) -> Iterator[list[PlannedChange]]:
        asked: list[PlannedChange] = []

        def check(change: PlannedChange) -> Findings:
            asked.append(change)
            return Findings(
                sums=(SumCheck("Hội viên", Decimal(5), Decimal(4)),),
                decisions=(Decision("Máy đang chờ nhận", count=2),),
            )

        reorganisation_checks.register("losing", check)
        yield asked
        reorganisation_checks._checkers.pop("losing")

    def test_says_what_would_happen_and_changes_nothing(self, cast: Cast) -> None:
        open_below(cast.tan_cuong, UnitKind.BRANCH, "Xóm 1")
        row = propose(cast, MERGE, merger(cast))
        before = dump(without=())
        preview = actions.preview_reorganisation(reorganisation=row, by=cast.national, today=TODAY)
        assert dump(without=()) == before
        assert [
            (link.predecessor.name, link.successor_name, link.weight, link.carried) for link in preview.change.links
        ] == [
            ("Xã Tân Cương", "Xã Tân Phúc", 100, False),
            ("Xã Đại Phúc", "Xã Tân Phúc", 100, False),
            ("Xóm 1", "Xóm 1", 100, True),
        ]
        assert [(line.before, line.after) for line in preview.sums if "đơn vị" in str(line.title).lower()] == [(3, 3)]
        assert {line.count for line in preview.decisions} >= {2, 1}
        assert preview.applicable

    def test_a_sum_that_would_change_forbids_it(self, cast: Cast, losing_check: list[PlannedChange]) -> None:
        row = propose(cast, MERGE, merger(cast))
        preview = actions.preview_reorganisation(reorganisation=row, by=cast.national, today=TODAY)
        assert [line.title for line in preview.decisions][-1] == "Máy đang chờ nhận"
        assert not preview.applicable
        assert losing_check[0].on == ON
        with pytest.raises(ValidationError, match="Hội viên"):
            actions.apply_reorganisation(reorganisation=row, by=cast.national, today=TODAY)
        assert fresh(cast.tan_cuong).valid_to is None


class TestUndo:
    def plans(self, cast: Cast) -> dict[str, tuple[ReorganisationKind, list[Link]]]:
        a, b = commune(fresh(cast.thai_nguyen), "Một", "1"), commune(fresh(cast.thai_nguyen), "Hai", "2")
        tan_cuong = fresh(cast.tan_cuong)
        province = NewUnit(fresh(cast.centre), UnitKind.PROVINCE, "Tỉnh Việt Bắc", "Việt Bắc", "tinh", "99")
        return {
            "merge": (MERGE, merger(cast)),
            "reuse": (MERGE, [Link(fresh(cast.dai_phuc), tan_cuong)]),
            "split": (SPLIT, [Link(tan_cuong, a, Share.MAIN, 70), Link(tan_cuong, b, Share.PART, 30)]),
            "move": (MOVE, [Link(tan_cuong, commune(fresh(cast.thanh_hoa), "Tân Cương"))]),
            "close": (CLOSE, [Link(fresh(cast.police))]),
            "provinces": (MERGE, [Link(fresh(cast.thai_nguyen), province), Link(fresh(cast.thanh_hoa), province)]),
        }

    @pytest.mark.parametrize("name", ["merge", "reuse", "split", "move", "close", "provinces"])
    def test_every_table_is_as_before(self, cast: Cast, name: str) -> None:
        branch = open_below(cast.tan_cuong, UnitKind.BRANCH, "Xóm 1")
        rebuild_lineage({branch.pk})
        grant(cast.nobody, Role.VIEWER, cast.tan_cuong, date(2027, 1, 1))
        actions.set_contacts(unit=cast.tan_cuong, contacts=[ContactLine("Hoa", "Chủ tịch")], by=cast.admin)
        before = dump()
        row = apply(cast, *self.plans(cast)[name])
        assert dump() != before
        undone = actions.undo_reorganisation(reorganisation=row, by=cast.national, reason="nhầm")
        assert dump() == before
        assert undone.state == ReorganisationState.UNDONE
        assert AuditEntry.objects.first().reason == "nhầm"
        assert Unit.objects.find_problems() == ([], [], [], [], [])
        again = apply(cast, *self.plans(cast)[name])
        assert again.state == ReorganisationState.APPLIED

    def test_rooms_above_hear_of_both_ways_while_the_links_stand(self, cast: Cast) -> None:
        heard: list[tuple[bool, int, bool]] = []

        def listen(reorganisation: Reorganisation, undone: bool, **_: Any) -> None:
            heard.append((undone, reorganisation.links.count(), fresh(cast.tan_cuong).is_active(TODAY)))

        reorganisation_applied.connect(listen)
        row = apply(cast, MERGE, merger(cast))
        actions.undo_reorganisation(reorganisation=row, by=cast.national, reason="nhầm")
        reorganisation_applied.disconnect(listen)
        assert heard == [(False, 2, False), (True, 2, True)]

    def test_not_after_something_came_after(self, cast: Cast) -> None:
        row = apply(cast, MERGE, merger(cast))
        new = heir_of(cast.tan_cuong)
        after = [
            lambda: actions.edit_unit(unit=new, by=cast.national, upland=True),
            lambda: actions.set_contacts(unit=new, contacts=[ContactLine("A", "B")], by=cast.national),
            lambda: actions.grant_role(user=cast.nobody, role=Role.VIEWER, unit=new, by=cast.national),
            lambda: actions.add_unit(parent=new, kind=UnitKind.BRANCH, name="X", on=TODAY, by=cast.national),
            lambda: apply(cast, MERGE, [Link(fresh(cast.phu_dinh), fresh(new))]),
            lambda: Grant.objects.filter(unit=new, user=cast.enterer).update(valid_to=TODAY),
        ]
        for event in after:
            with transaction.atomic():  # each event alone, then taken back
                event()
                before = dump(without=())
                with pytest.raises(ValidationError):
                    actions.undo_reorganisation(reorganisation=row, by=cast.national, reason="nhầm")
                assert dump(without=()) == before
                transaction.set_rollback(True)
        actions.undo_reorganisation(reorganisation=row, by=cast.national, reason="nhầm")

    def test_who_may_and_what_may(self, cast: Cast) -> None:
        row = apply(cast, MERGE, merger(cast))
        with pytest.raises(Denied):
            actions.undo_reorganisation(reorganisation=row, by=cast.admin, reason="")
        loaded = Reorganisation.objects.get(kind=ReorganisationKind.REFORM)
        with pytest.raises(ValidationError):
            actions.undo_reorganisation(reorganisation=loaded, by=cast.national, reason="")
        actions.undo_reorganisation(reorganisation=row, by=cast.national, reason="")
        with pytest.raises(ValidationError):
            actions.undo_reorganisation(reorganisation=row, by=cast.national, reason="")

    def test_a_proposal_is_withdrawn_by_who_may_propose(self, cast: Cast) -> None:
        row = propose(cast, MERGE, merger(cast), by=cast.admin)
        with pytest.raises(Denied):
            actions.undo_reorganisation(reorganisation=row, by=cast.officer, reason="")
        actions.undo_reorganisation(reorganisation=row, by=cast.admin, reason="thôi")
        with pytest.raises(ValidationError):
            actions.apply_reorganisation(reorganisation=row, by=cast.national, today=TODAY)
        assert not Contact.objects.exists()
