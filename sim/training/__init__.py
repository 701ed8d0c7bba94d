"""A trainee plays a case: session, actions, scoring, debrief, counterfactuals, automatic players."""
