// A published crate in which a user types a `dyn`: underlined, listed, fixed in each way, saved, and there again after a restart.
import { check, CRATE, eventually, finish, ownServer, replaced, servers, withEditor } from './editor.mjs';

const file = 'src/io/write.rs';
const typed = 'pub async fn typed(port: &mut dyn AsyncWrite) -> io::Result<()> { port.flush().await }\n';

await withEditor({ folder: CRATE, file, settings: ownServer }, async (editor) => {
	const text = () => editor.text();
	const has = async (what) => (await text()).includes(what);
	const original = editor.onDisk(file);

	await editor.page.locator('.monaco-editor .view-lines').first().waitFor();
	await eventually('the server is there', () => servers().length === 1, servers);
	check('nothing is underlined in the crate as it is published', (await editor.squiggles()) === 0, await editor.problems());

	await editor.at('pub trait AsyncWrite');
	await editor.key('Control+End');
	await editor.page.keyboard.insertText(`\n${typed}`);
	await eventually('what was typed is underlined', async () => (await editor.squiggles()) === 1, () => editor.problems());
	await eventually('Problems has it', async () =>
		(await editor.problems()).some((row) => row.includes('`AsyncWrite` is not dyn compatible') && row.includes('E0038') && row.includes('afidt')), () => editor.problems());
	await editor.key('Control+KeyJ');
	for (const [fix, pattern, result] of [
		['.box', /\.box/, 'port.flush().box.await'],
		['dyn_box!', /std::preview::dyn_box!/, 'dyn_box!(port.flush()).await'],
	]) {
		await editor.at('port.flush()');
		await editor.act(pattern);
		await eventually(`${fix} is written`, () => has(result), text);
		await editor.key('Control+KeyZ');
		await eventually(`one undo takes ${fix} back`, () => has('port.flush().await'), text);
	}

	await editor.key('Control+KeyS');
	await eventually('saved', () => editor.onDisk(file) === `${original}\n${typed}`, () => editor.onDisk(file).slice(-300));
	check('a saved file keeps its squiggle', (await editor.squiggles()) === 1, await editor.problems());
	await editor.key('Control+KeyJ');

	const first = servers();
	await editor.command('afidt: Restart Server');
	await eventually('another server', () => replaced(first[0]), servers);
	await eventually('underlined again', async () => (await editor.squiggles()) === 1, () => editor.problems());

	await editor.at('dyn AsyncWrite)');
	await editor.act(/companion/i);
	await eventually('no squiggle is left', async () => (await editor.squiggles()) === 0, () => editor.problems());
	await editor.command('File: Save All Files');
	await eventually('the companion is saved, and the type is it', () =>
		/dyn Erased/.test(editor.onDisk(file)) && editor.onDisk(file).includes("typed(port: &mut DynAsyncWrite<'_>)"), () => editor.onDisk(file));
});
finish();
