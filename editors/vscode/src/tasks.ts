// `afidt-lsp check` as a task of each open folder that has a manifest.

import * as vscode from 'vscode';
import type { Server } from './server';

export const taskType = 'afidt';

interface Definition extends vscode.TaskDefinition {
	command: 'check';
	args?: string[];
}

export class Tasks implements vscode.TaskProvider {
	constructor(private readonly server: Server) {}

	async provideTasks(): Promise<vscode.Task[]> {
		const tasks: vscode.Task[] = [];
		if (!this.server.isLocated()) {
			return tasks;
		}
		for (const folder of vscode.workspace.workspaceFolders ?? []) {
			const manifest = vscode.Uri.joinPath(folder.uri, 'Cargo.toml');
			if (await vscode.workspace.fs.stat(manifest).then(() => true, () => false)) {
				tasks.push(this.task({ type: taskType, command: 'check' }, folder));
			}
		}
		return tasks;
	}

	resolveTask(task: vscode.Task): vscode.Task | undefined {
		const definition = task.definition as Definition;
		const scope = task.scope;
		// A task without a folder has no manifest to begin with.
		return typeof scope === 'object' ? this.task(definition, scope) : undefined;
	}

	/** The program is started as it is, with a list of arguments: no shell reads what tasks.json says. */
	private task(definition: Definition, folder: vscode.WorkspaceFolder): vscode.Task {
		const { program } = this.server.locate();
		const args = ['check', '--format', 'short', ...(definition.args ?? [])];
		const execution = new vscode.ProcessExecution(program, args, { cwd: folder.uri.fsPath });
		const task = new vscode.Task(definition, folder, 'check', 'afidt', execution, '$afidt');
		task.group = vscode.TaskGroup.Build;
		task.presentationOptions = { reveal: vscode.TaskRevealKind.Silent };
		return task;
	}
}
