"""Read and write many postings: CSV, JSON, Parquet and whatever else names them."""
