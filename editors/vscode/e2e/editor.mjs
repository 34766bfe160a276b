// A real VS Code without a screen: its server, with its web workbench in Chromium. The extension host is the one of the desktop.
//
// Environment: VSCODE (the folder that editors/e2e/install made), CHROMIUM (its program), VSIX, AFIDT_LSP, DEMO, CRATE; PICTURES (where to keep pictures).
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';

export const { VSCODE, CHROMIUM, VSIX, AFIDT_LSP, DEMO, CRATE, PICTURES } = process.env;
/** For each thing that a test waits for, in milliseconds. */
const patience = 1000 * (Number(process.env.PATIENCE) || 60);

/** Where the extensions of the running editor are. */
let extensions;
let passed = 0;
let failed = 0;

/** Notes whether something is as it should be. */
export function check(name, ok, got) {
	if (ok) {
		passed++;
		console.log(`ok   ${name}`);
	} else {
		failed++;
		console.log(`FAIL ${name}: ${(typeof got === 'string' ? got : JSON.stringify(got) ?? '').replace(/\s+/g, ' ').slice(0, 2000)}`);
	}
	return ok;
}

/** Waits until f returns something true. */
export async function eventually(name, f, got) {
	const end = Date.now() + patience;
	for (;;) {
		const value = await f();
		if (value || Date.now() > end) {
			check(name, value, value ? '' : await got?.());
			return value;
		}
		await new Promise((r) => setTimeout(r, 50));
	}
}

const userSettings = {
	'workbench.startupEditor': 'none',
	'telemetry.telemetryLevel': 'off',
	'extensions.autoUpdate': false,
	'extensions.autoCheckUpdates': false,
	'extensions.ignoreRecommendations': true,
	'workbench.enableExperiments': false,
	'chat.disableAIFeatures': true,
	'git.enabled': false,
	// The web workbench would save by itself.
	'files.autoSave': 'off',
	'security.workspace.trust.enabled': false,
	'editor.minimap.enabled': false,
	'window.restoreWindows': 'none',
	'workbench.colorTheme': 'Default Light Modern',
};

/** Which server the settings name: none, when the package brings its own. */
export const ownServer = process.env.AFIDT_VSIX ? {} : { 'afidt.server.path': AFIDT_LSP };

/**
 * Opens a folder in a VS Code of its own, and runs a test in it.
 *
 *   settings      of the user, beside those that make it quiet
 *   file          to open, relative to the folder
 *   payload       more entries for the workbench's URL
 *   beforeLoad    is given the page before it loads
 */
export async function withEditor({ folder, settings = {}, file, payload = [], beforeLoad, install = true }, test) {
	const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'afidt-vscode-'));
	const data = path.join(scratch, 'data');
	extensions = path.join(scratch, 'extensions');
	// Settings for the machine may not contain those of the application, such as trust.
	fs.mkdirSync(path.join(data, 'data/User'), { recursive: true });
	fs.writeFileSync(path.join(data, 'data/User/settings.json'), JSON.stringify({ ...userSettings, ...settings }));
	// The web workbench forgets what it read there when it writes a setting of its own, as it does when a task is run.
	fs.mkdirSync(path.join(data, 'data/Machine'), { recursive: true });
	const ofMachine = Object.entries(settings).filter(([name]) => name.startsWith('afidt.server.'));
	fs.writeFileSync(path.join(data, 'data/Machine/settings.json'), JSON.stringify(Object.fromEntries(ofMachine)));
	// A gallery that is not there: nothing leaves this machine.
	const env = { ...process.env, EXTENSIONS_GALLERY: '{"serviceUrl":"http://127.0.0.1:9/"}' };
	delete env.NODE_OPTIONS;
	const main = [path.join(VSCODE, 'out/server-main.js'), '--server-data-dir', data, '--extensions-dir', extensions,
		'--accept-server-license-terms', '--telemetry-level', 'off'];
	let server, browser;
	try {
		if (install) {
			execFileSync(process.execPath, [...main, '--install-extension', VSIX], { env, stdio: ['ignore', 'ignore', 'pipe'] });
		}
		const port = await freePort();
		const log = fs.openSync(path.join(scratch, 'log'), 'w');
		server = spawn(process.execPath, [...main, '--host', '127.0.0.1', '--port', String(port), '--without-connection-token', '--enable-smoke-test-driver'],
			{ env, stdio: ['ignore', log, log] });
		const end = Date.now() + patience;
		while (!(await fetch(`http://127.0.0.1:${port}/version`).then((r) => r.ok, () => false))) {
			if (Date.now() > end || server.exitCode !== null) {
				throw new Error(`VS Code did not start: ${fs.readFileSync(path.join(scratch, 'log'), 'utf8')}`);
			}
			await new Promise((r) => setTimeout(r, 50));
		}
		browser = await chromium.launch({
			executablePath: CHROMIUM,
			args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
		});
		const context = await browser.newContext({ viewport: { width: 1100, height: 700 } });
		await context.route((url) => url.hostname !== '127.0.0.1' && !['blob:', 'data:'].includes(url.protocol), (route) => route.abort());
		const page = await context.newPage();
		page.setDefaultTimeout(patience);
		const remote = (file) => `vscode-remote://127.0.0.1:${port}${file}`;
		await beforeLoad?.(page);
		const entries = [...payload.map(([key, value]) => [key, value.startsWith('/') ? remote(value) : value]), ...(file ? [['openFile', remote(path.join(folder, file))]] : [])];
		await page.goto(`http://127.0.0.1:${port}/?folder=${encodeURIComponent(folder)}&payload=${encodeURIComponent(JSON.stringify(entries))}`);
		const editor = new Editor(page, folder);
		try {
			await test(editor);
		} catch (error) {
			check('no error', false, error.stack);
		}
		if (failed > 0 && process.env.AFIDT_FAILURE_PICTURE) {
			await page.screenshot({ path: process.env.AFIDT_FAILURE_PICTURE }).catch(() => {});
		}
	} finally {
		await browser?.close();
		if (server !== undefined && server.exitCode === null) {
			const ended = new Promise((r) => server.once('exit', r));
			server.kill();
			setTimeout(() => server.kill('SIGKILL'), 5000).unref();
			await ended;
		}
		await remove(scratch);
	}
}

/** Removes a folder; the extension host outlives its server by a moment, and writes logs there. */
async function remove(folder) {
	for (const end = Date.now() + patience; ; await new Promise((r) => setTimeout(r, 50))) {
		try {
			return fs.rmSync(folder, { recursive: true, force: true });
		} catch (error) {
			if (error.code !== 'ENOTEMPTY' || Date.now() > end) {
				throw error;
			}
		}
	}
}

/** Prints the sum and ends the process. */
export function finish() {
	console.log(`${passed} passed, ${failed} failed`);
	process.exit(failed === 0 && passed > 0 ? 0 : 1);
}

class Editor {
	constructor(page, folder) {
		this.page = page;
		this.folder = folder;
	}

	key(name) {
		return this.page.keyboard.press(name);
	}

	/** What the editor shows, line by line as they are drawn; its spaces are no-break ones. */
	async text() {
		return this.page.evaluate(() =>
			[...document.querySelectorAll('.editor-group-container.active .view-lines .view-line')]
				.map((line) => ({ top: parseFloat(line.style.top), text: line.textContent.replaceAll('\u00a0', ' ') }))
				.sort((a, b) => a.top - b.top)
				.map((line) => line.text)
				.join('\n'));
	}

	squiggles() {
		return this.page.locator('.monaco-editor .squiggly-error').count();
	}

	/** The rows of the Problems panel, which is opened. */
	async problems() {
		const rows = this.page.locator('.markers-panel .monaco-list-row');
		if ((await this.page.locator('.markers-panel').count()) === 0) {
			await this.key('Control+Shift+KeyM');
			await this.page.locator('.markers-panel').waitFor();
		}
		return (await rows.allInnerTexts()).map((row) => row.replace(/\s+/g, ' ').trim());
	}

	/** Puts the cursor into the first drawn line that has the text, on the text. */
	async at(text) {
		const input = this.page.locator('.find-widget.visible .find-part textarea').first();
		// A key that is pressed while the focus is on its way from another part is lost.
		for (const end = Date.now() + patience; (await input.count()) === 0 && Date.now() < end; ) {
			await this.key('Control+Digit1');
			await this.key('Control+KeyF');
			await input.waitFor({ timeout: 1000 }).catch(() => {});
		}
		await input.fill(text);
		await this.page.locator('.find-widget .matchesCount', { hasText: /of \d+/ }).waitFor();
		await this.key('Escape');
		await this.key('Control+Home');
		await this.key('F3');
		await this.page.locator('.statusbar-item', { hasText: `(${[...text].length} selected)` }).waitFor();
		await this.key('Escape');
		await this.page.locator('.find-widget.visible').waitFor({ state: 'hidden' });
	}

	/** The titles of the code actions at the cursor; the menu stays open. */
	async actions() {
		const first = this.page.locator('.action-widget .monaco-list-row').first();
		for (const end = Date.now() + patience; !(await first.isVisible()) && Date.now() < end; ) {
			await this.key('Control+Period');
			await first.waitFor({ timeout: 2000 }).catch(() => {});
		}
		return (await this.page.locator('.action-widget .monaco-list-row.action').allInnerTexts()).map((row) => row.trim());
	}

	/** Chooses the code action whose title has the text. */
	async act(pattern) {
		const titles = await this.actions();
		if (!titles.some((title) => pattern.test(title))) {
			await this.key('Escape');
			check(`a code action like ${pattern}`, false, titles);
			return;
		}
		const focused = this.page.locator('.action-widget .monaco-list-row.action.focused');
		for (let left = titles.length; left > 0 && !pattern.test((await focused.allInnerTexts()).join()); left--) {
			await this.key('ArrowDown');
		}
		await this.key('Enter');
		await this.page.locator('.action-widget').waitFor({ state: 'hidden' });
	}

	/** Runs a command of the palette by its title. */
	async command(title) {
		await this.key('F1');
		const input = this.page.locator('.quick-input-widget .quick-input-filter input');
		await input.waitFor();
		await input.fill(`>${title}`);
		await this.page.locator('.quick-input-widget .monaco-list-row.focused', { hasText: title.replace(/^[^:]*: /, '') }).waitFor();
		await this.key('Enter');
	}

	/** Opens a file of the folder by its name; if beside, in a second column. */
	async open(name, { beside = false } = {}) {
		const input = this.page.locator('.quick-input-widget .quick-input-filter input');
		await this.key('Control+KeyP');
		await input.waitFor();
		await input.fill(name);
		await this.page.locator('.quick-input-widget .monaco-list-row.focused', { hasText: name }).waitFor();
		await this.key(beside ? 'Control+Enter' : 'Enter');
		await this.page.locator('.editor-group-container.active .tab.active', { hasText: name }).waitFor();
		await this.page.locator('.editor-group-container.active .view-lines .view-line').first().waitFor();
	}

	/** Keeps a picture, if pictures are wanted. */
	async picture(name) {
		if (PICTURES) {
			// Where the mouse raises no hover, and ends none.
			await this.page.mouse.move(200, 500);
			// What is drawn a moment later: lenses, icons, the map of the file.
			await this.page.waitForTimeout(1000);
			await this.page.screenshot({ path: path.join(PICTURES, `${name}.png`), animations: 'disabled', caret: 'hide' });
		}
	}

	onDisk(file) {
		return fs.readFileSync(path.join(this.folder, file), 'utf8');
	}
}

/** The processes that run a program as a server: the one that the settings name, or the one in the extension. */
export function servers(program) {
	const isServer = (command) => (program === undefined ? command === AFIDT_LSP || command.startsWith(extensions) : command === program);
	return fs.readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.map(Number)
		.filter((pid) => {
			try {
				const [command, argument] = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
				return isServer(command) && argument === 'lsp';
			} catch {
				return false; // it is gone
			}
		});
}

/** Whether a server has answered `initialize` and told of what it found: one that dies before that was never started. */
export function works(pid) {
	try {
		return Number(/^wchar: (\d+)$/m.exec(fs.readFileSync(`/proc/${pid}/io`, 'utf8'))[1]) > 2000;
	} catch {
		return false; // it is gone
	}
}

/** Whether one server runs, and it is another process than before. */
export function replaced(before) {
	const now = servers();
	return now.length === 1 && now[0] !== before;
}

function freePort() {
	return new Promise((resolve) => {
		const probe = net.createServer().listen(0, '127.0.0.1', () => {
			const { port } = probe.address();
			probe.close(() => resolve(port));
		});
	});
}
