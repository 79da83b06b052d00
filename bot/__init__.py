"""The faces: Telegram, the web page, the terminal. They only translate."""
