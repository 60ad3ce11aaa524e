"""What people fill in: each form answers the changes that a verb takes."""
