"""Goals of the portal as it is served: gunicorn with two workers, and what goes over the wire."""

from __future__ import annotations

import gzip
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from time import sleep

import brotli
from django.conf import settings

from benchmarks import memory
from benchmarks.browsing import anew, client_of, dashboard, keep_bare
from benchmarks.country import Bench
from benchmarks.pages import MACHINES
from benchmarks.portal import NATIONAL
from benchmarks.registry import Outcome, goal
from benchmarks.served import CONSTANT
from benchmarks.wire import Answer, Browser, linked, requests_per_second

WORKERS, CLIENTS, SECONDS, ROUNDS = 2, 4, 4.0, 3
_KB = 1000


@contextmanager
def gunicorn() -> Iterator[int]:
    """The portal on a free port, while the block runs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "gunicorn", "benchmarks.wsgi:application", "--no-control-socket"]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS), "--threads", "4", "--keep-alive", "30"]
    server = subprocess.Popen([*command, "--log-level", "error"])
    try:
        _wait(port)
        workers = _children(server.pid)
        for pid in workers:
            memory.watch(pid, "web process")
        yield port
        for pid in workers:
            memory.leave(pid)
    finally:
        server.terminate()
        server.wait()


def _wait(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                sleep(2)  # the other worker
                return
        sleep(0.1)
    raise RuntimeError("gunicorn does not answer")


def _children(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=True)
    return [int(line) for line in found.stdout.split()]


def cookie_of(username: str) -> str:
    """Signed in, with the token that a browser has after its first page."""
    client = client_of(username)
    client.get("/don-vi/")
    names = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
    return "; ".join(f"{name}={client.cookies[name].value}" for name in names)


@goal(14, "first visit on the wire: forms and lists / dashboard; later visits", "60/100; 15 KB")
def bytes_on_the_wire(bench: Bench) -> Outcome:
    pages = {"list of machines": MACHINES, "form": "/chuong-trinh/them/", "dashboard": dashboard(bench.root, 60)}
    with gunicorn() as port:
        browser, sizes = Browser(port, cookie_of(NATIONAL)), {}
        for name, address in pages.items():
            page = browser.get(address)
            sizes[name] = (len(page.body) + _assets(browser, page, address), len(page.body))
        browser.close()
    limits = {"dashboard": 100}
    ok = all(first <= limits.get(name, 60) * _KB and later <= 15 * _KB for name, (first, later) in sizes.items())
    lists = max(first for name, (first, _later) in sizes.items() if name != "dashboard")
    measured = f"{lists / _KB:.0f}/{sizes['dashboard'][0] / _KB:.0f}; {max(one for _, one in sizes.values()) / _KB:.0f}"
    note = ", ".join(f"{name} {first / _KB:.1f} then {later / _KB:.1f} KB" for name, (first, later) in sizes.items())
    return Outcome(measured, ok, note)


def _assets(browser: Browser, page: Answer, base: str) -> int:
    """Bytes of everything that the page loads, as it is sent."""
    waiting, seen, total = linked(_text(page), base), set[str](), 0
    while waiting:
        address = waiting.pop()
        seen.add(address)
        answer = browser.get(address)
        if answer.status != 200:
            raise RuntimeError(f"{address} answers {answer.status}")
        total += len(answer.body)
        if address.endswith(".css"):
            waiting |= linked(_text(answer), address) - seen
    return total


def _text(answer: Answer) -> str:
    opened: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.decompress, "br": brotli.decompress}
    return opened.get(answer.headers.get("content-encoding", ""), bytes)(answer.body).decode()


@goal(15, "requests/s of the dashboard, 2 workers ÷ (its SQL + a constant page)", "≥ 0.6")
def served_beside_bare(bench: Bench) -> Outcome:
    client, page = client_of(NATIONAL), dashboard(bench.root, 100)
    bare = keep_bare("dashboard", client, page)
    return _compare(lambda: anew(page), lambda: bare, 0.6)


@goal(16, "requests/s of a dashboard asked again with nothing new ÷ a constant page", "≥ 0.5")
def kept_beside_constant(bench: Bench) -> Outcome:
    client, page = client_of(NATIONAL), dashboard(bench.root, 100)
    keep_bare("dashboard", client, page)
    return _compare(lambda: page, lambda: f"/bench/{CONSTANT}/", 0.5)


def _compare(first: Callable[[], str], second: Callable[[], str], limit: float) -> Outcome:
    cookie = cookie_of(NATIONAL)
    found: tuple[list[float], list[float]] = ([], [])
    with gunicorn() as port:
        for seconds in (1.0, *[SECONDS] * ROUNDS):  # the first warms
            for times, address in zip(found, (first, second), strict=True):
                times.append(requests_per_second(port, cookie, address, seconds, CLIENTS))
    one, other = (median(times[1:]) for times in found)
    return Outcome(f"{one / other:.2f}", one / other >= limit, f"{one:,.0f}/s ÷ {other:,.0f}/s with {CLIENTS} clients")
