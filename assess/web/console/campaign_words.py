"""What the pages of campaigns call things: orders of the list, actions with many, days of reminders."""

from __future__ import annotations

from assess.services.bulk_actions import Action
from assess.services.campaign_people import Order, Progress
from assess.web.i18n import gettext as _
from assess.web.i18n import ngettext


def orders() -> list[tuple[str, str]]:
    """Return what the list of people can be ordered by."""
    return [
        (Order.NEWEST.value, _("newest first")),
        (Order.NAME.value, _("name")),
        (Order.STATE.value, _("state, the least far first")),
        (Order.INVITED.value, _("day of the invitation")),
        (Order.PROGRESS.value, _("answers given, the fewest first")),
    ]


def actions() -> list[tuple[str, str]]:
    """Return what can be done with many, for buttons."""
    return [
        (Action.SEND.value, _("Send the invitation")),
        (Action.REMIND.value, _("Remind")),
        (Action.EXTEND.value, _("Give more time")),
        (Action.LINK.value, _("Make links")),
        (Action.RELEASE.value, _("Release results")),
        (Action.WITHDRAW.value, _("Withdraw")),
    ]


def question(action: Action, n: int) -> str:
    """Return the question whether an action with `n` people is meant."""
    return {
        Action.SEND: ngettext("Send the invitation to %(num)s person?", "Send the invitation to %(num)s people?", n),
        Action.REMIND: ngettext("Remind %(num)s person?", "Remind %(num)s people?", n),
        Action.EXTEND: ngettext("Give %(num)s person more time?", "Give %(num)s people more time?", n),
        Action.LINK: ngettext("Make a link for %(num)s person?", "Make links for %(num)s people?", n),
        Action.RELEASE: ngettext("Release the result of %(num)s person?", "Release the results of %(num)s people?", n),
        Action.WITHDRAW: ngettext(
            "Withdraw the invitation of %(num)s person?", "Withdraw the invitations of %(num)s people?", n
        ),
    }[action]


def meaning(action: Action) -> str:
    """Return what an action comes to, and for whom it is not done."""
    return {
        Action.SEND: _(
            "They get the letter with a new personal link; links that they have go on to work. Nobody gets two "
            "letters within a day. Left out are those who have handed in or withdrawn, or whose time is over."
        ),
        Action.REMIND: _(
            "The letter says whether they have begun, and what is left to do. Nobody gets two letters within a day. "
            "Left out are also those who were not invited yet, or whose last letter came back."
        ),
        Action.EXTEND: _(
            "Everybody who is chosen has time until the end of the new last day, also those whose time is over. Left "
            "out are those who have handed in or withdrawn, or have that much time already."
        ),
        Action.LINK: _(
            "You get a file with a new personal link for each. The links are not shown again, and whoever has one can "
            "answer as that person: keep the file safe, hand each link to nobody else, and delete the file. That you "
            "made them is noted. If you choose this again, other links are made, and all of them work."
        ),
        Action.RELEASE: _(
            "They can read their own report behind their personal link. It cannot be taken back. Left out are those "
            "without a result."
        ),
        Action.WITHDRAW: _(
            "Their links stop working at once, and they are told so there. It cannot be undone. Left out are those who "
            "have handed in."
        ),
    }[action]


def done(action: Action, n: int) -> str:
    """Return the sentence that says with how many it was done."""
    if n == 0:
        return _nobody(action)
    return {
        Action.SEND: ngettext(
            "The invitation of %(num)s person is on its way.", "The invitations of %(num)s people are on their way.", n
        ),
        Action.REMIND: ngettext(
            "The reminder to %(num)s person is on its way.", "The reminders to %(num)s people are on their way.", n
        ),
        Action.EXTEND: ngettext("%(num)s person has more time now.", "%(num)s people have more time now.", n),
        Action.LINK: ngettext("%(num)s link is made.", "%(num)s links are made.", n),
        Action.RELEASE: ngettext(
            "%(num)s person can now read the personal report.", "%(num)s people can now read their personal reports.", n
        ),
        Action.WITHDRAW: ngettext(
            "The invitation of %(num)s person is withdrawn.", "The invitations of %(num)s people are withdrawn.", n
        ),
    }[action]


def _nobody(action: Action) -> str:
    return {
        Action.SEND: _("No invitation is sent."),
        Action.REMIND: _("Nobody is reminded."),
        Action.EXTEND: _("Nobody has more time."),
        Action.LINK: _("No link is made."),
        Action.RELEASE: _("No result is released."),
        Action.WITHDRAW: _("No invitation is withdrawn."),
    }[action]


def progress(found: Progress) -> str:
    """Return how many have handed in, of all who are waited for."""
    n, asked = found.n_handed_in, found.n_asked
    return ngettext("%(n)s of %(num)s person has handed in.", "%(n)s of %(num)s people have handed in.", asked, n=n)
