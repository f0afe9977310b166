"""The copy of everything that is held about a person, on paper: the same facts as the JSON, without raw events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reports.access_blocks import NOTHING, AccessSection, Block, Table, Words
from reports.access_coaching import coaching_sections
from reports.access_surveys import surveys_sections
from reports.document import Document
from reports.language import Translate, translator
from reports.plain import plain_all


def access_document(held: Mapping[str, Any], *, reference: str, language: str = "en") -> Document:
    """Return the document of what `assess.services.held_data` has gathered."""
    held = plain_all(held)
    words = Words(held["organization"]["time_zone"], language, translator(language))
    _ = words.translate
    assessments = [
        AccessSection(_("Assessment: %(title)s") % each, is_first=False, blocks=_assessment(each, words))
        for each in held["assessments"]
    ]
    middle = (*assessments, *surveys_sections(held, words), *coaching_sections(held, words))
    title = _("Everything that is held about you")
    rest = AccessSection(_("Who has looked, and what was said"), is_first=False, blocks=_rest(held, words))
    return Document(
        kind="access",
        title=title,
        subject=held["person"]["name"],
        organization=held["organization"]["name"],
        reference=reference,
        provisional=False,
        simulated=held["person"]["is_simulated"],
        paper="A4",
        language=language,
        sections=(AccessSection(title, is_first=True, blocks=_opening(held, words)), *middle, rest),
    )


def _opening(held: Mapping[str, Any], words: Words) -> tuple[Block, ...]:
    _, person, organization = words.translate, held["person"], held["organization"]
    intro = _(
        "This is a copy of what %(name)s holds about you from its questionnaires on customer service, made on "
        "%(day)s. Single events, such as each change of an answer, are in the JSON file that your page offers."
    ) % {"name": organization["name"], "day": words.time(held["format"]["made_at"])}
    facts = (
        (_("Name"), person["name"]),
        (_("E-mail"), person["email"] or NOTHING),
        (_("Telephone"), person["phone"] or NOTHING),
        (_("Employee number"), person["employee_number"] or NOTHING),
        (_("Language"), person["language"]),
        (_("Arrangements for you"), _arrangements(person["accommodations"])),
        (_("Entered"), words.time(person["entered_at"])),
        (_("Whom to ask"), organization["contact"]),
    )
    return (
        Block("", paragraphs=(intro,)),
        Block(_("Your right to a person's judgement"), paragraphs=(held["human_review"]["explanation"],)),
        Block(_("You"), facts=facts),
    )


def _arrangements(accommodations: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in accommodations.items()) or NOTHING


def _assessment(each: Mapping[str, Any], words: Words) -> tuple[Block, ...]:
    _, attempt = words.translate, each.get("attempt")
    facts = [
        (_("Position"), each["position"] or NOTHING),
        (_("Purpose"), each["purpose"]),
        (_("State"), each["state"].replace("_", " ")),
        (_("Invited"), words.time(each["invited_at"])),
        (_("Link opened"), words.time(each["opened_at"])),
        (_("Agreed and begun"), words.time(attempt["consented_at"] if attempt else None)),
        (_("Handed in"), words.time(attempt["submitted_at"] if attempt else None)),
        (_("Receipt"), (attempt and attempt["receipt"]) or NOTHING),
        (_("Withdrawn"), words.time(each["withdrawn_at"])),
        (_("On a shortlist"), _shortlist(each.get("shortlisted"), words)),
        (_("Kept until"), words.day(each["kept_until"])),
    ]
    blocks = [Block(_("Facts"), facts=tuple(facts))]
    for result in each.get("results", ()):
        blocks += _result(result, words)
    blocks += _decisions(each, words)
    blocks += _reports(each, words)
    blocks += _equality(each, words)
    blocks += _items(each, words)
    return tuple(blocks)


def _shortlist(entry: Mapping[str, Any] | None, words: Words) -> str:
    _ = words.translate
    if entry is None:
        return NOTHING
    said = {"day": words.time(entry["since"]), "name": entry["by"] or NOTHING}
    return _("since %(day)s, by %(name)s") % said


def _result(result: Mapping[str, Any], words: Words) -> list[Block]:
    _ = words.translate
    rows = tuple(
        (
            row["name"],
            *(_number(row[key]) for key in ("sten", "sem", "theta", "se", "percentile")),
            f"{row['n_answered']}/{row['n_items']}",
        )
        for row in result["scales"]
    )
    heads = (_("Behaviour"), _("Score 1–10"), _("± (SE)"), _("Theta"), _("SE"), _("Percentile"), _("Answered"))
    return [
        Block(_("Scores"), paragraphs=(_basis(result, words),), table=Table(heads, rows)),
        *([Block(_("Further parts"), paragraphs=tuple(result["further"]["in_words"]))] if result["further"] else []),
        Block(_("Match with the position"), paragraphs=_match(result["match"], _)),
        Block(_("Reasons to read it with care"), paragraphs=_flags(result["flags"], _)),
    ]


def _basis(result: Mapping[str, Any], words: Words) -> str:
    """Return what the scores rest on."""
    _, norm, parameters = words.translate, result["norm"], result["parameters"]
    scored = _("Scored on %(day)s with Rapport %(version)s, parameters %(parameters)s (%(source)s).") % {
        "day": words.time(result["scored_at"]),
        "version": result["program_version"],
        "parameters": parameters["version"],
        "source": parameters["source"],
    }
    if norm:
        day = words.day(norm["collected"])
        compared = _("Compared with: %(name)s, n = %(n)s, %(day)s.") % {**norm, "day": day}
    else:
        compared = _("Not compared with other people yet: there is no norm (n = 0).")
    return " ".join([scored, compared, *([_("The scores are provisional.")] if result["is_provisional"] else [])])


def _match(match: Mapping[str, Any], _: Translate) -> tuple[str, ...]:
    if "median" not in match:
        return (match["explanation"],)
    found = {name: f"{100 * match[name]:.0f}" for name in ("median", "low", "high")}
    return (_("%(median)s %%, 90 %% interval %(low)s to %(high)s %%.") % found, match["explanation"])


def _flags(flags: Sequence[Mapping[str, str]], _: Translate) -> tuple[str, ...]:
    if not flags:
        return (_("There are none."),)
    return tuple(f"{flag['sentence']} {flag['explanation']}" for flag in flags)


def _decisions(each: Mapping[str, Any], words: Words) -> list[Block]:
    _ = words.translate
    rows = tuple(
        (words.time(found["decided_at"]), found["outcome"], found["by"] or NOTHING, found["reasons"])
        for found in each["decisions"]
    )
    heads = (_("When"), _("Decision"), _("By"), _("Reasons"))
    return [Block(_("Decisions"), table=Table(heads, rows))] if rows else []


def _reports(each: Mapping[str, Any], words: Words) -> list[Block]:
    _ = words.translate
    rows = tuple(
        (found["reference"], _report_words(found, _), words.time(found["made_at"]), found["asked_for_by"] or NOTHING)
        for found in each.get("reports", ())
    )
    heads = (_("Reference"), _("Kind"), _("Made"), _("Asked for by"))
    return [Block(_("Reports"), table=Table(heads, rows))] if rows else []


def _report_words(found: Mapping[str, Any], _: Translate) -> str:
    """Return the kind of a report and, where it compares the person with others, how many people it is about."""
    words = {"kind": found["kind"], "n": found["people"]}
    return _("%(kind)s of %(n)s people") % words if found["people"] > 1 else found["kind"]


def _equality(each: Mapping[str, Any], words: Words) -> list[Block]:
    _, found = words.translate, each["equality"]
    if not found:
        return []
    facts = tuple((question, str(answer)) for question, answer in found["in_words"].items())
    return [Block(_("Equality questions"), paragraphs=(found["explanation"],), facts=facts)]


def _items(each: Mapping[str, Any], words: Words) -> list[Block]:
    _ = words.translate
    rows = [
        (str(item["position"]), ": ".join(filter(None, (text, answer["legend"]))), answer["answer"] or NOTHING)
        for item in each.get("items", ())
        for number, answer in enumerate(item["answers"])
        for text in ((item["text"] if number == 0 or not answer["legend"] else ""),)
    ]
    heads = (_("No."), _("What you were shown"), _("Your answer"))
    return [Block(_("Questions and answers"), table=Table(heads, tuple(rows), counts=True))] if rows else []


def _rest(held: Mapping[str, Any], words: Words) -> tuple[Block, ...]:
    _ = words.translate
    seen = tuple((words.time(each["at"]), each["by"], each["looked_at"]) for each in held["seen_by"])
    asked = tuple(
        (words.time(each["asked_at"]), each["kind"], each["words"] or NOTHING, each["answer"] or NOTHING)
        for each in held["requests"]
    )
    places = tuple(
        (each["title"], each["role"] or NOTHING, each["present_role"] or NOTHING, words.time(each["since"]))
        for each in held["rosters"]
    )
    mails = tuple(
        (words.time(each["asked_for_at"]), each["explanation"], words.time(each["sent_at"])) for each in held["mails"]
    )
    return (
        _listed(_("Who has looked at your results"), (_("When"), _("Who"), _("At what")), seen, _),
        _listed(
            _("Benches and teams that you are on"),
            (_("Name"), _("For which role"), _("Your present role"), _("Since")),
            places,
            _,
        ),
        _listed(_("What you asked"), (_("When"), _("For what"), _("Your words"), _("Answer")), asked, _),
        _listed(_("Mail"), (_("When"), _("What"), _("Sent")), mails, _),
    )


def _listed(heading: str, heads: tuple[str, ...], rows: tuple[tuple[str, ...], ...], _: Translate) -> Block:
    return Block(heading, table=Table(heads, rows)) if rows else Block(heading, paragraphs=(_("Nothing."),))


def _number(value: float | None) -> str:
    if value is None:
        return NOTHING
    return str(value) if isinstance(value, int) else f"{value:.2f}"
