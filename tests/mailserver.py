"""A mail server of the tests: real SMTP on the loopback; what arrives is kept as messages that can be read."""

from __future__ import annotations

import email
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default as modern
from time import monotonic


@dataclass
class Letter:
    """One e-mail as it came over the line: from whom and to whom the envelope says, and the message."""

    sender: str
    recipients: list[str]
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"]).strip()  # Python reads the fold before the first word as a space

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        return "" if part is None else str(part.get_content())

    @property
    def html(self) -> str:
        part = self.message.get_body(("html",))
        return "" if part is None else str(part.get_content())


@dataclass
class MailServer:
    """`refused` are the addresses that the server does not take."""

    port: int
    letters: list[Letter] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    _arrived: threading.Condition = field(default_factory=threading.Condition)

    def keep(self, letter: Letter) -> None:
        with self._arrived:
            self.letters.append(letter)
            self._arrived.notify_all()

    def wait_for(self, count: int, alive: Callable[[], None], timeout: float = 40) -> Letter:
        """The letter of this number, counted from one. `alive` may say sooner that none will come."""
        end = monotonic() + timeout
        with self._arrived:
            while len(self.letters) < count:
                alive()
                assert monotonic() < end, f"{len(self.letters)} of {count} e-mails came within {timeout} seconds"
                self._arrived.wait(0.5)
            return self.letters[count - 1]


class _Talk(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a client needs that delivers without encryption."""

    kept: MailServer
    sender: str
    recipients: list[str]

    def handle(self) -> None:
        self._begin("")
        self._say("220 localhost")
        for line in iter(self.rfile.readline, b""):
            verb, _space, rest = line.decode().strip().partition(" ")
            if verb.upper() == "QUIT":
                self._say("221 bye")
                return
            self._answer(verb.upper(), rest.partition(":")[2].partition(" ")[0].strip("<>"))

    def _answer(self, verb: str, address: str) -> None:
        if verb == "MAIL":
            self._begin(address)
        elif verb == "RCPT":
            if address in self.kept.refused:
                self._say("550 no such person")
                return
            self.recipients.append(address)
        elif verb == "DATA":
            self._say("354 go on")
            message = email.message_from_bytes(b"".join(self._body()), policy=modern)
            self.kept.keep(Letter(self.sender, self.recipients, message))
        self._say("250 ok")

    def _begin(self, sender: str) -> None:
        self.sender, self.recipients = sender, []

    def _body(self) -> Iterator[bytes]:
        for line in iter(self.rfile.readline, b".\r\n"):
            yield line.removeprefix(b".") if line.startswith(b"..") else line

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Listens on a free port of the loopback."""
    handler = type("Talk", (_Talk,), {})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        kept = handler.kept = MailServer(server.server_address[1])  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield kept
        server.shutdown()
