"""People, municipalities and staff roles; the scoped admin base class."""
