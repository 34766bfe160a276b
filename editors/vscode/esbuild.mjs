// Bundles the extension into dist/extension.js; with --tests, the tests into out/test.
import { build } from 'esbuild';
import fs from 'node:fs';

const common = { bundle: true, platform: 'node', format: 'cjs', target: 'node20', external: ['vscode'], logLevel: 'warning' };
await build({ ...common, entryPoints: ['src/extension.ts'], outfile: 'dist/extension.js', minify: true });
if (process.argv.includes('--tests')) {
	fs.rmSync('out/test', { recursive: true, force: true });
	await build({ ...common, entryPoints: tests('test'), outbase: 'test', outdir: 'out/test', sourcemap: 'inline' });
}

function tests(folder) {
	return fs.readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.ts')).map((name) => `${folder}/${name}`);
}
