"""Charts as pure functions that return SVG, for paper and for the web's pages alike."""
