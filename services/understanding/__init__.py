"""What a person meant: the NLU server's reading, or the lexical one in its place."""
