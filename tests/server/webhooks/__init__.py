"""The server's side of webhooks: rules WH-1 to WH-13."""
