import { isCancelled } from './trouble';

/** Latest runs one piece of work at a time: a new one cancels the one before it. */
export class Latest {
  private stop: AbortController | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

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

  cancel(): void {
    clearTimeout(this.timer);
    this.stop?.abort();
    this.stop = null;
  }
}
