"""Whether a report is genuine: a public page that its QR code leads to, and a form for what is typed from paper."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import DataRequired, ValidationError

from assess.config import Settings
from assess.services import authenticity
from assess.services.authenticity import Confirmed
from assess.services.seals import N_LETTERS, Sealer, typed_reference, typed_signature
from assess.web.db import get_session, writing_session
from assess.web.forms import HtmlForm, tidy
from assess.web.i18n import gettext as _
from assess.web.i18n import lazy_gettext

bp = Blueprint("genuine", __name__, url_prefix="/genuine")


class SealForm(HtmlForm):
    """What stands on the first page of a report."""

    reference = StringField(
        lazy_gettext("Reference"),
        description=lazy_gettext("It stands at the foot of every page and looks like R-7F3K-29QD."),
        filters=[tidy],
        validators=[DataRequired(lazy_gettext("Please enter the reference."))],
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )
    code = StringField(
        lazy_gettext("Code"),
        description=lazy_gettext("The last 16 letters and digits of the address beside the QR code."),
        filters=[tidy],
        validators=[DataRequired(lazy_gettext("Please enter the code."))],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )

    def validate_code(self, field: StringField) -> None:
        """Validate that no letter is missing."""
        if len(typed_signature(field.data)) != N_LETTERS:
            raise ValidationError(_("The code has 16 letters and digits."))


@bp.get("")
def index() -> ResponseReturnValue:
    """Show the form."""
    return render_template("genuine/index.html", form=SealForm(formdata=None))


@bp.post("")
def find() -> ResponseReturnValue:
    """Lead on to the address that was printed."""
    form = SealForm()
    if not form.validate():
        return render_template("genuine/index.html", form=form), 422
    reference, signature = typed_reference(form.reference.data), typed_signature(form.code.data)
    return redirect(url_for(".show", reference=reference, signature=signature), 303)


@bp.get("/<reference>/<signature>")
def show(reference: str, signature: str) -> ResponseReturnValue:
    """Say whether the report was made here; looking, by whomever, changes nothing."""
    now, address = datetime.now(UTC), request.remote_addr or ""
    found = authenticity.confirm(get_session(), _sealer(), reference, signature, address=address, now=now)
    if isinstance(found, Confirmed):
        return render_template("genuine/confirmed.html", report=found, kind=_kind_words(found.kind))
    if found is not None:
        return render_template("genuine/gone.html", reference=found.reference), 410
    with writing_session() as session:
        authenticity.note_wrong(session, address=address, now=now)
        session.commit()
    return render_template("genuine/unknown.html"), 404


def _sealer() -> Sealer:
    settings: Settings = current_app.config["SETTINGS"]
    return Sealer(settings.url, current_app.config["SECRET_KEY"])


def _kind_words(kind: str) -> str:
    """Return the name of a kind of report for strangers."""
    names = {
        "hiring": _("Hiring report on one person"),
        "individual": _("Personal report, written for the person"),
        "comparison": _("Comparison of several people for one position"),
        "company-perspective": _("Report on a company's view of good service"),
        "promotion": _("Promotion and succession report on one person"),
        "team": _("Report on a team"),
    }
    return names.get(kind, _("Report"))
