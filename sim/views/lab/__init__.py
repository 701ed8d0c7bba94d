"""The policymaker's lab: the app, its pictures and tables, reports."""
