"""Opening, editing, renaming and closing units, contacts, grants and accounts: effect, right, audit, refusals."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import AuditEntry, User
from core.verdicts import Denied
from tests.cast import Cast, grant, person
from tests.units.trees import lineage
from units import actions
from units.actions import ContactLine
from units.choices import Right, Role, UnitKind
from units.models import Grant, Unit, UnitName
from units.permissions import may
from units.signals import lineage_changed

pytestmark = pytest.mark.django_db
ON = date(2026, 1, 1)


def fresh(unit: Unit) -> Unit:
    return Unit.objects.get(pk=unit.pk)


def last_entry() -> AuditEntry:
    return AuditEntry.objects.first()  # newest first


class TestOpening:
    def test_branch_below_a_commune(self, cast: Cast) -> None:
        branch = actions.add_unit(
            parent=cast.tan_cuong, kind=UnitKind.BRANCH, name=" Chi hội  xóm Soi Vàng ", on=ON, by=cast.admin
        )
        assert (branch.name, branch.short_name, branch.code) == (
            "Chi hội xóm Soi Vàng",
            "Chi hội xóm Soi Vàng",
            f"{cast.tan_cuong.code}-01",
        )
        assert lineage(branch).keys() == {
            "Trung ương",
            "Thái Nguyên 2025",
            "Tân Cương 2025",
            "Chi hội xóm Soi Vàng 2026",
        }
        assert Unit.objects.find_problems() == ([], [], [], [], [])
        entry = last_entry()
        assert (entry.action, entry.actor, entry.unit_id) == ("units.add", cast.admin, branch.pk)
        second = actions.add_unit(parent=cast.tan_cuong, kind=UnitKind.BRANCH, name="Xóm 2", on=ON, by=cast.admin)
        assert second.code == f"{cast.tan_cuong.code}-02"

    def test_attached_unit_by_the_province_but_communes_by_the_centre(self, cast: Cast) -> None:
        facts = {"parent": cast.thai_nguyen, "on": ON}
        actions.add_unit(kind=UnitKind.ATTACHED, name="Hội Phụ nữ Bộ đội", by=cast.admin, **facts)
        commune = {"kind": UnitKind.COMMUNE, "name": "Xã Mới", "short_name": "Mới", "code": "99999"}
        with pytest.raises(Denied):
            actions.add_unit(by=cast.admin, **commune, **facts)
        assert actions.add_unit(by=cast.national, **commune, **facts).depth == 3

    @pytest.mark.parametrize("who", ["officer", "enterer", "signer", "leader", "stranger", "nobody"])
    def test_others_may_not(self, cast: Cast, who: str) -> None:
        number = Unit.objects.count()
        with pytest.raises(Denied):
            actions.add_unit(parent=cast.tan_cuong, kind=UnitKind.BRANCH, name="Xóm 1", on=ON, by=getattr(cast, who))
        assert Unit.objects.count() == number

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"kind": UnitKind.PROVINCE}, "kind"),
            ({"on": date(2025, 6, 30)}, "parent"),
            ({"on": date(2999, 1, 1)}, "on"),
            ({"code": "19-CA"}, "code"),
            ({"name": "Hội Phụ nữ Công an tỉnh"}, "name"),
            ({"name": ""}, "name"),
            ({"code": "x" * 21}, "code"),
        ],
    )
    def test_bad_input_stores_nothing(self, cast: Cast, change: dict[str, object], field: str) -> None:
        facts = {
            "parent": cast.thai_nguyen,
            "kind": UnitKind.ATTACHED,
            "name": "Hội mới",
            "on": ON,
            "by": cast.national,
        }
        before = set(Unit.objects.values_list("pk", "numchild"))
        with pytest.raises(ValidationError) as refused:
            actions.add_unit(**{**facts, **change})
        assert field in refused.value.message_dict
        assert set(Unit.objects.values_list("pk", "numchild")) == before

    def test_nothing_opens_below_a_closed_unit(self, cast: Cast) -> None:
        with pytest.raises(ValidationError) as refused:
            actions.add_unit(parent=cast.thinh_duc, kind=UnitKind.BRANCH, name="Xóm", on=ON, by=cast.admin)
        assert refused.value.message_dict["parent"] == ["Xã Thịnh Đức đã kết thúc hoạt động ngày 30/06/2025."]


class TestEditing:
    def test_only_what_differs_is_written(self, cast: Cast) -> None:
        unit = fresh(cast.tan_cuong)
        actions.edit_unit(unit=unit, by=cast.admin, upland=True, phone=unit.phone, address=" Xóm  Gò Pháo ")
        assert (fresh(unit).upland, fresh(unit).address) == (True, "Xóm Gò Pháo")
        assert last_entry().after == {"upland": True, "address": "Xóm Gò Pháo"}
        number = AuditEntry.objects.count()
        actions.edit_unit(unit=unit, by=cast.admin, upland=True)
        assert AuditEntry.objects.count() == number

    def test_bad_values_and_foreign_people_are_refused(self, cast: Cast) -> None:
        with pytest.raises(ValidationError) as refused:
            actions.edit_unit(unit=fresh(cast.tan_cuong), by=cast.admin, email="không phải thư")
        assert list(refused.value.message_dict) == ["email"]
        with pytest.raises(Denied):
            actions.edit_unit(unit=fresh(cast.sam_son), by=cast.admin, upland=True)
        assert not fresh(cast.sam_son).upland

    def test_a_code_in_use_is_refused_and_a_new_one_is_found(self, cast: Cast) -> None:
        with pytest.raises(ValidationError):
            actions.edit_unit(unit=fresh(cast.tan_cuong), by=cast.admin, code=cast.dai_phuc.code)
        actions.edit_unit(unit=fresh(cast.tan_cuong), by=cast.admin, code="77777")
        assert Unit.objects.matching("77777").get() == cast.tan_cuong


class TestRenaming:
    def test_the_former_name_stays_findable_with_its_dates(self, cast: Cast) -> None:
        unit = fresh(cast.dai_phuc)
        actions.rename_unit(
            unit=unit, name="Phường Đại Phúc", short_name="Đại Phúc", designation="phuong", on=ON, by=cast.national,
            legal_basis="Nghị quyết 1/NQ",
        )  # fmt: skip
        actions.rename_unit(
            unit=unit, name="Phường Phúc Xuân", short_name="Phúc Xuân", on=date(2026, 7, 1), by=cast.national,
            legal_basis="Nghị quyết 2/NQ",
        )  # fmt: skip
        assert list(UnitName.objects.order_by("valid_from").values_list("name", "valid_from", "valid_to")) == [
            ("Xã Đại Phúc", date(2025, 7, 1), date(2025, 12, 31)),
            ("Phường Đại Phúc", ON, date(2026, 6, 30)),
        ]
        assert fresh(unit).name == "Phường Phúc Xuân"
        assert fresh(unit).union_name == "Hội LHPN phường Phúc Xuân"
        assert list(Unit.objects.matching("phuc xuan")) == [unit]
        assert unit in Unit.objects.matching("xã đại phúc")

    @pytest.mark.parametrize(
        ("name", "on", "field"),
        [
            ("Xã Đại Phúc", ON, "name"),
            ("Xã Khác", date(2025, 7, 1), "on"),
            ("Xã Khác", date(2999, 1, 1), "on"),
            ("", ON, "name"),
        ],
    )
    def test_refusals(self, cast: Cast, name: str, on: date, field: str) -> None:
        with pytest.raises(ValidationError) as refused:
            actions.rename_unit(
                unit=fresh(cast.dai_phuc), name=name, short_name="Khác", on=on, by=cast.national, legal_basis="NQ"
            )
        assert list(refused.value.message_dict) == [field]
        assert fresh(cast.dai_phuc).name == "Xã Đại Phúc"

    def test_the_province_renames_branches_but_not_communes(self, cast: Cast) -> None:
        facts = {"name": "Mới", "short_name": "Mới", "on": ON, "by": cast.admin, "legal_basis": "QĐ"}
        assert actions.rename_unit(unit=fresh(cast.police), **facts).name == "Mới"
        with pytest.raises(Denied):
            actions.rename_unit(unit=fresh(cast.tan_cuong), **facts)


class TestClosing:
    def test_grants_end_with_the_unit_and_others_hear_of_it(self, cast: Cast) -> None:
        held = grant(cast.nobody, Role.ENTERER, cast.police)
        heard: list[set[int]] = []
        lineage_changed.connect(listener := lambda unit_ids, **_: heard.append(unit_ids))
        actions.close_unit(unit=fresh(cast.police), on=ON, by=cast.admin, legal_basis="QĐ 1")
        lineage_changed.disconnect(listener)
        held.refresh_from_db()
        assert (fresh(cast.police).valid_to, fresh(cast.police).closing_basis, held.valid_to) == (ON, "QĐ 1", ON)
        assert heard == [{cast.police.pk}]

    def test_refused_with_units_below_twice_and_without_right(self, cast: Cast) -> None:
        actions.add_unit(parent=cast.tan_cuong, kind=UnitKind.BRANCH, name="Xóm 1", on=ON, by=cast.admin)
        with pytest.raises(ValidationError):
            actions.close_unit(unit=fresh(cast.tan_cuong), on=ON, by=cast.national, legal_basis="QĐ")
        with pytest.raises(ValidationError):
            actions.close_unit(unit=fresh(cast.thinh_duc), on=ON, by=cast.national, legal_basis="QĐ")
        with pytest.raises(Denied):
            actions.close_unit(unit=fresh(cast.police), on=ON, by=cast.officer, legal_basis="QĐ")
        assert fresh(cast.tan_cuong).valid_to is None


class TestContacts:
    CHAIR = ContactLine("Nguyễn Thị Hoa", "Chủ tịch", "0208123456", "hoa@example.test")

    def test_the_unit_leader_and_administrators_keep_the_list(self, cast: Cast) -> None:
        second = ContactLine("Lê Thị Mai", "Phó Chủ tịch")
        actions.set_contacts(unit=cast.tan_cuong, contacts=[self.CHAIR, second], by=cast.signer)
        actions.set_contacts(unit=cast.tan_cuong, contacts=[second, self.CHAIR], by=cast.admin)
        assert [contact.full_name for contact in cast.tan_cuong.contacts.all()] == ["Lê Thị Mai", "Nguyễn Thị Hoa"]
        number = AuditEntry.objects.count()
        actions.set_contacts(unit=cast.tan_cuong, contacts=[second, self.CHAIR], by=cast.admin)
        assert AuditEntry.objects.count() == number

    def test_officers_keep_the_lists_of_the_units_that_they_look_after(self, cast: Cast) -> None:
        actions.set_contacts(unit=cast.tan_cuong, contacts=[self.CHAIR], by=cast.officer)
        assert cast.tan_cuong.contacts.get().full_name == "Nguyễn Thị Hoa"
        with pytest.raises(Denied):
            actions.set_contacts(unit=cast.tan_cuong, contacts=[], by=cast.foreign_officer)

    def test_refusals_leave_the_list_alone(self, cast: Cast) -> None:
        actions.set_contacts(unit=cast.tan_cuong, contacts=[self.CHAIR], by=cast.signer)
        with pytest.raises(Denied):
            actions.set_contacts(unit=cast.tan_cuong, contacts=[], by=cast.enterer)
        with pytest.raises(ValidationError):
            actions.set_contacts(unit=cast.tan_cuong, contacts=[ContactLine("", "Chủ tịch")], by=cast.signer)
        assert cast.tan_cuong.contacts.count() == 1


class TestGrants:
    def test_given_from_today_with_its_trail(self, cast: Cast) -> None:
        given = actions.grant_role(user=cast.nobody, role=Role.ENTERER, unit=cast.tan_cuong, by=cast.admin)
        assert (given.valid_from, given.valid_to, given.granted_by) == (timezone.localdate(), None, cast.admin)
        assert may(cast.nobody, Right.ENTER, cast.tan_cuong)
        assert (last_entry().action, last_entry().unit_id) == ("units.grant", cast.tan_cuong.pk)

    @pytest.mark.parametrize(
        ("by", "role", "unit", "to"),
        [
            ("admin", Role.OFFICER, "thai_nguyen", "admin"),  # to oneself
            ("admin", Role.NATIONAL, "centre", "nobody"),  # above the own unit
            ("admin", Role.NATIONAL, "thai_nguyen", "nobody"),  # more than held
            ("admin", Role.ENTERER, "sam_son", "nobody"),  # elsewhere
            ("officer", Role.VIEWER, "tan_cuong", "nobody"),  # without the right
            ("signer", Role.ENTERER, "tan_cuong", "nobody"),
            ("nobody", Role.VIEWER, "tan_cuong", "stranger"),
        ],
    )
    def test_denied(self, cast: Cast, by: str, role: Role, unit: str, to: str) -> None:
        number = Grant.objects.count()
        with pytest.raises(Denied):
            actions.grant_role(user=getattr(cast, to), role=role, unit=getattr(cast, unit), by=getattr(cast, by))
        assert Grant.objects.count() == number

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"unit": "thinh_duc"}, "unit"),
            ({"role": Role.NATIONAL, "by": "national", "unit": "thai_nguyen"}, "role"),
            ({"role": "emperor"}, "role"),
            ({"valid_from": ON, "valid_to": date(2025, 12, 31)}, "valid_to"),
            ({"user": "enterer"}, "role"),  # holds it already
        ],
    )
    def test_bad_input_stores_nothing(self, cast: Cast, change: dict[str, object], field: str) -> None:
        facts = {"user": "nobody", "role": Role.ENTERER, "unit": "tan_cuong", "by": "admin", **change}
        named = {name: getattr(cast, facts[name]) for name in ("user", "unit", "by")}
        number = Grant.objects.count()
        with pytest.raises(ValidationError) as refused:
            actions.grant_role(**{**facts, **named})
        assert field in refused.value.message_dict
        assert Grant.objects.count() == number

    def test_ending_takes_effect_at_once(self, cast: Cast) -> None:
        held = Grant.objects.get(user=cast.enterer)
        actions.end_grant(grant=held, by=cast.admin, reason="chuyển công tác")
        assert not may(cast.enterer, Right.ENTER, cast.tan_cuong)
        held.refresh_from_db()
        assert held.valid_to == timezone.localdate() - timedelta(days=1)
        assert last_entry().reason == "chuyển công tác"
        with pytest.raises(ValidationError):
            actions.end_grant(grant=held, by=cast.admin)

    def test_a_grant_of_today_that_is_ended_leaves_only_its_trail(self, cast: Cast) -> None:
        given = actions.grant_role(user=cast.nobody, role=Role.VIEWER, unit=cast.tan_cuong, by=cast.admin)
        actions.end_grant(grant=given, by=cast.admin)
        assert not Grant.objects.filter(user=cast.nobody).exists()
        assert last_entry().before["role"] == Role.VIEWER

    @pytest.mark.parametrize(("by", "whose"), [("admin", "admin"), ("admin", "national"), ("officer", "enterer")])
    def test_ending_denied(self, cast: Cast, by: str, whose: str) -> None:
        held = Grant.objects.get(user=getattr(cast, whose))
        with pytest.raises(Denied):
            actions.end_grant(grant=held, by=getattr(cast, by))
        held.refresh_from_db()
        assert held.valid_to is None


class TestAccounts:
    def test_opened_with_a_role_and_a_link_that_works_once(self, cast: Cast) -> None:
        user, secret = actions.open_account(
            full_name="Hà Thị Mới", email="moi@example.test", role=Role.ENTERER, unit=cast.dai_phuc, by=cast.admin
        )
        assert may(user, Right.ENTER, cast.dai_phuc)
        assert accounts.open_link(secret).user == user
        assert secret not in str(list(AuditEntry.objects.values_list("after", "before")))

    def test_nobody_opens_accounts_elsewhere(self, cast: Cast) -> None:
        with pytest.raises(Denied):
            actions.open_account(
                full_name="X", email="x@example.test", role=Role.VIEWER, unit=cast.sam_son, by=cast.admin
            )
        assert not User.objects.filter(email="x@example.test").exists()

    def test_one_role_elsewhere_refuses_a_new_link(self, cast: Cast) -> None:
        """Otherwise an administrator could take over an account that reaches further than the own unit."""
        assert actions.renew_link(user=cast.enterer, by=cast.admin)
        grant(cast.enterer, Role.VIEWER, cast.thanh_hoa)
        with pytest.raises(Denied):
            actions.renew_link(user=cast.enterer, by=cast.admin)
        with pytest.raises(Denied):
            actions.renew_link(user=cast.national, by=cast.admin)
        with pytest.raises(Denied):
            actions.renew_link(user=cast.nobody, by=cast.admin)
        assert actions.renew_link(user=cast.nobody, by=cast.national)

    def test_closing_an_account(self, cast: Cast) -> None:
        actions.set_account_active(user=cast.enterer, active=False, by=cast.admin, reason="nghỉ hưu")
        assert not User.objects.get(pk=cast.enterer.pk).is_active
        with pytest.raises(Denied):
            actions.set_account_active(user=cast.stranger, active=False, by=cast.admin, reason="")
        with pytest.raises(Denied):
            actions.set_account_active(user=cast.admin, active=False, by=cast.admin, reason="")


class TestFirstAdministrator:
    def test_prints_a_link_that_opens_the_account(self, cast: Cast) -> None:
        Grant.objects.filter(user=cast.national).delete()
        out = StringIO()
        call_command("create_first_administrator", "dau@example.test", "Trần Thị Đầu", stdout=out)
        user = User.objects.get(email="dau@example.test")
        secret = out.getvalue().strip().rstrip("/").rsplit("/", 1)[-1]
        assert accounts.open_link(secret).user == user
        assert not user.has_usable_password()
        assert may(user, Right.REORGANISE, cast.centre)

    def test_refuses_while_there_is_one_unless_told(self, cast: Cast) -> None:
        with pytest.raises(CommandError, match="Nguyễn Thị Quốc"):
            call_command("create_first_administrator", "hai@example.test", "Hai", stdout=StringIO())
        assert not User.objects.filter(email="hai@example.test").exists()
        call_command("create_first_administrator", "hai@example.test", "Hai", another=True, stdout=StringIO())
        assert Grant.objects.filter(role=Role.NATIONAL).count() == 2

    def test_needs_units(self, db: None) -> None:
        with pytest.raises(CommandError, match="load_units"):
            call_command("create_first_administrator", "dau@example.test", "Đầu", stdout=StringIO())

    def test_a_used_address_is_refused(self, cast: Cast) -> None:
        person("trung", "Trùng")
        with pytest.raises(CommandError):
            call_command("create_first_administrator", "trung@example.test", "T", another=True, stdout=StringIO())
