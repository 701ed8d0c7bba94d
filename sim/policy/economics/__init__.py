"""What a change costs, what a day saved costs, and the best mix within a budget."""
