import { Client } from './protocol';

const every = 1000; // ms between the kernel's looks

/** Follow watches one object at a time and tells when it has grown or was written. */
export class Follow {
  private watch = 0; // the id of the request that watches
  private wanted = 0; // counts what was asked for last
  private target = '';
  private off: () => void;

  constructor(private client: Client, changed: (change: any) => void) {
    this.off = client.on('changed', c => c.id === this.watch && !c.error && changed(c));
  }

  /** Watches an object instead of the one before. */
  async start(file: string, path: string): Promise<void> {
    const target = JSON.stringify([file, path]);
    if (target === this.target) {
      return;
    }
    this.stop();
    this.target = target;
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
    this.target = '';
    if (this.watch) {
      this.cancel(this.watch);
      this.watch = 0;
    }
  }

  dispose(): void {
    this.stop();
    this.off();
  }

  // That the connection is gone ends a watch as well.
  private cancel(target: number): void {
    this.client.request('cancel', { target }).catch(() => undefined);
  }
}
