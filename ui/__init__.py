"""The ways in for people: the terminal and the browser; the only package that prints or reads the environment."""
