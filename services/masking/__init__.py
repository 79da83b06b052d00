"""Personal numbers in what people write, hidden."""
