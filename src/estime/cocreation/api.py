"""The door of co-creation: what other parts may call."""
