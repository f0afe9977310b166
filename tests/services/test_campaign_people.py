"""The people of a campaign: found, ordered, paged; and what is done with many of them at once."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from assess.errors import NotAllowed
from assess.models import AccessLink, AuditEvent, Mail
from assess.services import assignments, attempts, bulk_actions, campaign_people, invitations, links, paging
from assess.services.assignments import State
from assess.services.bulk_actions import Action
from assess.services.campaign_people import Order, Wanted
from assess.services.invitations import Invitee
from tests import factories

LATER = date(2026, 6, 25)


@pytest.fixture
def people(session, registry, cast, now):
    """Ann is not invited, Ben waits to be, Cy was, Di has opened, Ed has begun, Flo has withdrawn."""
    ann = factories.assignment(session, registry, cast.hana, name="Ann Zett", now=now)
    names = ("Ben Young", "Cy Xavier", "Di Wolf", "Ed Vogel", "Flo Under")
    found = {"Ann": ann}
    for name in names:
        invitee = Invitee(name, f"{name[:3].strip().lower()}@people.example")
        found[name.partition(" ")[0]] = invitations.assign(session, cast.hana, ann.campaign, invitee, now=now)
    invitations.send(session, cast.hana, found["Ben"], now=now)
    for place, name in enumerate(("Cy", "Di", "Ed", "Flo")):
        found[name].invited_at = now - timedelta(days=9 - place)
    found["Di"].opened_at = found["Ed"].opened_at = now
    attempts.start(session, found["Ed"], registry, now=now)
    found["Flo"].withdrawn_at = now
    session.commit()
    return found


def listed(session, user, campaign, now, *, states=(), text="", order=Order.NEWEST, page=1):
    wanted = Wanted(frozenset(states), text)
    found = campaign_people.people_of(session, user, campaign, wanted, order=order, page=page, now=now)
    return [row.assignment.person.name.partition(" ")[0] for row in found.rows], found.found


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({}, "Flo Ed Di Cy Ben Ann"),
        ({"order": Order.NAME}, "Ann Ben Cy Di Ed Flo"),
        ({"order": Order.STATE}, "Ann Ben Cy Di Ed Flo"),
        ({"order": Order.INVITED}, "Cy Di Ed Flo Ben Ann"),
        ({"order": Order.PROGRESS}, "Flo Ed Di Cy Ben Ann"),
        ({"states": [State.INVITED, State.OPENED]}, "Di Cy"),
        ({"states": [State.SCORED]}, ""),
        ({"text": "XAV"}, "Cy"),
        ({"text": "di@people"}, "Di"),
        ({"text": "%"}, ""),
        ({"text": "e", "states": [State.IN_PROGRESS]}, "Ed"),
    ],
)
def test_people_are_found_and_ordered(session, cast, people, now, options, names):
    found, n = listed(session, cast.hana, people["Ann"].campaign, now, **options)
    assert (found, n) == (names.split(), len(names.split()))


def test_who_has_answered_most_stands_last_by_progress(session, registry, engine, cast, people, now):
    factories.attempt(session, registry, engine, cast.hana, assignment=people["Cy"], now=now)
    found, _ = listed(session, cast.hana, people["Ann"].campaign, now, order=Order.PROGRESS)
    assert found[-1] == "Cy"


def test_erased_person_is_found_by_state_and_by_no_name(session, cast, people, now):
    people["Cy"].person.erased_at = now
    campaign = people["Ann"].campaign
    assert listed(session, cast.hana, campaign, now, text="xavier") == ([], 0)
    assert listed(session, cast.hana, campaign, now, states=[State.ERASED]) == (["Cy"], 1)


def test_pages_hold_everybody_once_with_a_constant_number_of_queries(
    session, cast, people, now, monkeypatch, count_queries
):
    monkeypatch.setattr(paging, "PAGE", 2)
    campaign, seen, counts = people["Ann"].campaign, [], set()
    for page in (1, 2, 3):
        session.expire_all()
        assert campaign.id
        assert cast.hana.organization_id
        with count_queries() as counter:
            names, n = listed(session, cast.hana, campaign, now, order=Order.NAME, page=page)
        seen += names
        counts.add((n, counter.count))
    assert seen == ["Ann", "Ben", "Cy", "Di", "Ed", "Flo"]
    assert len(counts) == 1
    monkeypatch.setattr(paging, "PAGE", 5)
    session.expire_all()
    assert campaign.id
    assert cast.hana.organization_id
    with count_queries() as counter:
        listed(session, cast.hana, campaign, now, order=Order.NAME)
    assert {(6, counter.count)} == counts


def test_progress_counts_whom_is_waited_for_and_who_has_handed_in(session, registry, engine, cast, people, now):
    factories.scored(session, registry, engine, cast.hana, assignment=people["Di"], now=now)
    found = campaign_people.progress_of(session, cast.hana, people["Ann"].campaign, now=now)
    assert (found.n_people, found.n_asked, found.n_handed_in) == (6, 5, 1)
    assert found.among({State.INVITED, State.OPENED}) == 1


def test_another_organisation_chooses_and_does_nothing(session, cast, people, now):
    campaign = people["Ann"].campaign
    ids = [each.id for each in people.values()]
    assert listed(session, cast.otto, campaign, now) == ([], 0)
    assert not campaign_people.chosen_of(session, cast.otto, campaign, Wanted(), now=now)
    assert not campaign_people.chosen_of(session, cast.otto, campaign, [people["Ann"].public_id], now=now)
    assert bulk_actions.do(session, cast.otto, Action.WITHDRAW, ids, now=now).done == []
    for work in (
        lambda: listed(session, cast.cole, campaign, now),
        lambda: bulk_actions.do(session, cast.cole, Action.SEND, ids, now=now),
        lambda: bulk_actions.do(session, cast.ada, Action.RELEASE, ids, now=now),
    ):
        with pytest.raises(NotAllowed):
            work()


def test_people_are_chosen_one_by_one_or_as_they_are_wanted(session, registry, cast, people, now):
    campaign = people["Ann"].campaign
    other = factories.assignment(session, registry, cast.hana, name="Olga Other", now=now)
    chosen = [people["Cy"].public_id, people["Ann"].public_id, other.public_id, uuid4()]
    found = campaign_people.chosen_of(session, cast.hana, campaign, chosen, now=now)
    assert found == [people["Ann"].id, people["Cy"].id]
    opened = campaign_people.chosen_of(session, cast.hana, campaign, Wanted(frozenset({State.OPENED})), now=now)
    assert opened == [people["Di"].id]


def do(session, cast, people, action, now, **options):
    outcome = bulk_actions.do(session, cast.hana, action, [each.id for each in people.values()], **options, now=now)
    name = {each.id: name for name, each in people.items()}
    return [name[each.id] for each in outcome.done], {name[each.assignment.id]: each.why for each in outcome.left_out}


WITHDRAWN = "This invitation has been withdrawn."


def test_invitations_are_sent_to_many_and_a_waiting_one_is_not_doubled(session, cast, people, now):
    people["Di"].person.email = None
    done, left_out = do(session, cast, people, Action.SEND, now)
    assert done == ["Ann", "Ben", "Cy", "Ed"]
    assert left_out == {"Di": "There is no e-mail address.", "Flo": WITHDRAWN}
    assert session.query(Mail).count() == 4
    session.commit()
    assert session.query(AuditEvent).filter_by(action="invitation.queued").count() == 4  # Ben's is that of before


def test_nobody_is_invited_twice_within_a_day_by_an_action_on_many(session, cast, people, now):
    do(session, cast, people, Action.SEND, now)
    for mail in session.query(Mail):
        mail.sent_at = now
        invitations.take_link(session, mail.assignment, now=now)  # which the letter bears
    session.query(Mail).filter_by(assignment_id=people["Cy"].id).one().bounced_at = now
    changed = session.query(AccessLink).filter_by(assignment_id=people["Ed"].id)
    changed.update({"revoked_at": now})  # as when an address is put right
    session.flush()
    soon, next_day = now + timedelta(minutes=1), now + timedelta(days=1, minutes=1)
    done, left_out = do(session, cast, people, Action.SEND, soon)
    assert (done, {left_out[name] for name in ("Ann", "Ben", "Di")}) == (["Cy", "Ed"], {bulk_actions.INVITED_LATELY})
    assert do(session, cast, people, Action.SEND, next_day)[0] == ["Ann", "Ben", "Cy", "Di", "Ed"]


def test_many_get_more_time(session, cast, people, now):
    invitations.extend(session, cast.hana, people["Cy"], LATER, now=now)
    done, left_out = do(session, cast, people, Action.EXTEND, now, until=LATER)
    assert done == ["Ann", "Ben", "Di", "Ed"]
    assert left_out == {"Cy": "There is time until that day already; please choose a later one.", "Flo": WITHDRAWN}
    assert {each.expires_at for name, each in people.items() if name != "Flo"} == {people["Cy"].expires_at}


def test_many_are_withdrawn_but_nobody_who_has_handed_in(session, registry, engine, cast, people, now):
    factories.scored(session, registry, engine, cast.hana, assignment=people["Cy"], now=now)
    done, left_out = do(session, cast, people, Action.WITHDRAW, now)
    assert done == ["Ann", "Ben", "Di", "Ed"]
    assert left_out == {"Cy": bulk_actions.HANDED_IN, "Flo": WITHDRAWN}


def test_results_of_many_are_released_where_there_are_any(session, registry, engine, cast, people, now):
    factories.scored(session, registry, engine, cast.hana, assignment=people["Cy"], now=now)
    people["Di"].person.erased_at = now
    done, left_out = do(session, cast, people, Action.RELEASE, now)
    assert done == ["Cy"]
    assert left_out["Di"] == assignments.ERASED
    assert "not been scored" in left_out["Ann"]
    assert do(session, cast, people, Action.RELEASE, now)[1]["Cy"] == "The result is released already."


def test_links_for_many_each_open_one_assignment_and_are_noted(session, cast, people, now):
    ids = [people["Ann"].id, people["Flo"].id]
    outcome = bulk_actions.do(session, cast.hana, Action.LINK, ids, now=now)
    session.commit()
    (token,) = outcome.tokens.values()
    assert invitations.find_by_take_token(session, token, now=now) is people["Ann"]
    assert [each.why for each in outcome.left_out] == [WITHDRAWN]
    (event,) = session.query(AuditEvent).filter_by(action="link.copied")
    assert event.subject == f"assignment:{people['Ann'].id}"
    assert links.known(session, token, "take").expires_at > now


def test_many_are_reminded_and_an_early_one_is_left_out(session, cast, people, now):
    done, left_out = do(session, cast, people, Action.REMIND, now)
    assert done == ["Cy", "Di", "Ed"]
    assert left_out["Ann"] == left_out["Ben"] == "No invitation has gone out yet."


def test_steps_of_actions_hold_everybody_once():
    ids = list(range(2 * bulk_actions.STEP + 1))
    assert [n for step in bulk_actions.steps(ids) for n in step] == ids
    assert max(map(len, bulk_actions.steps(ids))) == bulk_actions.STEP
