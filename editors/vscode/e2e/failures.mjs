// A server that is missing or is none: said once, with what to do.
import fs from 'node:fs';
import path from 'node:path';
import { AFIDT_LSP, check, DEMO, eventually, finish, servers, withEditor } from './editor.mjs';

const missing = path.join(path.dirname(DEMO), 'nowhere/afidt-lsp');
await withEditor({ folder: DEMO, file: 'src/lib.rs', settings: { 'afidt.server.path': missing } }, async (editor) => {
	const { page } = editor;
	const toasts = page.locator('.notification-toast');
	await eventually('a message names the file', async () => (await toasts.allInnerTexts()).some((text) => text.includes(missing)), () => toasts.allInnerTexts());
	const buttons = await toasts.locator('.monaco-button').allInnerTexts();
	check('it offers the settings and the output', buttons.includes('Open Settings') && buttons.includes('Show Output'), buttons);
	check('once', (await toasts.count()) === 1, await toasts.allInnerTexts());
	check('the status bar has the error', (await page.locator('.statusbar-item', { hasText: 'afidt' }).count()) === 1);
	check('nothing is underlined', (await editor.squiggles()) === 0);

	// The link to nowhere is made a server, and the command finds it.
	fs.mkdirSync(path.dirname(missing));
	fs.symlinkSync(AFIDT_LSP, missing);
	await editor.command('afidt: Restart Server');
	await eventually('the command starts it when it is there', async () => (await editor.squiggles()) >= 2, () => toasts.allInnerTexts());
	await eventually('the error is gone from the status bar', async () => (await page.locator('.statusbar-item', { hasText: 'afidt' }).count()) === 0);
	check('one server', servers(missing).length === 1, servers(missing));
	await editor.command('afidt: Stop Server');
	await eventually('the command stops it', () => servers(missing).length === 0, () => servers(missing));
	await eventually('and its findings go', async () => (await editor.squiggles()) === 0);
});
finish();
