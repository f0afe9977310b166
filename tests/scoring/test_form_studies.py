"""What forms can be expected to measure."""

from __future__ import annotations

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.testing import assert_allclose

from assess.cli import main
from assess.scoring.form_studies import form_figures


@pytest.fixture(scope="module")
def figures(registry):
    return {each.form: each for each in form_figures(registry.newest("retail"), n_people=60, seed=4)}


def test_longer_forms_are_more_reliable(figures):
    standard, short = figures["standard"], figures["short"]
    assert (standard.n_shown, short.n_shown) == (96, 48)
    assert min(standard.reliability) > max(short.reliability)
    # fixed forms of slopes 1.3 have .89 with 16 statements per scale and .80 with 8 (the study "precision");
    # one of each scale is not scored here
    assert_allclose(np.mean(standard.reliability), 0.885, atol=0.02)
    assert_allclose(np.mean(short.reliability), 0.79, atol=0.03)


def test_cautious_reliability_counts_the_factor(figures, registry):
    factor = registry.newest("retail").parameters.se_factor
    standard = figures["standard"]
    assert_allclose(1 - np.array(standard.cautious), factor**2 * (1 - np.array(standard.reliability)))


def test_the_adaptive_form_is_shorter_and_shows_most_of_the_bank(figures):
    adaptive = figures["adaptive"]
    assert 48 <= adaptive.n_shown <= 72
    assert adaptive.most_seen < 0.6
    assert adaptive.unseen < 0.3
    assert min(adaptive.reliability) > min(figures["short"].reliability)


def test_command_prints_a_line_per_form():
    result = CliRunner().invoke(main, ["study", "forms", "--people", "20", "--form", "standard", "--form", "short"])
    assert result.exit_code == 0, result.output
    assert "simulated from provisional parameters" in result.output
    assert [line.split("|")[1].strip() for line in result.output.splitlines()[3:]] == ["standard", "short"]


@pytest.mark.parametrize("study", ["forms", "provisional-bands"])
def test_a_form_that_does_not_exist_is_refused(study):
    result = CliRunner().invoke(main, ["study", study, "--people", "20", "--form", "shrot"])
    assert result.exit_code == 1
    assert "There is no form 'shrot'. The forms are: adaptive, standard, short." in result.output
