"""Say by JSON Schema what every JSON output holds."""
