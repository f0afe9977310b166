"""Item parameters from responses: marginal maximum likelihood, linking, several dimensions."""
