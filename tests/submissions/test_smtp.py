"""E-mails about reports go out over SMTP: what stands in them on the wire, and what happens to one that is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.utils import parseaddr
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from submissions.actions.mailing import CLAIM_HOLDS, MAIL_ATTEMPTS, send_mails
from submissions.actions.reminding import remind_by_calendar
from submissions.choices import MailState, NoticeMail
from submissions.models import Mail, Notice
from tests.mailserver import Letter, MailServer, mail_server
from tests.submissions.conftest import World
from tests.submissions.test_reminding import DUE, at

pytestmark = pytest.mark.usefixtures("at_nine")


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.DEFAULT_FROM_EMAIL = "Cổng theo dõi <cong@hoi.example>"
        settings.PORTAL_URL = "https://cong.hoi.example"
        yield server


@pytest.fixture
def at_nine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: at(DUE))


def to(server: MailServer, address: str) -> Letter:
    return next(letter for letter in server.letters if letter.recipients == [address])


def test_an_e_mail_on_the_wire_has_all_that_mail_programs_look_for(world: World, server: MailServer) -> None:
    remind_by_calendar(today=DUE)
    sent = send_mails(now=at(DUE))
    assert sent == len(server.letters) > 1
    assert mail.outbox == []
    letter = to(server, world.cast.enterer.email)
    message, stored = letter.message, Mail.objects.get(person=world.cast.enterer)
    assert letter.sender == "cong@hoi.example"
    assert parseaddr(str(message["From"])) == ("Cổng theo dõi", "cong@hoi.example")
    assert letter.subject == "Cần gửi: Báo cáo tháng, Tháng 10/2026 – Xã Tân Cương"
    assert message["Message-ID"] == f"<report-notice-{stored.pk}@hoi.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"].strip().startswith("<https://cong.hoi.example/so-lieu/thong-bao/thu/")
    assert message["Date"]
    assert message.get_content_type() == "multipart/alternative"
    for part in (letter.text, letter.html):
        assert "Xã Tân Cương" in part
        assert "https://cong.hoi.example/so-lieu/ky/" in part


def test_a_refused_recipient_is_written_down_tried_again_and_holds_up_nobody(world: World, server: MailServer) -> None:
    person = world.cast.enterer
    server.refused.add(person.email)
    remind_by_calendar(today=DUE)
    others = send_mails(now=at(DUE))
    refused = Mail.objects.get(person=person)
    assert others == len(server.letters) == Mail.objects.filter(state=MailState.SENT).count() > 0
    assert (refused.state, refused.attempts) == (MailState.CLAIMED, 1)
    assert "550" in refused.error
    assert send_mails(now=at(DUE)) == 0  # not at once
    server.refused.clear()
    assert send_mails(now=at(DUE) + CLAIM_HOLDS + timedelta(minutes=1)) == 1
    refused.refresh_from_db()
    assert (refused.state, refused.attempts, refused.error) == (MailState.SENT, 2, "")
    assert to(server, person.email).message["Message-ID"].startswith(f"<report-notice-{refused.pk}@")
    assert len(server.letters) == others + 1


def test_what_is_refused_again_and_again_ends_as_failed_in_the_log(world: World, server: MailServer) -> None:
    server.refused.add(world.cast.enterer.email)
    remind_by_calendar(today=DUE)
    for number in range(MAIL_ATTEMPTS + 2):
        send_mails(now=at(DUE) + number * (CLAIM_HOLDS + timedelta(minutes=1)))
    failed = Mail.objects.get(person=world.cast.enterer)
    assert (failed.state, failed.attempts) == (MailState.FAILED, MAIL_ATTEMPTS)
    notice = Notice.objects.of(world.cast.enterer).get(mail=failed)
    assert (notice.by_mail, notice.mail_words) == (NoticeMail.TAKEN, "Gửi thư không được")
