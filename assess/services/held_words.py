"""What the words and numbers mean that are held about a person: for people, in plain sentences."""

from __future__ import annotations

from collections.abc import Mapping

FORMAT, FORMAT_VERSION = "rapport-access-export", 1

REVIEW = (
    "No decision is made by the program. You may have a person look at your results, at any flag and at any decision "
    "again, and say what you think of them: ask for it on your own page under “Ask for something”, or write to the "
    "contact named here."
)
MATCH = (
    "The match says how near the six scores lie to the ranges that the position asks for: 1, or 100 %, is nearest. The "
    "median is the best guess; as scores are not exact, the interval holds the true match in nine cases of ten. The "
    "quartiles of people in general stand beside it. It is no mark, and nothing follows from it by itself: a low match "
    "with one position can be a high one with another."
)
NO_MATCH = "No match was computed: there was no position, or too little was answered on a behaviour that counts."
FLAGS: Mapping[str, str] = {
    "unanswered": "Many statements were left out, so the scores rest on less. Everybody may leave statements out.",
    "long-run": "The same choice many times in a row can mean that statements were not read; it can also be meant.",
    "low-variability": "Nearly the same choice everywhere can mean that lines were not read; it can also be meant.",
    "fast": "Answers that come faster than most people read can mean that lines were not read. Quick readers exist, "
    "and so do slow clocks.",
    "directed": "Some lines ask for one particular choice, to see whether they are read. Misreading one happens to "
    "careful people too; this counts from two on.",
    "impression": "The answers describe you more favourably than most people describe themselves. That is common when "
    "much depends on the result, and some people are like that. It corrects no score.",
    "even-odd": "Two halves of the statements about the same behaviours give different pictures. People do differ from "
    "one situation to another.",
    "pairs": "Statements that mean much the same were answered differently. Wording matters, and minds change.",
    "person-fit": "The answers go together in an unusual way. Unusual is not wrong.",
    "distance": "Taken together, the answers are unlike those of nearly everybody in the norm group. Unusual is not "
    "wrong.",
}
ANY_FLAG = (
    "A flag is a reason to read a result with more care. It is no accusation, changes no score and decides nothing."
)
PERSPECTIVE = (
    "Company perspective: {}. 100 % is the company's view of good service itself, 0 % what answers at random come to."
)
SITUATIONS = (
    "Situations at work: {}. 1 is the author's key itself, 0 what ratings at random come to, −1 the opposite. Knowing "
    "what would work is not the same as doing it."
)
EQUALITY = (
    "Given by you of your own free will, kept apart, shown to nobody; used only as counts, in audits of fairness."
)
BASES: Mapping[str, str] = {
    "interview": "a talk with the person",
    "work-sample": "a sample of the person's work, or a trial",
    "references": "what others said about the person's work",
    "experience": "what the person has done before",
    "qualification": "what the person has learned, with its proof",
    "assessment": "this assessment; no decision rests on it alone",
    "other": "something else, which the reasons name",
}
MAILS: Mapping[str, str] = {
    "invitation": "to you: the invitation",
    "reminder": "to you: a reminder",
    "receipt": "to you: the receipt of your answers",
    "my-page": "to you: the link to your own page",
    "survey-invitation": "to you: that you are asked to answer a survey",
    "survey-reminder": "to you: a reminder of a survey",
    "feedback-proposed": "to you: that your coach proposes to ask colleagues how you work",
    "coaching-asked": "to you: that somebody asks whether you want to be coached",
    "coaching-assigned": "to you: who coaches you from then on",
    "check-in-planned": "to you: that a check-in with your coach is planned",
    "check-in-moved": "to you: that a check-in with your coach is moved",
    "check-in-called-off": "to you: that a check-in with your coach is called off",
    "check-in-reminder": "to you: a reminder of a check-in with your coach",
    "actions-due": "to you: that something in your plan is due",
    "privacy-request": "to the organisation: that somebody asks about their data; it did not name you",
    "privacy-answer": "to you: the answer to a request",
    "erased": "to you: that your data are being erased",
}
EVENTS: Mapping[str, str] = {
    "assignment.added": "You were entered, to be invited.",
    "invitation.queued": "An invitation was sent to you.",
    "reminder.queued": "Somebody of the organisation had a reminder sent to you.",
    "link.copied": "A link to your questionnaire was made, to be handed to you.",
    "link.opened": "Your link was opened for the first time.",
    "attempt.started": "You agreed and began.",
    "attempt.submitted": "You handed in.",
    "attempt.scored": "The program computed your scores.",
    "assignment.extended": "You were given more time.",
    "assignment.withdrawn": "The invitation was withdrawn.",
    "result.released": "Your own report was released to you.",
    "result.read": "The page with your result was looked at (noted once a day for each reader).",
    "report.made": "A report on you was made.",
    "report.read": "A report on you was taken.",
    "report.deleted": "A report on you was deleted.",
    "decision.recorded": "A decision was written down.",
    "survey-place.added": "You were entered, to be asked by a survey.",
    "survey-place.submitted": "You handed in your answers to a survey.",
    "survey-place.withdrawn": "You were taken off a survey.",
    "survey-invitation.queued": "A letter with a link to a survey was sent to you.",
    "survey-link.copied": "A link to a survey was made, to be handed to you.",
    "survey-link.opened": "Your link to a survey was opened for the first time.",
    "feedback.prepared": "Your coach began to prepare asking colleagues how you work.",
    "feedback.proposed": "Your coach asked you whether these colleagues may be asked.",
    "feedback.agreed": "You said yes to asking them.",
    "feedback.dropped": "What was prepared was thrown away, before you had said yes.",
    "feedback.stopped": "You said no, or stopped it; what was answered was deleted.",
    "feedback.released": "Your coach let you read what was written about you.",
    "feedback.words-deleted": "What colleagues wrote about you in their own words was deleted, as the coach who asked "
    "for it had not coached you for 30 days and had let nothing of it through.",
    "survey.closed": "The round of feedback on you was closed.",
    "survey.extended": "Its last day was put off.",
    "survey.reminded": "Those who had not answered about you were reminded.",
    "coaching.assigned": "A coach was named for you.",
    "coaching.asked": "A coach had you asked whether you want to be coached.",
    "coaching.agreed": "You said yes to being coached.",
    "coaching.ended": "A coaching was ended.",
    "reassessment.asked": "Your coach asked you to take the questionnaire again.",
    "coaching-plan.begun": "A plan was begun for you.",
    "coaching-plan.changed": "Name, days or footing of your plan were changed.",
    "coaching-plan.closed": "Your plan was closed.",
    "coaching-plan.reopened": "A closed plan of yours was opened again.",
    "coaching-plan.deleted": "A plan of yours without goals was thrown away.",
    "coaching-goal.set": "A goal was added to your plan.",
    "coaching-goal.changed": "A goal of your plan was changed.",
    "coaching-goal.reached": "It was noted that a goal of your plan is reached.",
    "coaching-goal.dropped": "It was noted that a goal of your plan is given up.",
    "coaching-goal.reopened": "It was noted that a goal of your plan is open.",
    "coaching-goal.deleted": "A goal was taken out of your plan.",
    "coaching-action.added": "An action was added to your plan.",
    "coaching-action.changed": "An action of your plan was changed.",
    "coaching-action.done": "An action of your plan was ticked off.",
    "coaching-action.undone": "It was taken back that an action of your plan is done.",
    "coaching-action.deleted": "An action was taken out of your plan.",
    "check-in.planned": "A check-in with your coach was planned.",
    "check-in.moved": "A check-in with your coach was moved.",
    "check-in.called-off": "A check-in with your coach was called off.",
    "check-in.held": "It was noted that a check-in with your coach was held.",
    "check-in.taken-back": "It was noted that a check-in with your coach was not held after all.",
    "check-in.noted": "Notes on a check-in with your coach were changed.",
    "coaching-link.opened": "Your link to your coaching was opened for the first time.",
    "coaching-goal.shown": "You wrote what has shown a goal of your plan.",
    "shortlist.added": "Somebody put you on a shortlist by hand, to look at your application again.",
    "shortlist.removed": "Somebody took you off a shortlist.",
    "my-page.asked": "A link to your own page was asked for.",
    "my-page.opened": "Your own page was opened with a link.",
    "request.asked": "You asked for something about your data.",
    "request.answered": "Your request was answered.",
    "person.added": "You were entered.",
    "person.changed": "Your name, address, telephone number, employee number or language was changed by the "
    "organisation.",
    "roster.joined": "You were put on a bench or in a team.",
    "roster.left": "You were taken off a bench or out of a team.",
    "roster.role-noted": "The role that you have now was noted.",
    "person.corrected": "Your name, address or telephone number was put right.",
    "data.exported": "You took a copy of your data.",
    "erasure.confirmed": "Your erasure was confirmed.",
    "person.erased": "Your data were erased.",
    "accommodations.arranged": "Something was arranged so that you can take part well.",
    "clock.stopped": "The clock of a timed part was stopped for you.",
    "clock.went-on": "The clock of a timed part went on.",
    "equality.answered": "You answered the optional equality questions; what you said is not in the log.",
    "equality.taken-back": "You took these answers back.",
}
KEYS: Mapping[str, str] = {
    "person": "who you are to this organisation; names and addresses stand here and nowhere else",
    "person.accommodations": "what was arranged so that you can take part well, such as extra time",
    "assessments": "everything that you were asked to take",
    "assessments[].attempt.consented_at": "when you agreed and began",
    "assessments[].attempt.seed": "a drawn number from which an adaptive test chooses; kept so that it can be retraced",
    "assessments[].items": "every question that you were shown, in order, with its wording and when you were shown it",
    "assessments[].items[].answers[].events": "every choice that you made there; the one with the greatest revision, "
    "counter and time of arrival counts",
    "assessments[].items[].answers[].events[].milliseconds": "from being shown to your choice, if your browser said so",
    "assessments[].results": "scores; several if they were computed anew with newer versions, the newest last",
    "assessments[].results[].scales[].theta": "the estimated position on the model's own scale; 0 is its middle",
    "assessments[].results[].scales[].se": "its standard error: in two cases of three the true value is that near",
    "assessments[].results[].scales[].sten": "the score on the scale from 1 to 10",
    "assessments[].results[].scales[].position": "the same unrounded; sem is its standard error",
    "assessments[].results[].scales[].percentile": "the share of the norm group with a lower score, in percent",
    "assessments[].results[].theta": "the same positions as one list, the model's helper dimensions included",
    "assessments[].results[].covariance": "how sure these are, together",
    "assessments[].results[].impression": "how favourably you described yourself; it corrects no score",
    "assessments[].results[].quality": "how the statements were answered: counts and times from which flags follow",
    "assessments[].results[].flags": "reasons to read the result with care, each with what it means",
    "assessments[].results[].match": "how near your scores lie to what the position asks for; with what it means",
    "assessments[].results[].further": "scores of other parts, such as situations; empty where there are none",
    "assessments[].shortlisted": "since when, and by whom, you are on a shortlist; empty where you are on none. It "
    "is a mark set by hand, and decides nothing",
    "assessments[].decisions": "what people decided, with their reasons and what these rest on",
    "assessments[].decisions[].rests_on": "what the person who decided ticked, each with what it means",
    "assessments[].equality": "what you said of your own free will about yourself after handing in",
    "assessments[].reports": "reports that were made; the PDFs are not in this file. Where people is more than 1, the "
    "report compares you with others for the same position: it shows your name, scores and match beside theirs",
    "assessments[].batches": "lists of people whose reports somebody of the organisation asked for together, you among "
    "them; nothing about the others is here",
    "surveys": "surveys that you were asked to answer",
    "surveys[].answers": "what you said, also where you have not handed it in; of an anonymous survey nothing is "
    "kept by person. Colleagues whom you rated are numbered, as their names are not yours to take along",
    "surveys[].report": "of a leader's self-check: the PDF that was made for you alone",
    "surveys[].own_words": "what you wrote in answer to open questions",
    "surveys[].asked_as": "the name by which somebody's coach put you on the list of those to be asked",
    "feedback": "what colleagues said of you, as far as it is shown: rounded means of three people or more, and of "
    "what was written the words that your coach let through",
    "feedback[].figures[].who": "you; one group of raters; or together, of several groups that are too small alone",
    "feedback[].figures[].mean": "the place between the two poles of a way of working, from 1 to 5; low and high are "
    "where the mean of all who could be asked would lie",
    "feedback[].withheld": "comments that your coach does not show you: they would tell who wrote them, or help nobody",
    "feedback[].words_deleted_at": "when what was written in own words was deleted: the coach who asked for it had not "
    "coached you for 30 days, and had let nothing of it through",
    "ratings": "surveys on how you work with customers; the ratings stand in order of size, without who gave them",
    "ratings[].not_before": "when the time of a survey is over that is not closed yet. Its ratings are in a copy that "
    "you make once it is closed, at the latest two weeks after: until then, two copies could show what one person said",
    "coachings": "who coaches you or asked to; rests_on is assigned where HR named the coach, agreed where the "
    "coach asked you",
    "coachings[].asked_as": "the name by which the coach asked you",
    "plans": "what you want to get better at, with goals and actions",
    "plans[].goals[].towards": "of a scale: the end to show more of, high or low; no end is the better one",
    "plans[].goals[].evidence": "what showed how far the goal is reached, as your coach wrote it down",
    "plans[].goals[].own_evidence": "what showed it in your own words",
    "talks": "check-ins with your coach that were planned, with what was noted",
    "talks[].private_notes": "what your coach noted for themselves; nobody else in the organisation reads it",
    "mails": "messages to you or about you: kinds and times, not their text",
    "links": "secret links that were made for you; only their times are kept readable",
    "seen_by": "who of the organisation has looked at your results or taken a report, and when first on a day",
    "rosters": "benches and teams that you are on. A bench names people who are considered for a role; who is on it "
    "is chosen by a person. role is what it is for, present_role the one that you are noted to have now; nothing about "
    "the others is here",
    "requests": "what you asked about your data, and the answers",
    "events": "the log of what happened to your data, by whom",
}


def flag_words(code: str) -> str:
    """Return what a flag means, and what it does not."""
    return " ".join(filter(None, (FLAGS.get(code), ANY_FLAG)))
