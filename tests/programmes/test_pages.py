"""The pages of programmes, tasks, targets and the catalogue: what each person sees, may do, and what bad input gets."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.once import FIELD
from programmes import starter
from programmes.actions import plans, targets
from programmes.duties import task_duties
from programmes.models import Indicator, Measure, Pillar, Programme, ProgrammeIndicator, Target, Task, TaskUpdate
from programmes.rules import ProgrammeDetails, ProgressReport, TargetDetails, TaskDetails
from tests.cast import Cast

TODAY = timezone.localdate()
START, END = date(2026, 1, 1), TODAY + timedelta(days=400)
ClientOf = Callable[[User], Client]


@pytest.fixture
def programme(cast: Cast) -> Programme:
    """Thái Nguyên's plan: one pillar, three tasks (its own, Tân Cương's, Đại Phúc's late one), one target."""
    starter.load()
    details = ProgrammeDetails(code="CDS", name="Kế hoạch CĐS tỉnh", short_name="CĐS tỉnh", start=START, end=END)
    made = plans.create_programme(owner=cast.thai_nguyen, details=details, by=cast.officer, today=TODAY)
    pillar = plans.add_pillar(programme=made, name="Xã hội số", by=cast.officer)
    for owner, name, due in (
        (cast.thai_nguyen, "Việc của tỉnh", END),
        (cast.tan_cuong, "Việc của Tân Cương", TODAY + timedelta(days=10)),
        (cast.dai_phuc, "Việc của Đại Phúc", TODAY - timedelta(days=5)),
    ):
        task = TaskDetails(name=name, owner=owner, due=due, pillar=pillar)
        plans.create_task(programme=made, details=task, by=cast.officer, today=TODAY)
    chosen = Indicator.objects.filter(code__in=["INF-01", "ECO-01"])
    plans.choose_indicators(programme=made, indicators=chosen, pillar=pillar, by=cast.officer)
    targets.set_target(
        programme=made,
        indicator=Indicator.objects.get(code="ECO-01"),
        unit=cast.thai_nguyen,
        details=TargetDetails(value=Decimal(100), due=END, baseline=Decimal(10), baseline_on=START),
        by=cast.officer,
    )
    return made


@pytest.fixture
def officer(cast: Cast, client_of: ClientOf) -> Client:
    return client_of(cast.officer)


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, name
    return found.group(1)


# --- who sees what ---


def pages_of(programme: Programme) -> dict[str, str]:
    """Every address of the room that is about one record, by its name."""
    task, pillar = programme.tasks.get(name="Việc của Tân Cương"), programme.pillars.get()
    target = programme.targets.earliest("pk")
    followed = programme.chosen.get(indicator__code="INF-01")
    of_programme = ("detail", "edit", "pillar-create", "indicators-choose", "task-create", "targets", "target-create")
    return (
        {name: reverse(f"programmes:{name}", args=[programme.pk]) for name in of_programme}
        | {name: reverse(f"programmes:{name}", args=[pillar.pk]) for name in ("pillar-edit", "pillar-remove")}
        | {name: reverse(f"programmes:{name}", args=[followed.pk]) for name in ("followed-place", "followed-drop")}
        | {name: reverse(f"programmes:{name}", args=[task.pk]) for name in ("task", "task-edit", "task-remove")}
        | {
            name: reverse(f"programmes:{name}", args=[target.pk])
            for name in ("target", "target-edit", "target-hand-down", "target-remove")
        }
    )


def test_the_planner_opens_every_page(programme: Programme, officer: Client) -> None:
    assert {name: officer.get(address).status_code for name, address in pages_of(programme).items()} == dict.fromkeys(
        pages_of(programme), 200
    )


def test_a_foreign_planner_finds_nothing(cast: Cast, programme: Programme, client_of: ClientOf) -> None:
    foreign = client_of(cast.foreign_officer)
    answers = {
        (name, method): getattr(foreign, method)(address).status_code
        for name, address in pages_of(programme).items()
        for method in ("get", "post")
    }
    assert {key: status for key, status in answers.items() if status not in {404, 405}} == {}


@pytest.mark.parametrize("name", ["leader", "enterer", "signer"])
def test_who_does_not_plan_sees_and_changes_nothing(
    cast: Cast, programme: Programme, client_of: ClientOf, name: str
) -> None:
    client = client_of(getattr(cast, name))
    pages = pages_of(programme)
    open_to_all = {"detail", "targets", "task"} | ({"target"} if name == "leader" else set())
    answers = {page: client.get(address).status_code for page, address in pages.items()}
    expected = {page: 200 if page in open_to_all else 403 for page in pages}
    if name != "leader":
        expected["target"] = 404  # the target of the province is not theirs to see
    assert answers == expected
    posts = {page: client.post(address, {"name": "x"}).status_code for page, address in pages.items() if page != "task"}
    assert set(posts.values()) <= {403, 404, 405}


def test_nobody_without_a_grant_comes_in(cast: Cast, programme: Programme, client_of: ClientOf, client: Client) -> None:
    for name in ("list", "tasks", "indicators", "measures"):
        address = reverse(f"programmes:{name}")
        assert client_of(cast.nobody).get(address).status_code == 403
        assert client.get(address).status_code == 302


def test_lists_hold_what_the_person_may_see(cast: Cast, programme: Programme, client_of: ClientOf) -> None:
    tasks, programmes = reverse("programmes:tasks"), reverse("programmes:list")
    own = text_of(client_of(cast.enterer), tasks)
    assert "Việc của Tân Cương" in own
    assert "Việc của tỉnh" in own
    assert "Việc của Đại Phúc" not in own
    assert "Việc của Đại Phúc" not in text_of(client_of(cast.enterer), pages_of(programme)["detail"])
    foreign = client_of(cast.foreign_officer)
    for address in (tasks, programmes, programmes + "?export=csv", tasks + "?export=csv"):
        response = foreign.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
        assert "Kế hoạch CĐS tỉnh" not in body.decode()
        assert "Việc của" not in body.decode()


def test_the_task_of_a_neighbour_does_not_exist(cast: Cast, programme: Programme, client_of: ClientOf) -> None:
    task = programme.tasks.get(name="Việc của Đại Phúc")
    address = reverse("programmes:task", args=[task.pk])
    assert client_of(cast.enterer).get(address).status_code == 404
    assert client_of(cast.enterer).post(address, {"on": "1"}).status_code == 404
    assert client_of(cast.dai_phuc_enterer).get(address).status_code == 200


def test_targets_of_other_units_cannot_be_asked_for(cast: Cast, programme: Programme, client_of: ClientOf) -> None:
    address = pages_of(programme)["detail"]
    enterer = client_of(cast.enterer)
    assert cast.tan_cuong.name in text_of(enterer, address)
    assert enterer.get(address, {"unit": cast.dai_phuc.pk}).status_code == 404
    assert enterer.get(address, {"unit": cast.tan_cuong.pk}).status_code == 200


# --- what the pages say ---


def test_the_programme_page_tells_how_far_it_is(cast: Cast, programme: Programme, officer: Client) -> None:
    done = ProgressReport(on=TODAY, state="done")
    task = programme.tasks.get(name="Việc của tỉnh")
    plans.report_task_progress(task=task, report=done, by=cast.officer, today=TODAY)
    page = text_of(officer, pages_of(programme)["detail"])
    assert "1/3 nhiệm vụ hoàn thành" in page
    assert "33%" in page
    assert "1 chậm hạn" in page
    assert "100 người</a> đến" in page


def test_a_programme_without_tasks_says_so_instead_of_drawing_zeros(
    cast: Cast, programme: Programme, client_of: ClientOf
) -> None:
    plans.add_pillar(programme=programme, name="Kinh tế số", by=cast.officer)
    programme.tasks.all().delete()
    address = reverse("programmes:detail", args=[programme.pk])
    planner, reader = (text_of(client_of(user), address) for user in (cast.officer, cast.leader))
    for page in (planner, reader):
        assert "Chưa có nhiệm vụ" in page
        assert "0/0" not in page
        assert "Nhiệm vụ hoàn thành theo trụ cột" not in page
    assert ("Kinh tế số" in planner, "Kinh tế số" in reader) == (True, False)  # who plans finds the pillars to fill


def test_the_list_counts_tasks(cast: Cast, programme: Programme, officer: Client, client_of: ClientOf) -> None:
    assert "0/3" in text_of(officer, reverse("programmes:list"))
    assert "0/2" in text_of(client_of(cast.enterer), reverse("programmes:list"))
    found = text_of(officer, reverse("programmes:tasks") + "?late=yes")
    assert "Việc của Đại Phúc" in found
    assert "Việc của Tân Cương" not in found
    assert "1 nhiệm vụ: 0 hoàn thành, 1 chậm hạn" in found
    assert "Việc của Đại Phúc" in text_of(officer, reverse("programmes:tasks") + "?q=viec+dai+phuc")


def test_the_same_number_of_queries_for_one_and_for_many_tasks(
    cast: Cast, programme: Programme, officer: Client, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries(address: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            text_of(officer, address)
        return len(captured)

    addresses = (pages_of(programme)["detail"], reverse("programmes:tasks"), reverse("programmes:list"))
    few = [queries(address) for address in addresses]
    for place in range(8):
        details = TaskDetails(name=f"Thêm {place}", owner=cast.thai_nguyen, due=END, pillar=Pillar.objects.get())
        plans.create_task(programme=programme, details=details, by=cast.officer, today=TODAY)
    assert [queries(address) for address in addresses] == few


def test_an_indicator_page_says_how_it_is_made(cast: Cast, programme: Programme, officer: Client) -> None:
    page = text_of(officer, reverse("programmes:indicator", args=[Indicator.objects.get(code="INF-01").pk]))
    assert "EQ-WORKING" in page
    assert "U-COMMUNE" in page
    assert "Kế hoạch CĐS tỉnh" in page
    assert "177/177" in page
    assert reverse("programmes:indicator-create") not in page


def test_a_measure_page_says_where_it_is_entered(programme: Programme, officer: Client) -> None:
    page = text_of(officer, reverse("programmes:measure", args=[Measure.objects.get(code="MB-ALL").pk]))
    for words in ("Hội viên dân tộc thiểu số", "không tính hội viên danh dự", "Tổng số hội viên"):
        assert words in page


# --- writing ---

NEW = {"owner": "", "name": "Đề án mới", "short_name": "Đề án", "code": "DA-1", "start": "01/01/2026", "end": ""}


def test_a_programme_is_created_once(cast: Cast, officer: Client) -> None:
    address = reverse("programmes:create")
    page = text_of(officer, address)
    sent = {**NEW, "owner": cast.thai_nguyen.pk, FIELD: hidden(page, FIELD)}
    first, second = officer.post(address, sent), officer.post(address, sent)
    made = Programme.objects.get()
    assert first.headers["Location"] == second.headers["Location"] == reverse("programmes:detail", args=[made.pk])
    assert "Đã tạo chương trình" in text_of(officer, first.headers["Location"])


def test_foreign_and_closed_owners_are_not_on_offer(cast: Cast, officer: Client) -> None:
    for unit in (cast.thanh_hoa, cast.centre, cast.old_thai_nguyen):
        response = officer.post(reverse("programmes:create"), {**NEW, "owner": unit.pk})
        assert response.status_code == 200
        assert Programme.objects.count() == 0


def test_errors_stand_at_their_field_and_nothing_is_lost(cast: Cast, officer: Client) -> None:
    sent = {**NEW, "owner": cast.thai_nguyen.pk, "end": "31/12/2025", "description": "Mô tả đã gõ"}
    response = officer.post(reverse("programmes:create"), sent)
    page = response.content.decode()
    assert response.context["form"].errors["end"] == ["Ngày kết thúc (31/12/2025) trước ngày bắt đầu (01/01/2026)."]
    assert "Mô tả đã gõ" in page
    assert 'href="#id_end"' in page
    assert Programme.objects.count() == 0


def test_a_stale_save_shows_both_values(cast: Cast, programme: Programme, officer: Client) -> None:
    address = pages_of(programme)["edit"]
    page = officer.get(address)
    seen = page.context["form"]["seen"].value()
    details = ProgrammeDetails.of(programme, short_name="Tên của người khác", description="Mới")
    plans.edit_programme(programme=programme, details=details, by=cast.officer2, today=TODAY)
    sent = {
        "name": programme.name, "short_name": "Tên của tôi", "code": "CDS", "start": "01/01/2026",
        "end": f"{END:%d/%m/%Y}", "seen": seen,
    }  # fmt: skip
    response = officer.post(address, sent)
    assert "Tên của người khác" in response.context["form"].errors["short_name"][0]
    assert "Tên của tôi" in response.context["form"].errors["short_name"][0]
    again = {**sent, "seen": response.context["form"]["seen"].value(), "description": "Mới"}
    assert officer.post(address, again).status_code == 302
    programme.refresh_from_db()
    assert (programme.short_name, programme.description) == ("Tên của tôi", "Mới")


def test_pillars_are_added_renamed_and_removed(programme: Programme, officer: Client) -> None:
    officer.post(pages_of(programme)["pillar-create"], {"name": "Kinh tế số"})
    pillar = programme.pillars.get(name="Kinh tế số")
    twice = officer.post(pages_of_pillar(pillar, "edit"), {"name": "Xã hội số", "order": "2"})
    assert twice.context["form"].errors["name"] == ["Chương trình đã có trụ cột tên này."]
    officer.post(pages_of_pillar(pillar, "edit"), {"name": "Chính quyền số", "order": "0"})
    assert [entry.name for entry in programme.pillars.all()] == ["Chính quyền số", "Xã hội số"]
    assert officer.post(pages_of_pillar(pillar, "remove")).status_code == 302
    assert [entry.name for entry in programme.pillars.all()] == ["Xã hội số"]


def pages_of_pillar(pillar: Pillar, verb: str) -> str:
    return reverse(f"programmes:pillar-{verb}", args=[pillar.pk])


def test_a_task_is_added_edited_and_taken_back(cast: Cast, programme: Programme, officer: Client) -> None:
    sent = {"name": "Việc mới", "owner": cast.police.pk, "due": f"{END:%d/%m/%Y}"}
    officer.post(pages_of(programme)["task-create"], sent)
    task = Task.objects.get(name="Việc mới")
    assert (task.number, task.owner, task.due) == (4, cast.police, END)
    edit = reverse("programmes:task-edit", args=[task.pk])
    response = officer.post(edit, {**sent, "number": "1"})
    assert response.context["form"].errors["number"] == ["Số thứ tự 1 đã có trong chương trình này."]
    assert "Việc mới" in response.content.decode()
    officer.post(edit, {**sent, "number": "9", "name": "Tên khác"})
    task.refresh_from_db()
    assert (task.number, task.name) == (9, "Tên khác")
    assert officer.post(reverse("programmes:task-remove", args=[task.pk])).status_code == 302
    assert not Task.objects.filter(pk=task.pk).exists()


@pytest.mark.parametrize("name", ["sam_son", "centre", "thinh_duc"])
def test_units_elsewhere_or_closed_get_no_task(cast: Cast, programme: Programme, officer: Client, name: str) -> None:
    sent = {"name": "Việc mới", "owner": getattr(cast, name).pk, "due": f"{END:%d/%m/%Y}"}
    response = officer.post(pages_of(programme)["task-create"], sent)
    assert "owner" in response.context["form"].errors
    assert Task.objects.count() == 3


def test_progress_is_reported_once(cast: Cast, programme: Programme, client_of: ClientOf) -> None:
    enterer = client_of(cast.enterer)
    address = pages_of(programme)["task"]
    page = text_of(enterer, address)
    sent = {"on": f"{TODAY:%d/%m/%Y}", "state": "doing", "progress": "40", "note": "Đã họp", FIELD: hidden(page, FIELD)}
    assert [enterer.post(address, sent).status_code for _ in range(2)] == [302, 302]
    update = TaskUpdate.objects.get()
    assert (update.progress, update.note, update.by) == (40, "Đã họp", cast.enterer)
    page = text_of(enterer, address)
    assert "Đã ghi nhận tiến độ" in page
    assert "Đã họp" in page


def test_bad_progress_keeps_what_was_typed(cast: Cast, programme: Programme, client_of: ClientOf) -> None:
    enterer = client_of(cast.enterer)
    tomorrow = TODAY + timedelta(days=1)
    sent = {"on": f"{tomorrow:%d/%m/%Y}", "state": "doing", "progress": "140", "note": "Ghi chú dài"}
    response = enterer.post(pages_of(programme)["task"], sent)
    assert set(response.context["form"].errors) == {"on", "progress"}
    assert response.context["form"].errors["progress"] == ["Tiến độ là số từ 0 đến 100."]
    assert "Ghi chú dài" in response.content.decode()
    assert TaskUpdate.objects.count() == 0


def test_who_may_only_look_gets_no_form_and_403(cast: Cast, programme: Programme, client_of: ClientOf) -> None:
    leader = client_of(cast.leader)
    address = pages_of(programme)["task"]
    assert "Báo tiến độ</button>" not in text_of(leader, address)
    sent = {"on": f"{TODAY:%d/%m/%Y}", "state": "doing", "progress": "40"}
    assert leader.post(address, sent).status_code == 403
    assert TaskUpdate.objects.count() == 0


def test_indicators_are_chosen_placed_and_dropped(programme: Programme, officer: Client) -> None:
    address = pages_of(programme)["indicators-choose"]
    page = text_of(officer, address)
    assert "INF-02" in page
    assert "(INF-01)" not in page
    assert "indicators" in officer.post(address, {}).context["form"].errors
    wanted = Indicator.objects.get(code="INF-02")
    officer.post(address, {"indicators": [wanted.pk], "pillar": programme.pillars.get().pk})
    followed = ProgrammeIndicator.objects.get(indicator=wanted)
    assert followed.pillar == programme.pillars.get()
    officer.post(reverse("programmes:followed-place", args=[followed.pk]), {"pillar": "", "order": "0"})
    followed.refresh_from_db()
    assert (followed.pillar, followed.order) == (None, 0)
    officer.post(reverse("programmes:followed-drop", args=[followed.pk]))
    assert not ProgrammeIndicator.objects.filter(pk=followed.pk).exists()
    with_target = programme.chosen.get(indicator__code="ECO-01")
    response = officer.post(reverse("programmes:followed-drop", args=[with_target.pk]))
    assert "đang có chỉ tiêu" in response.content.decode()


def test_a_target_needs_its_baseline(cast: Cast, programme: Programme, officer: Client) -> None:
    address = pages_of(programme)["target-create"]
    sent = {
        "indicator": Indicator.objects.get(code="INF-01").pk, "unit": cast.tan_cuong.pk, "value": "97,5",
        "due": f"{END:%d/%m/%Y}", "baseline": "", "baseline_on": "",
    }  # fmt: skip
    errors = officer.post(address, sent).context["form"].errors
    assert set(errors) == {"baseline", "baseline_on"}
    assert errors["baseline"] == ["Chỉ tiêu cần giá trị xuất phát và ngày của giá trị đó."]
    late = {**sent, "baseline": "61,2", "baseline_on": f"{END:%d/%m/%Y}"}
    assert set(officer.post(address, late).context["form"].errors) == {"due"}
    assert Target.objects.count() == 1
    response = officer.post(address, {**late, "baseline_on": "01/01/2026"})
    target = Target.objects.get(unit=cast.tan_cuong)
    assert response.headers["Location"] == reverse("programmes:target", args=[target.pk])
    assert (target.value, target.baseline) == (Decimal("97.5"), Decimal("61.2"))
    again = officer.post(address, {**late, "baseline_on": "01/01/2026"})
    assert "đã có chỉ tiêu cho ngày này" in again.context["form"].errors["due"][0]


def test_a_target_is_handed_down_and_the_sum_is_told(cast: Cast, programme: Programme, officer: Client) -> None:
    pages = pages_of(programme)
    sent = {f"value_{cast.tan_cuong.pk}": "60", f"value_{cast.dai_phuc.pk}": "30", f"baseline_{cast.dai_phuc.pk}": "5"}
    response = officer.post(pages["target-hand-down"], sent)
    assert set(response.context["form"].errors) == {f"baseline_{cast.tan_cuong.pk}"}
    assert Target.objects.count() == 1
    officer.post(pages["target-hand-down"], {**sent, f"baseline_{cast.tan_cuong.pk}": "4"})
    assert "cộng lại là 90/100 người: còn thiếu 10" in text_of(officer, pages["target"])
    officer.post(pages["target-hand-down"], {f"value_{cast.tan_cuong.pk}": "70", f"baseline_{cast.tan_cuong.pk}": "4"})
    assert "khớp với chỉ tiêu chung" in text_of(officer, pages["target"])
    officer.post(pages["target-hand-down"], {f"value_{cast.tan_cuong.pk}": "71", f"baseline_{cast.tan_cuong.pk}": "4"})
    assert "vượt chỉ tiêu chung" in text_of(officer, pages["target"])
    listed = text_of(officer, pages["targets"])
    assert "3 chỉ tiêu" in listed
    assert "Xã Tân Cương" in listed


def test_a_commune_sees_only_its_own_targets(cast: Cast, programme: Programme, client_of: ClientOf) -> None:
    for unit in (cast.tan_cuong, cast.dai_phuc):
        details = TargetDetails(value=Decimal(55), due=END, baseline=Decimal(1), baseline_on=START)
        eco = Indicator.objects.get(code="ECO-01")
        targets.set_target(programme=programme, indicator=eco, unit=unit, details=details, by=cast.officer)
    page = text_of(client_of(cast.enterer), pages_of(programme)["targets"])
    assert "1 chỉ tiêu" in page
    assert "Đại Phúc" not in page


def test_a_target_is_edited_and_removed(programme: Programme, officer: Client) -> None:
    pages, target = pages_of(programme), programme.targets.get()
    sent = {"value": "120", "due": f"{END:%d/%m/%Y}", "baseline": "10", "baseline_on": "01/01/2026"}
    assert officer.post(pages["target-edit"], sent).status_code == 302
    target.refresh_from_db()
    assert target.value == 120
    assert officer.post(pages["target-remove"]).headers["Location"] == pages["targets"]
    assert Target.objects.count() == 0


# --- the catalogue ---


def test_only_the_centre_keeps_the_catalogue(cast: Cast, programme: Programme, client_of: ClientOf) -> None:
    indicator, measure = Indicator.objects.get(code="INF-01"), Measure.objects.get(code="MB-ALL")
    addresses = [
        reverse("programmes:indicator-create"),
        reverse("programmes:measure-create"),
        reverse("programmes:indicator-edit", args=[indicator.pk]),
        reverse("programmes:measure-edit", args=[measure.pk]),
    ]
    for person, status in ((cast.national, 200), (cast.admin, 403), (cast.officer, 403), (cast.enterer, 403)):
        assert {client_of(person).get(address).status_code for address in addresses} == {status}
    assert client_of(cast.officer).post(addresses[2], {"name": "x"}).status_code == 403


def test_a_measure_is_created_and_a_cycle_refused(cast: Cast, programme: Programme, client_of: ClientOf) -> None:
    national = client_of(cast.national)
    sent = {
        "code": "MOI", "name": "Số mới", "kind": "stock", "unit_of_measure": "người", "decimals": "0", "minimum": "0",
        "order": "5", "entered_at": ["commune"], "active": "on",
    }  # fmt: skip
    assert national.post(reverse("programmes:measure-create"), sent).status_code == 302
    measure = Measure.objects.get(code="MOI")
    assert measure.entered_at == ["commune"]
    edit = reverse("programmes:measure-edit", args=[measure.pk])
    errors = national.post(edit, {**sent, "whole": measure.pk}).context["form"].errors
    assert errors["whole"] == ["“Số mới” chính là số liệu này hoặc là một phần của nó."]
    other_kind = Measure.objects.get(code="TR-TURNS")
    errors = national.post(edit, {**sent, "whole": other_kind.pk}).context["form"].errors
    assert errors["whole"] == [
        "Số trong đó phải cùng loại với số tổng: “Lượt người được tập huấn CĐS, CNTT, an toàn mạng” là "
        "“Số phát sinh (cộng dồn theo thời gian)”."
    ]
    measure.refresh_from_db()
    assert measure.whole is None


def test_an_indicator_is_edited(cast: Cast, programme: Programme, client_of: ClientOf) -> None:
    national, indicator = client_of(cast.national), Indicator.objects.get(code="INF-01")
    address = reverse("programmes:indicator-edit", args=[indicator.pk])
    form = national.get(address).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields if name != "active"}
    assert national.post(address, {**sent, "active": "on", "name": "Tên mới"}).status_code == 302
    indicator.refresh_from_db()
    assert (indicator.name, indicator.denominator.code) == ("Tên mới", "U-COMMUNE")


# --- what is to be done ---


def test_duties_name_late_and_pressing_tasks(cast: Cast, programme: Programme) -> None:
    def told(name: str) -> list[str]:
        return [str(duty.title) for duty in task_duties(getattr(cast, name))]

    assert told("enterer") == ["Nhiệm vụ sắp đến hạn: Việc của Tân Cương"]
    assert told("dai_phuc_enterer") == ["Nhiệm vụ chậm hạn: Việc của Đại Phúc"]
    assert told("officer") == ["1 nhiệm vụ của các đơn vị cấp dưới chậm hạn"]
    assert told("leader") == told("stranger") == told("nobody") == []
    task = programme.tasks.get(name="Việc của Tân Cương")
    plans.report_task_progress(task=task, report=ProgressReport(on=TODAY, state="done"), by=cast.officer, today=TODAY)
    assert told("enterer") == []


def test_duties_stay_a_short_list(cast: Cast, programme: Programme) -> None:
    for place in range(12):
        details = TaskDetails(name=f"Gấp {place}", owner=cast.tan_cuong, due=TODAY)
        plans.create_task(programme=programme, details=details, by=cast.officer, today=TODAY)
    duties = task_duties(cast.enterer)
    assert len(duties) == 9
    assert duties[-1].due is None


def test_the_page_of_a_unit_lists_its_tasks(cast: Cast, programme: Programme, client_of: ClientOf) -> None:
    from programmes.panels import TASKS

    client = client_of(cast.officer)
    request = client.get(reverse("programmes:list")).wsgi_request
    context = TASKS.context(request, cast.tan_cuong)
    assert [task.name for task in context["tasks"]] == ["Việc của Tân Cương"]
    assert context["summary"].total == 1
