import { Transport } from '../core/protocol';
import { views } from '../shell/browser';
import { opening, TARGET } from '../shell/session';

/** A comm of Notebook 6's comm manager. */
export class NotebookTransport implements Transport {
  private readonly comm: any;
  private open = true;
  private message: (data: any, buffers: DataView[]) => void = () => undefined;
  private closed: () => void = () => undefined;

  constructor(kernel: any) {
    this.comm = kernel.comm_manager.new_comm(TARGET, opening('notebook 0.1'));
    this.comm.on_msg((msg: any) => this.message(msg.content.data, views(msg.buffers)));
    this.comm.on_close(() => this.end());
  }

  send(data: object, buffers?: ArrayBuffer[]): void {
    if (this.open) {
      this.comm.send(data, undefined, {}, buffers);
    }
  }

  onMessage(cb: (data: any, buffers: DataView[]) => void): void {
    this.message = cb;
  }

  onClose(cb: () => void): void {
    this.closed = cb;
  }

  close(): void {
    if (this.open) {
      this.open = false;
      this.comm.close();
    }
  }

  private end(): void {
    this.open = false;
    this.closed();
  }
}
