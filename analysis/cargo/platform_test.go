package cargo

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestTargetsTable compares the table with the local rustc; -update takes all of its targets over.
func TestTargetsTable(t *testing.T) {
	rustc, err := exec.LookPath("rustc")
	if err != nil {
		t.Skip("rustc is not installed")
	}
	version, err := exec.Command(rustc, "--version").Output()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		list, err := exec.Command(rustc, "--print", "target-list").Output()
		if err != nil {
			t.Fatal(err)
		}
		var table strings.Builder
		for _, triple := range strings.Fields(string(list)) {
			table.WriteString(triple + "\t" + strings.Join(rustcFields(t, rustc, triple), "\t") + "\n")
		}
		if err := os.WriteFile("targets.txt", []byte(table.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !strings.HasPrefix(string(version), "rustc 1.95.") {
		t.Skipf("the table is that of rustc 1.95, here is %s", version)
	}
	for _, triple := range []string{
		"x86_64-unknown-linux-gnu", "x86_64-unknown-linux-musl", "aarch64-unknown-linux-gnu", "aarch64-unknown-linux-musl",
		"i686-unknown-linux-gnu", "armv7-unknown-linux-gnueabihf", "riscv64gc-unknown-linux-gnu", "x86_64-apple-darwin",
		"aarch64-apple-darwin", "x86_64-pc-windows-msvc", "x86_64-pc-windows-gnu", "wasm32-unknown-unknown", "wasm32-wasip1",
		"x86_64-unknown-freebsd", "aarch64-linux-android", "aarch64-apple-ios", "thumbv7em-none-eabihf",
	} {
		if want, got := rustcFields(t, rustc, triple), targetFields(triple); !slices.Equal(want, got) {
			t.Errorf("%s:\n%q, rustc has\n%q", triple, got, want)
		}
	}
}

// rustcFields is a line of the table as the local rustc would have it.
func rustcFields(t *testing.T, rustc, triple string) []string {
	t.Helper()
	output, err := exec.Command(rustc, "--print", "cfg", "--target", triple).Output()
	if err != nil {
		t.Fatalf("%s: %v", triple, err)
	}
	values := map[string][]string{}
	for line := range strings.Lines(string(output)) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			name = strings.TrimPrefix(name, "target_")
			values[name] = append(values[name], strings.Trim(value, `"`))
		}
	}
	var fields []string
	for _, name := range sortedKeys(values) {
		slices.Sort(values[name])
		fields = append(fields, name+"="+strings.Join(values[name], ","))
	}
	return fields
}

// A triple that rustc does not know, say of a target specification, is taken for the one most like it.
func TestUnknownTarget(t *testing.T) {
	for _, test := range []struct {
		triple string
		want   []string
	}{
		{"x86_64-acme-linux-musl", []string{`target_arch="x86_64"`, `target_env="musl"`, `target_os="linux"`, "unix"}},
		{"x86_64-blog_os", []string{`target_arch="x86_64"`, `target_os="none"`, `panic="abort"`}},
		{"thumbv7em-none-eabihf-board", []string{`target_arch="arm"`, `target_os="none"`, `target_abi="eabihf"`}},
		{"aarch64-acme-windows-msvc", []string{`target_arch="aarch64"`, `target_os="windows"`, "windows"}},
		{"riscv64imacx-unknown-linux-gnu", []string{`target_arch="riscv64"`, `target_pointer_width="64"`}},
		{"", nil},
	} {
		options := (&CfgSet{platform: platformOf(test.triple)}).Options()
		for _, want := range test.want {
			if !slices.Contains(options, want) {
				t.Errorf("%s: %s is missing in %q", test.triple, want, options)
			}
		}
	}
}

func TestHostTriple(t *testing.T) {
	rustc, err := exec.LookPath("rustc")
	if err != nil {
		t.Skip("rustc is not installed")
	}
	output, err := exec.Command(rustc, "-vV").Output()
	if err != nil {
		t.Fatal(err)
	}
	if host := "host: " + HostTriple(); !strings.Contains(string(output), host+"\n") {
		t.Errorf("%s, rustc has\n%s", host, output)
	}
}
