from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import include, path
from django.views import View

from core import access
from core.access import AccessMiddleware, access_of, needs, public, signed_in
from core.verdicts import Denied, allowed, denied, require


class Person:
    is_authenticated = True

    def __init__(self, *rights: str) -> None:
        self.rights = rights

    def has_perm(self, right: str) -> bool:
        return right in self.rights


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@public
def for_all(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@signed_in
def for_people(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@needs("accept")
class ForOfficers(View):
    pass


def answer(view: Any, user: Any, path: str = "/a/?b=1", method: str = "get", **headers: str) -> Any:
    request = getattr(RequestFactory(), method)(path, headers=headers)
    request.user = user
    return AccessMiddleware(lambda _request: HttpResponse()).process_view(request, view, (), {})


def test_public_views_let_strangers_in() -> None:
    assert answer(for_all, AnonymousUser()) is None


def test_strangers_are_sent_to_sign_in_and_back() -> None:
    assert answer(for_people, AnonymousUser()).url.endswith("?next=/a/%3Fb%3D1")


def test_strangers_who_post_are_not_sent_back_to_an_address_that_only_takes_posts(settings: Any) -> None:
    settings.LOGIN_REDIRECT_URL = "/start/"
    assert answer(for_people, AnonymousUser(), method="post").url.endswith("?next=/start/")


def test_a_partial_request_of_a_stranger_moves_the_whole_page() -> None:
    headers = {"HX_Request": "true", "HX_Current_URL": "https://portal.vn/list/?q=x"}
    response = answer(for_people, AnonymousUser(), **headers)
    assert response.status_code == 204
    assert response["HX-Redirect"].endswith("?next=/list/%3Fq%3Dx")


def test_the_right_is_asked_for_and_its_lack_explained() -> None:
    view = ForOfficers.as_view()
    assert answer(view, Person("accept")) is None
    with pytest.raises(Denied) as refusal:
        answer(view, Person("enter"))
    assert refusal.value.reason == str(refusal.value) != ""


def test_a_view_declares_its_access_once() -> None:
    with pytest.raises(TypeError, match="twice"):
        public(for_people)


def test_access_is_found_on_functions_classes_and_subclasses() -> None:
    class Special(ForOfficers):
        pass

    assert access_of(for_people) == access.Access()
    assert access_of(Special.as_view()) == access.Access(permission="accept")
    assert access_of(plain) is None


@pytest.fixture
def routes(settings: Any) -> ModuleType:
    module = ModuleType("routes_of_test")
    inner = ModuleType("inner_routes_of_test")
    inner.urlpatterns = [path("x/", plain, name="x")]  # type: ignore[attr-defined]
    inner.app_name = "inner"  # type: ignore[attr-defined]
    module.urlpatterns = [  # type: ignore[attr-defined]
        path("a/", for_all, name="a"),
        path("b/<int:pk>/", ForOfficers.as_view(), name="b"),
        path("in/", include(inner)),
    ]
    settings.ROOT_URLCONF = module
    settings.ACCESS_DECLARED_ELSEWHERE = {}
    settings.ACCESS_RIGHTS = "string.ascii_lowercase"
    return module


def test_start_up_refuses_undeclared_routes_and_unknown_rights(routes: ModuleType) -> None:
    problems = access.check_routes(None)
    assert [(problem.id, problem.obj) for problem in problems] == [("core.E002", None), ("core.E001", "inner:x")]
    assert "'accept'" in problems[0].msg


def test_mounted_packages_are_declared_by_prefix(routes: ModuleType, settings: Any) -> None:
    settings.ACCESS_DECLARED_ELSEWHERE = {"in/": "guards itself"}
    settings.ACCESS_RIGHTS = None
    assert access.check_routes(None) == []


def test_start_up_refuses_to_go_without_the_middleware(routes: ModuleType, settings: Any) -> None:
    settings.MIDDLEWARE = []
    assert "core.E003" in [problem.id for problem in access.check_routes(None)]


def test_a_verdict_is_a_truth_with_a_reason() -> None:
    assert allowed()
    assert not denied("Kỳ báo cáo đã khóa")
    require(allowed())
    with pytest.raises(Denied) as refusal:
        require(denied("Kỳ báo cáo đã khóa"))
    assert refusal.value.reason == "Kỳ báo cáo đã khóa"
