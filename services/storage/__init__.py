"""What is kept: models, sessions, migrations, backup."""
