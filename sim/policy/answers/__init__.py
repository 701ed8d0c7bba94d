"""What is said about an experiment: causes, conclusions, caveats, sentences, a whole study."""
