"""Saved views: the address is kept, who may open them is who was meant, and figures stay those of the opener."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import AuditEntry
from core.verdicts import Denied
from programmes.models import Programme
from reports.actions import change_view, drop_view, save_view
from reports.choices import Sharing
from reports.models import SavedView
from tests.cast import Cast
from tests.reports.test_dashboard import catalogue, record

__all__ = ["catalogue"]

pytestmark = pytest.mark.django_db
PATH = "/tong-quan/kham-pha/"


def saved(cast: Cast, sharing: Sharing = Sharing.BELOW, name: str = "Tỷ lệ VNeID") -> SavedView:
    query = f"don-vi={cast.thai_nguyen.pk}&chi-so=SOC-01&cot=chi-so&hang=don-vi"
    return save_view(by=cast.officer, unit=cast.thai_nguyen, name=name, query=query, sharing=sharing)


def seen_by(user: object) -> list[str]:
    return [view.name for view in SavedView.objects.visible_to(user)]  # type: ignore[arg-type]


def test_each_way_of_sharing_reaches_whom_it_names(cast: Cast) -> None:
    saved(cast, Sharing.ME, "riêng")
    saved(cast, Sharing.BELOW, "cấp dưới")
    save_view(by=cast.national, unit=cast.centre, name="cả nước", query="", sharing=Sharing.NATION)
    assert seen_by(cast.officer) == ["cả nước", "cấp dưới", "riêng"]
    for person in (cast.leader, cast.enterer):
        assert seen_by(person) == ["cả nước", "cấp dưới"]
    for person in (cast.foreign_officer, cast.stranger, cast.national):
        assert seen_by(person) == ["cả nước"]
    assert seen_by(cast.nobody) == []


def test_nobody_shares_in_the_name_of_a_unit_without_a_role_there(cast: Cast) -> None:
    for unit in (cast.tan_cuong, cast.centre, cast.thanh_hoa):  # also one below the own unit: it speaks for itself
        with pytest.raises(Denied):
            save_view(by=cast.officer, unit=unit, name="x", query="", sharing=Sharing.BELOW)
    with pytest.raises(Denied):
        save_view(by=cast.officer, unit=cast.thai_nguyen, name="x", query="", sharing=Sharing.NATION)
    assert not SavedView.objects.exists()


def test_only_who_saved_it_changes_it_and_every_step_is_in_the_trail(cast: Cast) -> None:
    view = saved(cast)
    with pytest.raises(Denied):
        change_view(view=view, by=cast.leader, unit=cast.thai_nguyen, name="khác", sharing=Sharing.ME)
    with pytest.raises(Denied):
        drop_view(view=view, by=cast.leader)
    change_view(view=view, by=cast.officer, unit=cast.thai_nguyen, name="khác", sharing=Sharing.ME)
    drop_view(view=view, by=cast.officer)
    steps = AuditEntry.objects.filter(action__startswith="reports.").order_by("pk")
    assert [(entry.action, entry.actor) for entry in steps] == [
        (f"reports.{verb}_view", cast.officer) for verb in ("save", "change", "drop")
    ]
    assert steps[1].before == {"name": "Tỷ lệ VNeID", "sharing": "below"}


def test_an_administrator_removes_what_a_person_who_left_had_shared(cast: Cast) -> None:
    drop_view(view=saved(cast), by=cast.admin)
    with pytest.raises(Denied):
        drop_view(view=saved(cast, Sharing.ME), by=cast.admin)


def test_a_name_is_used_once_by_a_person(cast: Cast) -> None:
    saved(cast)
    with pytest.raises(ValidationError) as refusal:
        saved(cast)
    assert "name" in refusal.value.error_dict


def test_saved_on_the_page_and_opened_again(cast: Cast, catalogue: Programme, client_of) -> None:
    record({(cast.tan_cuong, "MB-ALL"): 100, (cast.tan_cuong, "MB-VNEID"): 10})
    client: Client = client_of(cast.officer)
    address = f"{PATH}luu/?don-vi={cast.thai_nguyen.pk}&hang=don-vi&cot=ky&chi-so=SOC-01&cach-doc=then"
    assert client.get(address).status_code == 200
    answer = client.post(address, {"name": "Theo tháng", "unit": cast.thai_nguyen.pk, "sharing": "below"})
    view = SavedView.objects.get()
    assert answer.headers["Location"].endswith(f"&bang={view.pk}")
    assert "cach-doc=then" in view.query
    page = client_of(cast.leader).get(f"{PATH}da-luu/{view.pk}/", follow=True).content.decode()
    assert "<h1>Theo tháng</h1>" in page
    assert "10/100" in page


def test_who_may_not_see_the_unit_sees_the_same_table_of_the_own_unit(
    cast: Cast, catalogue: Programme, client_of
) -> None:
    record({(cast.tan_cuong, "MB-ALL"): 55, (cast.dai_phuc, "MB-ALL"): 7777})
    view = saved(cast)
    answer = client_of(cast.enterer).get(f"{PATH}da-luu/{view.pk}/")
    assert f"don-vi={cast.tan_cuong.pk}&" in answer.headers["Location"]
    page = client_of(cast.enterer).get(f"{PATH}da-luu/{view.pk}/", follow=True).content.decode()
    assert "Ở đây đang hiện Xã Tân Cương." in page
    assert "7.777" not in page


def test_what_was_saved_is_checked_again_when_opened(cast: Cast, catalogue: Programme, client_of) -> None:
    view = saved(cast)
    SavedView.objects.filter(pk=view.pk).update(
        query="don-vi=1'&hang=x&cot=ky&tu=la&chi-so=<b>&ve=-1&cach-doc=ngay&ngay=0"
    )
    answer = client_of(cast.officer).get(f"{PATH}da-luu/{view.pk}/", follow=True)
    assert answer.status_code == 200
    assert "Vui lòng sửa" in answer.content.decode() or "error-summary" in answer.content.decode()


def test_the_list_offers_own_views_for_change_and_removes_on_request(cast: Cast, client_of) -> None:
    view = saved(cast)
    change = f"{PATH}da-luu/{view.pk}/sua/"
    assert change in client_of(cast.officer).get(f"{PATH}da-luu/").content.decode()
    assert change not in client_of(cast.leader).get(f"{PATH}da-luu/").content.decode()
    client_of(cast.officer).post(change, {"name": "Tên mới", "unit": cast.thai_nguyen.pk, "sharing": "me"})
    assert seen_by(cast.leader) == []
    client_of(cast.officer).post(f"{PATH}da-luu/{view.pk}/xoa/")
    assert not SavedView.objects.exists()
