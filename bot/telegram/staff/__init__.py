"""The screens of staff: how announcements are written, approved, sent and followed in a chat."""
