"""Tables that people keep in spreadsheets, as rows and cells; what the cells mean is not known here."""
