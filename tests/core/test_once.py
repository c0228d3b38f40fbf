from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from core.once import FIELD, once

pytestmark = pytest.mark.django_db


@once
def create(request: HttpRequest, name: str = "a") -> HttpResponse:
    """A view that writes a row, then answers as its input says."""
    kind, _new = ContentType.objects.get_or_create(app_label="x", model="y")
    row = Permission.objects.create(name=name, codename=f"x_{Permission.objects.count()}", content_type=kind)
    if request.POST.get("refuse"):
        raise PermissionDenied
    if request.POST.get("mistake"):
        row.delete()
        return HttpResponse("form with errors")
    return HttpResponse(status=302, headers={"Location": f"/rows/{row.pk}/"})


def post(path: str = "/new/", **data: str) -> Any:
    request = RequestFactory().post(path, data)
    request.user = AnonymousUser()
    return create(request)


def rows() -> int:
    return Permission.objects.filter(codename__startswith="x_").count()


def test_the_same_token_again_leads_to_the_first_result() -> None:
    first = post(**{FIELD: "t1"})
    answers = [post(**{FIELD: "t1"}).url for _time in range(3)]
    assert rows() == 1
    assert answers == [first["Location"]] * 3


def test_another_token_or_another_page_is_another_time() -> None:
    post(**{FIELD: "t1"})
    post(**{FIELD: "t2"})
    post("/other/", **{FIELD: "t1"})
    assert rows() == 3


def test_without_a_token_the_view_runs() -> None:
    post()
    post()
    assert rows() == 2


def test_a_form_with_errors_can_be_sent_again() -> None:
    assert post(**{FIELD: "t1", "mistake": "1"}).status_code == 200
    assert post(**{FIELD: "t1"}).status_code == 302
    assert rows() == 1


def test_a_refused_or_broken_view_leaves_nothing_behind() -> None:
    with pytest.raises(PermissionDenied):
        post(**{FIELD: "t1", "refuse": "1"})
    assert rows() == 0
    assert post(**{FIELD: "t1"}).status_code == 302


def test_reading_the_page_does_not_use_the_token_up() -> None:
    request = RequestFactory().get("/new/", {FIELD: "t1"})
    request.user = AnonymousUser()
    create(request)
    assert post(**{FIELD: "t1"}).status_code == 302
    assert rows() == 2
