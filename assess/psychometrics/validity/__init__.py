"""Scores and a criterion: validity, utility, retest, equivalence."""
