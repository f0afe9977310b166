"""How well a model fits: items, pairs, people, the whole scale."""
