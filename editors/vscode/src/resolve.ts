// Which program is the server. Knows nothing of the editor, so that every case can be tested.

import * as path from 'node:path';

/** What the choice depends on. */
export interface Surroundings {
	/** `afidt.server.path`, as far as its author may be believed; empty means unset. */
	configured: string | null | undefined;
	/** Whether the user trusts the open folders. */
	trusted: boolean;
	/** Absolute path of the program that packages for one platform carry. */
	bundled: string;
	/** The open folders, as absolute paths. */
	folders: readonly string[];
	home: string;
	env: Readonly<Record<string, string | undefined>>;
	platform: NodeJS.Platform;
	/** Whether there is a file that may be executed. */
	isProgram(file: string): boolean;
}

export interface Found {
	program: string;
	origin: 'setting' | 'bundled' | 'PATH';
}

export interface NotFound {
	/** What to tell the user. */
	problem: string;
	/** `setting` is wrong, or no server is `installed`. */
	cause: 'setting' | 'installed';
}

/** The setting, then the bundled program, then PATH. A setting that does not work is an error: it is never skipped in silence. */
export function resolveServer(around: Surroundings): Found | NotFound {
	const configured = around.configured?.trim();
	if (configured) {
		return fromSetting(configured, around);
	}
	if (around.isProgram(around.bundled)) {
		return { program: around.bundled, origin: 'bundled' };
	}
	const program = onPath('afidt-lsp', around);
	if (program !== undefined) {
		return { program, origin: 'PATH' };
	}
	return {
		problem: 'afidt-lsp was not found: this package carries none for your platform, and there is none in PATH. Install it, or say where it is in the setting afidt.server.path.',
		cause: 'installed',
	};
}

function fromSetting(configured: string, around: Surroundings): Found | NotFound {
	const paths = pathsOf(around);
	const wrong = (why: string): NotFound => ({ problem: `The setting afidt.server.path is ${configured}: ${why}.`, cause: 'setting' });
	if (!/[/\\]/.test(configured)) {
		const program = onPath(configured, around);
		return program === undefined ? wrong('there is no such program in PATH') : { program, origin: 'setting' };
	}
	let file = configured.replace(/^~(?=[/\\])/, () => around.home);
	if (file.startsWith('${workspaceFolder}') || !paths.isAbsolute(file)) {
		// Both lead into the folder, whose author could put any program there.
		if (!around.trusted) {
			return wrong('a path inside a folder that is not trusted is not used');
		}
		const folder = around.folders[0];
		if (folder === undefined) {
			return wrong('no folder is open, so there is nothing that the path is relative to');
		}
		file = paths.resolve(folder, file.replace('${workspaceFolder}', '.'));
	}
	return around.isProgram(file) ? { program: file, origin: 'setting' } : wrong(`${file} is no file that can be executed`);
}

/**
 * Looks a name up in PATH. Entries that are relative or empty mean the current folder and are passed over, and so are those inside
 * folders that are not trusted: a repository must not choose the program that runs.
 */
function onPath(name: string, around: Surroundings): string | undefined {
	const paths = pathsOf(around);
	const list = around.env.PATH ?? (around.platform === 'win32' ? around.env.Path : undefined) ?? '';
	for (const folder of list.split(paths.delimiter)) {
		if (!paths.isAbsolute(folder) || (!around.trusted && around.folders.some((open) => contains(paths, open, folder)))) {
			continue;
		}
		// A .cmd or .bat would need a shell, and its arguments would be read by one.
		const file = paths.join(folder, around.platform === 'win32' && !/\.exe$/i.test(name) ? name + '.exe' : name);
		if (around.isProgram(file)) {
			return file;
		}
	}
	return undefined;
}

function pathsOf(around: Surroundings): path.PlatformPath {
	return around.platform === 'win32' ? path.win32 : path.posix;
}

function contains(paths: path.PlatformPath, folder: string, file: string): boolean {
	const relative = paths.relative(folder, file);
	return relative === '' || (!relative.startsWith('..') && !paths.isAbsolute(relative));
}
