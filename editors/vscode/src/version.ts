// What the server says of itself before it is started as a server.

import { execFile } from 'node:child_process';

/** Runs `PROGRAM version` and returns the version, without the program's name. The error says why the program cannot be the server. */
export function serverVersion(program: string, env: NodeJS.ProcessEnv): Promise<string> {
	return new Promise((resolve, reject) => {
		execFile(program, ['version'], { env, timeout: 10_000, windowsHide: true }, (error, stdout, stderr) => {
			if (error) {
				reject(new Error(`${program} cannot be run: ${stderr.trim() || error.message}`));
				return;
			}
			const version = parseVersion(stdout);
			if (version === undefined) {
				reject(new Error(`${program} is not afidt-lsp: it calls itself ${JSON.stringify(stdout.trim().slice(0, 100))}`));
				return;
			}
			resolve(version);
		});
	});
}

/** `v0.2.1` of `afidt-lsp v0.2.1 (standard library of ..)`, `(devel)` of a build from sources, nothing of another program's output. */
export function parseVersion(output: string): string | undefined {
	return /^afidt-lsp (\S+)/.exec(output)?.[1];
}

/**
 * Whether a server and an extension of these versions may disagree: those of one minor version do not. Builds from sources have no
 * version, or one that Go made of a commit: v0.0.0-...
 */
export function versionsDiffer(server: string, extension: string): boolean {
	const minor = (version: string) => /^v?(?!0\.0\.0-)(\d+\.\d+)\./.exec(version)?.[1];
	const [a, b] = [minor(server), minor(extension)];
	return a !== undefined && b !== undefined && a !== b;
}
