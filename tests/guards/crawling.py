"""Goes through the portal by its links, as a person would, and reads the forms on its pages."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from tests.guards.visitors import Answer, Visitor

LEFT_ALONE = ("/tai-khoan/logout/", "/ngon-ngu/", "/static/", "/quan-tri/jsi18n/")
PAGES = 300  # of one person at most: enough for every kind of page of the small world


@dataclass
class FormOnPage:
    """A form as the browser would send it: its address, and each field with what it holds now."""

    page: str
    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    texts: set[str] = field(default_factory=set)  # names of text inputs
    options: dict[str, list[str]] = field(default_factory=dict)  # of selects, radio buttons and check boxes
    files: set[str] = field(default_factory=set)
    also: list[str] = field(default_factory=list)  # addresses of buttons that send the form elsewhere

    def sent_to(self) -> list[FormOnPage]:
        """The form once for each address that a button of it names."""
        return [self, *(replace(self, action=action, also=[]) for action in self.also)]


@dataclass
class Page:
    answer: Answer
    links: list[str]
    forms: list[FormOnPage]

    @property
    def url(self) -> str:
        return self.answer.url


class _Reader(HTMLParser):
    def __init__(self, base: str) -> None:
        super().__init__()
        self.base = base
        self.links: list[str] = []
        self.forms: list[FormOnPage] = []
        self._form: FormOnPage | None = None
        self._by_id: dict[str, FormOnPage] = {}
        self._select = ""
        self._area: tuple[str, list[str]] | None = None
        self._multiple = self._chosen = False
        self._first: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self.links += [
            urljoin(self.base, told[name]) for name in ("href", "hx-get", "src", "data-url") if told.get(name)
        ]
        if tag == "form":
            action = urljoin(self.base, told.get("action", "")) if told.get("action") else self.base
            self._form = FormOnPage(self.base, action, told.get("method", "get").lower())
            self.forms.append(self._form)
            self._by_id[told.get("id", "")] = self._form
        elif tag in ("button", "input") and told.get("formaction"):
            owner = self._by_id.get(told.get("form", ""), self._form)
            if owner:
                owner.also.append(urljoin(self.base, told["formaction"]))
        elif tag == "input" and told.get("form") in self._by_id and told.get("name"):
            self._input(self._by_id[told["form"]], told)
        elif self._form and told.get("name"):
            if tag == "input":
                self._input(self._form, told)
            elif tag == "select":
                self._select, self._multiple = told["name"], "multiple" in told
                self._chosen, self._first = False, None
                self._form.options.setdefault(told["name"], [])
            elif tag == "textarea":
                self._area = (told["name"], [])
                self._form.texts.add(told["name"])
        if tag == "option" and self._form and self._select:
            self._option(self._form, told)

    def _input(self, form: FormOnPage, told: dict[str, str]) -> None:
        kind, name, value = told.get("type", "text"), told["name"], told.get("value", "")
        if kind in ("checkbox", "radio"):
            form.options.setdefault(name, []).append(value or "on")
            if "checked" in told:
                form.fields.append((name, value or "on"))
        elif kind == "file":
            form.files.add(name)
        elif kind not in ("submit", "button", "image", "reset"):
            form.fields.append((name, value))
            if kind != "hidden":
                form.texts.add(name)

    def _option(self, form: FormOnPage, told: dict[str, str]) -> None:
        value = told.get("value", "")
        form.options[self._select].append(value)
        self._first = value if self._first is None else self._first
        if "selected" in told:
            form.fields.append((self._select, value))
            self._chosen = True

    def handle_data(self, data: str) -> None:
        if self._area:
            self._area[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select" and self._select:
            if self._form and not self._chosen and not self._multiple and self._first is not None:
                self._form.fields.append((self._select, self._first))
            self._select = ""
        elif tag == "textarea" and self._area and self._form:
            self._form.fields.append((self._area[0], "".join(self._area[1]).removeprefix("\n")))
            self._area = None


def read(answer: Answer) -> Page:
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        return Page(answer, [], [])
    reader = _Reader(answer.url)
    reader.feed(answer.body)
    return Page(answer, reader.links, [sent for one in reader.forms for sent in one.sent_to()])


def same_kind(url: str) -> tuple[Any, ...]:
    """Addresses that differ only in what is filtered, sorted or paged are one page; exports are pages of their own."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query)
    names = frozenset(name for name, _value in query if name not in ("sort", "page"))
    return parts.path, names, tuple(value for name, value in query if name == "export")


def inside(url: str) -> bool:
    parts = urlsplit(url)
    return not parts.netloc and parts.scheme in ("", "http", "https") and not parts.path.startswith(LEFT_ALONE)


def crawl(visitor: Visitor, starts: Iterable[str] = ("/",), *, most: int = PAGES) -> Iterator[Page]:
    """Pages in the order in which a person finds them: near ones first. Refusals are pages too."""
    seen: set[tuple[Any, ...]] = set()
    waiting: deque[str] = deque(starts)
    while waiting and most:
        url = waiting.popleft().partition("#")[0]
        if not inside(url) or same_kind(url) in seen:
            continue
        seen.add(same_kind(url))
        most -= 1
        page = read(visitor.get(url))
        yield page
        waiting.extend(page.links)
        if page.answer.location:
            waiting.append(urljoin(url, page.answer.location))
