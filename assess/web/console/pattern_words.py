"""How the console says where a pattern comes from and what a version changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assess.banks.model import Scale
from assess.models import PatternOrigin
from assess.services.pattern_versions import Change, Use
from assess.web.console.words import weight_words
from assess.web.i18n import gettext as _
from assess.web.i18n import ngettext


def origin_words(origin: PatternOrigin) -> str:
    """Return how a version was found."""
    return {
        PatternOrigin.FAMILY: _("role family"),
        PatternOrigin.HAND: _("by hand"),
        PatternOrigin.SURVEY: _("job analysis"),
        PatternOrigin.PERFORMERS: _("top performers"),
    }[origin]


def change_words(change: Change, scales: Mapping[str, Scale]) -> str:
    """Return what is asked of a scale now, and what was before."""
    old, new = change.old, change.new
    parts = []
    if change.is_range:
        before = _("%(low)s to %(high)s", low=old.low, high=old.high)
        parts.append(_("%(low)s to %(high)s (before: %(before)s)", low=new.low, high=new.high, before=before))
    if change.is_weight:
        parts.append(_("%(now)s (before: %(was)s)", now=weight_words(new.weight), was=weight_words(old.weight)))
    return f"{scales[new.scale].name}: {'; '.join(parts)}"


def figure(value: float | None) -> str:
    """Return a figure of evidence with two decimals."""
    return _("not known") if value is None else f"{value:.2f}"


def asked(target: Sequence[int]) -> str:
    """Return a range and a weight that stand in evidence as lowest, highest, weight."""
    low, high, weight = target
    return _("%(low)s to %(high)s, %(weight)s", low=low, high=high, weight=weight_words(weight))


def use_words(use: Use) -> str:
    """Return how many rest on a version."""
    if not use.n_begun:
        return _("nobody")
    begun = ngettext("one person began", "%(num)d people began", use.n_begun)
    results = ngettext("one result", "%(num)d results", use.n_results)
    campaigns = ngettext("in one campaign", "in %(num)d campaigns", use.n_campaigns)
    return f"{begun}, {results}, {campaigns}"


def left_out_words(left_out: Mapping[str, int]) -> str:
    """Return who is in none of the figures, and why."""
    reasons = {
        "without_rating": ngettext("one was not rated", "%(num)d were not rated", left_out["without_rating"]),
        "without_result": ngettext("one has no result", "%(num)d have no result", left_out["without_result"]),
        "other_metric": ngettext(
            "one was scored with other parameters or another norm, which is another scale",
            "%(num)d were scored with other parameters or another norm, which is another scale",
            left_out["other_metric"],
        ),
        "without_score": ngettext(
            "one left too much unanswered", "%(num)d left too much unanswered", left_out["without_score"]
        ),
    }
    said = [reasons[name] for name, n in left_out.items() if n]
    return _("Left out: %(reasons)s.", reasons="; ".join(said)) if said else ""


def metric_words(evidence: Mapping[str, Any]) -> str:
    """Return what the scores rest on."""
    metric, norm = evidence["metric"], evidence["metric"]["norm"]
    beside = (
        _("norm %(name)s %(version)s, n = %(n)s", **{name: norm[name] for name in ("name", "version", "n")})
        if norm
        else _("no norm yet, n = 0")
    )
    return _(
        "Scores: edition %(edition)s %(bank_version)s, parameters %(parameters)s, %(beside)s.",
        edition=metric["edition"],
        bank_version=metric["bank_version"],
        parameters=metric["parameters"],
        beside=beside,
    )


def cautions(evidence: Mapping[str, Any]) -> list[str]:
    """Return what the scores cannot carry yet."""
    found = []
    if evidence["metric"]["is_provisional"]:
        found.append(
            _(
                "Provisional: the scores rest on starting values from judgement. Once the bank is calibrated, the same "
                "people stand elsewhere on the scale, and ranges found now have to be found again."
            )
        )
    if evidence["n_simulated"]:
        found.append(
            ngettext(
                "Simulated: the answers of one of these people were drawn by the program.",
                "Simulated: the answers of %(num)d of these people were drawn by the program. A pattern found in them "
                "says nothing about people.",
                evidence["n_simulated"],
            )
        )
    return found
