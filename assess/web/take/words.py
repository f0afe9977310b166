"""What pages say about each kind of question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from assess.banks.model import Bank
from assess.banks.parts import EFFECTIVENESS, Part
from assess.languages import translator
from assess.models import Assignment
from assess.services import accommodations, sitting
from assess.services.sequence import LIMITS
from assess.web.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Introduction:
    """What a part's first page says."""

    title: str
    how: str
    button: str


@dataclass(frozen=True, slots=True)
class Group:
    """One choice to make: native radio buttons with a legend."""

    suffix: str  # of the answer's code
    legend: str | Markup
    options: Sequence[tuple[int, str]]
    is_ours: bool = False  # the legend, that is, and not the bank's


@dataclass(frozen=True, slots=True)
class Content:
    """What a question consists of."""

    lead: str  # said before the choices; empty where the legend says all
    text: str
    groups: Sequence[Group]


def announcement(part: Part, n: int) -> str:
    """Return what the first page says about a part with `n` pages."""
    return {
        Part.STATEMENTS: _(
            "%(n)s short statements about working with customers and colleagues. For each one you say how far it "
            "describes you.",
            n=n,
        ),
        Part.TRIPLETS: _(
            "%(n)s times three statements, of which you choose the one most and the one least like you.", n=n
        ),
        Part.PERSPECTIVE: _("%(n)s statements about what good service means to you.", n=n),
        Part.SITUATIONS: _("%(n)s situations at work, with four things to judge in each.", n=n),
        Part.VOCABULARY: _("%(n)s words from letters and messages, with a clock.", n=n),
        Part.NUMERICAL: _("%(n)s small sums from service work, with a clock.", n=n),
    }[part]


def introduction(part: Part) -> Introduction:
    """Return what the page before `part` says."""
    return {
        Part.STATEMENTS: Introduction(
            _("Practice: this one does not count"),
            _(
                "Read the statement and choose how far you agree. Answer as you usually are at work, at school or as a "
                "helper, not as you think you should be. Your first thought is mostly the best one."
            ),
            _("Go to the first statement"),
        ),
        Part.TRIPLETS: Introduction(
            _("Most and least like you"),
            _(
                "You see three statements at a time. Choose the one that is most like you and the one that is least "
                "like you. Sometimes all three fit, or none does; then decide what comes nearest."
            ),
            _("Go to the first three"),
        ),
        Part.PERSPECTIVE: Introduction(
            _("What good service means to you"),
            _(
                "Companies see service in different ways, and each way has a price. Say how far you agree that it "
                "should be so in good service, whatever you have met so far."
            ),
            _("Go to the first statement"),
        ),
        Part.SITUATIONS: Introduction(
            _("Situations at work"),
            _(
                "Each situation has four things that somebody could do. Say for each of them how well it would work. "
                "You need not know the trade: everything that matters is in the text."
            ),
            _("Go to the first situation"),
        ),
        Part.VOCABULARY: Introduction(
            _("Words in letters and messages"),
            _(
                "Choose what the marked word means in its sentence. One answer is right. If you do not know, guess: a "
                "question left out counts as not solved."
            ),
            _("Start the clock"),
        ),
        Part.NUMERICAL: Introduction(
            _("Working with numbers"),
            _(
                "Small sums from service work. One answer is right. You may use paper and a calculator. If you cannot "
                "find the answer, guess and go on: a question left out counts as not solved."
            ),
            _("Start the clock"),
        ),
    }[part]


def name(part: Part) -> str:
    """Return what a part is called where the person may go back to it."""
    return _("Statements about the way you work") if part is Part.STATEMENTS else introduction(part).title


def content(bank: Bank, code: str) -> Content:
    """Return the words of a question."""
    part = bank.asked[code].part
    if part is Part.STATEMENTS:
        item = bank.item(code)
        return Content("", "", [Group("", item.stem, agreement(bank, item.format))])
    if part is Part.TRIPLETS:
        block = next(each for each in bank.triplets if each.code == code)
        stems = list(enumerate((bank.item(each).stem for each in block.statements), start=1))
        ends = [Group(".best", _("Most like me"), stems, True), Group(".worst", _("Least like me"), stems, True)]
        return Content("", "", ends)
    if part is Part.PERSPECTIVE:
        policy = next(each for each in bank.perspective if each.code == code)
        return Content(_("In good service, it should be so:"), "", [Group("", policy.stem, agreement(bank))])
    if part is Part.SITUATIONS:
        scene = next(each for each in bank.situations if each.code == code)
        groups = [Group(f".{each.code}", each.text, _effectiveness(bank.language)) for each in scene.response]
        return Content(_("How well would each of these work?"), scene.text, groups)
    assert bank.proficiency is not None  # noqa: S101 -- its codes come from there
    items = (*bank.proficiency.vocabulary, *bank.proficiency.numerical)
    question = next(each for each in items if each.code == code)
    return Content("", "", [Group("", _marked(question.stem), list(enumerate(question.options, start=1)))])


def problem(bank: Bank, code: str, answers: Mapping[str, int]) -> str | None:
    """Return what is missing from the answers to a question, or wrong with them."""
    if sitting.is_answered(bank, code, answers):
        return None
    part = bank.asked[code].part
    if part is Part.TRIPLETS and len(answers) == len(bank.asked[code].choices):
        return _("The same statement cannot be both most and least like you. Please change one of the two.")
    if part is Part.TRIPLETS:
        return _("Please choose one statement as most and another as least like you, or leave this one out.")
    if part is Part.SITUATIONS:
        return _("Please rate all four, or leave this situation out.")
    return _("Please choose an answer, or leave this one out.")


def arranged(assignment: Assignment) -> list[str]:
    """Return what HR arranged for the person, as far as it bears on this questionnaire."""
    found, is_timed = accommodations.of(assignment.person), not LIMITS.keys().isdisjoint(assignment.campaign.parts)
    extra = {
        0.25: _("You have a quarter more than the usual time where there is a clock."),
        0.5: _("You have half as much time again where there is a clock."),
        1.0: _("You have twice the usual time where there is a clock."),
    }
    said = (
        (is_timed and found.extra_time in extra, extra.get(found.extra_time, "")),
        (is_timed and found.pauses, _("You may stop the clock and go on later.")),
        (found.larger_text, _("Text is larger than usual.")),
        (found.easy_spacing, _("There is more space between lines, words and letters.")),
    )
    return [sentence for holds, sentence in said if holds]


def agreement(bank: Bank, code: str = "agreement") -> list[tuple[int, str]]:
    """Return the choices of a format with their words."""
    return [(option.value, option.label) for option in bank.formats_by_code[code].option]


def _effectiveness(language: str) -> list[tuple[int, str]]:
    """Return the choices for a response, in the language of the situation: they are part of what is asked."""
    _ = translator(language)
    labels = (_("Not at all"), _("Hardly"), _("Partly"), _("Well"), _("Very well"))
    return list(zip(EFFECTIVENESS, labels, strict=True))


def _marked(stem: str) -> Markup:
    """Return a sentence with the word between stars marked."""
    before, word, after = stem.split("*") if stem.count("*") == 2 else (stem, "", "")
    return Markup("{}<mark>{}</mark>{}").format(before, word, after) if word else escape(before)
