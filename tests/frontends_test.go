package tests

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// writeNotebook writes code cells as a notebook for our kernel; those with a tag may fail.
func writeNotebook(t *testing.T, path string, tag string, cells ...string) {
	t.Helper()
	tags := []string{}
	if tag != "" {
		tags = append(tags, tag)
	}
	list := make([]any, len(cells))
	for i, code := range cells {
		list[i] = map[string]any{"cell_type": "code", "source": code, "metadata": map[string]any{"tags": tags}, "outputs": []any{}, "execution_count": nil}
	}
	text, err := json.Marshal(map[string]any{
		"nbformat": 4, "nbformat_minor": 4, "cells": list,
		"metadata": map[string]any{"kernelspec": map[string]any{"name": "gofive", "display_name": "Go", "language": "go"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestNbconvert executes notebooks as scripts do: a cell that fails has to fail the command, and to be
// named by it; one that may fail does not.
func TestNbconvert(t *testing.T) {
	py := python(t, "nbclient", "nbconvert")
	w := newWorkspace(t)
	tests := []struct {
		name, tag string
		cells     []string
		fails     string // what it says on stderr, "" when it succeeds
		last      string // in what the last cell shows
	}{
		{"all well", "", []string{"x := 41", "x + 1"}, "", "42"},
		{"an error", "", []string{"x := 41", `panic("no luck")`, "x + 1"}, "no luck", ""},
		{"a compile error", "", []string{"x := 41", "y + 1"}, "undefined: y", ""},
		{"an engine that dies", "", []string{"syscall.Kill(os.Getpid(), syscall.SIGKILL)\ntime.Sleep(time.Hour)"}, "SIGKILL", ""},
		{"an error that may be", "raises-exception", []string{"x := 41", `panic("no luck")`, "x + 1"}, "", "42"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			writeNotebook(t, filepath.Join(dir, "n.ipynb"), tt.tag, tt.cells...)
			_, stderr, err := command(t, dir, w.env(t), py, "-m", "nbconvert", "--execute", "--to", "notebook", "--output", "out.ipynb", "n.ipynb")
			if tt.fails != "" {
				if exit, ok := err.(*exec.ExitError); !ok || exit.ExitCode() != 1 || !strings.Contains(stderr, tt.fails) {
					t.Errorf("error %v, want exit status 1 and %q in\n%s", err, tt.fails, stderr)
				}
				return
			}
			if err != nil {
				t.Fatalf("%v\n%s", err, stderr)
			}
			cells := readNotebook(t, filepath.Join(dir, "out.ipynb")).Cells
			text, err := json.Marshal(cells[len(cells)-1].Outputs)
			if err != nil || !strings.Contains(string(text), tt.last) {
				t.Errorf("the last cell shows %s (%v), want %q", text, err, tt.last)
			}
		})
	}
}
