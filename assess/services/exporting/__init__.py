"""From results to files of data: what the columns are, which rows there are, how each format is written."""
