// Runs test/suite in VS Code's extension host, where the editor's API can be asked.
import path from 'node:path';
import { AFIDT_LSP, check, CRATE, DEMO, finish, withEditor } from './editor.mjs';

const extension = path.resolve(import.meta.dirname, '..');
const settings = { 'afidt.server.path': AFIDT_LSP, 'editor.codeActionsOnSave': { 'source.fixAll.afidt': 'explicit' } };
let exit;
const ended = new Promise((resolve) => { exit = resolve; });
process.env.AFIDT_TEST_CRATE = CRATE;
await withEditor({
	folder: DEMO,
	settings,
	install: false,
	payload: [['extensionDevelopmentPath', extension], ['extensionTestsPath', path.join(extension, 'out/test/suite/index.js')], ['skipWelcome', 'true']],
	beforeLoad: async (page) => {
		await page.exposeFunction('codeAutomationLog', (_, values) => {
			const line = [values].flat().join(' ');
			const result = /^(ok|FAIL) +(.*)$/s.exec(line);
			if (result) {
				check(result[2], result[1] === 'ok', '');
			} else if (process.env.VERBOSE) {
				console.log(line);
			}
		});
		await page.exposeFunction('codeAutomationExit', exit);
	},
}, async () => {
	const code = await Promise.race([ended, new Promise((r) => setTimeout(r, 120_000, 'nothing within two minutes'))]);
	check('the suite ends', code === 0, String(code));
});
finish();
