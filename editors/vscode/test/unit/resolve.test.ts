import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveServer, type Surroundings } from '../../src/resolve';

function around(programs: string[], more: Partial<Surroundings> = {}): Surroundings {
	return {
		configured: null,
		trusted: true,
		bundled: '/ext/server/afidt-lsp',
		folders: ['/src/crate'],
		home: '/home/me',
		env: { PATH: '/usr/bin:/opt/bin' },
		platform: 'linux',
		isProgram: (file) => programs.includes(file),
		...more,
	};
}

const found = (program: string, origin: string) => ({ program, origin });

test('the setting, then the bundled one, then PATH', () => {
	const all = ['/mine/afidt-lsp', '/ext/server/afidt-lsp', '/opt/bin/afidt-lsp'];
	assert.deepEqual(resolveServer(around(all, { configured: '/mine/afidt-lsp' })), found('/mine/afidt-lsp', 'setting'));
	assert.deepEqual(resolveServer(around(all)), found('/ext/server/afidt-lsp', 'bundled'));
	assert.deepEqual(resolveServer(around(all, { configured: '  ' })), found('/ext/server/afidt-lsp', 'bundled'));
	assert.deepEqual(resolveServer(around(['/opt/bin/afidt-lsp'])), found('/opt/bin/afidt-lsp', 'PATH'));
});

test('nothing anywhere', () => {
	const result = resolveServer(around([]));
	assert.ok('problem' in result);
	assert.equal(result.cause, 'installed');
	assert.match(result.problem, /not found.*PATH.*afidt\.server\.path/);
});

test('a setting that does not work is not skipped', () => {
	for (const configured of ['/gone/afidt-lsp', 'gone', './gone']) {
		const result = resolveServer(around(['/ext/server/afidt-lsp', '/opt/bin/afidt-lsp'], { configured }));
		assert.ok('problem' in result, configured);
		assert.equal(result.cause, 'setting');
		assert.ok(result.problem.includes(configured), result.problem);
	}
});

test('home, folder and names are expanded, and nothing else', () => {
	assert.deepEqual(resolveServer(around(['/home/me/bin/a'], { configured: '~/bin/a' })), found('/home/me/bin/a', 'setting'));
	assert.deepEqual(resolveServer(around(['/src/crate/bin/a'], { configured: '${workspaceFolder}/bin/a' })), found('/src/crate/bin/a', 'setting'));
	assert.deepEqual(resolveServer(around(['/src/crate/bin/a'], { configured: 'bin/a' })), found('/src/crate/bin/a', 'setting'));
	assert.deepEqual(resolveServer(around(['/usr/bin/afidt-lsp-2'], { configured: 'afidt-lsp-2' })), found('/usr/bin/afidt-lsp-2', 'setting'));
	const result = resolveServer(around(['/src/crate/$(id)'], { configured: '/bin/$(id)' }));
	assert.ok('problem' in result);
	// $& and $1 in the name of the home folder are no replacement patterns.
	assert.deepEqual(resolveServer(around(['/h/$&/a'], { configured: '~/a', home: '/h/$&' })), found('/h/$&/a', 'setting'));
});

test('without trust nothing inside the folder runs', () => {
	for (const configured of ['bin/a', './bin/a', '${workspaceFolder}/bin/a', '../crate/bin/a']) {
		const result = resolveServer(around(['/src/crate/bin/a'], { configured, trusted: false }));
		assert.ok('problem' in result, configured);
		assert.match(result.problem, /not trusted/);
	}
	const path = { PATH: '/src/crate/bin:/src/crate:/usr/bin' };
	const programs = ['/src/crate/bin/afidt-lsp', '/src/crate/afidt-lsp', '/usr/bin/afidt-lsp'];
	assert.deepEqual(resolveServer(around(programs, { env: path, trusted: false })), found('/usr/bin/afidt-lsp', 'PATH'));
	assert.deepEqual(resolveServer(around(programs, { env: path })), found('/src/crate/bin/afidt-lsp', 'PATH'));
});

test('entries of PATH that mean the current folder are passed over', () => {
	const result = resolveServer(around(['afidt-lsp', './afidt-lsp', 'bin/afidt-lsp'], { env: { PATH: ':.:bin:' } }));
	assert.ok('problem' in result);
	assert.ok('problem' in resolveServer(around(['/afidt-lsp'], { env: {} })));
});

test('Windows', () => {
	const windows = (programs: string[], more: Partial<Surroundings> = {}) =>
		around(programs, { platform: 'win32', bundled: 'C:\\ext\\server\\afidt-lsp.exe', folders: ['C:\\work'], home: 'C:\\Users\\me', env: { Path: '.;C:\\bin' }, ...more });
	assert.deepEqual(resolveServer(windows(['C:\\bin\\afidt-lsp.exe'])), found('C:\\bin\\afidt-lsp.exe', 'PATH'));
	assert.deepEqual(resolveServer(windows(['C:\\Users\\me\\a.exe'], { configured: '~\\a.exe' })), found('C:\\Users\\me\\a.exe', 'setting'));
	assert.deepEqual(resolveServer(windows(['C:\\bin\\A.EXE'], { configured: 'A.EXE' })), found('C:\\bin\\A.EXE', 'setting'));
	// A script would be read by a shell.
	assert.ok('problem' in resolveServer(windows(['C:\\bin\\afidt-lsp.cmd', 'C:\\bin\\afidt-lsp.bat'])));
});

test('a relative path without a folder', () => {
	const result = resolveServer(around([], { configured: './a', folders: [] }));
	assert.ok('problem' in result);
	assert.match(result.problem, /no folder is open/);
});
