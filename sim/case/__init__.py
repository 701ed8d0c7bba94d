"""A case in motion: actions, events, evidence, people, requests, the desk; time passes in the engine below."""
