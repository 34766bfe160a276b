// Package e2e has the end-to-end tests of the editors: real ones, driven without a screen, with the server of this repository.
//
// editors/e2e/install gets the editors. A test whose editor is missing is skipped, and .ci/run fails if one was.
//
// Each editor is driven in its own language by a script that prints a line for each thing that it checks:
//
//	ok   NAME
//	FAIL NAME: what was found instead
package e2e
