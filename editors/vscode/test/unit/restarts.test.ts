import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Restarts } from '../../src/restarts';

test('the fifth death within three minutes is the last', () => {
	const restarts = new Restarts();
	const seconds = [0, 10, 20, 30, 40];
	assert.deepEqual(seconds.map((s) => restarts.again(s * 1000)), [true, true, true, true, false]);
});

test('deaths far apart are forgotten', () => {
	const restarts = new Restarts();
	for (let minute = 0; minute < 60; minute++) {
		assert.equal(restarts.again(minute * 60_000), true, `after ${minute} minutes`);
	}
});
