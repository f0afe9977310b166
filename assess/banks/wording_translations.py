"""What coaches, people themselves and raters read, in other languages: each action, narrative or form as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from typing import Literal, get_args

from assess.banks.surveys import FeedbackForm, OpenQuestion, SeenBehaviour, Surveys
from assess.banks.translations import Translated, Unit, fingerprint_of, texts_by_code, told_in
from assess.banks.wording import Combination, Narratives, Wording

Kind = Literal["scales", "coaching", "narratives", "combinations", "feedback"]
KINDS: tuple[Kind, ...] = get_args(Kind)

ACTION = ("title", "what", "how_often", "how_you_will_know", "time_needed")
COACH = ("text", "helps", "hinders", "ask")
PERSON = ("text", "helps", "hinders", "try_this")
COMBINATION = ("for_person",)
ASKED = ("title", "describes", "not_seen", "own_words")


class WordingTranslation(Translated):
    """The texts of one kind in one language, a file."""

    kind: Kind


def units_of(kind: Kind, wording: Wording, surveys: Surveys, names: Unit) -> tuple[Unit, ...]:
    """Return every text of `kind` that can be translated: what is shown together, together; `names` are the newest."""
    if kind == "scales":
        return (names,)
    if kind == "coaching":
        return tuple(
            texts_by_code(_action(code), action, ACTION)
            for scale in wording.coaching
            for code, action in wording.actions(scale).items()
        )
    if kind == "narratives":
        return tuple(unit for each in wording.narratives.values() for unit in _narratives(each))
    if kind == "combinations":
        return tuple(texts_by_code(_combination(each), each, COMBINATION) for each in wording.combinations)
    return (_form(surveys.feedback_in()),)


def in_other_languages(
    wording: Wording, surveys: Surveys, translations: Iterable[WordingTranslation]
) -> tuple[Wording, Surveys]:
    """Return both with what of them can be shown in other languages; their originals stay as they are."""
    texts: dict[str, dict[str, str]] = {}
    forms: dict[str, FeedbackForm] = {}
    for each in translations:
        if each.kind == "feedback":
            form = surveys.feedback_in()
            if _form(form).keys() <= each.usable.keys():
                forms[each.language] = _asked(form, each.language, each.usable)
        elif each.kind != "scales" and each.usable:
            texts.setdefault(each.language, {}).update(each.usable)
    others = {language: _told(wording, language, found) for language, found in texts.items()}
    return (
        wording.model_copy(update={"others": MappingProxyType(others)}),
        surveys.model_copy(update={"feedback_forms": MappingProxyType(forms)}),
    )


def _told(wording: Wording, language: str, texts: Unit) -> Wording:
    """Return `wording` with what is whole among `texts`; what is not stays in the original and says so."""
    coaching = {
        scale: found.model_copy(
            update={
                "action": tuple(
                    told_in(language, _action(code), each, ACTION, texts)
                    for code, each in wording.actions(scale).items()
                )
            }
        )
        for scale, found in wording.coaching.items()
    }
    narratives = {
        scale: found.model_copy(
            update={
                "coach": tuple(told_in(language, _coach(scale, n.band), n, COACH, texts) for n in found.coach),
                "person": tuple(told_in(language, _person(scale, n.band), n, PERSON, texts) for n in found.person),
            }
        )
        for scale, found in wording.narratives.items()
    }
    combinations = tuple(
        told_in(language, _combination(each), each, COMBINATION, texts) for each in wording.combinations
    )
    changed = {"coaching": coaching, "narratives": narratives, "combinations": combinations}
    return wording.model_copy(update={**changed, "translated_by": fingerprint_of(texts)})


def _narratives(found: Narratives) -> Iterable[Unit]:
    yield from (texts_by_code(_coach(found.scale, each.band), each, COACH) for each in found.coach)
    yield from (texts_by_code(_person(found.scale, each.band), each, PERSON) for each in found.person)


def _form(form: FeedbackForm) -> dict[str, str]:
    asked, choices = form.survey, form.choices
    said: tuple[SeenBehaviour | OpenQuestion, ...] = (*asked.statement, *asked.question)
    return {
        **texts_by_code("feedback", asked, ASKED),
        **{f"feedback:{each.code}": each.stem for each in said},
        **{f"format:{choices.code}:{option.value}": option.label for option in choices.option},
    }


def _asked(form: FeedbackForm, language: str, texts: Unit) -> FeedbackForm:
    """Return the form in `language`, all of which is among `texts`."""
    asked, choices = form.survey, form.choices
    own = {name: texts[f"feedback:{name.replace('_', '-')}"] for name in ASKED}
    lines = tuple(each.model_copy(update={"stem": texts[f"feedback:{each.code}"]}) for each in asked.statement)
    questions = tuple(each.model_copy(update={"stem": texts[f"feedback:{each.code}"]}) for each in asked.question)
    labelled = tuple(
        each.model_copy(update={"label": texts[f"format:{choices.code}:{each.value}"]}) for each in choices.option
    )
    return FeedbackForm(
        language=language,
        survey=asked.model_copy(update={**own, "statement": lines, "question": questions}),
        choices=choices.model_copy(update={"option": labelled}),
    )


def _action(code: str) -> str:
    return f"coaching.{code}"


def _coach(scale: str, band: str) -> str:
    return f"narrative.{scale}.coach.{band}"


def _person(scale: str, band: str) -> str:
    return f"narrative.{scale}.person.{band}"


def _combination(each: Combination) -> str:
    return f"combination.{each.first}-{each.first_is}.{each.second}-{each.second_is}"
