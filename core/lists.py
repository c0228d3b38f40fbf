"""The list page: declared by its queryset, table and filters; search, sorting, pages and exports come with it."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views import View

from core.export import Sheet, csv_response, xlsx_response
from core.filters import PAGE, SEARCH, FilterSet
from core.numbers import format_number
from core.tables import PER_PAGE, Table

EXPORT, SORT = "export", "sort"
BODY_ID = "list-body"


class ListPage(View):
    """A list that works without scripts; with htmx only the part under the filters is fetched.

    Declare `table_class`, `title`, `empty_text` and `get_queryset`, and where they serve `filterset_class`,
    `empty_link`, `export_name` (no name, no export), `action_link`, `count_text`. Mark it with core.access.
    Parameters of the address: those of the filters, `sort`, `page`, `export` (csv or xlsx).
    """

    template_name = "components/list.html"
    body_template_name = "components/list_body.html"
    table_class: ClassVar[type[Table]]
    filterset_class: ClassVar[type[FilterSet]] = FilterSet
    title: ClassVar[Any] = ""
    lead: ClassVar[Any] = ""
    empty_text: ClassVar[Any] = ""
    export_name: ClassVar[str] = ""
    per_page: ClassVar[int] = PER_PAGE

    def get_queryset(self) -> QuerySet[Any]:
        """All rows this person may see: starts from `visible_to(self.request.user)`. In the order of the list."""
        raise NotImplementedError

    def count(self) -> int:
        """How many rows the list has in all."""
        return count_rows(self.filterset.qs)

    def get_title(self) -> str:
        return str(self.title)

    def count_text(self, count: int) -> str:
        """The count in words; "92 xã" says more than "92 kết quả"."""
        return _("%(count)s results") % {"count": format_number(count)}

    def action_link(self) -> tuple[str, str] | None:
        """Address and words of the one main action ("Thêm …"), for those who may do it."""
        return None

    def empty_link(self) -> tuple[str, str] | None:
        """Address and words of the next step when there is nothing yet; the main action unless said otherwise."""
        return self.action_link()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """More context for pages with a template of their own."""
        return kwargs

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.export_name and request.GET.get(EXPORT) in ("csv", "xlsx"):
            return self.export(request.GET[EXPORT])
        template = self.body_template_name if self._is_partial() else self.template_name
        response = TemplateResponse(request, template, self.get_context_data(**self.page_context()))
        patch_vary_headers(response, ["HX-Request"])  # the back button must not show a part as a page
        return response

    @cached_property
    def filterset(self) -> FilterSet:
        return self.filterset_class(self.request.GET, queryset=self.get_queryset(), request=self.request)

    @cached_property
    def table(self) -> Table:
        table = self.table_class(self.filterset.qs)
        if sort := self.request.GET.getlist(SORT):
            table.order_by = sort
        return table

    def page_context(self) -> dict[str, Any]:
        count = self.count()
        self._paginate(count)
        return {
            "view": self,
            "title": self.get_title(),
            "table": self.table,
            "filterset": self.filterset,
            "search": self.filterset.form[SEARCH] if SEARCH in self.filterset.form.fields else None,
            "tags": self.filterset.tags(),
            "clear_url": self.request.path,
            "count": count,
            "count_text": self.count_text(count),
            "pages": self.table.paginator.get_elided_page_range(self.table.page.number, on_each_side=2, on_ends=1),
            "sort": self.request.GET.get(SORT, ""),
            "export_links": self._export_links() if self.export_name and count else [],
            "action_link": self.action_link(),
            "empty_link": self.empty_link(),
        }

    def export(self, kind: str) -> HttpResponseBase:
        """All filtered rows in their order, whatever the page."""
        lines = self.table.export_lines()
        if kind == "csv":
            return csv_response(self.export_name, lines)
        header = next(lines)
        return xlsx_response(self.export_name, [Sheet(self.get_title(), header, lines)])

    def _is_partial(self) -> bool:
        htmx: Any = getattr(self.request, "htmx", None)
        return bool(htmx and htmx.target == BODY_ID and not htmx.history_restore_request)

    def _paginate(self, count: int) -> None:
        paginator = Paginator(self.table.rows, self.per_page)
        paginator.count = count  # counted once and without the joins of the columns
        self.table.paginator = paginator
        self.table.page = paginator.get_page(self.request.GET.get(PAGE))

    def _export_links(self) -> list[tuple[str, str]]:
        links = []
        for kind, words in (("xlsx", _("Export Excel")), ("csv", _("Export CSV"))):
            query = self.request.GET.copy()
            query.pop(PAGE, None)
            query[EXPORT] = kind
            links.append((f"?{query.urlencode()}", words))
        return links


def count_rows(queryset: QuerySet[Any]) -> int:
    """How many rows there are, counted on primary keys alone: without the joins that order and show them."""
    keys = queryset.order_by().select_related(None).values("pk")
    return keys.distinct().count() if queryset.query.distinct else keys.count()
