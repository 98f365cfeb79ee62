"""Everything that touches data: from files to a published generation, and one SQL file a question."""
