// The commands of the palette, the status item and the server's lenses.

import * as vscode from 'vscode';
import type { Pages } from './pages';
import type { Server } from './server';

type Handler = (...args: never[]) => unknown;

export function registerCommands(server: Server, pages: Pages): vscode.Disposable {
	const handlers: Record<string, Handler> = {
		'afidt.restart': () => server.restart(),
		'afidt.stop': () => server.stop(),
		'afidt.showOutput': () => {
			server.showOutput();
		},
		'afidt.serverVersion': () => vscode.window.showInformationMessage(describe(server)),
		'afidt.menu': () => menu(server),
		'afidt.fixAll': () => vscode.commands.executeCommand('editor.action.codeAction', { kind: 'source.fixAll.afidt', apply: 'first' }),
		'afidt.report': () => report(server, pages),
		'afidt.showDesugared': (...args) => showDesugared(server, pages, args),
		'afidt.explainRule': (rule?: string) => explainRule(server, pages, rule),
	};
	return vscode.Disposable.from(
		...Object.entries(handlers).map(([name, handler]) =>
			vscode.commands.registerCommand(name, async (...args: never[]) => {
				try {
					return await handler(...args);
				} catch (error) {
					void vscode.window.showErrorMessage((error as Error).message);
					return undefined;
				}
			}),
		),
	);
}

function describe(server: Server): string {
	const state = server.current;
	switch (state.kind) {
		case 'running':
			return `afidt-lsp ${state.version} (${state.origin})`;
		case 'starting':
			return 'The server of afidt is starting.';
		case 'stopped':
			return 'The server of afidt is stopped.';
		case 'failed':
			return state.problem;
	}
}

async function menu(server: Server): Promise<void> {
	const entries = [
		{ label: '$(list-tree) Report', command: 'afidt.report' },
		{ label: '$(question) Explain a rule', command: 'afidt.explainRule' },
		{ label: '$(refresh) Restart server', command: 'afidt.restart' },
		{ label: '$(debug-stop) Stop server', command: 'afidt.stop' },
		{ label: '$(output) Show output', command: 'afidt.showOutput' },
	];
	const chosen = await vscode.window.showQuickPick(entries, { title: describe(server) });
	if (chosen !== undefined) {
		await vscode.commands.executeCommand(chosen.command);
	}
}

async function report(server: Server, pages: Pages): Promise<void> {
	const text = await server.execute('afidt.report');
	if (typeof text === 'string') {
		await pages.showMarkdown('Traits of the workspace', text);
	}
}

/** Of the trait that a lens names, or of the one at the cursor. */
async function showDesugared(server: Server, pages: Pages, args: unknown[]): Promise<void> {
	const editor = vscode.window.activeTextEditor;
	if (args.length === 0 && editor === undefined) {
		throw new Error('Open a Rust file and put the cursor on a trait.');
	}
	const position = editor?.selection.active;
	const where = args.length > 0 ? args : [{ textDocument: { uri: editor?.document.uri.toString() }, position: { line: position?.line, character: position?.character } }];
	const text = await server.execute('afidt.showDesugared', ...where);
	if (typeof text !== 'string') {
		throw new Error('There is no trait at the cursor.');
	}
	await pages.showRust('desugared', text);
}

async function explainRule(server: Server, pages: Pages, rule?: string): Promise<void> {
	const chosen = rule ?? (await vscode.window.showInputBox({ title: 'Explain a rule of afidt', prompt: 'Its name or code', placeHolder: 'dyn_incompatible_trait or E0038' }));
	if (chosen === undefined || chosen === '') {
		return;
	}
	const page = await server.execute('afidt.explainRule', chosen);
	if (typeof page === 'string') {
		await pages.showMarkdown(chosen, page);
	}
}
