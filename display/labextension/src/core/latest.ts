import { isCancelled } from './trouble';

/** Latest runs one piece of work at a time: a new one cancels the one before it. */
export class Latest {
  private stop: AbortController | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private begun = -Infinity; // when paced work began, in ms

  /** failed gets what goes wrong, cancelled work aside. */
  constructor(private failed: (e: unknown) => void) {}

  async run(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.cancel();
    const stop = (this.stop = new AbortController());
    try {
      await work(stop.signal);
    } catch (e) {
      if (!isCancelled(e) && !stop.signal.aborted) {
        this.failed(e);
      }
    }
  }

  /** Runs work when ms have passed without another. */
  soon(ms: number, work: (signal: AbortSignal) => Promise<void>): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.run(work), ms);
  }

  /** Runs work at once, but not within ms of the last time: of what is asked for meanwhile the last one runs then. */
  paced(ms: number, work: (signal: AbortSignal) => Promise<void>): void {
    const wait = this.begun + ms - performance.now();
    clearTimeout(this.timer);
    const begin = () => {
      this.begun = performance.now();
      void this.run(work);
    };
    if (wait > 0) {
      this.timer = setTimeout(begin, wait);
    } else {
      begin();
    }
  }

  cancel(): void {
    clearTimeout(this.timer);
    this.stop?.abort();
    this.stop = null;
  }
}
