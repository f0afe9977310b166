"""Everything that a person can put right; all other exceptions are bugs."""

from __future__ import annotations

from collections.abc import Iterable


def noted(sentence: str) -> str:
    """Return `sentence` as it is; who collects texts sees by the name that it is translated where it is shown."""
    return sentence


class AssessError(Exception):
    """
    A person can put this right; the text is a sentence for them.

    What changes from case to case is given apart from a sentence with ``%(name)s``, so that pages can translate it.
    """

    sentence = "That did not work."

    def __init__(self, sentence: str | None = None, **values: object) -> None:
        self.said, self.values = sentence or self.sentence, values
        super().__init__(self.said % values if values else self.said)


class NotFound(AssessError):
    """It is not there, or the asker may not know that it is."""

    sentence = "There is nothing at this address."


class NotAllowed(AssessError):
    """The asker may see it, but not do this."""

    sentence = "You can see this, but your role does not allow this step."


class Refused(AssessError):
    """The request makes sense, but the state of things is against it."""


class PlanClosed(Refused):
    """The plan of a coaching is history."""

    sentence = "This plan is closed. It can be read, and not changed any more."


class CoachingOver(Refused):
    """Somebody says yes to a coaching that has ended."""

    sentence = "This coaching is over. If you want it to begin again, please tell the coach or HR."


class CoachGone(Refused):
    """Somebody says yes to a coach who is none here any more."""

    sentence = "This coach works here as a coach no more. If you would like to be coached, please ask HR."


class NotOpenYet(AssessError):
    """The first day of the assessment is still to come."""

    sentence = "This questionnaire is not open yet."


class InvitationExpired(AssessError):
    """The time to take the assessment is over, for good."""

    sentence = "The time to take this assessment is over."


class InvitationWithdrawn(AssessError):
    """The inviting organisation took the invitation back."""

    sentence = "This invitation has been withdrawn."


class LinkClosed(AssessError):
    """The link was genuine, but has been used, replaced or outlived."""

    sentence = "This link has been used or has run out."


class AlreadySubmitted(AssessError):
    """The attempt has been handed in and no longer changes."""

    sentence = "These answers have been handed in and can no longer be changed."


class OtherPage(AssessError):
    """What was sent comes from a page that was opened with another personal link than the browser's newest."""

    sentence = (
        "Since that page was opened, another personal link has been opened in this browser, so nothing was done. "
        "Please open your own link again and go on there."
    )


class SignedOut(AssessError):
    """Something was sent by somebody who was signed in when they opened the page, and is not any more."""

    sentence = (
        "You have been signed out, so nothing was done. Please sign in on another page, come back to this one, and "
        "send what you typed again."
    )


class UnusableData(AssessError):
    """
    Data that cannot be analysed, and where they stand.

    `item` and `person` are places in the array, counted from 0; who knows their names says them instead.
    """

    def __init__(self, reason: str, *, item: int | None = None, person: int | None = None) -> None:
        self.reason, self.item, self.person = reason, item, person
        super().__init__(self.placed("Item {}", "Person {}"))

    def placed(self, item: str, person: str) -> str:
        """Return the sentence with `item` and `person` ("Column {}") in front, each counted from 1."""
        places = [
            words.format(index + 1) for words, index in ((item, self.item), (person, self.person)) if index is not None
        ]
        return ": ".join([", ".join(places), self.reason]) if places else self.reason


class InvalidValue(AssessError):
    """A value that was not offered."""

    sentence = "That answer is not one of the choices, so it was not saved."


class TooManyTries(AssessError):
    """A rate limit is reached; it may be tried again after some minutes."""

    def __init__(self, *, minutes: int) -> None:
        self.minutes = minutes
        wait = "a minute" if minutes == 1 else f"{minutes} minutes"
        super().__init__(f"Too many tries in a short time. Please wait {wait} and try again.")


class NotScorable(AssessError):
    """Too few responses to compute a score."""

    sentence = "Too few statements were answered to compute a score."


class InvalidBank(AssessError):
    """The content of a bank breaks a rule; lists every problem with its file and place."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        head = f"{count} problem{'s' if count != 1 else ''} in the item banks:"
        super().__init__("\n".join([head, *(f"  {problem}" for problem in self.problems)]))


class InvalidSettings(AssessError):
    """The settings contradict each other or name something unknown."""
