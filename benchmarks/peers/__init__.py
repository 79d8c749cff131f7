"""Other SDKs and other local servers, side by side with ours where they do the same work."""
