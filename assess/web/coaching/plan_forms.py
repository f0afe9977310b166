"""What a coach sends about plans: the plan itself, goals, actions, how a goal stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from wtforms import DateField, Field, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from assess.banks.model import Bank
from assess.models import CoachingAction, CoachingGoal, CoachingPlan, GoalState, GoalSubject, Towards
from assess.services import coaching_actions, coaching_goals, coaching_plans
from assess.services.coaching_actions import Offer
from assess.services.coaching_goals import OWN, About
from assess.services.coaching_suggestions import name
from assess.services.results import Reading
from assess.web.forms import CheckboxesField, HtmlForm, tidy, tidy_lines
from assess.web.i18n import day, gettext
from assess.web.i18n import lazy_gettext as _

NOT_OFFERED = _("Please choose one of the options.")
FIRST, LAST = date(2000, 1, 1), date(2199, 12, 31)  # days that a plan may name


def line_field(label: str, missing: str | None = None) -> StringField:
    """Return a field for one line; `missing` says that it is needed, if it is."""
    return StringField(
        label,
        filters=[tidy],
        validators=[
            *([] if missing is None else [DataRequired(missing)]),
            Length(max=200, message=_("Please use at most 200 characters.")),
        ],
        render_kw={"autocomplete": "off"},
    )


def words_field(label: str, hint: str = "", *, rows: int = 3) -> TextAreaField:
    """Return a field for some lines, or none."""
    return TextAreaField(
        label,
        description=hint,
        filters=[tidy_lines],
        validators=[Length(max=5_000, message=_("Please write at most 5,000 characters."))],
        render_kw={"rows": rows},
    )


def day_field(label: str, missing: str) -> DateField:
    """Return a field for a day."""
    return DateField(
        label,
        validators=[InputRequired(missing), _is_told],
        invalid_value_message=_("Please write the day as a date, such as 2030-06-30."),
    )


def _is_told(_form: Any, field: Field) -> None:
    if field.data is not None and not FIRST <= field.data <= LAST:
        raise ValidationError(gettext("Please look at the year."))


class PlanForm(HtmlForm):
    """A plan: what it is called, its time, and the assessment that it rests on."""

    title = line_field(_("Name of the plan"), _("Please give the plan a name."))
    begins_on = day_field(_("First day"), _("Please choose the first day."))
    ends_on = day_field(_("Last day"), _("Please choose the last day."))
    result = SelectField(_("Rests on"), invalid_choice_message=NOT_OFFERED)

    def __init__(self, readings: Sequence[Reading], time_zone: str, **options: Any) -> None:
        super().__init__(**options)
        self._readings = {str(each.row.public_id): each for each in readings}
        self.result.choices = [
            *(SelectChoice(key, _assessment(each, time_zone)) for key, each in self._readings.items()),
            SelectChoice("", gettext("No assessment")),
        ]

    @property
    def terms(self) -> coaching_plans.Terms:
        """Return what was agreed."""
        found = self._readings.get(self.result.data)
        row = found.row if found else None
        return coaching_plans.Terms(self.title.data, self.begins_on.data, self.ends_on.data, row)


def _assessment(reading: Reading, time_zone: str) -> str:
    attempt = reading.row.attempt
    handed_in = attempt.submitted_at or attempt.started_at
    return gettext("The assessment of %(day)s (%(edition)s)", day=day(handed_in, time_zone), edition=reading.bank.title)


class GoalForm(HtmlForm):
    """A goal: what it is tied to, which does not change later, its words and its day."""

    about = SelectField(
        _("Tied to"),
        description=_("No end of a scale is better. Choose what helps this person in their work."),
        invalid_choice_message=NOT_OFFERED,
    )
    title = line_field(_("Goal"), _("Please say in a few words what the goal is."))
    sign = words_field(
        _("How everybody will know"), _("What could be seen or heard, by the person, you or somebody else.")
    )
    due_on = day_field(_("Until"), _("Please choose a day."))

    def __init__(self, bank: Bank | None = None, **options: Any) -> None:
        super().__init__(**options)
        if bank is None:
            del self.about
            return
        self._abouts = {key(each): each for each in abouts(bank)}
        self.about.choices = [
            SelectChoice(each, name(about, bank) or gettext("None of these: own words"), optgroup=_group(about))
            for each, about in self._abouts.items()
        ]

    @property
    def tied_to(self) -> About:
        """Return what a new goal is to be tied to."""
        return self._abouts[self.about.data]

    @property
    def terms(self) -> coaching_goals.Terms:
        """Return what was agreed."""
        return coaching_goals.Terms(self.title.data, self.sign.data, self.due_on.data)


def abouts(bank: Bank) -> Iterable[About]:
    """Yield what goals can be tied to: own words, the poles of scales, themes."""
    yield OWN
    for scale in bank.scales:
        yield from (About(GoalSubject.SCALE, scale.code, each) for each in Towards)
    yield from (About(GoalSubject.THEME, theme.code) for theme in bank.themes)


def key(about: About) -> str:
    """Return what stands for it in forms and addresses."""
    return ".".join(filter(None, (about.subject.value, about.code, about.towards and about.towards.value)))


def _group(about: About) -> str | None:
    groups = {GoalSubject.SCALE: gettext("Scales"), GoalSubject.THEME: gettext("Themes of the company's view")}
    return groups.get(about.subject)


class StateForm(HtmlForm):
    """How a goal stands, and what has shown it."""

    state = RadioField(
        _("How it stands"),
        choices=lambda: [
            SelectChoice(GoalState.OPEN.value, gettext("Open")),
            SelectChoice(GoalState.REACHED.value, gettext("Reached")),
            SelectChoice(GoalState.DROPPED.value, gettext("Given up")),
        ],
        coerce=GoalState,
        validators=[InputRequired(_("Please choose how it stands."))],
        invalid_choice_message=NOT_OFFERED,
        invalid_value_message=NOT_OFFERED,
    )
    evidence = words_field(
        _("What has shown it"),
        _("For a goal that is reached, what could be seen or heard. The person reads it, too."),
    )


class ActionForm(HtmlForm):
    """An action: its words and its day."""

    title = line_field(_("Action"), _("Please say in a few words what is to be done."))
    what = words_field(_("What exactly"))
    how_often = line_field(_("How often"))
    sign = words_field(_("How you will know that it helps"), rows=2)
    time_needed = line_field(_("Time needed"))
    due_on = day_field(_("Until"), _("Please choose a day."))

    @property
    def terms(self) -> coaching_actions.Terms:
        """Return what was agreed."""
        return coaching_actions.Terms(
            title=self.title.data,
            what=self.what.data,
            how_often=self.how_often.data or "",
            sign=self.sign.data,
            time_needed=self.time_needed.data or "",
            due_on=self.due_on.data,
        )


class LibraryForm(HtmlForm):
    """Actions of the library, several at once."""

    chosen = CheckboxesField(
        _("Actions"),
        validators=[InputRequired(_("Please tick at least one action."))],
        invalid_choice_message=lambda _n: NOT_OFFERED,
    )
    due_on = day_field(_("All until"), _("Please choose a day."))

    def __init__(self, offers: Sequence[Offer], goal: CoachingGoal, **options: Any) -> None:
        super().__init__(**options)
        there = {each.library for each in goal.actions}
        self.offers = {each.code: each for each in offers if each.code not in there}
        self.chosen.choices = [
            SelectChoice(each.code, each.action.title, render_kw={"note": _in_short(each)})
            for each in self.offers.values()
        ]

    @property
    def wanted(self) -> Sequence[Offer]:
        """Return what was ticked."""
        return [self.offers[code] for code in self.chosen.data]


def _in_short(offer: Offer) -> str:
    action = offer.action
    return f"{action.what} {action.how_often}; {action.time_needed[:1].lower()}{action.time_needed[1:]}."


class DoneForm(HtmlForm):
    """A remark on what was done."""

    remark = line_field(_("Remark (if you like)"))


def of_plan(plan: CoachingPlan, readings: Sequence[Reading], time_zone: str) -> PlanForm:
    """Return the form as it stands on the page: with how things are."""
    result = str(plan.result.public_id) if plan.result else ""
    data = {"title": plan.title, "begins_on": plan.begins_on, "ends_on": plan.ends_on, "result": result}
    return PlanForm(readings, time_zone, data=data)


def of_goal(goal: CoachingGoal) -> GoalForm:
    """Return the same of a goal."""
    return GoalForm(data={"title": goal.title, "sign": goal.sign, "due_on": goal.due_on})


def of_action(action: CoachingAction) -> ActionForm:
    """Return the same of an action."""
    fields = ("title", "what", "how_often", "sign", "time_needed", "due_on")
    return ActionForm(data={each: getattr(action, each) for each in fields})
