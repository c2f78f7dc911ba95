"""The browser lab: the only package that imports Streamlit."""
