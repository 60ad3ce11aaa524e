"""Villages, who lives there, who is the contact person."""
