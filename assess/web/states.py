"""What staff read of how far somebody who was asked has come."""

from __future__ import annotations

from assess.services.assignments import State
from assess.web.i18n import gettext as _
from assess.web.tags import Tag


def state_tag(state: State) -> Tag:
    """Return how a state is shown."""
    return {
        State.CREATED: Tag(_("not sent yet"), "care"),
        State.QUEUED: Tag(_("waiting to be sent"), ""),
        State.INVITED: Tag(_("invited"), ""),
        State.BOUNCED: Tag(_("mail came back"), "care"),
        State.OPENED: Tag(_("link opened"), ""),
        State.IN_PROGRESS: Tag(_("in progress"), ""),
        State.SUBMITTED: Tag(_("submitted"), ""),
        State.SCORED: Tag(_("scored"), "done"),
        State.RELEASED: Tag(_("released"), "done"),
        State.EXPIRED: Tag(_("expired"), "over"),
        State.WITHDRAWN: Tag(_("withdrawn"), "over"),
        State.ERASED: Tag(_("erased"), "over"),
    }[state]
