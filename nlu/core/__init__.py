"""What understands, free of Rasa: plain modules over numpy that the components adapt."""
