import { Client } from './protocol';

const every = 1000; // ms between the kernel's looks

const pause = 50; // ms between looks whether all is answered

/**
 * Follow watches one object at a time and tells when it has grown or was written. What is asked for then is answered
 * before the next change is told: who asks anew gives up what was asked before, and a slow kernel would never be seen.
 */
export class Follow {
  private watch = 0; // the id of the request that watches
  private wanted = 0; // counts what was asked for last
  private target: { file: string; path: string } | null = null;
  private telling = false;
  private due = false; // something has changed since it was told
  private off: () => void;

  constructor(private client: Client, private changed: () => void) {
    this.off = client.on('changed', c => c.id === this.watch && !c.error && void this.tell());
  }

  /** Watches an object instead of the one before. */
  async start(file: string, path: string): Promise<void> {
    if (this.target?.file === file && this.target.path === path) {
      return;
    }
    this.stop();
    this.target = { file, path };
    const mine = ++this.wanted;
    const answer = await this.client.request('watch', { file, path, every });
    if (mine === this.wanted) {
      this.watch = answer.id;
    } else {
      this.cancel(answer.id);
    }
  }

  stop(): void {
    this.wanted++;
    this.target = null;
    this.due = false;
    if (this.watch) {
      this.cancel(this.watch);
      this.watch = 0;
    }
  }

  dispose(): void {
    this.stop();
    this.off();
  }

  private async tell(): Promise<void> {
    this.due = true;
    if (this.telling) {
      return;
    }
    this.telling = true;
    while (this.due && this.target) {
      this.due = false;
      this.changed();
      do {
        await new Promise(done => setTimeout(done, pause)); // what is drawn next may ask for more
      } while (this.target && this.client.asks(this.target.file, this.target.path));
    }
    this.telling = false;
  }

  // That the connection is gone ends a watch as well.
  private cancel(target: number): void {
    this.client.request('cancel', { target }).catch(() => undefined);
  }
}
