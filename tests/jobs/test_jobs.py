"""The ledger: what is asked is done once, a failure is tried three times, what is lost is found again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from jobs import actions, registry, tasks
from jobs.models import Job, JobState
from jobs.registry import Progress, Result

pytestmark = pytest.mark.django_db
done: list[dict] = []


@pytest.fixture(autouse=True)
def works(tmp_path: Path) -> Iterator[None]:
    done.clear()

    def count(progress: Progress) -> Result:
        progress.step(1, 2)
        done.append(progress.arguments)
        file = tmp_path / "out.txt"
        file.write_text("kết quả")
        progress.step(2, 2)
        return Result(message="xong", file=file, file_name="ket-qua.txt")

    def fail(progress: Progress) -> Result:
        raise RuntimeError("hỏng")

    registry.handler("test.count", "Đếm")(count)
    registry.handler("test.fail", "Hỏng")(fail)
    yield
    for kind in ("test.count", "test.fail"):
        registry._works.pop(kind)


def ask(kind: str = "test.count", by=None) -> Job:
    with mock.patch.object(tasks.run, "apply_async"):
        return actions.ask(kind=kind, arguments={"n": 3}, by=by)


def test_a_job_is_done_once_and_leaves_its_file(cast) -> None:
    job = ask(by=cast.enterer)
    actions.execute(job.pk)
    actions.execute(job.pk)
    job.refresh_from_db()
    assert done == [{"n": 3}]
    assert (job.state, job.message, job.percent, job.result_name) == (JobState.DONE, "xong", 100, "ket-qua.txt")
    with job.result_file.open() as file:
        assert file.read().decode() == "kết quả"


def test_an_unknown_kind_is_refused_before_anything_is_written() -> None:
    with pytest.raises(LookupError):
        actions.ask(kind="test.absent", arguments={}, by=None)
    assert not Job.objects.exists()


def test_three_failures_park_the_job_and_a_retry_starts_anew(cast, caplog) -> None:
    job = ask("test.fail", by=cast.enterer)
    for expected in (JobState.FAILED, JobState.FAILED, JobState.PARKED):
        actions.execute(job.pk)
        job.refresh_from_db()
        assert job.state == expected
    assert "hỏng" in job.message
    actions.retry(job=job, by=cast.admin)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.WAITING, 0)


def test_a_dead_broker_loses_nothing(django_capture_on_commit_callbacks) -> None:
    with (
        mock.patch.object(tasks.run, "apply_async", side_effect=ConnectionError("no broker")),
        django_capture_on_commit_callbacks(execute=True),
    ):
        job = actions.ask(kind="test.count", arguments={}, by=None)
    job.refresh_from_db()
    assert (job.state, job.sent_at) == (JobState.WAITING, None)
    with mock.patch.object(tasks.run, "apply_async") as sent:
        assert actions.sweep(now=timezone.now() + timedelta(minutes=1)) == 1
    sent.assert_called_once_with(args=[job.pk], retry=False)


def test_a_job_whose_worker_died_is_sent_again() -> None:
    job = ask()
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING, attempts=1, sent_at=timezone.now(), heartbeat_at=timezone.now() - timedelta(minutes=6)
    )
    with mock.patch.object(tasks.run, "apply_async"):
        assert actions.sweep(now=timezone.now()) == 1
    actions.execute(job.pk)
    assert done == [{"n": 3}]


def test_people_see_and_download_only_their_own_jobs(cast, client_of) -> None:
    job = ask(by=cast.enterer)
    actions.execute(job.pk)
    own, other = client_of(cast.enterer), client_of(cast.stranger)
    assert "Đếm" in own.get(f"/viec-nen/{job.pk}/").content.decode()
    download = own.get(f"/viec-nen/{job.pk}/tep/")
    assert b"".join(download.streaming_content).decode() == "kết quả"
    for close in download._resource_closers:  # the file only: closing the answer would close the test's connection
        close()
    assert other.get(f"/viec-nen/{job.pk}/").status_code == 404
    assert other.get(f"/viec-nen/{job.pk}/tep/").status_code == 404
    assert "Đếm" not in other.get("/viec-nen/").content.decode()


# --- the pages ---


def test_a_retry_of_work_that_is_not_parked_changes_nothing(cast) -> None:
    job = ask(by=cast.enterer)
    actions.execute(job.pk)
    actions.retry(job=job, by=cast.national)
    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert not AuditEntry.objects.filter(action="jobs.retry").exists()


def test_work_whose_worker_died_goes_on_within_150_seconds(cast) -> None:
    """The sweeper runs every 30 seconds."""
    job = ask(by=cast.enterer)
    died = timezone.now()
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempts=1, heartbeat_at=died)
    with mock.patch.object(tasks.run, "apply_async") as sent:
        actions.sweep(now=died + timedelta(seconds=121))
    sent.assert_called_once()
    assert actions.SILENT_FOR + timedelta(seconds=30) <= timedelta(seconds=150)


def test_my_jobs_show_progress_and_result(cast, client_of) -> None:
    job = ask(by=cast.enterer)
    actions.execute(job.pk)
    html = client_of(cast.enterer).get("/viec-nen/").content.decode()
    assert "ket-qua.txt" in html
    assert "100%" in html
    assert "ket-qua.txt" not in client_of(cast.signer).get("/viec-nen/").content.decode()


def test_parked_work_is_tried_again_by_who_keeps_the_portal(cast, client_of, caplog) -> None:
    job = ask("test.fail", by=cast.enterer)
    for _attempt in range(3):
        actions.execute(job.pk)
    client = client_of(cast.national)
    html = client.get("/viec-nen/tat-ca/", {"state": "parked"}).content.decode()
    assert cast.enterer.full_name in html
    address = f"/viec-nen/{job.pk}/thu-lai/"
    assert address in html
    assert client.get(address).status_code == 200
    with mock.patch.object(tasks.run, "apply_async"):
        assert client.post(address).status_code == 302
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.WAITING, 0)
    entry = AuditEntry.objects.get(action="jobs.retry")
    assert entry.actor == cast.national
    assert "hỏng" in entry.reason


@pytest.mark.parametrize("name", ["admin", "officer", "enterer", "leader"])
def test_nobody_else_sees_or_retries_all_work(cast, client_of, name) -> None:
    job = ask(by=cast.national)
    client = client_of(getattr(cast, name))
    assert client.get("/viec-nen/tat-ca/").status_code == 403
    assert client.post(f"/viec-nen/{job.pk}/thu-lai/").status_code == 403


def test_the_ledger_shows_work_that_no_room_does_any_more(cast, client_of) -> None:
    job = ask(by=cast.enterer)
    Job.objects.filter(pk=job.pk).update(kind="test.gone")
    assert "test.gone" in client_of(cast.national).get("/viec-nen/tat-ca/").content.decode()
    assert "test.gone" in client_of(cast.enterer).get(f"/viec-nen/{job.pk}/").content.decode()
