"""The psychologist's workbench: the measurement core on the command line, from CSV to tables and JSON."""
