// What the editor calls.

import * as vscode from 'vscode';
import { registerCommands } from './commands';
import { Pages } from './pages';
import { Server } from './server';
import { taskType, Tasks } from './tasks';

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
	const started = new Server(context);
	server = started;
	const pages = new Pages();
	context.subscriptions.push(
		started,
		pages,
		registerCommands(started, pages),
		vscode.tasks.registerTaskProvider(taskType, new Tasks(started)),
		vscode.workspace.onDidChangeConfiguration((event) => {
			if (['afidt.enable', 'afidt.server'].some((section) => event.affectsConfiguration(section))) {
				void started.restart();
			}
		}),
		// What the folder's settings say counts from now on.
		vscode.workspace.onDidGrantWorkspaceTrust(() => started.restart()),
	);
	await vscode.commands.executeCommand('setContext', 'afidt.active', true);
	await started.start();
}

export function deactivate(): Promise<void> | undefined {
	return server?.stop();
}
