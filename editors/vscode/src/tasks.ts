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
		for (const folder of vscode.workspace.workspaceFolders ?? []) {
			const manifests = await vscode.workspace.findFiles(new vscode.RelativePattern(folder, 'Cargo.toml'), null, 1);
			if (manifests.length > 0) {
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
