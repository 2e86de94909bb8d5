import { NotebookPanel } from '@jupyterlab/notebook';
import { Kernel } from '@jupyterlab/services';
import { IMPLEMENTATION, Session } from '../shell/session';
import { LabTransport } from './transport';

const TRIES = 5;
const PATIENCE = 2000; // ms

/**
 * Connects a notebook's session with each kernel of ours that the notebook gets, and calls changed
 * when it has one or has none any more: foreign is true when the kernel there is another's.
 */
export class Follow {
  private asked = 0;
  private kernel: Kernel.IKernelConnection | null = null;
  private tries = 0; // a kernel that closes each comm is not asked for ever

  constructor(private readonly panel: NotebookPanel, private readonly session: Session, private readonly changed: (foreign: boolean) => void) {
    const context = panel.sessionContext;
    context.kernelChanged.connect(() => this.look());
    context.statusChanged.connect((_, status) => this.status(status));
    // Lab says that a restarting kernel is busy while it is still the old one, and keeps comms with that. The new
    // connection, with which a restart ends, is what tells.
    context.connectionStatusChanged.connect((_, status) => status === 'connected' && this.again());
    this.look();
  }

  private status(status: Kernel.Status): void {
    if (status === 'restarting' || status === 'autorestarting' || status === 'dead') {
      this.drop();
    } else if (status === 'idle' || status === 'busy') {
      this.look();
    }
  }

  private again(): void {
    this.tries = 0;
    this.drop();
    this.look();
  }

  private drop(): void {
    this.asked++;
    this.kernel = null;
    this.session.disconnect();
    this.changed(false);
  }

  private async look(): Promise<void> {
    const kernel = this.panel.sessionContext.session?.kernel || null;
    if (kernel && kernel === this.kernel) {
      return; // it has been asked, or is being asked
    }
    this.drop();
    if (!kernel || kernel.isDisposed || kernel.status === 'unknown' && kernel.connectionStatus === 'disconnected') {
      return;
    }
    this.kernel = kernel;
    const turn = this.asked;
    const info = await kernel.info.catch(() => null);
    if (turn !== this.asked || kernel.isDisposed || !info) {
      return;
    }
    if (info.implementation !== IMPLEMENTATION) {
      this.changed(true);
      return;
    }
    this.session.connect(new LabTransport(kernel));
    this.changed(false);
    this.await(turn);
  }

  // A comm that is opened while a kernel restarts can be lost without a word: one that is not answered is opened
  // again.
  private await(turn: number): void {
    let met = false;
    this.session.current?.hello.then(() => (met = true), () => undefined);
    setTimeout(() => {
      if (!met && turn === this.asked && this.tries++ < TRIES) {
        this.drop();
        this.look();
      }
    }, PATIENCE);
  }
}
