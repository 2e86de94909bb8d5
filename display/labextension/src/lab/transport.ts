import { Kernel } from '@jupyterlab/services';
import { Transport } from '../core/protocol';
import { views } from '../shell/browser';
import { opening, TARGET } from '../shell/session';

/** A comm of JupyterLab's kernel connection. */
export class LabTransport implements Transport {
  private readonly comm: Kernel.IComm;
  private message: (data: any, buffers: DataView[]) => void = () => undefined;
  private closed: () => void = () => undefined;

  constructor(kernel: Kernel.IKernelConnection) {
    this.comm = kernel.createComm(TARGET);
    this.comm.onMsg = msg => this.message(msg.content.data, views(msg.buffers));
    this.comm.onClose = () => this.closed();
    // A kernel that restarts forgets its comms without closing them.
    kernel.statusChanged.connect((_, status) => {
      if (status === 'restarting' || status === 'autorestarting' || status === 'dead') {
        this.closed();
      }
    });
    kernel.disposed.connect(() => this.closed());
    this.comm.open(opening('lab 0.1'));
  }

  send(data: object, buffers?: ArrayBuffer[]): void {
    if (!this.comm.isDisposed) {
      this.comm.send(data as any, {}, buffers);
    }
  }

  onMessage(cb: (data: any, buffers: DataView[]) => void): void {
    this.message = cb;
  }

  onClose(cb: () => void): void {
    this.closed = cb;
  }

  close(): void {
    if (!this.comm.isDisposed) {
      this.comm.close({});
    }
  }
}
