"""What a worker needs, and what it does for each name of job."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from sqlalchemy.orm import Session

from assess.banks.registry import Registry
from assess.errors import NotScorable
from assess.models import (
    AccessFile,
    Assignment,
    Attempt,
    Feedback,
    Mail,
    Person,
    PrivacyRequest,
    ReportBatch,
    ReportFile,
    SurveyPlace,
    User,
)
from assess.services import (
    access_files,
    accounts,
    coaching_reminders,
    export_jobs,
    exports,
    feedback_closing,
    leader_reports,
    mail,
    my_page,
    privacy_requests,
    reminders,
    report_batches,
    reporting,
    results,
    retention,
    survey_closing,
    surveys,
)
from assess.services.attempts import may_read_own_report
from assess.services.jobs import Finish, Kind, Work, enqueue
from assess.services.seals import Sealer
from reports.rendering import RenderingFailed

Render = Callable[[str, datetime], bytes]  # finished HTML and the moment that it is dated on, to a PDF


@dataclass(frozen=True, slots=True)
class Workshop:
    """The tools that jobs share."""

    registry: Registry
    mailer: mail.Mailer
    render: Render
    base_url: str
    sender: str
    sealer: Sealer

    def kinds(self) -> Mapping[str, Kind]:
        """Return what is done for every name that is ever enqueued."""
        return {name: replace(kind, handler=partial(kind.handler, self)) for name, kind in KINDS.items()}


def send_mail(shop: Workshop, session: Session, *, mail_id: int, now: datetime) -> Work | None:
    """Send one message of the outbox, unless it has gone: reminders do when their anonymous survey ends."""
    row = session.get(Mail, mail_id)
    message = mail.write(session, row, base_url=shop.base_url, sender=shop.sender, now=now) if row else None
    if message is None:
        return None

    def work() -> Finish:
        reply = mail.post(message, shop.mailer)
        return lambda session, now: mail.note(session.get_one(Mail, mail_id), reply, now=now)

    return work


def password_reset(_shop: Workshop, session: Session, *, user_id: int | None, asked_at: int, now: datetime) -> None:
    """Have the reset mail sent, if the address that was typed belongs to a user."""
    if user_id is not None:
        asked = datetime.fromtimestamp(asked_at, UTC)
        accounts.mail_reset(session, session.get_one(User, user_id), asked_at=asked, now=now)


def my_page_links(_shop: Workshop, session: Session, *, person_id: int | None, asked_at: int, now: datetime) -> None:
    """Have links to their own page sent to whom the address that was typed belongs to, if to anybody."""
    person = session.get(Person, person_id) if person_id is not None else None
    if person is not None:
        my_page.mail_links(session, person, asked_at=datetime.fromtimestamp(asked_at, UTC), now=now)


def erase_person(shop: Workshop, session: Session, *, request_id: int, user_id: int, now: datetime) -> Work | None:
    """Tell a person that they are being erased, and erase them, whether the mail reaches them or not."""
    request = session.get_one(PrivacyRequest, request_id)
    row = privacy_requests.farewell(session, request, now=now)
    message = mail.write(session, row, base_url=shop.base_url, sender=shop.sender, now=now) if row else None
    if row is None or message is None:
        privacy_requests.carry_out_erasure(session, request, user_id=user_id, now=now)
        return None
    mail_id = row.id

    def work() -> Finish:
        reply = mail.post(message, shop.mailer)

        def finish(session: Session, *, now: datetime) -> None:
            mail.note(session.get_one(Mail, mail_id), reply, now=now)
            erase_anyway(session, request_id=request_id, user_id=user_id, now=now)

        return finish

    return work


def erase_anyway(session: Session, *, request_id: int, user_id: int, now: datetime) -> None:
    """Erase a person who asked for it."""
    request = session.get_one(PrivacyRequest, request_id)
    privacy_requests.carry_out_erasure(session, request, user_id=user_id, now=now)


def regret_farewell(session: Session, *, request_id: int, user_id: int, error: Exception, now: datetime) -> None:  # noqa: ARG001
    """Erase a person whom no mail server would take the last letter to."""
    erase_anyway(session, request_id=request_id, user_id=user_id, now=now)


def score(shop: Workshop, session: Session, *, attempt_id: int, now: datetime) -> None:
    """Score a submitted attempt, and have the person's report made if they may read it at once."""
    attempt = session.get_one(Attempt, attempt_id)
    results.score_attempt(session, attempt, shop.registry, now=now)
    if attempt.assignment.campaign.feedback == Feedback.AT_ONCE and attempt.assignment.released_at is None:
        attempt.assignment.released_at = now
    own_report(shop, session, assignment_id=attempt.assignment_id, now=now)


def own_report(shop: Workshop, session: Session, *, assignment_id: int, now: datetime) -> None:
    """Have the person's own report made, if they may read it and there is something to say."""
    assignment = session.get_one(Assignment, assignment_id)
    if may_read_own_report(assignment) and reporting.why_not(session, assignment) is None:
        reporting.request_own(session, assignment, shop.registry, now=now)


def prepare_batch(shop: Workshop, session: Session, *, batch_id: int, now: datetime) -> None:
    """Ask for the next few reports of a batch, and have the rest asked for after them."""
    batch = session.get(ReportBatch, batch_id)
    if batch is not None and report_batches.prepare(session, batch, shop.registry, now=now):
        enqueue(session, "prepare-batch", priority=report_batches.PRIORITY, batch_id=batch_id)


def regret_batch(session: Session, *, batch_id: int, error: Exception, now: datetime) -> None:  # noqa: ARG001
    """Say on what was not asked for that it will not come, and have the rest asked for: one person stops no others."""
    batch = session.get(ReportBatch, batch_id)
    if batch is not None and report_batches.give_up(session, batch):
        enqueue(session, "prepare-batch", priority=report_batches.PRIORITY, batch_id=batch_id)


def make_report(shop: Workshop, session: Session, *, report_id: int, now: datetime) -> Work | None:
    """Render a report that was asked for."""
    report = session.get(ReportFile, report_id)
    if report is None or report.is_ready:  # deleted meanwhile, or made before
        return None
    try:
        html, dated = reporting.draft(report, shop.registry, shop.sealer)
    except NotScorable as reason:
        report.failure, report.finished_at = str(reason), now
        return None

    def work() -> Finish:
        pdf = shop.render(html, dated)
        return lambda session, now: store_report(session, report_id, pdf, now=now)

    return work


def make_access_file(shop: Workshop, session: Session, *, file_id: int, now: datetime) -> Work | None:
    """Render the copy of everything that is held about somebody, who has asked for it."""
    file = session.get(AccessFile, file_id)
    if file is None or file.is_ready:  # replaced or erased meanwhile, or made before
        return None
    html, dated = access_files.draft(session, file, shop.registry, now=now)

    def work() -> Finish:
        pdf = shop.render(html, dated)
        return lambda session, now: access_files.store(session, file_id, pdf, now=now)

    return work


def regret_access_file(session: Session, *, file_id: int, error: Exception, now: datetime) -> None:
    """Say on the file itself that it will not come, and why."""
    file = session.get(AccessFile, file_id)
    if file is not None:
        why = str(error) if isinstance(error, RenderingFailed) else "The reason is ours, not yours."
        file.failure, file.finished_at = f"The PDF could not be made, although it was tried several times. {why}", now


def store_report(session: Session, report_id: int, pdf: bytes, *, now: datetime) -> None:
    """Keep the bytes of a report, unless it was deleted while they were made."""
    report = session.get(ReportFile, report_id)
    if report is not None:
        reporting.store(session, report, pdf, now=now)


def regret_report(session: Session, *, report_id: int, error: Exception, now: datetime) -> None:
    """Say on the report itself that it will not come, and why."""
    report = session.get(ReportFile, report_id)
    if report is None:
        return
    why = str(error) if isinstance(error, RenderingFailed) else "The reason is ours, not yours."
    report.failure = f"This report could not be made, although it was tried several times. {why}"
    report.finished_at = now


def make_leader_report(shop: Workshop, session: Session, *, place_id: int, now: datetime) -> Work | None:  # noqa: ARG001
    """Render the report on a self-check that was handed in."""
    report = leader_reports.begin(session, session.get_one(SurveyPlace, place_id))
    if report is None:
        return None
    report_id, (html, dated) = report.id, leader_reports.draft(session, report, shop.registry, shop.sealer)

    def work() -> Finish:
        pdf = shop.render(html, dated)
        return lambda session, now: leader_reports.store(session, report_id, pdf, now=now)

    return work


def regret_leader_report(session: Session, *, place_id: int, error: Exception, now: datetime) -> None:
    """Tell the leader that the report will not come, and why."""
    why = str(error) if isinstance(error, RenderingFailed) else "The reason is ours, not yours."
    words = f"Your report could not be made, although it was tried several times. {why}"
    leader_reports.give_up(session, session.get_one(SurveyPlace, place_id), words, now=now)


def close_surveys(shop: Workshop, session: Session, *, now: datetime) -> None:
    """Close surveys that are shown in common, feedback among them, and whose last day is over."""
    are_more = survey_closing.end_due(session, now=now) == survey_closing.MOST
    if feedback_closing.close_due(session, shop.registry, now=now) == feedback_closing.MOST or are_more:
        enqueue(session, "close-surveys")


def regret_mail(session: Session, *, mail_id: int, error: Exception, now: datetime) -> None:  # noqa: ARG001
    """Note that a message was not taken, for HR to see and for the periodic retry."""
    session.get_one(Mail, mail_id).failed_at = now


def make_export(shop: Workshop, session: Session, *, export_id: int, now: datetime) -> Work | None:  # noqa: ARG001
    """Take the next step of a file of data."""
    return export_jobs.make(session, export_id, shop.registry)


def regret_export(session: Session, *, export_id: int, error: Exception, now: datetime) -> None:  # noqa: ARG001
    """Say on a file of data that it will not come."""
    export_jobs.give_up(session, export_id, now=now)


def remind(_shop: Workshop, session: Session, *, now: datetime) -> None:
    """Remind people whose last day comes near."""
    if reminders.send_due(session, now=now) == reminders.MOST:
        enqueue(session, "remind")


def remind_in_coaching(_shop: Workshop, session: Session, *, now: datetime) -> None:
    """Remind people of talks and of what they have planned, and coaches of what waits."""
    if coaching_reminders.send_due(session, now=now):
        enqueue(session, "remind-in-coaching")


def keep_to_retention(_shop: Workshop, session: Session, *, now: datetime) -> None:
    """Erase what has been kept for as long as was promised, so many people a night that no transaction is long."""
    if not retention.enforce(session, now=now).is_complete:
        enqueue(session, "keep-to-retention")


def retry_mail(_shop: Workshop, session: Session, *, now: datetime) -> None:
    """Try mail again that was given up."""
    if mail.retry_given_up(session, now=now) >= mail.MOST:
        enqueue(session, "retry-mail")


KINDS: Mapping[str, Kind] = {
    "send-mail": Kind(send_mail, regret=regret_mail),
    "password-reset": Kind(password_reset),
    "my-page-links": Kind(my_page_links),
    "erase-person": Kind(erase_person, tries=4, regret=regret_farewell),
    "score": Kind(score),
    "own-report": Kind(own_report),
    "prepare-batch": Kind(prepare_batch, tries=3, regret=regret_batch),
    "make-report": Kind(make_report, tries=3, regret=regret_report),
    "make-access-file": Kind(make_access_file, tries=3, regret=regret_access_file),
    exports.JOB: Kind(make_export, tries=3, regret=regret_export),
    surveys.LEADER_REPORT: Kind(make_leader_report, tries=3, regret=regret_leader_report),
    "close-surveys": Kind(close_surveys),
    "remind": Kind(remind),
    "remind-in-coaching": Kind(remind_in_coaching),
    "keep-to-retention": Kind(keep_to_retention),
    "retry-mail": Kind(retry_mail),
}
PERIODIC: Mapping[str, str] = {  # in cron's language, UTC
    "close-surveys": "2 * * * *",
    "remind": "5 * * * *",
    "remind-in-coaching": "8 * * * *",
    "keep-to-retention": "25 2 * * *",
    "retry-mail": "*/15 * * * *",
}
