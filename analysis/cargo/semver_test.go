package cargo

import "testing"

// The table of doc.rust-lang.org/cargo/reference/specifying-dependencies.html, and prereleases.
func TestRequirement(t *testing.T) {
	for _, test := range []struct {
		requirement string
		yes, no     []string
	}{
		{"1.2.3", []string{"1.2.3", "1.9.0"}, []string{"1.2.2", "2.0.0", "1.3.0-rc.1", "2.0.0-alpha"}},
		{"1.2", []string{"1.2.0", "1.9.9"}, []string{"1.1.9", "2.0.0"}},
		{"1", []string{"1.0.0", "1.9.9"}, []string{"0.9.9", "2.0.0"}},
		{"0.2.3", []string{"0.2.3", "0.2.9"}, []string{"0.2.2", "0.3.0"}},
		{"0.0.3", []string{"0.0.3"}, []string{"0.0.4", "0.0.2"}},
		{"0.0", []string{"0.0.0", "0.0.9"}, []string{"0.1.0"}},
		{"0", []string{"0.0.0", "0.9.9"}, []string{"1.0.0"}},
		{"~1.2.3", []string{"1.2.3", "1.2.9"}, []string{"1.3.0"}},
		{"~1.2", []string{"1.2.0", "1.2.9"}, []string{"1.3.0"}},
		{"~1", []string{"1.0.0", "1.9.9"}, []string{"2.0.0"}},
		{"*", []string{"0.0.0", "9.9.9"}, []string{"1.0.0-rc.1"}},
		{"1.*", []string{"1.0.0", "1.9.9"}, []string{"2.0.0"}},
		{"1.2.*", []string{"1.2.0", "1.2.9"}, []string{"1.3.0"}},
		{">=1.2, <1.5", []string{"1.2.0", "1.4.9"}, []string{"1.5.0", "1.1.0"}},
		{">1.2", []string{"1.3.0"}, []string{"1.2.0", "1.2.9"}},
		{">1.2.3", []string{"1.2.4"}, []string{"1.2.3"}},
		{"<=1.2", []string{"1.2.9", "0.1.0"}, []string{"1.3.0"}},
		{"=1.2.3", []string{"1.2.3", "1.2.3+build"}, []string{"1.2.4", "1.2.3-rc.1"}},
		{"= 1.2", []string{"1.2.9"}, []string{"1.3.0"}},
		{"1.0.0-rc.2", []string{"1.0.0-rc.2", "1.0.0-rc.10", "1.0.0", "1.5.0"}, []string{"1.0.0-rc.1", "1.1.0-rc.1", "2.0.0"}},
		{"=1.0.0-alpha.1", []string{"1.0.0-alpha.1"}, []string{"1.0.0-alpha.2", "1.0.0"}},
	} {
		req, ok := parseRequirement(test.requirement)
		if !ok {
			t.Errorf("%s is not read", test.requirement)
			continue
		}
		check := func(versions []string, want bool) {
			for _, text := range versions {
				version, ok := parseSemver(text)
				if !ok {
					t.Fatalf("%s is no version", text)
				}
				if req.matches(version) != want {
					t.Errorf("%s matches %s: %v, want %v", test.requirement, text, !want, want)
				}
			}
		}
		check(test.yes, true)
		check(test.no, false)
	}
	for _, text := range []string{"x.y", "1.2.3.4", ">=", "1.*.3", "one", "1,,2"} {
		if _, ok := parseRequirement(text); ok {
			t.Errorf("%q is read as a requirement", text)
		}
	}
}

func TestSplitVersion(t *testing.T) {
	for _, test := range []struct{ folder, name, version string }{
		{"serde-1.0.200", "serde", "1.0.200"},
		{"foo-2-1.0.0-rc.1", "foo-2", "1.0.0-rc.1"},
		{"h-0.1.0+build-7", "h", "0.1.0+build-7"},
		{"sha-1-0.10.1", "sha-1", "0.10.1"},
		{"noversion", "", ""},
		{"-1.0.0", "", ""},
	} {
		name, version, _, _ := splitVersion(test.folder)
		if name != test.name || version != test.version {
			t.Errorf("%s: %q %q, want %q %q", test.folder, name, version, test.name, test.version)
		}
	}
}
