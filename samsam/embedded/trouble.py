class CannotStart(Exception):
    """The program cannot start. The message is one plain sentence that says what to do."""
