// Documents that the server makes: shown in the editor, kept nowhere.

import * as vscode from 'vscode';

export class Pages implements vscode.TextDocumentContentProvider, vscode.Disposable {
	static readonly scheme = 'afidt';
	private readonly texts = new Map<string, string>();
	private readonly changed = new vscode.EventEmitter<vscode.Uri>();
	private readonly subscriptions: vscode.Disposable[];
	readonly onDidChange = this.changed.event;

	constructor() {
		this.subscriptions = [
			this.changed,
			vscode.workspace.registerTextDocumentContentProvider(Pages.scheme, this),
			vscode.workspace.onDidCloseTextDocument((document) => this.texts.delete(document.uri.toString())),
		];
	}

	provideTextDocumentContent(uri: vscode.Uri): string {
		return this.texts.get(uri.toString()) ?? '';
	}

	/** Shows Markdown, rendered. The name is what the tab is called. */
	async showMarkdown(name: string, text: string): Promise<void> {
		await vscode.commands.executeCommand('markdown.showPreview', this.put(`${name}.md`, text));
	}

	/** Shows Rust beside what is being edited. */
	async showRust(name: string, text: string): Promise<void> {
		const document = await vscode.workspace.openTextDocument(this.put(`${name}.rs`, text));
		// A document of the scheme afidt is not the server's: it has to stay without findings.
		await vscode.languages.setTextDocumentLanguage(document, 'rust');
		await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: true });
	}

	dispose(): void {
		for (const subscription of this.subscriptions) {
			subscription.dispose();
		}
	}

	private put(name: string, text: string): vscode.Uri {
		const uri = vscode.Uri.from({ scheme: Pages.scheme, path: `/${name}` });
		this.texts.set(uri.toString(), text);
		this.changed.fire(uri);
		return uri;
	}
}
