"""Nobody is shown what is not theirs: pages, searches, files and choices are read as each person, for canaries.

Pages are found by their links, as a person would; `test_doors` looks at every address of the URLconf in the same way.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from core.lists import ListPage
from tests.guards import doors
from tests.guards.crawling import crawl
from tests.guards.sight import NORTH, SEES, SOUTH, Sight
from tests.guards.visitors import Answer, Visitor
from tests.guards.world import World
from units.adminsite import site

pytestmark = pytest.mark.django_db
PAGES = 120
PARTIAL = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "list-body"}
Asked = tuple[str, dict[str, str]]  # address and headers


def list_of(route: str) -> type[ListPage] | None:
    """The list behind a route, if it is one."""
    view = getattr(doors.routes()[route].view, "view_class", None)
    return view if isinstance(view, type) and issubclass(view, ListPage) else None


def lists(world: World, foreign: list[str]) -> Iterator[Asked]:
    """Searches, filters by foreign keys, parts of pages and files of every list; the box that finds units."""
    for word in ("zzq", "Nhà tài trợ", "Sầm Sơn", "Tân Cương"):
        yield f"/don-vi/tim/?{urlencode({'q': word})}", {}
        yield f"/don-vi/tim/?{urlencode({'q': word})}", {"HTTP_HX_REQUEST": "true"}
    for door in doors.doors(world):
        view = list_of(door.route)
        if view is None:
            continue
        yield f"{door.url}?q=zzq", PARTIAL
        yield f"{door.url}?export=csv", {}
        yield f"{door.url}?export=xlsx", {}
        for name in view.filterset_class.base_filters:
            yield from ((f"{door.url}?{name}={key}", PARTIAL) for key in foreign)


def administration(foreign: list[str]) -> Iterator[Asked]:
    """Searches, the filter by province, and what the fields of forms suggest."""
    for model, admin in site._registry.items():
        label = f"{model._meta.app_label}/{model._meta.model_name}"
        yield f"/quan-tri/{label}/?q=zzq", {}
        yield from ((f"/quan-tri/{label}/?tinh={key}", {}) for key in foreign)
        for name in admin.autocomplete_fields:
            asked = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": name}
            yield from ((f"/quan-tri/autocomplete/?{urlencode({**asked, 'term': word})}", {}) for word in ("zzq", ""))


def foreign_keys(world: World, persona: str) -> list[str]:
    """The province that the person may not see; both for nobody, none for the national administrator."""
    seen = set(SEES[persona])
    return [str(world.unit(code).pk) for code, places in (("tn", NORTH), ("th", SOUTH)) if not seen & set(places)]


@pytest.mark.parametrize("persona", [persona for persona in SEES if persona != "anonymous"])
def test_nothing_foreign_is_shown(world: World, persona: str) -> None:
    visitor, sight, broken = Visitor(doors.user_of(world, persona)), Sight(world, persona), []

    def answers() -> Iterator[Answer]:
        foreign = foreign_keys(world, persona)
        yield from (page.answer for page in crawl(visitor, most=PAGES))
        yield from (visitor.get(url, **headers) for url, headers in lists(world, foreign))
        if visitor.get("/quan-tri/").status == 200:
            yield from (visitor.get(url, **headers) for url, headers in administration(foreign))

    for answer in answers():
        sight.look(answer)
        if answer.status >= 500:
            broken.append(f"{answer.url}: {answer.error}")
    assert not broken, "\n".join(broken)
    assert not sight.leaks(), "\n".join(sight.leaks())
    if persona == "national":  # or the others would not be seen because nobody is
        shown = {world.canaries.origins[word].place for word in sight.seen}
        assert shown >= {*NORTH, *SOUTH, "tw"}


def test_exports_hold_the_own_rows(world: World) -> None:
    """A file that is empty for everybody would prove nothing."""
    visitor, held = Visitor(world.cast.officer), set()
    for door in doors.doors(world):
        view = list_of(door.route)
        for kind in ("csv", "xlsx") if view and view.export_name else ():
            if world.canaries.found_in(visitor.get(f"{door.url}?export={kind}").body):
                held.add(door.route)
    assert held >= {"sponsors:list", "trainings:list", "equipment:gifts", "equipment:handovers", "equipment:items"}
