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

func TestEglot(t *testing.T) {
	drive(t, []string{
		"AFIDT_LSP=" + server(t), "DEMO=" + demo(t), "CRATE=" + crate(t), "SETUP=" + filepath.Join(root, "editors/emacs/afidt.el"), "LC_ALL=C.UTF-8",
	}, program(t, "emacs"), "--batch", "-Q", "-l", "emacs/test.el")
}

func TestHelix(t *testing.T) {
	program(t, "tmux")
	folder := editor(t, "helix")
	drive(t, []string{
		"AFIDT_LSP=" + server(t), "DEMO=" + demo(t), "CRATE=" + crate(t), "HELIX=" + folder, "CONFIG=" + filepath.Join(root, "editors/helix"),
	}, "helix/test.sh")
}

func TestVim(t *testing.T) {
	drive(t, []string{
		"AFIDT_LSP=" + server(t), "DEMO=" + demo(t), "SETUP=" + filepath.Join(root, "editors/vim/ale.vim"),
	}, program(t, "vim"), "-Nu", "NONE", "-es", "-S", "vim/test.vim")
}
