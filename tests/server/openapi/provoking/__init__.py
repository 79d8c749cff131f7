"""Every refusal that the documents declare, made to happen; each module answers for one reason to refuse."""
