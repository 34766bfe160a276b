// What the user sees of the server's state.

import * as vscode from 'vscode';

export type State =
	| { kind: 'starting' }
	| { kind: 'running'; version: string; origin: string }
	| { kind: 'stopped' }
	| { kind: 'failed'; problem: string };

/** An entry in the language status of Rust files; in the status bar only when the server is down for a reason. */
export class Status implements vscode.Disposable {
	private readonly item: vscode.LanguageStatusItem;
	private readonly bar: vscode.StatusBarItem;

	constructor() {
		this.item = vscode.languages.createLanguageStatusItem('afidt.status', { language: 'rust' });
		this.item.name = 'afidt';
		this.item.command = { command: 'afidt.menu', title: 'Menu' };
		this.bar = vscode.window.createStatusBarItem('afidt.error', vscode.StatusBarAlignment.Left);
		this.bar.name = 'afidt';
		this.bar.text = '$(error) afidt';
		this.bar.command = 'afidt.menu';
		this.bar.backgroundColor = new vscode.ThemeColor('statusBarItem.errorBackground');
	}

	set(state: State): void {
		const { item, bar } = this;
		item.busy = state.kind === 'starting';
		item.severity = state.kind === 'failed' ? vscode.LanguageStatusSeverity.Error : vscode.LanguageStatusSeverity.Information;
		switch (state.kind) {
			case 'starting':
				item.text = 'afidt: starting';
				item.detail = '';
				break;
			case 'running':
				item.text = 'afidt';
				item.detail = `${state.version} from ${state.origin}`;
				break;
			case 'stopped':
				item.text = 'afidt: stopped';
				item.detail = '';
				break;
			case 'failed':
				item.text = 'afidt: not running';
				item.detail = state.problem;
				bar.tooltip = state.problem;
				break;
		}
		if (state.kind === 'failed') {
			bar.show();
		} else {
			bar.hide();
		}
	}

	dispose(): void {
		this.item.dispose();
		this.bar.dispose();
	}
}
