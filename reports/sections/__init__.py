"""The parts of reports: what each says, as data. How it looks is the template's and the style sheet's."""
