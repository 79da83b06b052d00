"""What texts mean, as short vectors: for putting like questions together."""
