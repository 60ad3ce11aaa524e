"""Who may be asked, how often, and what they answered; knows a request only as a number."""
