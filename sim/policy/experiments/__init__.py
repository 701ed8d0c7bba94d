"""Experiments: alternatives, replications, comparison, designs, selection, stopping, what is stored."""
