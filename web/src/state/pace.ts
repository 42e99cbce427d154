// In a busy room more comes than anybody can read, or a slow phone can draw: what comes after a quiet moment is shown at
// once, what comes while the page rests from that is shown together when it has rested.

export class Pace {
  private resting: ReturnType<typeof setTimeout> | undefined;
  private waiting = false;

  constructor(private readonly show: () => void, private readonly restMs: number) {}

  /** There is something to show. */
  soon(): void {
    if (this.resting === undefined) this.now();
    else this.waiting = true;
  }

  /** Everything there is, without waiting. */
  now(): void {
    this.stop();
    this.show();
    // The rest begins when the page is done with drawing, however long that takes: what is behind must not get more behind.
    this.resting = setTimeout(() => { this.resting = setTimeout(() => this.rested(), this.restMs); });
  }

  stop(): void {
    clearTimeout(this.resting);
    this.resting = undefined;
    this.waiting = false;
  }

  private rested(): void {
    this.resting = undefined;
    if (this.waiting) this.now();
  }
}
