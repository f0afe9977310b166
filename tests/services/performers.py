"""People whose performance was rated, with scores as a test says, and what raters say."""

from __future__ import annotations

from dataclasses import dataclass

from assess.models import Campaign, EqualityAnswer
from tests import factories

N_TOP, N_OTHERS = 33, 67
TRUST = 0  # column of the scale in which top performers differ here: 8 against 5.5, so that it takes 7 to 9 or so


@dataclass
class House:
    """A position, a person with a result for it, and copies of that person who score as a test says."""

    session: object
    hana: object
    first: object
    n: int = 0

    @property
    def position(self):
        return self.first.assignment.campaign.position

    def people(self, positions):
        """Return people with these positions, persons by scales."""
        names = [f"Person {self.n + i}" for i in range(len(positions))]
        self.n += len(names)
        results = factories.crowd(self.session, self.first, names)
        for result, row in zip(results, positions, strict=True):
            for scale, value in zip(result.scales, row, strict=True):
                scale.position = float(value)
        self.session.flush()
        return [result.attempt.assignment for result in results]

    def again(self, people, value):
        """Return what `people` have handed in once more, all at `value`, in a campaign of its own for the position."""
        known = self.first.assignment.campaign
        columns = {c.key: getattr(known, c.key) for c in Campaign.__table__.columns if c.key not in ("id", "public_id")}
        campaign = Campaign(**columns)
        found = self.people([[value] * 6 for _ in people])
        for assignment, person in zip(found, people, strict=True):
            assignment.person, assignment.campaign = person, campaign
        self.session.flush()
        return found

    def staff(self, rng):
        """Return a hundred people; those who work best are the first, and trust more than others."""
        positions = rng.normal(5.5, 2, (N_TOP + N_OTHERS, 6))
        positions[:N_TOP, TRUST] = rng.normal(8, 0.8, N_TOP)
        return [assignment.person for assignment in self.people(positions)]


def marks(staff, *, noise=None):
    """What one rater says: the best third get 4 or 5, the others 1 to 3."""
    said = [4 + i % 2 if i < N_TOP else 1 + i % 3 for i in range(len(staff))]
    if noise is not None:
        said = noise.integers(1, 6, len(staff)).tolist()
    return dict(zip(staff, said, strict=True))


def said(session, assignments, gender, now):
    session.add_all(
        EqualityAnswer(
            organization_id=each.organization_id, assignment_id=each.id, answers={"gender": gender}, answered_at=now
        )
        for each in assignments
    )
    session.flush()
