"""The engine against queueing theory, and worlds against published figures."""
