"""Turn characters into words, terms and titles; keep the vocabulary of the article."""
