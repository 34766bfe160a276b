package main

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/afidt-lsp/afidt-lsp/analysis/config"
	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
	"github.com/afidt-lsp/afidt-lsp/quickfix"
)

const schemaFile = "../../editors/vscode/schemas/afidt.json"

// object is an object of a JSON Schema.
type object = map[string]any

// TestSchema compares the schema of afidt.toml, by which editors complete and check it, with what there is to name in it.
func TestSchema(t *testing.T) {
	var buffer bytes.Buffer
	e := json.NewEncoder(&buffer)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(schema()); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(schemaFile, buffer.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(buffer.String(), string(got)); diff != "" {
		t.Errorf("%s is stale: go test ./cmd/afidt-lsp -run Schema -update\n%s", schemaFile, diff)
	}
}

func schema() object {
	levels := []config.Level{config.Off, config.Hint, config.Info, config.Warning, config.Error}
	severities := object{}
	for _, r := range rules.All {
		severities[r.Name] = object{"enum": levels, "description": r.Code + ": " + r.Title}
	}
	fix := object{"enum": quickfix.IDs()}
	return object{
		"$schema":              "http://json-schema.org/draft-07/schema#",
		"title":                "afidt.toml",
		"type":                 "object",
		"additionalProperties": false,
		"properties": object{
			"rule-set": object{
				"enum":        dyncompat.RuleSets,
				"description": "The rules of dyn compatibility by which traits and calls are judged.",
			},
			"rules": object{
				"type": "object", "additionalProperties": false, "properties": severities,
				"description": "The severity of single rules.",
			},
			"fix": object{
				"type": "object", "additionalProperties": false,
				"properties": object{"style": object{
					"anyOf":       []object{fix, {"type": "array", "items": fix}},
					"description": "Which fix is preferred where several would do, best first.",
				}},
			},
		},
	}
}
