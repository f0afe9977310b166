"""What the coach's pages say about rounds of feedback."""

from __future__ import annotations

from assess.services.feedback import State
from assess.web.i18n import gettext as _
from assess.web.tags import Tag


def state_tag(state: State) -> Tag:
    """Return how far a round has come, in words."""
    return {
        State.PREPARED: Tag(_("prepared"), ""),
        State.PROPOSED: Tag(_("waits for a yes"), "care"),
        State.OPEN: Tag(_("people are asked"), ""),
        State.ENDING: Tag(_("last day over"), "care"),
        State.CLOSED: Tag(_("closed"), "done"),
        State.DROPPED: Tag(_("not held"), "over"),
    }[state]
