"""In which language and on which paper a report is made: for whoever of the staff asks for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Flask
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from assess.errors import Refused
from assess.languages import LANGUAGES, SOURCE, own_name
from assess.services.report_contexts import PAPERS
from assess.web.forms import HtmlForm
from assess.web.i18n import gettext
from assess.web.i18n import lazy_gettext as _

NOT_OFFERED = _("Please choose one of the options.")


def init_app(app: Flask) -> None:
    """Tell templates what there is to choose from."""
    app.jinja_env.globals.update(report_languages=report_languages, papers=papers)


def report_languages() -> list[tuple[str, str]]:
    """Return the languages that reports are made in, each as its speakers call it."""
    return [(code, own_name(code)) for code in LANGUAGES]


def papers() -> list[tuple[str, str]]:
    """Return the papers that reports are made for, each with its name."""
    return [(paper, gettext("US Letter") if paper == "Letter" else paper) for paper in PAPERS]


def choices_of(pairs: Sequence[tuple[str, str]]) -> list[SelectChoice]:
    """Return values with their labels as a field offers them."""
    return [SelectChoice(value, label) for value, label in pairs]


def way_of(sent: Mapping[str, str]) -> dict[str, str]:
    """Return the language and the paper that a button was pressed with; refuses what is not offered."""
    way = {"language": sent.get("language", SOURCE), "paper": sent.get("paper", "")}
    if way["language"] not in LANGUAGES or way["paper"] not in ("", *PAPERS):
        raise Refused(str(NOT_OFFERED))
    return way


class WayForm(HtmlForm):
    """In which language and on which paper."""

    language = SelectField(
        _("Language"),
        choices=lambda: choices_of(report_languages()),
        default=SOURCE,
        invalid_choice_message=NOT_OFFERED,
    )
    paper = SelectField(_("Paper"), choices=lambda: choices_of(papers()), invalid_choice_message=NOT_OFFERED)
