"""Mit Unilogin: what a user sees of themselves. A door: it stands on the identity core and on the institutions."""
