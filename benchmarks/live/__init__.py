"""What a page that shows a run in training costs server, wire and browser: ``python -m benchmarks.live``."""
