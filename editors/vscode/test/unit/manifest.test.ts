import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';

interface Manifest {
	contributes: {
		configuration: { properties: Record<string, { markdownDescription?: string; order?: number; scope?: string; enum?: unknown[]; enumDescriptions?: string[]; additionalProperties?: { enum?: string[] } }> };
		commands: { command: string; title: string }[];
		problemMatchers: { name: string; owner: string; pattern: { regexp: string } }[];
		walkthroughs: { steps: { media: { image?: string; markdown?: string; altText?: string } }[] }[];
	};
	capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
}

// Tests are run in the folder of the extension.
const read = (file: string) => fs.readFileSync(file, 'utf8');
const manifest = JSON.parse(read('package.json')) as Manifest;
const { configuration, commands, problemMatchers, walkthroughs } = manifest.contributes;

test('every setting is described, ordered and scoped', () => {
	const orders = new Set<number>();
	for (const [name, setting] of Object.entries(configuration.properties)) {
		assert.ok(setting.markdownDescription, name);
		assert.ok(setting.scope, name);
		assert.ok(setting.order !== undefined && !orders.has(setting.order), `order of ${name}`);
		orders.add(setting.order);
		assert.equal(setting.enum?.length, setting.enumDescriptions?.length, name);
	}
});

test('settings that choose a program or where its data goes need trust', () => {
	const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
	for (const name of Object.keys(configuration.properties)) {
		assert.equal(restricted.includes(name), /^afidt\.(server|trace)\./.test(name), name);
	}
});

test('every command has a handler, and every handler a command', () => {
	const source = read('src/commands.ts');
	const handled = [...source.matchAll(/^\t\t'(afidt\.\w+)':/gm)].map((match) => match[1]);
	assert.deepEqual(handled.sort(), commands.map((c) => c.command).sort());
});

test("README's table of settings is that of package.json", () => {
	const rows = Object.entries(configuration.properties)
		.sort(([, a], [, b]) => (a.order ?? 0) - (b.order ?? 0))
		.map(([name, setting]) => `| \`${name}\` | ${setting.markdownDescription?.replaceAll('|', '\\|') ?? ''} |`);
	const table = ['| setting | |', '|---|---|', ...rows].join('\n');
	assert.ok(read('README.md').includes(table), `README.md should have this table:\n${table}`);
});

test('the schema of afidt.toml has every rule set and severity that the settings have', () => {
	const schema = JSON.parse(read('schemas/afidt.json')) as { properties: { 'rule-set': { enum: string[] }; rules: { properties: Record<string, { enum: string[] }> } } };
	const settings = configuration.properties;
	assert.deepEqual(settings['afidt.rule-set']?.enum, [null, ...schema.properties['rule-set'].enum]);
	const severities = settings['afidt.rules']?.additionalProperties?.enum;
	for (const [rule, { enum: levels }] of Object.entries(schema.properties.rules.properties)) {
		assert.deepEqual(levels, severities, rule);
	}
});

test('pictures and pages exist', () => {
	for (const { steps } of walkthroughs) {
		for (const { media } of steps) {
			const file = media.image ?? media.markdown ?? '';
			assert.ok(fs.statSync(file).size > 0, file);
			assert.ok(media.image === undefined || media.altText, file);
		}
	}
	for (const [, file] of read('README.md').matchAll(/\]\((media\/[^)]+)\)/g)) {
		assert.ok(fs.existsSync(file ?? ''), file);
	}
});

test('the problem matcher reads what check prints', () => {
	const [matcher] = problemMatchers;
	assert.ok(matcher);
	assert.equal(matcher.owner, 'afidt');
	const line = 'src/lib.rs:8:27: error[E0038]: the trait `Channel` is not dyn compatible: method `send` is `async`';
	const match = new RegExp(matcher.pattern.regexp).exec(line);
	assert.deepEqual(match?.slice(1), ['src/lib.rs', '8', '27', 'error', 'E0038', 'the trait `Channel` is not dyn compatible: method `send` is `async`']);
	assert.deepEqual(new RegExp(matcher.pattern.regexp).exec('C:\\a b\\lib.rs:1:2: hint: x')?.slice(1, 4), ['C:\\a b\\lib.rs', '1', '2']);
	assert.equal(new RegExp(matcher.pattern.regexp).exec('2 files checked: 1 error, 1 warning'), null);
});

test('licence and change log go along', () => {
	for (const file of ['LICENSE', 'CHANGELOG.md', path.join('media', 'icon.png')]) {
		assert.ok(fs.existsSync(file), file);
	}
});
