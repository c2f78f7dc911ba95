"""What every page is made of: settings, labels, text, session, live figures."""
