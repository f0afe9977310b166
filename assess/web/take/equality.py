"""Optional questions after handing in, which can be left out, answered once, and taken back."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.errors import NotFound
from assess.services import equality, invitations
from assess.web.db import get_session
from assess.web.i18n import gettext as _
from assess.web.i18n import language
from assess.web.take.visitor import current_attempt, registry, sent_attempt


def register(bp: Blueprint) -> None:
    """Add the pages to `bp`."""
    bp.add_url_rule("/equality", "equality", show)
    bp.add_url_rule("/equality", "answer_equality", answer, methods=["POST"])
    bp.add_url_rule("/equality/removal", "remove_equality", remove, methods=["POST"])


def show() -> ResponseReturnValue:
    """Say what the questions are for, and ask them; or offer to take the answers back."""
    attempt, _bank = current_attempt()
    if not attempt.is_submitted:
        return redirect(url_for("take.inside.start"))
    assignment = attempt.assignment
    has_answered = equality.has_answered(get_session(), assignment)
    if not has_answered and not equality.is_asked(assignment):
        raise NotFound(_("%(organization)s does not ask these questions.", organization=assignment.organization.name))
    survey_language, survey = registry().surveys.equality_in(language())
    return render_template(
        "take/equality.html",
        assignment=assignment,
        submitted=True,
        has_answered=has_answered,
        survey=survey,
        survey_language=survey_language,
        not_said=equality.NOT_SAID,
        until=invitations.link_end(assignment),
    )


def answer() -> ResponseReturnValue:
    """Keep what was said, if anything was, and go back to the receipt."""
    attempt, _bank = sent_attempt()
    _language, survey = registry().surveys.equality_in(language())
    sent = {question: request.form.get(question, "") for question in survey.choices}
    is_kept = equality.answer(get_session(), attempt.assignment, survey, sent, now=datetime.now(UTC))
    get_session().commit()
    flash(_("Thank you. Your answers are kept, apart from your results.") if is_kept else _("Nothing was kept."))
    return redirect(url_for("take.inside.done"), 303)


def remove() -> ResponseReturnValue:
    """Delete the answers."""
    attempt, _bank = sent_attempt()
    equality.take_back(get_session(), attempt.assignment, now=datetime.now(UTC))
    get_session().commit()
    flash(_("Your answers to the optional questions have been deleted."))
    return redirect(url_for("take.inside.equality"), 303)
