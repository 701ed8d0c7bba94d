"""A room that one computer serves: who is let in, whose seat is whose, and the server itself."""
