"""Signs of how carefully people responded."""
