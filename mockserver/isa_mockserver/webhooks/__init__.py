"""Webhooks: who gets which event, signed how, tried when (rules WH); see README.md."""
