package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// extension is a package of the VS Code extension without a server in it. $AFIDT_VSIX is one with a server, made by
// editors/package; then that server is tested.
func extension(t *testing.T) string {
	t.Helper()
	if vsix := os.Getenv("AFIDT_VSIX"); vsix != "" {
		return vsix
	}
	folder := filepath.Join(root, "editors/vscode")
	vsce := filepath.Join(folder, "node_modules/.bin/vsce")
	if _, err := os.Stat(vsce); err != nil {
		t.Skip("the extension's tools are not installed: run npm ci --ignore-scripts in editors/vscode")
	}
	vsix := filepath.Join(t.TempDir(), "afidt.vsix")
	pack := exec.Command(vsce, "package", "--no-dependencies", "--out", vsix)
	pack.Dir = folder
	if out, err := pack.CombinedOutput(); err != nil {
		t.Fatalf("packing the extension: %v\n%s", err, out)
	}
	return vsix
}

// TestVSCode drives VS Code 1.100 in Chromium. With AFIDT_SCREENSHOTS=1 the pictures of the README are taken anew.
func TestVSCode(t *testing.T) {
	node := program(t, "node")
	program(t, "chromium")
	folder := editor(t, "vscode-1.100")
	vsix := extension(t)
	for _, script := range []string{"flow", "exthost", "trust", "failures"} {
		t.Run(script, func(t *testing.T) {
			env := []string{"VSCODE=" + folder, "VSIX=" + vsix, "AFIDT_LSP=" + server(t), "DEMO=" + demo(t), "CRATE=" + crate(t)}
			if os.Getenv("AFIDT_SCREENSHOTS") != "" {
				env = append(env, "PICTURES="+filepath.Join(root, "editors/vscode/media"))
			}
			drive(t, env, node, filepath.Join(root, "editors/vscode/e2e", script+".mjs"))
		})
	}
}

// TestExtension runs the unit tests of the extension.
func TestExtension(t *testing.T) {
	program(t, "node")
	folder := filepath.Join(root, "editors/vscode")
	if _, err := os.Stat(filepath.Join(folder, "node_modules")); err != nil {
		t.Skip("the extension's tools are not installed: run npm ci --ignore-scripts in editors/vscode")
	}
	for _, script := range []string{"check", "test"} {
		t.Run(script, func(t *testing.T) {
			c := exec.Command("npm", "run", "--silent", script)
			c.Dir = folder
			if out, err := c.CombinedOutput(); err != nil {
				t.Errorf("npm run %s: %v\n%s", script, err, out)
			}
		})
	}
}
