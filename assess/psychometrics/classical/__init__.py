"""Classical test theory: reliability, item statistics, polychorics."""
