# One target a habit. Everything is built and run by the go command; .ci/run is what has to pass before a merge.

N ?= 1000
FUZZTIME ?= 60s

.PHONY: build test update bench differential corpus calls fuzz generate rule lint ci

build: ## the command, as ./afidt-lsp
	go build ./cmd/afidt-lsp

test:
	go test ./...

update: ## goldens, the pages' Output sections and README's diagnostic, after a change of the output; read the diff
	go test ./analysis/rules ./cmd/afidt-lsp -update

bench:
	go test -run '^$$' -bench . -benchmem ./...

differential: ## N random crates, our verdicts against the local rustc's: make differential N=5000
	AFIDT_DIFF_N=$(N) go test -count=1 -timeout 0 -v ./analysis/difftest

corpus: build ## the 200 most used packages of crates.io (downloads them, needs cargo)
	go run ./testdata/corpus/sweep -bin ./afidt-lsp -list testdata/corpus/top200.txt

calls: build ## the calls in PACKAGES, folders of packages that compile, against rustc's MIR (needs cargo)
	go run ./testdata/corpus/calls -bin ./afidt-lsp -v $(PACKAGES)

fuzz: ## each fuzz target for FUZZTIME
	.ci/fuzz $(FUZZTIME)

generate: ## the table of the standard library; AFIDT_RUST_SRC is Rust's folder library
	go generate ./...

rule: ## the files of a new rule: make rule NAME=dyn_in_loop CODE=AFIDT002
	go run ./analysis/rules/scaffold -name $(NAME) -code $(CODE)

lint: ## gofmt, go vet, staticcheck
	.ci/lint

ci:
	.ci/run
