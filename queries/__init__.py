"""Everything that touches data: files to a published generation, and one SQL file a question."""
