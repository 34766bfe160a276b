package workspace

import "testing"

func TestMayHaveInner(t *testing.T) {
	for text, want := range map[string]bool{
		"#![allow( // ]\n unused)]\n#![cfg(unix)]":                      true,
		"#![allow(/* ]\n*/unused)]\n#![cfg(unix)]":                      true,
		"#!/* c */[cfg(unix)]":                                          true,
		"#!// c\n[cfg(unix)]":                                           true,
		"\x0c#![cfg(unix)]":                                             true,
		"//! a\n\u200e#![cfg(unix)]":                                    true,
		"pub fn f() {}\n#[cfg(unix)] mod a;":                            false,
		"#![cfg(unix)]\nfn f() {}":                                      true,
		"\ufeff//! Doc.\n// of it\n\n#![cfg(unix)]\n":                   true,
		"#!/usr/bin/env run\n#![cfg(unix)]":                             true,
		"#! [cfg(unix)]":                                                true,
		"#![no_std] #![cfg(unix)]":                                      true,
		"#![no_std]\r\n#![allow(a)]\r\n#![cfg(unix)]\r\n":               true,
		"#![doc = \"a\n[b]\n\"]\n#![cfg(unix)]":                         true,
		"#![doc = \"]\n\"]\n#![cfg(unix)]":                              true,
		"#![allow(\n    a,\n)]\n#![cfg(unix)]":                          true,
		"/* a */ #![cfg(unix)]":                                         true,
		"#/* a */![cfg(unix)]":                                          true,
		"#![no_std]\n#[cfg(unix)]\nfn f() {}":                           false,
		"//! #![cfg(unix)]\nuse a::b;\n#[cfg(unix)] mod c;":             false,
		"#[cfg(unix)]\nmod a;":                                          false,
		"#[cfg(unix)]\nmod a { #![cfg(unix)] }":                         false,
		"#!/usr/bin/env run\n#[cfg(unix)]\nfn f() {}":                   false,
		"fn f() { assert!(a != b); }\n#[cfg(test)] mod t { #!/**/[a] }": false,
		"": false, "#": false, "#!": false, "//": false, "\ufeff": false,
	} {
		if got := mayHaveInner([]byte(text), "cfg"); got != want {
			t.Errorf("%q may have a cfg of its own: %t, want %t", text, got, want)
		}
	}
}
