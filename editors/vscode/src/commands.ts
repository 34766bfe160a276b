// The commands of the palette, the status item and the server's lenses.

import * as vscode from 'vscode';
import type { Location } from 'vscode-languageclient/node';
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
		'afidt.openSettings': () => vscode.commands.executeCommand('workbench.action.openSettings', '@ext:afidt-lsp.afidt'),
		'afidt.menu': () => menu(server),
		'afidt.fixAll': () => vscode.commands.executeCommand('editor.action.codeAction', { kind: 'source.fixAll.afidt', apply: 'first' }),
		'afidt.report': () => report(server, pages),
		'afidt.showDesugared': (...args) => showDesugared(server, pages, args),
		'afidt.showUses': (...args) => showUses(server, args),
		'afidt.explainRule': (rule?: string) => explainRule(server, pages, rule),
	};
	return vscode.Disposable.from(
		...Object.entries(handlers).map(([name, handler]) =>
			vscode.commands.registerCommand(name, async (...args: never[]) => {
				try {
					return await handler(...args);
				} catch (error) {
					void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
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
	const running = server.current.kind === 'running' || server.current.kind === 'starting';
	const entries = [
		...(running
			? [
					{ label: '$(list-tree) Report', command: 'afidt.report' },
					{ label: '$(question) Explain a rule', command: 'afidt.explainRule' },
					{ label: '$(refresh) Restart server', command: 'afidt.restart' },
					{ label: '$(debug-stop) Stop server', command: 'afidt.stop' },
				]
			: [{ label: '$(play) Start server', command: 'afidt.restart' }]),
		{ label: '$(output) Show output', command: 'afidt.showOutput' },
		{ label: '$(gear) Open settings', command: 'afidt.openSettings' },
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

/** A place in a file, as the protocol has it. */
interface Place {
	textDocument: { uri: string };
	position: { line: number; character: number };
}

/** The trait that a lens names, or what is at the cursor. */
function placeOf([named]: unknown[]): Place {
	if (named !== undefined) {
		return named as Place; // the server's own lens made it
	}
	const editor = vscode.window.activeTextEditor;
	if (editor === undefined) {
		throw new Error('Open a Rust file and put the cursor on a trait.');
	}
	const { line, character } = editor.selection.active;
	return { textDocument: { uri: editor.document.uri.toString() }, position: { line, character } };
}

/** The places where a trait is written as `dyn`, in the editor's own list of references. */
async function showUses(server: Server, args: unknown[]): Promise<void> {
	const { textDocument, position } = placeOf(args);
	const uses = (await server.execute('afidt.showUses', { textDocument, position })) as Location[] | null;
	if (uses === null || uses.length === 0) {
		throw new Error(uses === null ? 'There is no trait at the cursor.' : 'Nothing uses this trait as dyn.');
	}
	const locations = uses.map(({ uri, range: { start, end } }) => new vscode.Location(vscode.Uri.parse(uri), new vscode.Range(start.line, start.character, end.line, end.character)));
	await vscode.commands.executeCommand('editor.action.showReferences', vscode.Uri.parse(textDocument.uri), new vscode.Position(position.line, position.character), locations);
}

async function showDesugared(server: Server, pages: Pages, args: unknown[]): Promise<void> {
	const text = await server.execute('afidt.showDesugared', placeOf(args));
	if (typeof text !== 'string') {
		throw new Error('There is no trait at the cursor.');
	}
	await pages.showRust('desugared', text);
}

async function explainRule(server: Server, pages: Pages, rule?: string): Promise<void> {
	const chosen = rule ?? (await vscode.window.showInputBox({ title: 'Explain a rule of afidt', prompt: 'Its name or code, or the ID of a fix', placeHolder: 'dyn_incompatible_trait or E0038' }));
	if (chosen === undefined || chosen === '') {
		return;
	}
	const page = await server.execute('afidt.explainRule', chosen);
	if (typeof page === 'string') {
		await pages.showMarkdown(chosen, page);
	}
}
