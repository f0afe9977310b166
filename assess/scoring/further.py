"""Parts beside the six scales: company perspective, situations, proficiencies. None of them enters a scale's score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from assess.banks.model import Bank
from assess.banks.parts import EFFECTIVENESS, AbilityItem, Part
from assess.psychometrics.estimation import eap_estimate
from assess.psychometrics.situational import effectiveness, scenario_interval
from assess.scoring.parameters import ParameterSet
from assess.scoring.perspective import Alignment, CompanyKey, score_perspective
from assess.scoring.result import DIGITS, ScaleScore, rounded, scale_score

MIN_QUESTIONS = 5  # of a proficiency that must have been answered
PROFICIENCIES = (Part.VOCABULARY, Part.NUMERICAL)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Ratings of effectiveness against the author's key: 1 the key itself, 0 at random, -1 the opposite."""

    n_answered: int
    n_keyed: int
    score: float | None
    low: float | None  # 90 % interval over situations
    high: float | None


@dataclass(frozen=True, slots=True)
class Ability:
    """A proficiency on its own latent scale; a question that was shown and left out counts as not solved."""

    n_right: int
    score: ScaleScore


@dataclass(frozen=True, slots=True)
class Further:
    """Scores of the parts that an attempt had."""

    alignment: Alignment | None = None
    judgement: Judgement | None = None
    abilities: tuple[Ability, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return what `dataclasses.asdict` wrote."""
        alignment, judgement = data["alignment"], data["judgement"]
        return cls(
            alignment=alignment and Alignment.from_json(alignment),
            judgement=judgement and Judgement(**judgement),
            abilities=tuple(Ability(each["n_right"], ScaleScore(**each["score"])) for each in data["abilities"]),
        )


def further(
    bank: Bank,
    parameters: ParameterSet,
    responses: Mapping[str, int],
    *,
    given: Sequence[str],
    key: CompanyKey | None,
    seed: int,
) -> Further | None:
    """
    Return the scores of the parts beside the statements among `given`, the questions shown; None if there were none.

    `key` is the company's view that the attempt is compared with; `seed` makes intervals the same every time.
    """
    shown: dict[Part, list[str]] = {}
    for code in given:
        shown.setdefault(bank.asked[code].part, []).append(code)
    policies, scenes = shown.get(Part.PERSPECTIVE), shown.get(Part.SITUATIONS)
    found = Further(
        alignment=score_perspective(bank, responses, given=policies, key=key, seed=seed) if policies and key else None,
        judgement=_judgement(bank, responses, scenes, seed) if scenes else None,
        abilities=tuple(
            _ability(bank, parameters, responses, part, shown[part]) for part in PROFICIENCIES if part in shown
        ),
    )
    return None if found == Further() else found


def _judgement(bank: Bank, responses: Mapping[str, int], codes: Sequence[str], seed: int) -> Judgement:
    """Return the score against the author's key; `codes` are the situations shown."""
    scenes = [next(scene for scene in bank.situations if scene.code == code) for code in codes]
    answers = [[f"{scene.code}.{each.code}" for each in scene.response] for scene in scenes]
    first = EFFECTIVENESS[0]
    ratings = np.array(
        [[[responses[code] - first if code in responses else np.nan for code in row] for row in answers]]
    )
    key = np.array([[each.effectiveness for each in scene.response] for scene in scenes])
    found = effectiveness(ratings, key, n_options=len(EFFECTIVENESS))
    score = rounded(found.score[0])
    low, high = scenario_interval(found.by_scenario[0], seed=seed) if score is not None else (np.nan, np.nan)
    if score is not None:
        low, high = min(low, score), max(high, score)
    return Judgement(int(found.n_answered[0]), found.n_keyed, score, rounded(low), rounded(high))


def _ability(
    bank: Bank, parameters: ParameterSet, responses: Mapping[str, int], part: Part, codes: Sequence[str]
) -> Ability:
    """Return a proficiency's score: the posterior mean over the questions that were reached in time."""
    questions = {item.code: item for item in _questions(bank)}
    solved = np.array([[float(responses.get(code) == questions[code].key) for code in codes]])
    n_answered, n_right = sum(code in responses for code in codes), int(solved.sum())
    if n_answered < MIN_QUESTIONS:
        return Ability(n_right, ScaleScore(str(part), n_answered, len(codes)))
    estimate = eap_estimate(parameters.ability_model(codes), solved)
    theta = round(float(estimate.theta[0, 0]), DIGITS)
    se = round(float(estimate.se[0, 0]) * parameters.ability_se_factor, DIGITS)
    return Ability(n_right, scale_score(str(part), theta, se, n_answered=n_answered, n_items=len(codes)))


def _questions(bank: Bank) -> Sequence[AbilityItem]:
    return () if bank.proficiency is None else (*bank.proficiency.vocabulary, *bank.proficiency.numerical)
