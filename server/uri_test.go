package server

import "testing"

func TestURIs(t *testing.T) {
	tests := []struct {
		uri, path string
		windows   bool
		back      string // what is made of the path
	}{
		{"file:///home/x/lib.rs", "/home/x/lib.rs", false, "file:///home/x/lib.rs"},
		{"FILE:///home/x", "/home/x", false, "file:///home/x"},
		{"file://localhost/home/x", "/home/x", false, "file:///home/x"},
		{"file:///with%20space/%C3%BC%F0%9F%A6%80.rs", "/with space/ü🦀.rs", false, "file:///with%20space/%C3%BC%F0%9F%A6%80.rs"},
		{"file:///a%2523b%25.rs", "/a%23b%.rs", false, "file:///a%2523b%25.rs"},
		{"file:///100%.rs", "/100%.rs", false, "file:///100%25.rs"},
		{"file:///a+b(c)&d.rs", "/a+b(c)&d.rs", false, "file:///a%2Bb%28c%29%26d.rs"},
		{"file:///a/../b/./c", "/b/c", false, "file:///b/c"},
		{"file:///c%3A/x", "/c:/x", false, "file:///c%3A/x"},
		{"untitled:Untitled-1", "", false, ""},
		{"vscode-remote://ssh/home/x", "", false, ""},
		{"file://", "", false, ""},
		{"file:///a%00b", "", false, ""},
		{"", "", false, ""},

		{"file:///c%3A/Users/x.rs", `C:\Users\x.rs`, true, "file:///c%3A/Users/x.rs"},
		{"file:///C:/Users/x.rs", `C:\Users\x.rs`, true, "file:///c%3A/Users/x.rs"},
		{"file:///c:/with%20space", `C:\with space`, true, "file:///c%3A/with%20space"},
		{"file://server/share/x.rs", `\\server\share\x.rs`, true, "file://server/share/x.rs"},
	}
	for _, test := range tests {
		path := uriToPath(test.uri, test.windows)
		if path != test.path {
			t.Errorf("%s (windows: %v) is %q, want %q", test.uri, test.windows, path, test.path)
		}
		if path == "" {
			continue
		}
		if back := pathToURI(path, test.windows); back != test.back {
			t.Errorf("%q (windows: %v) is %s, want %s", path, test.windows, back, test.back)
		}
	}
}

func TestVirtualDocuments(t *testing.T) {
	for _, uri := range []string{"untitled:Untitled-1", "untitled:Untitled-2", "git:/x.rs?HEAD"} {
		if key := keyOf(uri); !isVirtual(key) {
			t.Errorf("%s has the key %q, which a file could have", uri, key)
		}
	}
	if keyOf("untitled:Untitled-1") == keyOf("untitled:Untitled-2") {
		t.Error("two documents have one key")
	}
}
