import { Host } from '../core/host';
import { Client, Transport } from '../core/protocol';
import { Side } from '../core/side';
import { Seen, Viewer } from '../core/viewer';

/** The comm target of the kernel, and what the kernel calls itself in kernel_info. */
export const TARGET = 'gofive.hdf5';
export const IMPLEMENTATION = 'gofive';

/** What comm_open says of the page. */
export function opening(client: string): { v: number; client: string } {
  return { v: 1, client };
}

/**
 * The panel and the viewers of one notebook through the lives of its kernel: each kernel gets a
 * client and a panel of its own; viewers of a kernel that is gone say so and stay to be looked at.
 */
export class Session {
  private client: Client | null = null;
  private side: Side | null = null;
  private readonly slots = new Set<Slot>();

  /** node is where the panel is; host must not use the session before it is made. */
  constructor(private readonly node: HTMLElement, private readonly host: Host) {}

  get connected(): boolean {
    return this.client !== null;
  }

  get current(): Client | null {
    return this.client;
  }

  /** Begins with a kernel. What was shown of the one before goes. */
  connect(transport: Transport): void {
    this.disconnect();
    this.client = new Client(transport);
    this.client.on('close', () => this.markOld());
    this.side = new Side(this.node, this.client, this.host);
  }

  disconnect(): void {
    this.side?.dispose();
    this.client?.dispose();
    this.side = null;
    this.client = null;
    this.markOld();
  }

  /** Shows an object in node, as it was seen before if seen is given. Returns what takes it away again, null where no kernel is. */
  view(node: HTMLElement, file: string, path: string, seen?: Seen | null, noted?: (seen: Seen) => void): Shown | null {
    return this.show(node, client => new Viewer(node, client, this.host, { file, path }, seen, noted));
  }

  /** Shows in node what make makes of the kernel's client. Returns what takes it away again, null where no kernel is. */
  show(node: HTMLElement, make: (client: Client) => Shown): Shown | null {
    if (!this.client) {
      return null;
    }
    const slot = new Slot(node, make(this.client));
    this.slots.add(slot);
    return {
      dispose: () => {
        this.slots.delete(slot);
        slot.shown.dispose();
      }
    };
  }

  dispose(): void {
    this.disconnect();
    this.slots.forEach(slot => slot.shown.dispose());
    this.slots.clear();
  }

  private markOld(): void {
    this.slots.forEach(slot => slot.markOld());
  }
}

/** What is shown and can be taken away again. */
export interface Shown {
  dispose(): void;
}

class Slot {
  private old = false;
  constructor(private readonly node: HTMLElement, readonly shown: Shown) {}

  markOld(): void {
    if (!this.old) {
      this.old = true;
      const note = document.createElement('p');
      note.className = 'gofive-viewer-old';
      note.setAttribute('role', 'status');
      note.textContent = 'The kernel that this came from is gone. Open it again from the panel HDF5.';
      this.node.prepend(note);
    }
  }
}
