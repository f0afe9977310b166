"""Patterns from what experts say that a job asks for, and adopting them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.errors import NotAllowed, NotFound, Refused
from assess.models import PatternOrigin, SurveyKind
from assess.services import job_analyses, positions, proposals, surveys
from tests import factories
from tests.services import experts
from tests.services.experts import AT_ODDS, LIKE_MINDED


@pytest.fixture
def desk(session, registry, cast, now):
    return factories.position(session, registry, cast.hana, now=now)


@pytest.fixture
def analysis(session, cast, desk, now):
    """Return a function that makes a job analysis in which experts answered."""

    def make(*sheets, closed=True):
        return experts.asked_about(session, cast.hana, desk, sheets, closed=closed, now=now)

    return make


@pytest.fixture
def propose(session, now):
    return lambda survey: job_analyses.proposal_of(session, survey, now=now)


@pytest.fixture
def adopt(session, cast, now):
    def adopt(proposal, targets=None, *, user=None, seen=None, **words):
        words = {"reason": "Job analysis of this spring", **words}
        chosen = proposal.targets if targets is None else targets
        seen = seen or proposal.digest
        return proposals.adopt(session, user or cast.hana, proposal, chosen, seen=seen, now=now, **words)

    return adopt


def test_experts_who_agree_get_their_own_ranges_and_their_mean_weights(analysis, propose):
    proposal = propose(analysis(*LIKE_MINDED))
    trust, tact = proposal.targets[:2]
    assert (trust.low, trust.high, trust.weight) == (3, 6, 1)  # all say 3 to 6; weights 1, 1, 2
    # Tact: middles 7.5, 7.5, 8.5, so 7.83 with variance 1/3; half-widths of 1.5: spread (2.25 + .33)^.5 = 1.61
    assert (tact.low, tact.high, tact.weight) == (6, 9, 3)
    figures = proposal.evidence["scales"][1]
    assert figures["centre"] == pytest.approx(7.8333, abs=1e-4)
    assert figures["spread"] == pytest.approx(1.6073, abs=1e-4)
    assert figures["importance"] == pytest.approx(8 / 3, abs=1e-4)


def test_agreement_is_that_of_shrout_and_fleiss_by_hand(analysis, propose):
    """
    Middles by scale: 4.5 4.5 4.5 | 7.5 7.5 8.5 | 7.5 8.5 7.5 | 5.5 5.5 6.5 | 6.5 6.5 6.5 | 3.5 3.5 3.5.

    Row means 4.5, 7.8333, 7.8333, 5.8333, 6.5, 3.5 and grand mean 6; their squares about it, times 3, are 46.5 with 5
    degrees of freedom: B = 9.3. Columns sum to 35, 36, 37: J = 6 (1/36 + 1/36) / 2 = 1/6. All squares are 48.5, so the
    rest is 48.5 - 46.5 - 1/3 = 5/3 with 10: E = 1/6. ICC(2,3) = (B - E) / (B + (J - E) / 6) = 9.1333 / 9.3 = .9821;
    ICC(2,1) = 9.1333 / (9.3 + 2/6) = .9481.
    """
    found = propose(analysis(*LIKE_MINDED)).evidence
    assert found["agreement"]["average"] == pytest.approx(0.9821, abs=1e-4)
    assert found["agreement"]["single"] == pytest.approx(0.9481, abs=1e-4)
    assert found["is_agreed"]


def test_no_expert_can_be_followed_from_one_scale_to_another(analysis, propose):
    """The expert who is asked first says 7 to 10 for tact, and stands last there."""
    five = (LIKE_MINDED[2], *LIKE_MINDED[:2], *LIKE_MINDED[:2])
    scales = propose(analysis(*five)).evidence["scales"]
    assert all(each["experts"] == sorted(each["experts"]) for each in scales)
    assert scales[1]["experts"] == [[6, 9], [6, 9], [6, 9], [6, 9], [7, 10]]


def test_single_ranges_are_kept_of_five_experts_or_more(analysis, propose):
    """One of four who looks would know what the other three said, or nearly."""
    four = propose(analysis(*LIKE_MINDED, LIKE_MINDED[0])).evidence
    assert four["n_experts"] == 4
    assert {tuple(each["experts"]) for each in four["scales"]} == {()}


def test_no_figure_is_seen_while_experts_answer_nor_an_answer_taken_afterwards(session, cast, analysis, propose, now):
    """Two looks would tell what was said in between; experts are told that nothing is shown before the end."""
    survey = analysis(*LIKE_MINDED[:2], closed=False)
    with pytest.raises(Refused, match="Close the survey before you look"):
        propose(survey)
    over, later = survey.closes_at, (survey.closes_at + timedelta(days=9)).date()
    assert job_analyses.proposal_of(session, survey, now=over).evidence["n_experts"] == 2
    with pytest.raises(Refused, match="no more answers are taken"):
        surveys.extend(session, cast.hana, survey, later, now=over)


def test_survey_of_one_expert_shows_nothing_and_takes_more_answers(session, cast, analysis, now):
    survey = analysis(LIKE_MINDED[0], closed=False)
    over, later = survey.closes_at, (survey.closes_at + timedelta(days=9)).date()
    surveys.extend(session, cast.hana, survey, later, now=over)
    assert survey.is_open(over)


def test_pattern_is_adopted_with_its_evidence_and_once(session, desk, analysis, adopt, propose):
    survey = analysis(*LIKE_MINDED)
    proposal = propose(survey)
    version = adopt(proposal)
    assert adopt(proposal) is version
    assert [each.version for each in desk.versions] == [1, 2]
    assert (version.origin, version.round_id) == (PatternOrigin.SURVEY, survey.id)
    session.commit()
    session.expire_all()
    assert version.evidence["n_experts"] == 3
    assert version.evidence["adjusted"] == []
    assert positions.targets_of(version) == proposal.targets


def test_range_adjusted_by_hand_needs_its_own_reason_and_is_said_to_be(analysis, adopt, propose):
    proposal = propose(analysis(*LIKE_MINDED))
    wider = proposal.targets[0].model_copy(update={"high": 8})
    with pytest.raises(Refused, match="every range or weight that you adjusted"):
        adopt(proposal, (wider, *proposal.targets[1:]))
    reasoned = wider.model_copy(update={"reason": "Works council asked for it"})
    version = adopt(proposal, (reasoned, *proposal.targets[1:]))
    assert version.evidence["adjusted"] == ["trust"]
    assert version.source.endswith("adjusted by hand")


def test_experts_at_odds_are_adopted_with_a_written_answer_alone(analysis, adopt, propose):
    proposal = propose(analysis(*AT_ODDS))
    assert not proposal.evidence["is_agreed"]
    assert "talk through where they differ" in proposal.objections[0]
    with pytest.raises(Refused, match="answer what stands against"):
        adopt(proposal, answer="  ")
    assert adopt(proposal, answer="Two of them meant the night shift").evidence["answer"].startswith("Two of them")


@pytest.mark.parametrize(
    ("sheets", "words"),
    [
        ((), "None has"),
        (LIKE_MINDED[:1], "One has.*more people"),
        (([((4, 7, 1))] * 6,) * 2, "ask for the same of every behaviour"),
        ((LIKE_MINDED[0], LIKE_MINDED[1][:5]), "One has. Sheets left out because .* missing: 1"),
        ((LIKE_MINDED[0], ((6, 3, 1), *LIKE_MINDED[1][1:])), "left out"),
    ],
    ids=["nobody", "one", "all alike", "one incomplete", "one upside down"],
)
def test_answers_that_amount_to_no_pattern_say_what_to_do(analysis, sheets, words, propose):
    survey = analysis(*sheets)
    with pytest.raises(Refused, match=words):
        propose(survey)


def test_figures_that_have_changed_are_looked_at_again(session, cast, desk, analysis, adopt, registry, now, propose):
    survey = analysis(*LIKE_MINDED)
    seen = propose(survey).digest
    targets = registry.families["bank-teller"].target
    positions.revise(session, cast.hana, desk, targets, source="workshop", reason="r", now=now)
    with pytest.raises(Refused, match="have changed since"):
        adopt(propose(survey), seen=seen)


def test_other_surveys_and_other_roles_adopt_nothing(session, cast, analysis, adopt, registry, now, propose):
    proposal = propose(analysis(*LIKE_MINDED))
    with pytest.raises(NotAllowed):
        adopt(proposal, user=cast.cole)
    until = (now + timedelta(days=3)).date()
    bank = registry.newest("general")
    other = surveys.create(session, cast.hana, SurveyKind.PERSPECTIVE, title="View", bank=bank, until=until, now=now)
    with pytest.raises(NotFound):
        propose(other)
