package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A pkg is a package of crates.io in one version.
type pkg struct{ name, version string }

// A subject is a folder to judge.
type subject struct {
	name string
	dir  string
	err  error // why it could not be made ready
}

// readList reads "name version" lines.
func readList(file string) ([]pkg, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading the list of packages: %w", err)
	}
	var packages []pkg
	for number, line := range strings.Split(string(text), "\n") {
		line, _, _ = strings.Cut(line, "#")
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		if len(fields) != 2 {
			return nil, fmt.Errorf("%s:%d: want \"name version\", got %q", file, number+1, line)
		}
		packages = append(packages, pkg{fields[0], fields[1]})
	}
	return packages, nil
}

// download brings the sources of the packages and of all their dependencies onto this machine. Every package
// becomes a folder of its own below dir with a lock file of its own, so that its dev-dependencies are there
// too. What an earlier run downloaded is not asked for again.
func download(packages []pkg, dir string) ([]subject, error) {
	subjects := make([]subject, len(packages))
	var missing []pkg
	for i, p := range packages {
		subjects[i] = subject{name: p.name + " " + p.version, dir: filepath.Join(dir, p.name+"-"+p.version)}
		if _, err := os.Stat(subjects[i].dir); err != nil {
			missing = append(missing, p)
		}
	}
	sources, err := sourcesOf(missing, dir)
	if err != nil {
		return nil, err
	}
	for i, p := range packages {
		s := &subjects[i]
		if _, err := os.Stat(s.dir); err != nil {
			s.err = copyPackage(sources[p], s.dir)
		}
		if _, err := os.Stat(filepath.Join(s.dir, "Cargo.lock.fetched")); s.err != nil || err == nil {
			continue
		}
		// A published lock file is that of another day; cargo writes a new one.
		os.Remove(filepath.Join(s.dir, "Cargo.lock"))
		if _, err := cargo(s.dir, "fetch", "--target", "host-tuple"); err != nil {
			s.err = err
			continue
		}
		s.err = os.WriteFile(filepath.Join(s.dir, "Cargo.lock.fetched"), nil, 0o644)
	}
	return subjects, nil
}

// sourcesOf lets cargo download the packages and returns the folder of each in cargo's registry. Packages
// that cannot be dependencies of one package (both link the same library, or one pins another) are
// downloaded apart, by halves.
func sourcesOf(packages []pkg, dir string) (map[pkg]string, error) {
	if len(packages) == 0 {
		return nil, nil
	}
	sources, err := sourcesTogether(packages, dir)
	if err == nil || len(packages) == 1 {
		return sources, err
	}
	half := len(packages) / 2
	sources, err = sourcesOf(packages[:half], dir)
	if err != nil {
		return nil, err
	}
	rest, err := sourcesOf(packages[half:], dir)
	if err != nil {
		return nil, err
	}
	maps.Copy(sources, rest)
	return sources, nil
}

// sourcesTogether downloads the packages as optional dependencies of one scratch package.
func sourcesTogether(packages []pkg, dir string) (map[pkg]string, error) {
	scratch := filepath.Join(dir, "scratch")
	if err := os.MkdirAll(filepath.Join(scratch, "src"), 0o755); err != nil {
		return nil, fmt.Errorf("making the scratch package: %w", err)
	}
	var manifest strings.Builder
	manifest.WriteString("[package]\nname = \"scratch\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n[workspace]\n\n[dependencies]\n")
	for i, p := range packages {
		fmt.Fprintf(&manifest, "d%d = { package = %q, version = %q, default-features = false, optional = true }\n", i, p.name, "="+p.version)
	}
	for name, text := range map[string]string{"Cargo.toml": manifest.String(), "src/lib.rs": ""} {
		if err := os.WriteFile(filepath.Join(scratch, name), []byte(text), 0o644); err != nil {
			return nil, fmt.Errorf("making the scratch package: %w", err)
		}
	}
	os.Remove(filepath.Join(scratch, "Cargo.lock"))
	if _, err := cargo(scratch, "fetch", "--target", "host-tuple"); err != nil {
		return nil, err
	}
	out, err := cargo(scratch, "metadata", "--format-version", "1", "--offline", "--all-features", "--filter-platform", "host-tuple")
	if err != nil {
		return nil, err
	}
	var metadata struct {
		Packages []struct {
			Name, Version string
			ManifestPath  string `json:"manifest_path"`
		}
	}
	if err := json.Unmarshal(out, &metadata); err != nil {
		return nil, fmt.Errorf("reading what cargo metadata printed: %w", err)
	}
	sources := map[pkg]string{}
	for _, p := range metadata.Packages {
		sources[pkg{p.Name, p.Version}] = filepath.Dir(p.ManifestPath)
	}
	return sources, nil
}

// copyPackage copies a package out of cargo's registry, where it would not count as a workspace of its own.
func copyPackage(from, to string) error {
	if from == "" {
		return fmt.Errorf("cargo did not download it: is the version published?")
	}
	// CopyFS refuses to write into what exists; a copy that broke off must not look whole.
	partial := to + ".partial"
	if err := os.RemoveAll(partial); err != nil {
		return fmt.Errorf("copying the package: %w", err)
	}
	if err := os.CopyFS(partial, os.DirFS(from)); err != nil {
		return fmt.Errorf("copying the package: %w", err)
	}
	if err := os.Rename(partial, to); err != nil {
		return fmt.Errorf("copying the package: %w", err)
	}
	return nil
}

// cargo runs cargo in dir. A toolchain file of a package must not make rustup look for that toolchain.
func cargo(dir string, args ...string) ([]byte, error) {
	command := exec.Command("cargo", args...)
	command.Dir = dir
	command.Env = os.Environ()
	if os.Getenv("RUSTUP_TOOLCHAIN") == "" {
		command.Env = append(command.Env, "RUSTUP_TOOLCHAIN=stable")
	}
	var stderr strings.Builder
	command.Stderr = &stderr
	out, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("cargo %s in %s: %w\n%s", args[0], dir, err, stderr.String())
	}
	return out, nil
}
