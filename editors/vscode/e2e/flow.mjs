// What a user sees and does, from the first squiggle to the restarted server.
import { check, DEMO, eventually, finish, ownServer, replaced, servers, withEditor, works } from './editor.mjs';

await withEditor({ folder: DEMO, file: 'src/lib.rs', settings: { ...ownServer, 'afidt.trace.server': 'messages' } }, async (editor) => {
	const { page } = editor;
	const text = () => editor.text();
	const has = async (what) => (await text()).includes(what);

	await page.locator('.monaco-editor .view-lines').first().waitFor();
	await eventually('squiggles under both dyn types', async () => (await editor.squiggles()) >= 2);
	const before = await text();

	await editor.problems();
	await eventually('Problems has the error, its code and its source', async () =>
		(await editor.problems()).some((row) => row.includes('`HttpClient` is not dyn compatible') && row.includes('E0038') && row.includes('afidt')), () => editor.problems());
	await eventually('Problems has the method to blame', async () => (await editor.problems()).some((row) => row.includes('because method `fetch` is `async`')), () => editor.problems());
	await editor.picture('problems');
	await editor.key('Control+KeyJ');

	await editor.open('client.rs');
	await eventually('a lens over the trait counts its uses', async () => (await editor.page.locator('.codelens-decoration').allInnerTexts()).some((lens) => /not dyn compatible.*2 dyn uses/.test(lens)));
	await editor.at('HttpClient');
	await editor.command('Show or Focus Hover');
	const hover = page.locator('.monaco-hover:not(.hidden) .hover-contents');
	await eventually('a hover tells how the methods fare', async () => (await hover.allInnerTexts()).some((contents) => /fetch/.test(contents) && /base/.test(contents)), () => hover.allInnerTexts());
	await editor.picture('hover');
	await editor.key('Escape');
	await editor.at('HttpClient');
	await editor.command('afidt: Show Uses of a Trait as dyn');
	const uses = page.locator('.peekview-widget .ref-tree');
	await eventually('the uses are listed', async () => (await uses.locator('.monaco-list-row', { hasText: 'dyn HttpClient' }).count()) === 2, () => uses.allInnerTexts());
	await editor.key('Escape');
	await editor.open('lib.rs');

	await editor.at('fetch(url)');
	const atCall = await editor.actions();
	check('.box and dyn_box! are offered at the call', atCall.some((a) => a.includes('.box')) && atCall.some((a) => a.includes('dyn_box!')), atCall);
	await editor.key('Escape');
	await editor.act(/\.box/);
	await eventually('.box is written', () => has('self.client.fetch(url).box.await'), text);
	await editor.key('Control+KeyZ');
	await eventually('one undo takes it back', async () => (await text()) === before, text);

	await editor.at('fetch(url)');
	await editor.act(/dyn_box!/);
	await eventually('dyn_box! is written', () => has('dyn_box!(self.client.fetch(url)).await'), text);
	await editor.key('Control+KeyZ');
	await eventually('one undo takes it back, too', async () => (await text()) === before, text);

	await editor.at('fetch("/")');
	await editor.act(/\.box/);
	await eventually('.box is written after an emoji', () => has('client.fetch("/").box.await.len()'), text);
	await editor.key('Control+KeyZ');
	await eventually('and taken back', async () => (await text()) === before, text);

	await editor.at('dyn HttpClient');
	const atType = await editor.actions();
	check('a companion is offered at the type', atType.some((a) => /companion/i.test(a)), atType);
	await editor.picture('quickfix');
	await editor.key('Escape');
	await editor.act(/companion/i);
	await eventually('the types are rewritten', () => has('DynHttpClient'), text);
	await eventually('no squiggle is left', async () => (await editor.squiggles()) === 0, () => editor.problems());
	await editor.command('View: Toggle Primary Side Bar Visibility');
	await editor.open('client.rs', { beside: true });
	await eventually('the companion is written beside the trait', () => has('DynHttpClient'), text);
	await editor.picture('companion');
	await editor.command('File: Save All Files');
	await eventually('both files are saved', () => editor.onDisk('src/lib.rs').includes('DynHttpClient') && editor.onDisk('src/client.rs').includes('DynHttpClient'),
		() => editor.onDisk('src/client.rs'));

	const first = servers();
	check('one server', first.length === 1, first);
	await editor.command('afidt: Restart Server');
	await eventually('another server after the command', () => replaced(first[0]), servers);
	const [second] = servers();
	process.kill(second, 'SIGKILL');
	await eventually('another server after a crash', () => replaced(second), servers);

	await editor.command('afidt: Show Output');
	await eventually('the output tells of the crash', async () =>
		/ended unexpectedly and is started again/.test(await page.locator('.part.panel .view-lines').first().evaluate((e) => e.textContent.replaceAll('\u00a0', ' ')).catch(() => '')));

	await editor.command('afidt: Report on All Traits of the Workspace');
	await eventually('the report opens', async () => (await page.locator('.tab', { hasText: 'Traits of the workspace' }).count()) > 0);

	// Until it gives up: four more deaths.
	for (let last = 0; ; ) {
		const now = servers()[0];
		if (now !== undefined && now !== last && works(now)) {
			last = now;
			process.kill(now, 'SIGKILL');
		}
		if ((await page.locator('.notification-toast', { hasText: 'ended five times' }).count()) > 0) {
			break;
		}
		await page.waitForTimeout(50);
	}
	check('after five deaths it says so and stops', servers().length === 0, servers());
	check('the status bar has the error', (await page.locator('.statusbar-item', { hasText: 'afidt' }).count()) > 0, await page.locator('.statusbar').innerText());
});
finish();
