"""`scripts/mutate`: one small change of the code at a time, and whether a test notices.

`places` finds where a function can be changed, `changes` says how, `mutants` puts both together; `swap`
brings a mutant to life in a process, `forks` gives it a process of its own, `covering` says which
tests run it, `session` is the pytest plugin that does all this, `report` writes down what came of it.
"""
