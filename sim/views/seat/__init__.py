"""The trainee's seat: what is seen and clicked while a case is played, and the debrief."""
