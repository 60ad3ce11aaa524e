"""Check-ins and referrals to the social team will live here, walled off."""
