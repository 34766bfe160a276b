// The channel of the trace, made when there is something to show.

import * as vscode from 'vscode';

export class LazyChannel implements vscode.OutputChannel {
	private channel: vscode.OutputChannel | undefined;

	constructor(readonly name: string) {}

	private get made(): vscode.OutputChannel {
		this.channel ??= vscode.window.createOutputChannel(this.name);
		return this.channel;
	}

	append(value: string): void {
		this.made.append(value);
	}
	appendLine(value: string): void {
		this.made.appendLine(value);
	}
	replace(value: string): void {
		this.made.replace(value);
	}
	clear(): void {
		this.channel?.clear();
	}
	show(): void {
		this.made.show(true);
	}
	hide(): void {
		this.channel?.hide();
	}
	dispose(): void {
		this.channel?.dispose();
	}
}
