// A repository cannot choose the program that runs, until its folder is trusted.
import fs from 'node:fs';
import path from 'node:path';
import { AFIDT_LSP, check, DEMO, eventually, finish, replaced, servers, withEditor } from './editor.mjs';

const ran = path.join(path.dirname(DEMO), 'the-program-of-the-repository-ran');
const program = path.join(DEMO, 'server.sh');
fs.writeFileSync(program, `#!/bin/sh\n: >${ran}\nexec ${AFIDT_LSP} "$@"\n`, { mode: 0o755 });
fs.mkdirSync(path.join(DEMO, '.vscode'));
fs.writeFileSync(path.join(DEMO, '.vscode/settings.json'), JSON.stringify({ 'afidt.server.path': program, 'afidt.server.extraEnv': { PATH: DEMO } }));

const settings = { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'never', 'afidt.server.path': AFIDT_LSP };
await withEditor({ folder: DEMO, file: 'src/lib.rs', settings }, async (editor) => {
	const { page } = editor;
	await eventually('diagnostics in Restricted Mode, of the server that the user named', async () => (await editor.squiggles()) >= 2);
	await eventually('it is Restricted Mode', async () => (await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).count()) > 0);
	check('the program of the repository did not run', !fs.existsSync(ran));
	const before = servers();
	check('one server', before.length === 1, before);

	await editor.command('Workspaces: Manage Workspace Trust');
	await page.locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust$/ }).click();
	await eventually('once trusted, the program of the repository runs', () => fs.existsSync(ran));
	await eventually('instead of the other', () => replaced(before[0]), servers);
});
finish();
