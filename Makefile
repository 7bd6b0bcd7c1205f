.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

MVN ?= mvn -B -ntp
VERSION := $(shell sed -n 's:^  <version>\(.*\)</version>:\1:p' pom.xml)
SOURCES := $(shell find pom.xml api runtime-core node-agent control-plane cli dist e2e -path '*/target' -prune -o -type f -print)
# Everything compiled and assembled, from the sources as they are now.
BUILT := target/built
need_root = @test "$$(id -u)" -eq 0 || { echo "make $@: needs root: it starts real containers" >&2; exit 1; }

.PHONY: help
help: ## print the targets
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## /{printf "  %-17s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

.PHONY: install-packages
install-packages: ## install the missing Debian packages of all lanes (root)
	@dist/install-packages.sh build unit run root-test demo bench v2 chaos

.PHONY: package
package: ## build target/landlord-VERSION.tar.gz (in dist) without running tests
	@dist/install-packages.sh build
	$(MVN) -q package -DskipTests -Ddist.skipTar=false
	@mkdir -p target && touch $(BUILT)
	@echo "dist/target/landlord dist/target/landlord-$(VERSION).tar.gz"

.PHONY: unit
unit: ## compile everything and run the tests that need no root
	@dist/install-packages.sh build unit
	$(MVN) -T 2 verify
	@mkdir -p target && touch $(BUILT)

.PHONY: root-test
root-test: ## the tests that start real sandboxes; fails if any was skipped (root)
	$(need_root)
	@dist/install-packages.sh build run root-test demo chaos
	@find . -type d -path '*/target/surefire-reports' -exec rm -rf {} +
	$(MVN) package -Dtest.groups=root -Dtest.excludedGroups=none
	@mkdir -p target && touch $(BUILT)
	@e2e/fail-if-skipped.sh

.PHONY: demo
demo: ## the lesson: Alice, Bob and Eve on one host; report in target/demo/report.json (root)
	$(need_root)
	@dist/install-packages.sh build run demo
	@$(MAKE) --no-print-directory $(BUILT)
	@e2e/run.sh dev.landlord.e2e.demo.Demo

.PHONY: bench
bench: ## launch times against peers; figures in target/bench/summary.json (root)
	$(need_root)
	@dist/install-packages.sh build run bench
	@$(MAKE) --no-print-directory $(BUILT)
	@e2e/run.sh dev.landlord.e2e.bench.Bench

# The same faults again: make chaos SEED=5; only some of them: make chaos SEED=5 FAULTS="cut-leader kill-agent".
# In the middle of an upgrade: make chaos OLDER=/opt/landlord-0.1 has programs of that folder beside those that were built.
SEED ?= $(shell date +%s)
.PHONY: chaos
chaos: ## kill, cut off and fill up what a cluster is made of; report in target/chaos/report.json (root)
	$(need_root)
	@dist/install-packages.sh build run chaos
	@$(MAKE) --no-print-directory $(BUILT)
	@e2e/run.sh dev.landlord.e2e.chaos.Chaos $(if $(OLDER),--older $(OLDER)) $(SEED) $(FAULTS)

.PHONY: test-cgroup2
test-cgroup2: ## the tests of control groups v2, in a virtual machine with Debian's kernel (root)
	$(need_root)
	@dist/install-packages.sh build run v2
	@$(MAKE) --no-print-directory $(BUILT)
	@e2e/cgroup2/run.sh e2e/cgroup2/junit.sh runtime-core cgroup2

.PHONY: test-systemd
test-systemd: ## the units: restart, upgrade and shutdown under systemd, in the same virtual machine (root)
	$(need_root)
	@dist/install-packages.sh build run v2
	@$(MAKE) --no-print-directory $(BUILT)
	@e2e/cgroup2/run.sh --service "e2e/cgroup2/junit.sh node-agent systemd" true

.PHONY: test-guest
test-guest: ## test-cgroup2, then test-systemd, in one start of the virtual machine (root)
	$(need_root)
	@dist/install-packages.sh build run v2
	@$(MAKE) --no-print-directory $(BUILT)
	@e2e/cgroup2/run.sh --service "e2e/cgroup2/junit.sh node-agent systemd" e2e/cgroup2/junit.sh runtime-core cgroup2

.PHONY: test
test: ## all of unit, root-test, demo and test-guest (root)
	$(need_root)
	$(MAKE) --no-print-directory unit
	$(MAKE) --no-print-directory root-test
	CI=true $(MAKE) --no-print-directory demo
	$(MAKE) --no-print-directory test-guest

.PHONY: warm-up
warm-up: ## make the start-up caches of the assembled programs: they start in two thirds of the CPU time (root)
	$(need_root)
	@dist/install-packages.sh build run
	@$(MAKE) --no-print-directory $(BUILT)
	@dist/target/landlord/bin/landlord-warm-up

.PHONY: format
format: ## rewrite the Java sources in the project's format
	$(MVN) -q spotless:apply

.PHONY: clean
clean: ## delete everything that was built
	$(MVN) -q clean
	@rm -rf target

$(BUILT): $(SOURCES)
	@echo "building (the first time takes minutes)" >&2
	$(MVN) -q package -DskipTests
	@mkdir -p target && touch $@
