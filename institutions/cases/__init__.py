"""Cases: what institutions ask STIL for, from the inbox to the answer."""
