"""Pages are compressed on the way, files are not."""

from __future__ import annotations

import gzip

import pytest
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.test import RequestFactory

from core.compression import CompressPagesMiddleware

PAGE = "<p>Xã Tân Cương</p>" * 200


def answer(response: HttpResponseBase) -> HttpResponseBase:
    request = RequestFactory().get("/", headers={"Accept-Encoding": "gzip, br"})
    return CompressPagesMiddleware(lambda _request: response)(request)


def test_a_page_is_compressed() -> None:
    found = answer(HttpResponse(PAGE, headers={"ETag": '"1"'}))
    assert found["Content-Encoding"] == "gzip"
    assert found["ETag"] == 'W/"1"'
    assert gzip.decompress(found.content).decode() == PAGE


@pytest.mark.parametrize("kind", ["application/json", "text/csv", "image/png"])
def test_what_is_no_page_goes_as_it_is(kind: str) -> None:
    assert "Content-Encoding" not in answer(HttpResponse(PAGE, content_type=kind))


def test_what_is_streamed_goes_as_it_is() -> None:
    assert "Content-Encoding" not in answer(StreamingHttpResponse([PAGE]))
