"""A browser at its barest: one connection that is kept open, and answers counted in bytes."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from threading import Thread
from time import perf_counter
from urllib.parse import urldefrag, urljoin

_LINKED = re.compile(r'(?:href|src)="(/static/[^"]+)"|url\(["\']?([^"\')]+\.(?:woff2|svg|png))["\']?\)')


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class Browser:
    def __init__(self, port: int, cookie: str, accept: str = "gzip, br") -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.head = f"Host: 127.0.0.1\r\nCookie: {cookie}\r\nAccept-Encoding: {accept}\r\n"
        self.waiting = b""

    def get(self, address: str, more: str = "") -> Answer:
        self.socket.sendall(f"GET {address} HTTP/1.1\r\n{self.head}{more}\r\n".encode())
        while b"\r\n\r\n" not in self.waiting:
            self._receive()
        head, _, self.waiting = self.waiting.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        length = int(headers.get("content-length", 0))
        while len(self.waiting) < length:
            self._receive()
        body, self.waiting = self.waiting[:length], self.waiting[length:]
        return Answer(int(first.split()[1]), headers, body)

    def close(self) -> None:
        self.socket.close()

    def _receive(self) -> None:
        part = self.socket.recv(1 << 18)
        if not part:
            raise RuntimeError("the server has closed the connection")
        self.waiting += part


def linked(text: str, base: str) -> set[str]:
    """Addresses of style sheets, scripts, icons and fonts that a page or a style sheet names."""
    return {urldefrag(urljoin(base, found)).url for pair in _LINKED.findall(text) for found in pair if found}


def requests_per_second(port: int, cookie: str, address: object, seconds: float, clients: int) -> float:
    """How many pages the server gives to so many browsers at once; `address()` names the next page."""
    counts = [0] * clients
    end = perf_counter() + seconds

    def browse(place: int) -> None:
        browser = Browser(port, cookie)
        while perf_counter() < end:
            answer = browser.get(address())  # type: ignore[operator]
            if answer.status != 200:
                raise RuntimeError(f"the server answers {answer.status}")
            counts[place] += 1
        browser.close()

    start = perf_counter()
    threads = [Thread(target=browse, args=(place,)) for place in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (perf_counter() - start)
