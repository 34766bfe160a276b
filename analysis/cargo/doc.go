// Package cargo knows what cargo would do with a folder: which packages and crate roots it holds, in which edition and
// under which cfg each is compiled, and which crate a name in its code stands for.
//
// Everything is read from files: Cargo.toml, Cargo.lock, .cargo/config.toml and the sources under CARGO_HOME or vendor/.
// No process is run, nothing is written, no network is used. What is missing or broken becomes a [Problem] that names the
// file and what to do; everything else is still answered.
//
// The package knows nothing about Rust source text but a build script's `cargo:rustc-cfg` lines and the `mod` lines of
// files without a manifest. std, core, alloc, proc_macro and test are not in its answers.
//
// Loading reads the manifests of the workspace and the lock file. Manifests of dependencies are read when a name first
// leads into them ([Workspace.Extern]), features when they are first asked for ([Workspace.Cfg]). A loaded workspace is
// safe for concurrent use, and its answers do not depend on the order of the questions.
package cargo
