"""The list page, on models that every installation has: permissions and their content types."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import django_filters
import openpyxl
import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from core.dates import format_date
from core.filters import FilterSet, MonthFilter, SearchFilter, YesNoFilter
from core.lists import BODY_ID, ListPage, count_rows
from core.tables import Column, DateColumn, NumberColumn, StatusColumn, Table, stable_order

pytestmark = pytest.mark.django_db


class PermissionTable(Table):
    name = Column()
    kind = Column(accessor="content_type__model", verbose_name="Loại")
    number = NumberColumn(accessor="content_type__pk", verbose_name="Số")
    link = Column(accessor="pk", orderable=False, exclude_from_export=True)

    def render_link(self, value: int) -> str:
        return f"<b>{value}</b>"


class PermissionFilters(FilterSet):
    q = SearchFilter(["codename", "name"])
    content_type = django_filters.ModelChoiceFilter(queryset=ContentType.objects.all(), label="Loại")
    month = MonthFilter(field_name="content_type_id", label="Tháng")
    typed = YesNoFilter(field_name="content_type", lookup_expr="isnull", label="Trống")
    late = django_filters.ChoiceFilter(
        field_name="codename", lookup_expr="startswith", choices=lambda: [("x_", "Của bài kiểm tra")], label="Loại mã"
    )

    class Meta:
        model = Permission
        fields: list[str] = []


class PermissionList(ListPage):
    table_class = PermissionTable
    filterset_class = PermissionFilters
    title = "Quyền trong hệ thống"
    empty_text = "Chưa có quyền nào"
    export_name = "quyen"
    per_page = 3

    def get_queryset(self) -> QuerySet[Permission]:
        return Permission.objects.filter(codename__startswith="x_").order_by("name")

    def empty_link(self) -> tuple[str, str] | None:
        return "/them/", "Thêm quyền"


@pytest.fixture
def kinds() -> list[ContentType]:
    return [ContentType.objects.create(app_label="x", model=model) for model in ("first", "second")]


@pytest.fixture
def rows(kinds: list[ContentType]) -> list[Permission]:
    names = ["beta", "alpha", "=1+1", "gamma", "alpha", "delta", "epsilon"]
    return [
        Permission.objects.create(name=name, codename=f"x_{number}", content_type=kinds[number % 2])
        for number, name in enumerate(names)
    ]


def ask(path: str = "/quyen/", view: type[ListPage] = PermissionList, **headers: str) -> Any:
    request = RequestFactory().get(path, headers=headers)
    request.user = AnonymousUser()
    request.htmx = HtmxDetails(request)
    return view.as_view()(request)


def page(path: str = "/quyen/", view: type[ListPage] = PermissionList, **headers: str) -> str:
    return str(ask(path, view, **headers).render().content.decode())


def first_cells(path: str) -> list[str]:
    context = ask(path).context_data
    return [contents(cells)[0] for _attributes, cells in context["table"].lines()]


def contents(cells: str) -> list[str]:
    """What stands in the cells of a row, as the page says it."""
    return re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", cells, flags=re.DOTALL)


def test_pages_hold_their_share_of_the_rows_in_order(rows: list[Permission]) -> None:
    assert first_cells("/quyen/") == ["=1+1", "alpha", "alpha"]
    assert first_cells("/quyen/?page=3") == ["gamma"]


def test_page_numbers_out_of_range_or_not_numbers_show_a_page_anyway(rows: list[Permission]) -> None:
    assert first_cells("/quyen/?page=99") == ["gamma"]
    assert first_cells("/quyen/?page=x") == first_cells("/quyen/")


def test_sorting_by_a_column_and_an_unknown_column(rows: list[Permission]) -> None:
    assert first_cells("/quyen/?sort=-name") == ["gamma", "epsilon", "delta"]
    assert first_cells("/quyen/?sort=password") == first_cells("/quyen/")


def test_equal_rows_keep_one_order_over_all_pages(rows: list[Permission]) -> None:
    same = Permission.objects.filter(codename__startswith="x_").order_by("content_type__app_label")
    assert list(stable_order(same)) == sorted(rows, key=lambda row: row.pk)


def test_count_is_told_in_words_and_as_number(rows: list[Permission]) -> None:
    context = ask("/quyen/?q=alpha").context_data
    assert context["count"] == 2
    assert "2" in context["count_text"]


def test_count_of_a_list_needs_no_join(rows: list[Permission], django_assert_num_queries: Any) -> None:
    wide = Permission.objects.select_related("content_type").order_by("content_type__model")
    with django_assert_num_queries(1) as queries:
        count_rows(wide)
    assert "JOIN" not in queries.captured_queries[0]["sql"]


@pytest.mark.parametrize("per_page", [1, 7])
def test_queries_do_not_grow_with_rows(rows: list[Permission], per_page: int, django_assert_num_queries: Any) -> None:
    class Sized(PermissionList):
        pass

    Sized.per_page = per_page
    with django_assert_num_queries(3):  # the count, the rows with their kinds, the choices of the filter
        page("/quyen/", Sized)


def test_search_finds_all_words_in_any_folded_column(kinds: list[ContentType]) -> None:
    Permission.objects.create(name="xa dak o", codename="x_1", content_type=kinds[0])
    Permission.objects.create(name="xa khac", codename="x_2", content_type=kinds[0])
    assert first_cells("/quyen/?q=Đắk+xã") == ["xa dak o"]
    assert first_cells("/quyen/?q=x_2+khác") == ["xa khac"]


def test_search_takes_wildcards_and_strange_characters_as_text(rows: list[Permission]) -> None:
    assert first_cells("/quyen/?q=%25") == []
    assert first_cells("/quyen/?q=al%00pha") == ["alpha", "alpha"]


def test_filters_in_force_are_tags_that_can_be_taken_away(rows: list[Permission], kinds: list[ContentType]) -> None:
    query = f"q=a&content_type={kinds[0].pk}&sort=-name&page=2"
    tags = ask(f"/quyen/?{query}").context_data["tags"]
    assert [(tag.label, tag.value) for tag in tags][1] == ("Loại", str(kinds[0]))
    assert tags[0].value == "“a”"
    assert tags[0].remove_url == f"?content_type={kinds[0].pk}&sort=-name"
    assert tags[1].remove_url == "?q=a&sort=-name"


def test_choices_that_are_made_late_have_their_words_in_tags(rows: list[Permission]) -> None:
    tags = ask("/quyen/?late=x_").context_data["tags"]
    assert [(tag.label, tag.value) for tag in tags] == [("Loại mã", "Của bài kiểm tra")]


def test_what_a_filter_cannot_read_is_said_at_its_field(rows: list[Permission]) -> None:
    assert "“13/2026” không phải tháng" in page("/quyen/?month=13/2026")


def test_sort_and_filters_stay_in_the_addresses_of_pages(rows: list[Permission]) -> None:
    html = page("/quyen/?q=a&sort=-name")
    assert 'href="?q=a&amp;sort=-name&amp;page=2"' in html
    assert '<input type="hidden" name="sort" value="-name" form="list-filters">' in html


def test_each_cell_carries_its_heading_for_cards(rows: list[Permission]) -> None:
    assert '<td data-label="Loại">first</td>' in page()


def test_cells_are_escaped(kinds: list[ContentType]) -> None:
    Permission.objects.create(name="<script>alert(1)</script>", codename="x_1", content_type=kinds[0])
    html = page()
    assert "&lt;script&gt;alert(1)" in html
    assert "<script>alert(1)" not in html


def test_a_partial_request_gets_only_the_list(rows: list[Permission]) -> None:
    part = page("/quyen/", HX_Request="true", HX_Target=BODY_ID)
    assert part.lstrip().startswith('<div id="list-body"')
    assert "<html" not in part


def test_going_back_and_other_partial_requests_get_the_whole_page(rows: list[Permission]) -> None:
    assert "<html" in page("/quyen/", HX_Request="true", HX_Target="something-else")
    back = {"HX_Request": "true", "HX_Target": BODY_ID, "HX_History_Restore_Request": "true"}
    assert "<html" in page("/quyen/", **back)
    assert "HX-Request" in ask()["Vary"]


def test_an_empty_list_says_so_and_offers_the_next_step() -> None:
    html = page()
    assert "Chưa có quyền nào" in html
    assert '<a class="btn btn-secondary" href="/them/">Thêm quyền</a>' in html


def test_a_list_emptied_by_filters_offers_to_remove_them(rows: list[Permission]) -> None:
    html = page("/quyen/?q=nothing-like-this")
    assert "Chưa có quyền nào" not in html
    assert 'href="/quyen/"' in html


def test_csv_holds_all_filtered_rows_and_no_formula(rows: list[Permission], kinds: list[ContentType]) -> None:
    response = ask(f"/quyen/?export=csv&content_type={kinds[0].pk}&page=2")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    assert lines[0] == ["Tên", "Loại", "Số"]
    assert [line[0] for line in lines[1:]] == ["'=1+1", "alpha", "beta", "epsilon"]
    assert {line[1] for line in lines[1:]} == {"first"}


def test_xlsx_holds_text_as_text_and_numbers_as_numbers(rows: list[Permission], kinds: list[ContentType]) -> None:
    response = ask("/quyen/?export=xlsx&sort=name")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    sheet = book.active
    values = [tuple(cell.value for cell in line) for line in sheet.iter_rows(min_row=2)]
    assert values[0] == ("=1+1", "first", kinds[0].pk)
    assert sheet["A2"].data_type == "s"
    assert len(values) == 7
    response.file_to_stream.close()


def test_exports_read_plain_columns_and_own_renderings_alike(rows: list[Permission]) -> None:
    class Shouting(PermissionTable):
        def value_name(self, value: str) -> str:
            return value.upper()

    plain = list(PermissionTable(Permission.objects.filter(pk=rows[0].pk)).export_lines())
    own = list(Shouting(Permission.objects.filter(pk=rows[0].pk)).export_lines())
    assert plain[1] == ["beta", "first", rows[0].content_type_id]
    assert own[1] == ["BETA", "first", rows[0].content_type_id]


def test_choices_are_words_on_the_page_and_in_exports(db: None) -> None:
    from jobs.models import Job, JobState  # a model with choices, a date and an empty relation

    class JobTable(Table):
        state = StatusColumn(tones={"parked": "bad"})
        created_at = DateColumn()
        person = Column(accessor="asked_by__username")

    job = Job.objects.create(kind="x", state=JobState.PARKED)
    table = JobTable(Job.objects.all())
    table.paginate()
    badge, day, person = contents(next(table.lines())[1])
    words = str(JobState.PARKED.label)
    assert words in badge
    assert "status-behind" in badge
    assert (day, person) == (format_date(job.created_at), "–")
    assert list(table.export_lines())[1] == [words, job.created_at, None]


def test_a_list_without_export_name_exports_nothing(rows: list[Permission]) -> None:
    class Closed(PermissionList):
        export_name = ""

    html = page("/quyen/?export=csv", Closed)
    assert "<html" in html
    assert "export=xlsx" not in html


def test_missing_values_sort_last_in_both_directions(db: None) -> None:
    from accounts.models import User

    for number, seen in enumerate(["2026-01-02T00:00Z", None, "2026-01-01T00:00Z"]):
        User.objects.create(username=f"u{number}", last_login=seen)
    up = stable_order(User.objects.order_by("last_login")).values_list("username", flat=True)
    down = stable_order(User.objects.order_by("-last_login")).values_list("username", flat=True)
    assert list(up) == ["u2", "u0", "u1"]
    assert list(down) == ["u0", "u2", "u1"]


def test_tables_of_plain_rows_work_too() -> None:
    table = PermissionTable([{"name": "A", "content_type__model": "b", "content_type__pk": 1234, "pk": 1}])
    table.paginate()
    assert contents(next(table.lines())[1]) == ["A", "b", "1.234", "&lt;b&gt;1&lt;/b&gt;"]
