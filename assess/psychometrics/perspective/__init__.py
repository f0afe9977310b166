"""A company's view of service, and how close a person's is."""
