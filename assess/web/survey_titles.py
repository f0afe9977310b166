"""What surveys are called to the people who answer them, on their own page and on the survey's."""

from __future__ import annotations

from assess.models import SurveyKind
from assess.web.i18n import gettext as _


def survey_title(kind: SurveyKind) -> str:
    """Return what a survey of this kind is called."""
    return {
        SurveyKind.PERSPECTIVE: _("How good service should be here"),
        SurveyKind.JOB: _("What the job asks for"),
        SurveyKind.PERFORMANCE: _("How your colleagues work with customers"),
        SurveyKind.LEADER: _("Your self-check as a leader"),
        SurveyKind.CLIMATE: _("How service works where you are"),
        SurveyKind.FEEDBACK: _("What colleagues see at work"),
    }[kind]
