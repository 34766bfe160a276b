import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { test } from 'node:test';
import { parseVersion, serverVersion, versionsDiffer } from '../../src/version';

test('what the program prints', () => {
	assert.equal(parseVersion('afidt-lsp v0.2.1 (standard library of Rust 1.96.0)\n'), 'v0.2.1');
	assert.equal(parseVersion('afidt-lsp (devel) (standard library of Rust 1.96.0)\n'), '(devel)');
	assert.equal(parseVersion('rust-analyzer 1.90.0\n'), undefined);
	assert.equal(parseVersion(''), undefined);
});

test('versions differ by their minor version', () => {
	assert.equal(versionsDiffer('v0.2.1', '0.2.9'), false);
	assert.equal(versionsDiffer('v0.2.1', '0.3.0'), true);
	assert.equal(versionsDiffer('v1.0.0', '0.0.1'), true);
	assert.equal(versionsDiffer('(devel)', '0.3.0'), false);
	assert.equal(versionsDiffer('v0.0.0-20261124120000-0123456789ab+dirty', '0.3.0'), false);
});

test('a program that is no server is named', { skip: process.platform === 'win32' && 'makes shell scripts' }, async () => {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'afidt-version-'));
	try {
		const script = (name: string, text: string) => {
			const file = path.join(folder, name);
			fs.writeFileSync(file, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
			return file;
		};
		assert.equal(await serverVersion(script('good', '[ "$#" = 1 ] && echo "afidt-lsp $1 $EXTRA"'), { ...process.env, EXTRA: 'x' }), 'version');
		await assert.rejects(serverVersion(script('other', 'echo something else'), process.env), /other is not afidt-lsp.*something else/);
		await assert.rejects(serverVersion(script('broken', 'echo no library >&2; exit 3'), process.env), /broken cannot be run: no library/);
		await assert.rejects(serverVersion(path.join(folder, 'gone'), process.env), /gone cannot be run: .*ENOENT/);
	} finally {
		fs.rmSync(folder, { recursive: true });
	}
});
