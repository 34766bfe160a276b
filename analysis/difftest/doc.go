// Package difftest compares our verdicts with rustc's on random crates.
//
// Three parts, in the order in which data flows:
//
//   - [Generate] makes a crate from a seed. Its text carries marks (see [Source]) that say where each trait is
//     declared and what each written trait object type means. Nothing in the generator knows a verdict.
//   - [Judge] asks rustc. It compiles the crate with probes added on lines that are empty in the crate itself, so
//     every line and column of the crate keeps its place. Any error that is not about trait objects is a fault of
//     the generator and is returned as an error.
//   - [Compare] holds a report of afidt-lsp (DESIGN.md section 6) against rustc's answer.
//
// [Minimise] shrinks a crate while a disagreement lasts. The package knows nothing about the engine: a report is bytes.
package difftest
