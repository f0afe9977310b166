"""simulate-study: how accurate the measurement is, by simulation."""

from __future__ import annotations


def test_studies_are_printed_as_a_table_and_written_as_figures(workbench):
    said = workbench.run("simulate-study", "precision", "faking", "--quick", "--seed", "2", "--json", "studies.json")
    assert "| study | figure | found | goal | |" in said
    assert "| precision | mean SE, 8 per scale | 0.4" in said
    assert "Seed 2, quick: " in said
    found = workbench.json("studies.json")
    assert (found["seed"], found["quick"]) == (2, True)
    assert [study["name"] for study in found["studies"]] == ["precision", "faking"]
    figure = found["studies"][0]["figures"][0]
    assert figure["name"] == "mean SE, 8 per scale"
    assert figure["goal"] == "0.44 ± 0.01"
    assert figure["reached"] == (abs(figure["value"] - 0.44) <= 0.01)
    goals = [each for study in found["studies"] for each in study["figures"] if each["reached"] is not None]
    assert len(found["missed"]) == sum(not each["reached"] for each in goals)
    assert f"{len(goals) - len(found['missed'])} of {len(goals)} goals are reached." in said


def test_an_unknown_study_is_refused_with_the_names_of_all(workbench):
    sentence = workbench.refusal("simulate-study", "precision", "prophecy", "--quick")
    assert sentence == (
        "There is no study called prophecy. There are: "
        "recovery, coverage, provisional, ability, precision, adaptive, faking, change, match."
    )


def test_a_file_that_cannot_be_written_is_refused_before_anything_is_simulated(workbench):
    sentence = workbench.refusal("simulate-study", "--json", "nowhere/studies.json")
    assert "nowhere/studies.json cannot be written" in sentence
