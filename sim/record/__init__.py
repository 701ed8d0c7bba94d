"""What happened: figures, causes, tables, exports and hashes, all derived from the one event table."""
