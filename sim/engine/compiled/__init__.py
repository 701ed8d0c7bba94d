"""The compiled executor: the same plan, the same event table, made by a loop over integer tables (numba)."""
