"""Conversation starters: open questions made from this person's facts, each with what to listen for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from markupsafe import Markup

from assess.scoring.progress import Measured, Obstacle, ScaleChange, change_since
from assess.scoring.result import ScaleScore
from reports.coaching import CoachingContext
from reports.content import name_of, pole_of
from reports.context import Earlier
from reports.dates import day_words, local_day
from reports.language import Translate, apart, number, translator
from reports.sections.care import may_not_describe
from reports.sections.coaching_perspective import asked_before
from reports.sections.coaching_words import by_distance, side_of
from reports.sections.further import apart_words

Words = str | Markup
SCALES = 2  # behaviours that are asked about
CHANGES = 2  # reliable ones that are asked about


@dataclass(frozen=True, slots=True)
class Starter:
    """An open question: the fact that it begins from, and what to listen for."""

    fact: Words
    question: Words
    listen: str


@dataclass(frozen=True, slots=True)
class Starters:
    """The questions, in the order of a talk: what was, what the report says, what comes next."""

    starters: tuple[Starter, ...]

    template: ClassVar[str] = "coaching_starters.html"

    @classmethod
    def build(cls, context: CoachingContext) -> Self:
        """Return the section for `context`."""
        _ = translator(context.language)
        return cls(
            (
                _opening(context, _),
                *_on_change(context, _),
                *_on_plan(context, _),
                _on_report(context, _),
                *_on_scales(context, _),
                *_on_feedback(context, _),
                *_on_perspective(context, _),
                _closing(context, _),
            )
        )


def _opening(context: CoachingContext, _: Translate) -> Starter:
    held = context.work.held
    fact = _("A beginning that needs no figures.")
    if held:
        fact = _("The last check-in that was held was on %(day)s.") % {"day": _moment(held[-1].planned_for, context)}
    return Starter(
        fact,
        _("Which moment with a customer or colleague went well lately, and what did you do to make it so?"),
        _("Something that they did themselves, in a situation that they can describe. Ask for it until you see it."),
    )


def _on_change(context: CoachingContext, _: Translate) -> Iterator[Starter]:
    """Give questions on what has changed since the last assessment that can be compared, or on that nothing has."""
    newest = _newest_comparable(context)
    if newest is None:
        return
    earlier, changes = newest
    day = _moment(earlier.submitted_at, context)
    sure = [each for each in changes if each.verdict in ("reliably up", "reliably down")]
    by_size = sorted(sure, key=lambda each: -abs(each.difference or 0.0))
    for change in by_size[:CHANGES]:
        scale = context.bank.scale(change.scale)
        words = {
            "name": name_of(scale, context.language),
            "pole": pole_of(scale, is_high=change.verdict == "reliably up", language=context.language),
            "day": day,
        }
        said = _("%(name)s has moved reliably towards “%(pole)s” since %(day)s.")
        yield Starter(
            Markup(said) % words,  # noqa: S704 -- our own words
            _("What do you do differently from then? Who has noticed, and what set it off?"),
            _("A change in what they do, which others could see, or in how they see themselves. Both count."),
        )
    if not sure:
        yield Starter(
            _("No reliable change on any behaviour since %(day)s.") % {"day": day},
            _("What has changed in your work since then that a questionnaire would not see?"),
            _("New tasks, other customers, something learned. That no change shows is no proof that there was none."),
        )


def _newest_comparable(context: CoachingContext) -> tuple[Earlier, tuple[ScaleChange, ...]] | None:
    for earlier in reversed(context.earlier):
        found = change_since(Measured(earlier.result, earlier.parameters), Measured(context.result, context.parameters))
        if not isinstance(found, Obstacle):
            return earlier, found
    return None


def _on_plan(context: CoachingContext, _: Translate) -> Iterator[Starter]:
    """Give a question on a goal that is reached and one on what is late; else one on the next step."""
    plan, today = context.work.plan, context.work.as_of
    if plan is None or not plan.goals:
        yield Starter(
            _("No goal has been agreed on yet."),
            _("If one thing in your work with customers were easier in three months, which one should it be?"),
            _("A wish of their own, and a sign by which you would both notice it. Write that down as the first goal."),
        )
        return
    reached = [goal for goal in plan.goals if goal.state == "reached"]
    late = [goal for goal in plan.goals if goal.is_overdue(today)]
    if reached:
        said = _("The goal “%(title)s” is reached.")
        yield Starter(
            said % {"title": apart(reached[-1].title, context.language)},
            _("What made the difference? How will you keep it up in a busy week?"),
            _("What exactly they did and who helped: the next goal can build on it."),
        )
    if late:
        said = _("The goal “%(title)s” was due on %(day)s.")
        words = {
            "title": apart(late[0].title, context.language),
            "day": day_words(late[0].due_on, language=context.language),
        }
        yield Starter(
            said % words,
            _("Is this still the right goal? What stood in the way, and what would the smallest next step be?"),
            _("Causes around them as well as in them. A goal that has lost its point may be changed or given up."),
        )
    if not reached and not late:
        counts = {"done": sum(each.done_on is not None for each in plan.actions), "n": len(plan.actions)}
        yield Starter(
            _("Of the actions of the plan, %(done)s of %(n)s are done.") % counts,
            _("Which of them was worth its time, and which would you leave out or do in another way?"),
            _("What they saw when they tried it. A plan that is changed is one that is used."),
        )


def _on_report(context: CoachingContext, _: Translate) -> Starter:
    if may_not_describe(context.result.flags):
        return Starter(
            _("The way the statements were answered leaves open whom the answers describe."),
            _("How was it to answer on that day? Where does the picture not fit you?"),
            _("Haste, disturbance, unclear words. It is no reproach: what does not fit is put aside, or asked again."),
        )
    return Starter(
        _("The six strips on the first page, read together."),
        _("What in this report do you recognise, and what do you see differently?"),
        _("Situations from work. Where their own examples speak against a strip, trust the examples."),
    )


def _on_scales(context: CoachingContext, _: Translate) -> Iterator[Starter]:
    """Give a question on each of the most marked behaviours, then on those of which nothing is known."""
    unknown = [score for score in context.result.scales if not score.scorable]
    for number_, score in enumerate([*by_distance(context), *unknown][:SCALES]):
        yield _on_scale(score, context, _, is_first=number_ == 0)


def _on_scale(score: ScaleScore, context: CoachingContext, _: Translate, *, is_first: bool) -> Starter:
    scale, side, language = context.bank.scale(score.scale), side_of(score), context.language
    words = {
        "name": name_of(scale, language),
        "pole": pole_of(scale, is_high=side == "high", language=language),
        "other": pole_of(scale, is_high=side != "high", language=language),
    }
    if side is None:
        return Starter(
            Markup(_("Of %(name)s nothing is known: too little was answered.")) % words,  # noqa: S704
            Markup(_("Some people are more “%(other)s” here, some more “%(pole)s”. Which is it with you, and when?"))  # noqa: S704
            % words,
            _("An example of each. It is their right to leave statements out; they owe no reason."),
        )
    if side == "middle":
        return Starter(
            Markup(_("%(name)s lies around the middle.")) % words,  # noqa: S704
            Markup(_("When are you more “%(other)s”, and when more “%(pole)s”? What decides it?")) % words,  # noqa: S704
            _("What they read in a situation. To be able to do both, and to choose, may be the strength."),
        )
    fact = Markup(_("%(name)s leans towards “%(pole)s”.")) % words  # noqa: S704
    if is_first:
        return Starter(
            fact,
            Markup(_("Where does it serve customers that you are more “%(pole)s”? Where would the other way?")) % words,  # noqa: S704
            _("Situations of both kinds. Whoever finds only one of them has found something to watch for."),
        )
    return Starter(
        fact,
        Markup(_("Who around you is more “%(other)s”? What would you take from them, and what not?")) % words,  # noqa: S704
        _("Respect for the other way, and one thing small enough to try. Neither end is the better one."),
    )


def _on_feedback(context: CoachingContext, _: Translate) -> Iterator[Starter]:
    """Give a question on the largest clear difference between the person's own view and the others', if any."""
    found = context.work.feedback
    gaps = [(view, view.gap) for view in found.scales if view.gap] if found else []
    clear = [(view, gap) for view, gap in gaps if gap and gap.is_clear]
    if clear:
        view, gap = max(clear, key=lambda each: abs(each[1].value) if each[1] else 0.0)
        scale, language = context.bank.scale(view.scale), context.language
        words = {
            "name": name_of(scale, language),
            "pole": pole_of(scale, is_high=gap.value < 0, language=language),
            "n": number(abs(gap.value), 1, language),
        }
        said = _("On %(name)s others see more “%(pole)s” than the person does, by %(n)s on a line from 1 to 5.")
        yield Starter(
            Markup(said) % words,  # noqa: S704 -- our own words
            _("What might others have seen that you have not, or you that they have not? Whom could you ask?"),
            _("Curiosity rather than defence. Do not guess who said what; the others were promised that nobody would."),
        )
    elif gaps:
        yield Starter(
            _("On no behaviour do others see the person clearly otherwise than the person does."),
            _("What did you expect them to say, and what has surprised you?"),
            _("What they hoped or feared. Few raters leave much open, so a small gap is no proof of none."),
        )


def _on_perspective(context: CoachingContext, _: Translate) -> Iterator[Starter]:
    """Give a question on the statement on which the person and the company are furthest apart, if there is one."""
    view = context.view
    if view is None or not view.alignment.differences:
        return
    words = apart_words(view.alignment.differences[0], view.bank, context.language)
    said = _("Good service means: “%(statement)s” The person: %(own)s. The company: %(company)s.")
    fact = Markup(said) % {"statement": words.stem, "own": words.own, "company": words.company}  # noqa: S704
    day = asked_before(context)
    yield Starter(
        fact + f" {day}" if day else fact,
        _("Which experience stands behind your view? What may stand behind the company's?"),
        _("Reasons on both sides, and what to do with a customer meanwhile. The aim is not that they give in."),
    )


def _closing(context: CoachingContext, _: Translate) -> Starter:
    ahead = context.ahead()
    fact = _("No further check-in is planned.")
    if ahead:
        fact = _("The next check-in is on %(day)s.") % {"day": _moment(ahead[0].planned_for, context)}
    return Starter(
        fact,
        _("What do you need until we meet again, from me, from your manager, from anybody else?"),
        _("One request that can be answered by then. Write it down, with the day and with who does it."),
    )


def _moment(moment: datetime, context: CoachingContext) -> str:
    return local_day(moment, zone=context.time_zone, language=context.language)
