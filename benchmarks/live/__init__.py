"""What a page that shows a run in training costs the server, the wire and the browser: ``python -m benchmarks.live``."""
