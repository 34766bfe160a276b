package main

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/afidt-lsp/afidt-lsp/analysis"
	"github.com/afidt-lsp/afidt-lsp/analysis/report"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
	"github.com/afidt-lsp/afidt-lsp/quickfix"
)

func actionsCommand() *cobra.Command {
	var flags workspaceFlags
	var apply string
	c := &cobra.Command{
		Use:   "actions FILE:LINE:COLUMN",
		Short: "List the fixes for the call, the `dyn`, the method or the trait at a place, or apply one",
		Args:  arguments(1, 1, "a place, FILE:LINE:COLUMN,"),
		RunE: func(c *cobra.Command, args []string) error {
			return flags.limit.run(func() error { return actions(c.OutOrStdout(), &flags, args[0], apply) })
		},
	}
	flags.register(c, "text or json")
	c.Flags().StringVar(&apply, "apply", "", "apply the fix with this `ID`, in all the files that it changes or in none")
	return c
}

func actions(out io.Writer, flags *workspaceFlags, where, apply string) error {
	if flags.format != "text" && flags.format != "json" {
		return fmt.Errorf("--format %s: give text or json", flags.format)
	}
	name, at, err := parsePlace(where)
	if err != nil {
		return err
	}
	s, err := flags.open([]string{name})
	if err != nil {
		return err
	}
	defer flags.settle()
	file, err := workspaceFile(s, name)
	if err != nil {
		return err
	}
	w, err := quickfix.New(s, nil)
	if err != nil {
		return err
	}
	offset := file.Lines().Offset(at)
	if apply != "" {
		offered := quickfix.OneAt(w, file.Path, offset, apply)
		if len(offered) == 0 { // the message says what is
			offered = quickfix.At(w, file.Path, offset)
		}
		flags.write()
		return applyAction(out, s, offered, apply)
	}
	offered := quickfix.At(w, file.Path, offset)
	flags.write()
	if flags.format == "json" {
		return writeJSON(out, actionsDocument(s, offered))
	}
	return writeActions(out, offered)
}

// parsePlace splits FILE:LINE:COLUMN; the file's name may hold colons.
func parsePlace(where string) (file string, at source.Position, err error) {
	rest, column, ok := cutLast(where)
	file, line, ok2 := cutLast(rest)
	at.Line, err = strconv.Atoi(line)
	if err == nil {
		at.Column, err = strconv.Atoi(column)
	}
	if !ok || !ok2 || file == "" || err != nil || at.Line < 1 || at.Column < 1 {
		return "", at, fmt.Errorf("`%s`: give a place as FILE:LINE:COLUMN, line and column from 1, such as src/lib.rs:3:14", where)
	}
	return file, at, nil
}

func cutLast(s string) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// workspaceFile is the workspace's own file of a name as the user gives it.
func workspaceFile(s *analysis.Session, name string) (*workspace.File, error) {
	path, err := filepath.Abs(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		real = path
	}
	for _, f := range s.Snapshot.Files {
		if f.Path == path || f.Path == real {
			return f, nil
		}
	}
	return nil, fmt.Errorf("%s is not part of any crate of the workspace %s; no `mod` leads to it", name, s.Snapshot.Root)
}

func actionsDocument(s *analysis.Session, offered []quickfix.Action) *report.Actions {
	out := &report.Actions{Schema: report.Schema, Actions: []report.Action{}}
	for _, a := range offered {
		action := report.Action{
			ID: a.ID, Title: a.Title, Kind: a.Kind, Applicability: string(a.Applicability), Preferred: a.Preferred, BlockedBy: a.BlockedBy,
			Edits: []report.ActionEdit{},
		}
		if a.Rule != nil {
			action.Rule = a.Rule.Name
		}
		for _, e := range a.Edits {
			action.Edits = append(action.Edits, actionEdit(s, e))
		}
		out.Actions = append(out.Actions, action)
	}
	return out
}

func actionEdit(s *analysis.Session, e quickfix.Edit) report.ActionEdit {
	i := slices.IndexFunc(s.Snapshot.Files, func(f *workspace.File) bool { return f.Path == e.Path })
	f := s.Snapshot.Files[i]
	start, end := f.Position(e.Span.Start), f.Position(e.Span.End)
	return report.ActionEdit{File: s.Snapshot.Display(e.Path), Line: start.Line, Column: start.Column, EndLine: end.Line, EndColumn: end.Column, NewText: e.New}
}

func writeActions(out io.Writer, offered []quickfix.Action) error {
	if len(offered) == 0 {
		_, err := fmt.Fprintln(out, "no fix is offered here")
		return err
	}
	width := 0
	for _, a := range offered {
		width = max(width, len(a.ID))
	}
	for _, a := range offered {
		note := string(a.Applicability)
		if a.Preferred {
			note += ", preferred"
		}
		if a.BlockedBy != "" {
			note = "does not apply: " + a.BlockedBy
		}
		if _, err := fmt.Fprintf(out, "%-*s  %s (%s)\n", width, a.ID, a.Title, note); err != nil {
			return err
		}
	}
	return nil
}

// applyAction writes the files that an action changes.
func applyAction(out io.Writer, s *analysis.Session, offered []quickfix.Action, id string) error {
	i := slices.IndexFunc(offered, func(a quickfix.Action) bool { return a.ID == id })
	if i < 0 {
		var ids []string
		for _, a := range offered {
			ids = append(ids, a.ID)
		}
		if len(ids) == 0 {
			return fmt.Errorf("the fix `%s` is not offered here, nor is any other", id)
		}
		return fmt.Errorf("the fix `%s` is not offered here; there are %s", id, strings.Join(ids, ", "))
	}
	a := &offered[i]
	if a.BlockedBy != "" {
		return fmt.Errorf("the fix `%s` does not apply here: %s", id, a.BlockedBy)
	}
	before := textsOf(s)
	texts, err := quickfix.Apply(a.Edits, func(path string) ([]byte, error) { return before[path], nil })
	if err != nil {
		return err
	}
	if err := replaceFiles(texts, before); err != nil {
		return err
	}
	for _, path := range sortedPaths(texts) {
		if _, err := fmt.Fprintf(out, "changed %s\n", shown(s)(path)); err != nil {
			return err
		}
	}
	return nil
}

// textsOf are the texts of the workspace's files as they were read.
func textsOf(s *analysis.Session) map[string][]byte {
	out := make(map[string][]byte, len(s.Snapshot.Files))
	for _, f := range s.Snapshot.Files {
		out[f.Path] = f.Text
	}
	return out
}
