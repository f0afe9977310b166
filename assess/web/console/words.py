"""What the console calls things: states, purposes, outcomes, weights, kinds of report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from babel import Locale
from babel.lists import format_list

from assess.banks.content import ORIGINAL
from assess.banks.parts import Part
from assess.models import Assignment, Basis, Feedback, Outcome, Person, Purpose, ReportFile, RequestKind, RosterKind
from assess.services.addresses import tidy
from assess.services.assignments import State
from assess.services.campaigns import Phase
from assess.services.person_lists import Only
from assess.services.report_lists import Standing
from assess.web.i18n import gettext as _
from assess.web.i18n import language, ngettext
from assess.web.states import state_tag
from assess.web.tags import Tag
from reports.kinds import KINDS, TITLES
from reports.language import translator


def person_words(person: Person) -> str:
    """Return the name of a person, or what is said in its place."""
    return _("Erased person") if person.erased_at else person.name


def known_as(typed: str, person: Person) -> str | None:
    """Return whose the address is that was entered, unless they bear the name that was typed with it."""
    if person.name.casefold() == tidy(typed).casefold():
        return None
    return _(
        "This address belongs to %(name)s, whom you know already; it is them that you have asked. "
        "If %(typed)s is somebody else, take this back and enter another address.",
        name=person.name,
        typed=tidy(typed),
    )


def subject_words(report: ReportFile) -> str:
    """Return whom or what a report is about."""
    if report.result is not None:
        return person_words(report.result.attempt.assignment.person)
    if report.consensus_key is not None:
        return _("version %(n)s", n=report.consensus_key.version)
    if report.inputs is not None and "roster" in report.inputs:
        return str(report.inputs["roster"])
    pattern = report.results[0].pattern_version
    return pattern.position.title if pattern else ""


def labelled_name(person: Person) -> str:
    """Return the same for where there is no room for a tag that says that a person is simulated."""
    return _("%(name)s (simulated)", name=person.name) if person.is_simulated else person_words(person)


def told_apart(assignments: Sequence[Assignment]) -> list[str]:
    """Return the same for people to choose from: with their receipts where one name is that of several."""
    names = [labelled_name(each.person) for each in assignments]
    shared = {name for name, n in Counter(names).items() if n > 1}
    return [
        f"{name} · {each.attempt.receipt}" if name in shared and each.attempt else name
        for name, each in zip(names, assignments, strict=True)
    ]


def kept_together(text: str) -> str:
    """Return `text` with every per cent sign on the line of its number."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%")


def language_words(code: str) -> str:
    """Return the name of the language in which questions were asked, and what that means for their scores."""
    name = Locale.parse(code).get_display_name(language()) or code
    if code == ORIGINAL:
        return name
    return _("%(language)s; that its scores mean the same as in English is not shown yet", language=name)


def reminder_words(reminders: Sequence[int]) -> str:
    """Return when people are reminded."""
    days = format_list([str(each) for each in reminders], locale=language())
    return ngettext("%(days)s day before the last day", "%(days)s days before the last day", sum(reminders), days=days)


def only_words(only: Only) -> str:
    """Return whom a list is narrowed to."""
    return {
        Only.INTERNAL: _("employees (with a number)"),
        Only.RESULT: _("people with a result"),
        Only.SIMULATED: _("simulated people"),
    }[only]


def roster_words(kind: RosterKind) -> str:
    """Return what a list of people is."""
    return {RosterKind.BENCH: _("Bench"), RosterKind.TEAM: _("Team")}[kind]


def count_tags(counts: Mapping[State, int]) -> list[Tag]:
    """Return how many have which state, one tag each."""
    return [Tag(f"{n} {tag.words}", tag.look) for tag, n in ((state_tag(state), n) for state, n in counts.items())]


def phase_tag(phase: Phase) -> Tag:
    """Return how it is shown whether a campaign is open."""
    return {
        Phase.PLANNED: Tag(_("not open yet"), "care"),
        Phase.OPEN: Tag(_("open"), "done"),
        Phase.OVER: Tag(_("over"), "over"),
    }[phase]


def minutes_words(n: int) -> str:
    """Return how long something takes."""
    return ngettext("about %(num)s minute", "about %(num)s minutes", n)


def part_words(part: Part) -> str:
    """Return the name of a part of an assessment."""
    return {
        Part.STATEMENTS: _("Statements"),
        Part.TRIPLETS: _("Best-worst triplets"),
        Part.PERSPECTIVE: _("View of good service"),
        Part.SITUATIONS: _("Situations at work"),
        Part.VOCABULARY: _("Vocabulary"),
        Part.NUMERICAL: _("Numbers"),
    }[part]


def part_note(part: Part) -> str:
    """Return what a part is, for who puts an assessment together."""
    return {
        Part.STATEMENTS: _("Always asked, as every result rests on them. How long they take stands with the form."),
        Part.TRIPLETS: _("Of three statements one is most and one least like them: harder to embellish, more precise."),
        Part.PERSPECTIVE: _("What good service means to them, beside what it means to the company."),
        Part.SITUATIONS: _("How well four reactions to a scene at work would do."),
        Part.VOCABULARY: _("What words in letters and messages mean."),
        Part.NUMERICAL: _("Small sums from service work."),
    }[part]


def extra_time_words(share: float) -> str:
    """Return how much more time somebody has."""
    return {
        0.0: _("The usual time"),
        0.25: _("A quarter more"),
        0.5: _("Half as much again"),
        1.0: _("Twice the usual time"),
    }[share]


def purpose_words(purpose: Purpose) -> str:
    """Return what people are assessed for."""
    return {
        Purpose.HIRING: _("Hiring"),
        Purpose.PROMOTION: _("Promotion"),
        Purpose.COACHING: _("Coaching"),
    }[purpose]


def feedback_words(feedback: Feedback) -> str:
    """Return when the person gets their own report."""
    return {
        Feedback.AT_ONCE: _("At once, when they have handed in"),
        Feedback.ON_RELEASE: _("When HR releases it"),
    }[feedback]


def outcome_words(outcome: Outcome) -> str:
    """Return what was decided."""
    return {
        Outcome.HIRE: _("Hire"),
        Outcome.PROMOTE: _("Promote"),
        Outcome.RESERVE: _("Keep in reserve"),
        Outcome.REJECT: _("Turn down"),
        Outcome.NONE: _("No decision needed any more"),
    }[outcome]


def basis_words(basis: Basis) -> str:
    """Return what a decision rests on."""
    return {
        Basis.INTERVIEW: _("Interview"),
        Basis.WORK_SAMPLE: _("Work sample or trial"),
        Basis.REFERENCES: _("References"),
        Basis.EXPERIENCE: _("Experience"),
        Basis.QUALIFICATION: _("Qualification"),
        Basis.ASSESSMENT: _("This assessment"),
        Basis.OTHER: _("Something else"),
    }[basis]


def bases_words(codes: Sequence[str]) -> str:
    """Return all that a decision rests on, in one line; nothing for decisions from before this was asked."""
    return format_list([basis_words(Basis(code)).lower() for code in codes], locale=language())


def request_words(kind: RequestKind) -> str:
    """Return what somebody asks about their data."""
    return {
        RequestKind.CORRECTION: _("Correction"),
        RequestKind.ERASURE: _("Erasure"),
        RequestKind.REVIEW: _("A person is to look again"),
    }[kind]


def weight_words(weight: int) -> str:
    """Return how much a scale counts in the match; the weights are factors."""
    return (_("does not count"), _("counts once"), _("counts double"), _("counts three times"))[weight]


def standing_tag(standing: Standing) -> Tag:
    """Return how it is shown how far a report of a batch has come."""
    return {
        Standing.WAITING: Tag(_("being made"), ""),
        Standing.MADE: Tag(_("ready"), "done"),
        Standing.FAILED: Tag(_("not made"), "care"),
        Standing.REFUSED: Tag(_("no report"), "over"),
    }[standing]


def kind_words(kind: str) -> str:
    """Return the name of a kind of report."""
    return translator(language())(TITLES[kind])


def kinds() -> list[tuple[str, str]]:
    """Return the kinds of report on one person, each with its name."""
    return [(kind, kind_words(kind)) for kind in KINDS]
