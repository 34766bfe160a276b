package e2e

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestNeovim(t *testing.T) {
	for _, version := range []string{"0.7", "0.10", "0.12"} {
		t.Run(strings.ReplaceAll(version, ".", "_"), func(t *testing.T) {
			folder := editor(t, "neovim-"+version)
			// A copy, because :helptags writes into the plugin.
			plugin := scratch(t, "nvim", filepath.Join(root, "editors/nvim"))
			drive(t, []string{
				"AFIDT_LSP=" + server(t), "DEMO=" + demo(t), "CRATE=" + crate(t), "PLUGIN=" + plugin,
				"VIMRUNTIME=" + filepath.Join(folder, "usr/share/nvim/runtime"),
			}, filepath.Join(folder, "run"), "nvim", "--headless", "--clean", "-u", "NONE", "-c", "luafile nvim/test.lua")
		})
	}
}

// withPackage loads an Emacs package, which may be where Debian keeps those that Emacs brings not along.
func withPackage(name string) string {
	return `(progn
  (let ((default-directory "/usr/share/emacs/site-lisp/elpa/"))
    (when (file-directory-p default-directory) (normal-top-level-add-subdirs-to-load-path)))
  (package-initialize)
  (require '` + name + `))`
}

func TestLSPMode(t *testing.T) {
	load := withPackage("lsp-mode")
	emacs := program(t, "emacs", "has no lsp-mode", "--batch", "-Q", "--eval", load)
	drive(t, []string{
		"AFIDT_LSP=" + server(t), "DEMO=" + demo(t), "SETUP=" + filepath.Join(root, "editors/emacs/afidt.el"), "LC_ALL=C.UTF-8",
	}, emacs, "--batch", "-Q", "--eval", load, "-l", "emacs/lsp-mode.el")
}

func TestEglot(t *testing.T) {
	load := withPackage("eglot")
	emacs := program(t, "emacs", "has no eglot", "--batch", "-Q", "--eval", load)
	drive(t, []string{
		"AFIDT_LSP=" + server(t), "DEMO=" + demo(t), "CRATE=" + crate(t), "SETUP=" + filepath.Join(root, "editors/emacs/afidt.el"), "LC_ALL=C.UTF-8",
	}, emacs, "--batch", "-Q", "--eval", load, "-l", "emacs/test.el")
}

func TestHelix(t *testing.T) {
	program(t, "tmux", "does not run", "-V")
	folder := editor(t, "helix")
	drive(t, []string{
		"AFIDT_LSP=" + server(t), "DEMO=" + demo(t), "CRATE=" + crate(t), "HELIX=" + folder, "CONFIG=" + filepath.Join(root, "editors/helix"),
	}, "helix/test.sh")
}

func TestVim(t *testing.T) {
	// A Vim without expressions does not know :execute, and one without jobs cannot run ALE: both come to :cquit.
	vim := program(t, "vim", "has no ALE, or cannot run it", "-Nu", "NONE", "-es",
		"-c", "execute 'try | packadd ale | if has(\"job\") | qall! | endif | catch | endtry'", "-c", "cquit")
	drive(t, []string{
		"AFIDT_LSP=" + server(t), "DEMO=" + demo(t), "SETUP=" + filepath.Join(root, "editors/vim/ale.vim"),
	}, vim, "-Nu", "NONE", "-es", "-S", "vim/test.vim")
}

// TestKate needs Kate with the libraries of KDE, which editors/e2e/install does not get unless it is asked for.
func TestKate(t *testing.T) {
	program(t, "kate", "does not run", "-platform", "offscreen", "--version")
	program(t, "dbus-run-session", "does not run", "--version")
	program(t, "xdotool", "does not run", "--version")
	xvfb := program(t, "xvfb-run", "does not run", "--help")
	drive(t, []string{
		"AFIDT_LSP=" + server(t), "DEMO=" + demo(t), "SETTINGS=" + filepath.Join(root, "editors/kate/settings.json"),
	}, xvfb, "-a", "dbus-run-session", "kate/test.sh")
}
