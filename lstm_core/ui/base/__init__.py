"""What the server needs below any page: the lab, the cookie, quotas, message filter, static files."""
