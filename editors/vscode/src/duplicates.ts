// Hides our diagnostics beside the same ones of cargo, and shows them again when cargo's go.

import * as vscode from 'vscode';
import { withoutTwins } from './twins';

type Show = (uri: vscode.Uri, diagnostics: vscode.Diagnostic[]) => void;

interface Published {
	uri: vscode.Uri;
	all: vscode.Diagnostic[];
	/** How many of them are shown. */
	shown: number;
	show: Show;
}

/** What the server published last for each file. */
export class Duplicates implements vscode.Disposable {
	private readonly published = new Map<string, Published>();
	private readonly subscriptions: vscode.Disposable[];

	constructor() {
		this.subscriptions = [
			vscode.languages.onDidChangeDiagnostics((event) => {
				for (const uri of event.uris) {
					this.again(uri);
				}
			}),
			vscode.workspace.onDidChangeConfiguration((event) => {
				if (event.affectsConfiguration('afidt.hideCargoDuplicates')) {
					for (const { uri } of this.published.values()) {
						this.again(uri);
					}
				}
			}),
		];
	}

	publish(uri: vscode.Uri, all: vscode.Diagnostic[], show: Show): void {
		const shown = visible(uri, all);
		if (all.length === 0) {
			this.published.delete(uri.toString());
		} else {
			this.published.set(uri.toString(), { uri, all, shown: shown.length, show });
		}
		show(uri, shown);
	}

	/** Our own change raises the same event: the number shown is then what it was, and nothing is done. */
	private again(uri: vscode.Uri): void {
		const last = this.published.get(uri.toString());
		if (last === undefined) {
			return;
		}
		const shown = visible(uri, last.all);
		if (shown.length !== last.shown) {
			last.shown = shown.length;
			last.show(uri, shown);
		}
	}

	/** Forgets a server's lists; the client clears its own collection. */
	clear(): void {
		this.published.clear();
	}

	dispose(): void {
		this.clear();
		for (const subscription of this.subscriptions) {
			subscription.dispose();
		}
	}
}

function visible(uri: vscode.Uri, all: vscode.Diagnostic[]): vscode.Diagnostic[] {
	const hide = vscode.workspace.getConfiguration('afidt', uri).get<boolean>('hideCargoDuplicates', true);
	return hide ? withoutTwins(all, vscode.languages.getDiagnostics(uri)) : all;
}
