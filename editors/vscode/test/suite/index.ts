// Runs in VS Code's extension host, with its real API.

import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';

async function eventually<T>(what: string, f: () => T | undefined | false | null | Promise<T | undefined | false | null>): Promise<T> {
	const end = Date.now() + 20_000;
	for (;;) {
		const value = await f();
		if (value !== undefined && value !== false && value !== null) {
			return value;
		}
		assert.ok(Date.now() < end, `in vain: ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}

const folder = () => {
	const first = vscode.workspace.workspaceFolders?.[0];
	assert.ok(first);
	return first.uri;
};
const file = (name: string) => vscode.Uri.joinPath(folder(), name);
const codeOf = (d: vscode.Diagnostic) => (typeof d.code === 'object' ? d.code.value : d.code);
const errors = (uri: vscode.Uri) => vscode.languages.getDiagnostics(uri).filter((d) => d.source === 'afidt' && codeOf(d) === 'E0038');

async function open(name: string): Promise<vscode.TextDocument> {
	const document = await vscode.workspace.openTextDocument(file(name));
	await vscode.window.showTextDocument(document);
	return document;
}

function place(document: vscode.TextDocument, text: string): vscode.Range {
	const start = document.getText().indexOf(text);
	assert.notEqual(start, -1, text);
	return new vscode.Range(document.positionAt(start), document.positionAt(start + text.length));
}

async function actions(document: vscode.TextDocument, range: vscode.Range, kind?: string): Promise<vscode.CodeAction[]> {
	return vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, range, kind, 50);
}

async function revert(): Promise<void> {
	await vscode.commands.executeCommand('workbench.action.files.revert');
}

const tests: Record<string, () => Promise<void>> = {
	async 'diagnostics have code, link, source, related places and right columns'() {
		const document = await open('src/lib.rs');
		const found = await eventually('two errors', () => errors(document.uri).length === 2 && errors(document.uri));
		for (const d of found) {
			assert.equal(document.getText(d.range), 'dyn HttpClient');
			assert.equal(d.severity, vscode.DiagnosticSeverity.Error);
			assert.ok(typeof d.code === 'object' && d.code.target.scheme === 'https', 'a link');
			assert.ok(d.relatedInformation?.some((r) => r.location.uri.path.endsWith('/src/client.rs')), 'the method in the other file');
		}
	},

	async 'exactly one action is preferred, and each has its diagnostics'() {
		const document = await open('src/lib.rs');
		const offered = await actions(document, place(document, 'dyn HttpClient'));
		const quick = offered.filter((a) => a.kind?.contains(vscode.CodeActionKind.QuickFix) ?? vscode.CodeActionKind.QuickFix.contains(a.kind ?? vscode.CodeActionKind.Empty));
		assert.ok(quick.length > 0, JSON.stringify(offered.map((a) => a.title)));
		assert.ok(quick.filter((a) => a.isPreferred).length <= 1);
	},

	async 'source actions come only when asked for'() {
		const document = await open('src/lib.rs');
		const all = await actions(document, place(document, 'dyn HttpClient'));
		assert.ok(all.every((a) => !vscode.CodeActionKind.SourceFixAll.contains(a.kind ?? vscode.CodeActionKind.Empty)), JSON.stringify(all.map((a) => a.title)));
	},

	async 'cargo shows the same error: ours is hidden, its fixes stay'() {
		const document = await open('src/lib.rs');
		await eventually('two errors', () => errors(document.uri).length === 2);
		const cargo = vscode.languages.createDiagnosticCollection('a stand-in for rust-analyzer');
		try {
			const twin = new vscode.Diagnostic(place(document, 'dyn HttpClient'), 'the trait `HttpClient` is not dyn compatible');
			twin.code = 'E0038';
			twin.source = 'rustc';
			cargo.set(document.uri, [twin]);
			await eventually('one is hidden', () => errors(document.uri).length === 1);
			assert.ok((await actions(document, twin.range)).length > 0);
			await settings('hideCargoDuplicates', false, async () => {
				await eventually('both are shown, because the setting says so', () => errors(document.uri).length === 2);
			});
			await eventually('hidden again', () => errors(document.uri).length === 1);
			cargo.clear();
			await eventually('shown when those of cargo go', () => errors(document.uri).length === 2);
		} finally {
			cargo.dispose();
		}
	},

	async 'a change of the trait changes the other file, unsaved'() {
		const client = await open('src/client.rs');
		const user = file('src/lib.rs');
		await vscode.workspace.openTextDocument(user);
		await eventually('two errors', () => errors(user).length === 2);
		const edit = new vscode.WorkspaceEdit();
		edit.replace(client.uri, place(client, 'async fn fetch'), 'fn fetch');
		assert.ok(await vscode.workspace.applyEdit(edit));
		await eventually('no error', () => errors(user).length === 0);
		await revert();
		await eventually('two errors again', () => errors(user).length === 2);
	},

	async 'a severity in the settings is obeyed at once'() {
		const document = await open('src/lib.rs');
		await eventually('two errors', () => errors(document.uri).length === 2);
		await settings('rules', { dyn_incompatible_trait: 'off' }, async () => {
			await eventually('none', () => errors(document.uri).length === 0);
		});
		await eventually('two again', () => errors(document.uri).length === 2);
	},

	async 'a file that was never saved is checked'() {
		const document = await vscode.workspace.openTextDocument({ language: 'rust', content: 'trait T { async fn f(&self); }\nfn g(_: &dyn T) {}\n' });
		await eventually('an error', () => errors(document.uri).length === 1);
	},

	async 'hover and lens say what a trait is, and the lens shows it desugared'() {
		const document = await open('src/client.rs');
		const trait = place(document, 'HttpClient');
		const hovers = await eventually('a hover', async () => {
			const found = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, trait.start);
			return found.length > 0 && found;
		});
		assert.match(hovers.flatMap((h) => h.contents.map((c) => (c as vscode.MarkdownString).value)).join('\n'), /fetch/);
		const lens = await eventually('a lens', async () => {
			const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 10);
			return found.find((l) => l.command?.command === 'afidt.showDesugared');
		});
		assert.ok(lens.command);
		await vscode.commands.executeCommand(lens.command.command, ...((lens.command.arguments ?? []) as unknown[]));
		const shown = await eventually('the page', () => vscode.workspace.textDocuments.find((d) => d.uri.scheme === 'afidt'));
		assert.match(shown.getText(), /trait HttpClient/);
		assert.equal(shown.languageId, 'rust');
		assert.equal(vscode.languages.getDiagnostics(shown.uri).length, 0);
		await settings('codeLens.enable', false, async () => {
			await eventually('no lens', async () => (await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 10)).length === 0);
		});
	},

	async 'all commands are there'() {
		const names = await vscode.commands.getCommands(true);
		const extension = vscode.extensions.getExtension('afidt-lsp.afidt');
		assert.ok(extension?.isActive);
		const { contributes } = extension.packageJSON as { contributes: { commands: { command: string }[] } };
		for (const { command } of contributes.commands) {
			assert.ok(names.includes(command), command);
		}
	},

	async 'a second folder is served by the same server'() {
		const crate = process.env.AFIDT_TEST_CRATE;
		assert.ok(crate);
		const uri = vscode.Uri.joinPath(vscode.Uri.file(crate), 'src/io/write.rs');
		const document = await vscode.workspace.openTextDocument(uri);
		await vscode.window.showTextDocument(document);
		const edit = new vscode.WorkspaceEdit();
		edit.insert(uri, document.positionAt(document.getText().length), 'pub fn typed(_: &mut dyn AsyncWrite) {}\n');
		assert.ok(await vscode.workspace.applyEdit(edit));
		const found = await eventually('an error in what was typed', () => errors(uri).length > 0 && errors(uri));
		assert.equal(found.length, 1);
		await revert();
		await eventually('none when it is gone', () => errors(uri).length === 0);
	},

	async 'the task finds what the server found, and nothing is there twice'() {
		const [task] = await vscode.tasks.fetchTasks({ type: 'afidt' });
		assert.ok(task, 'a task');
		assert.deepEqual((task.execution as vscode.ProcessExecution).args, ['check', '--format', 'short']);
		const ended = new Promise<number | undefined>((resolve) => {
			const subscription = vscode.tasks.onDidEndTaskProcess((event) => {
				subscription.dispose();
				resolve(event.exitCode);
			});
		});
		await vscode.tasks.executeTask(task);
		assert.equal(await ended, 1, 'there are errors');
		await eventually('two errors', () => errors(file('src/lib.rs')).length === 2);
	},

	async 'safe fixes are made when a file is saved, if the settings say so'() {
		// The last test: it leaves the folder changed.
		const document = await open('src/client.rs');
		const original = document.getText();
		const twice = (call: string) => '\nfn boxed() -> std::pin::Pin<Box<dyn Future<Output = ()>>> {\n    Box::pin(async {})\n}\n\npub async fn twice() {\n    ' + call + '.await;\n}\n';
		const edit = new vscode.WorkspaceEdit();
		edit.insert(document.uri, document.positionAt(original.length), twice('Box::pin(boxed())'));
		assert.ok(await vscode.workspace.applyEdit(edit));
		await eventually('a box too many', () => vscode.languages.getDiagnostics(document.uri).some((d) => codeOf(d) === 'AFIDT006'));
		assert.ok(await document.save());
		const saved = Buffer.from(await vscode.workspace.fs.readFile(document.uri)).toString();
		assert.ok(saved.endsWith(twice('boxed()')), saved);
		// The companion is safe, too.
		assert.match(saved, /DynHttpClient/);
	},
};

/** Runs f with a setting of the workspace changed. Those of the user are lost in the web workbench when one is written. */
async function settings(name: string, value: unknown, f: () => Promise<void>): Promise<void> {
	const section = vscode.workspace.getConfiguration('afidt');
	await section.update(name, value, vscode.ConfigurationTarget.Workspace);
	try {
		await f();
	} finally {
		await section.update(name, undefined, vscode.ConfigurationTarget.Workspace);
	}
}

export async function run(): Promise<void> {
	let failed = 0;
	for (const [name, test] of Object.entries(tests)) {
		try {
			await test();
			console.log(`ok   ${name}`);
		} catch (error) {
			failed++;
			console.log(`FAIL ${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
		}
	}
	if (failed > 0) {
		throw new Error(`${failed} tests failed`);
	}
}
