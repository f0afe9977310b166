"""The forms of positions: from a role family, by hand, and a new version of a pattern."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wtforms import Field, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from assess.banks.model import Scale
from assess.banks.wording import RoleFamily, Target
from assess.psychometrics.norms import HIGHEST, LOWEST
from assess.web.console import words
from assess.web.console.forms import NOT_OFFERED, seen_field
from assess.web.forms import HtmlForm, tidy, tidy_lines
from assess.web.i18n import gettext
from assess.web.i18n import lazy_gettext as _

WEIGHTS = range(4)
STENS = [SelectChoice(str(sten)) for sten in range(LOWEST, HIGHEST + 1)]
AT_MOST = {"max": 400, "message": _("Please write at most 400 characters.")}


def title_field() -> StringField:
    """Return the field for a position's title."""
    return StringField(
        _("Title of the position"),
        filters=[tidy],
        validators=[
            DataRequired(_("Please enter a title.")),
            Length(max=120, message=_("Please use at most 120 characters.")),
        ],
        render_kw={"autocomplete": "off"},
    )


class TitleForm(HtmlForm):
    """Another title for a position."""

    title = title_field()


class FamilyForm(HtmlForm):
    """A position that starts from a role family's pattern."""

    title = title_field()
    family = RadioField(
        _("Role family"),
        description=_("The position starts with this family's pattern. You can revise it afterwards."),
        validators=[InputRequired(_("Please choose a role family."))],
        invalid_choice_message=NOT_OFFERED,
    )

    def __init__(self, families: Iterable[RoleFamily]) -> None:
        super().__init__()
        self.family.choices = [SelectChoice(each.code, each.name, {"note": each.describes}) for each in families]


@dataclass(frozen=True, slots=True)
class Line:
    """The fields of one scale."""

    scale: Scale
    low: Field
    high: Field
    weight: Field
    reason: Field


class PatternForm(HtmlForm):
    """A range, a weight and a reason per scale; `pattern_form` adds their fields."""

    scales: tuple[Scale, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """The scales with their fields."""
        return tuple(
            Line(each, *(self[f"{each.code}_{name}"] for name in Target.model_fields if name != "scale"))
            for each in self.scales
        )

    @property
    def targets(self) -> tuple[Target, ...]:
        """The pattern that was sent."""
        return tuple(
            Target(
                scale=line.scale.code,
                low=line.low.data,
                high=line.high.data,
                weight=line.weight.data,
                reason=line.reason.data or gettext("It does not count for this position."),
            )
            for line in self.lines
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each range as a whole, and that what counts has a reason."""
        sound: bool = super().validate(extra_validators)
        for line in self.lines:
            if line.low.data and line.high.data and line.low.data > line.high.data:
                line.low.errors = [
                    gettext("%(scale)s: the lowest must not be above the highest.", scale=line.scale.name)
                ]
            if line.weight.data and not line.reason.data:
                line.reason.errors = [gettext("%(scale)s: it counts, so please say why.", scale=line.scale.name)]
        return sound and not self.errors


class ByHandForm(PatternForm):
    """A position with a pattern of its own."""

    title = title_field()


class RevisionForm(PatternForm):
    """The next version of a pattern."""


def pattern_form(
    base: type[PatternForm],
    scales: Sequence[Scale],
    targets: Iterable[Target] = (),
    *,
    source: str = "",
    **data: object,
) -> Any:
    """Return a form of `base` with the fields of `scales`, filled in with `targets` and `data`."""
    fields: dict[str, object] = {}
    fields["source"] = StringField(
        _("Where the pattern comes from"),
        description=_("For example: job analysis with four team leaders, May 2030."),
        filters=[tidy],
        validators=[DataRequired(_("Please say where the pattern comes from.")), Length(**AT_MOST)],
    )
    if issubclass(base, RevisionForm):
        fields |= {"reason": why_field(), "seen": seen_field()}
    return with_scales(base, scales, targets, fields, source=source, **data)


def with_scales(
    base: type[PatternForm],
    scales: Sequence[Scale],
    targets: Iterable[Target],
    fields: Mapping[str, object],
    **data: object,
) -> Any:
    """Return a form of `base` with the fields of `scales`, filled in with `targets`, and `fields` with their `data`."""
    lines = {name: field for scale in scales for name, field in _line(scale).items()}
    for target in targets:
        data |= {f"{target.scale}_{name}": value for name, value in target.model_dump(exclude={"scale"}).items()}
    return type(base.__name__, (base,), {"scales": tuple(scales), **lines, **fields})(data=data)


def why_field() -> TextAreaField:
    """Return the field that every new version of a pattern has."""
    return TextAreaField(
        _("Why this version is made"),
        filters=[tidy_lines],
        validators=[DataRequired(_("Please say why this version is made.")), Length(**AT_MOST)],
        render_kw={"rows": 3},
    )


def _line(scale: Scale) -> dict[str, Field]:
    ends = {"choices": STENS, "coerce": int, "invalid_choice_message": NOT_OFFERED}
    return {
        f"{scale.code}_low": SelectField(_("Lowest"), default=LOWEST, **ends),
        f"{scale.code}_high": SelectField(_("Highest"), default=HIGHEST, **ends),
        f"{scale.code}_weight": SelectField(
            _("Weight in the match"),
            choices=lambda: [SelectChoice(str(weight), words.weight_words(weight)) for weight in WEIGHTS],
            coerce=int,
            default=0,
            invalid_choice_message=NOT_OFFERED,
        ),
        f"{scale.code}_reason": StringField(_("Reason"), filters=[tidy], validators=[Optional(), Length(**AT_MOST)]),
    }
