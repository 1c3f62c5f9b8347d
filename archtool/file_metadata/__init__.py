"""What files of office programs and PDF state about themselves: title, author, dates, language."""
