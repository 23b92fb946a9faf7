"""Turn one file into its postings: page, office document, PDF, mail."""
