"""The history of a document for readers: an account in sentences, and a drawing."""
