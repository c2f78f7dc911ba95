"""From an uploaded file to a table: reading CSV, finding what each column holds, choosing rows and columns."""
