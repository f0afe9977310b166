"""The mathematics of measurement: pure functions of arrays, persons x items, NaN = not answered."""
