.DEFAULT_GOAL := help
MVN := mvn -B -ntp

.PHONY: help
help: ## print the targets
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## /{printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: format
format: ## rewrite the Java sources in the project's format
	$(MVN) -q spotless:apply

.PHONY: unit
unit: ## compile everything and run the tests that need no root
	$(MVN) verify

.PHONY: test
test: unit ## every test lane that exists so far
