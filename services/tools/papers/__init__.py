"""Papers filled as drafts: templates of the content, what the law asks of them, DOCX and PDF."""
