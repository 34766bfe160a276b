package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// sources is the folder of the VS Code extension, with the tools that it is built with; without them the test is skipped.
func sources(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(root, "editors/vscode")
	for _, tool := range []string{"vsce", "esbuild", "tsc", "eslint"} {
		if _, err := os.Stat(filepath.Join(folder, "node_modules/.bin", tool)); err != nil {
			t.Skip("the extension's tools are not installed: run npm ci --ignore-scripts in editors/vscode")
		}
	}
	return folder
}

// node is a Node that is new enough for VS Code and for the extension's tools.
func node(t *testing.T) string {
	t.Helper()
	return program(t, "node", "is older than 20", "-e", "process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)")
}

// inFolder runs a command in a folder; the test fails if it does.
func inFolder(t *testing.T, folder, command string, args ...string) {
	t.Helper()
	c := exec.Command(command, args...)
	c.Dir = folder
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", command, strings.Join(args, " "), err, out)
	}
}

// extension is a package of the VS Code extension without a server in it. $AFIDT_VSIX is one with a server, made by
// editors/package; then that server is tested.
func extension(t *testing.T) string {
	t.Helper()
	if vsix := os.Getenv("AFIDT_VSIX"); vsix != "" {
		return vsix
	}
	vsix := filepath.Join(t.TempDir(), "afidt.vsix")
	inFolder(t, sources(t), "node_modules/.bin/vsce", "package", "--no-dependencies", "--out", vsix)
	return vsix
}

// TestVSCode drives VS Code in Chromium: the newest that runs on Node 20, and the oldest that package.json allows. With AFIDT_SCREENSHOTS=1 the pictures of the README are taken anew.
func TestVSCode(t *testing.T) {
	node, chromium := node(t), program(t, "chromium", "does not run", "--version")
	newest, oldest := editor(t, "vscode-1.100"), editor(t, "vscode-1.90")
	vsix := extension(t)
	inFolder(t, sources(t), node, "esbuild.mjs", "--tests") // what exthost runs
	for _, run := range []struct{ name, folder, script string }{
		{"flow", newest, "flow"},
		{"crate", newest, "crate"},
		{"exthost", newest, "exthost"},
		{"trust", newest, "trust"},
		{"failures", newest, "failures"},
		{"oldest", oldest, "crate"},
		{"oldest exthost", oldest, "exthost"},
	} {
		t.Run(run.name, func(t *testing.T) {
			env := []string{"VSCODE=" + run.folder, "CHROMIUM=" + chromium, "VSIX=" + vsix, "AFIDT_LSP=" + server(t), "DEMO=" + demo(t), "CRATE=" + crate(t)}
			if os.Getenv("AFIDT_SCREENSHOTS") != "" {
				env = append(env, "PICTURES="+filepath.Join(root, "editors/vscode/media"))
			}
			drive(t, env, node, filepath.Join(root, "editors/vscode/e2e", run.script+".mjs"))
		})
	}
}

// TestExtension runs the unit tests of the extension.
func TestExtension(t *testing.T) {
	node(t)
	npm := program(t, "npm", "does not run", "--version")
	folder := sources(t)
	for _, script := range []string{"check", "test"} {
		t.Run(script, func(t *testing.T) { inFolder(t, folder, npm, "run", "--silent", script) })
	}
}
