// When a server that died is started again.

/** Counts deaths. Time is in milliseconds. */
export class Restarts {
	private deaths: number[] = [];

	constructor(
		private readonly most = 4,
		private readonly within = 3 * 60_000,
	) {}

	/** Notes a death, and says whether to start again. After the fifth within three minutes it is not. */
	again(now: number): boolean {
		this.deaths = this.deaths.filter((death) => now - death < this.within);
		this.deaths.push(now);
		return this.deaths.length <= this.most;
	}
}
