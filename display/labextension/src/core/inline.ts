import { el, fill } from './dom';
import { Host } from './host';
import { Item } from './item';
import { Members } from './members';
import { Client } from './protocol';
import { Stat } from './stat';
import { TreeNode } from './treenode';
import { topNode } from './filenode';
import { TreeView } from './treeview';
import { Viewer } from './viewer';
import { kindsOf } from './views';

/** The object that an output shows. */
export interface Target {
  file: string;
  path: string;
  item: Item;
}

/** Inline is the live part of an output: a viewer where there is something to draw, else the tree below. It ends when its place leaves the page. */
export class Inline {
  private shown: { dispose(): void } | null = null;
  private off: (() => void)[];

  constructor(private node: HTMLElement, private client: Client, private host: Host, private target: Target) {
    this.off = ['files', 'engine', 'close'].map(event => client.on(event, () => this.check(event)));
    this.load().catch(() => undefined); // what the cell has shown stays
  }

  private async load(): Promise<void> {
    const { file, path } = this.target;
    const stat = (await this.client.request('stat', { file, path })) as unknown as Stat;
    const box = el('div', { class: 'gofive-inline' });
    const only = kindsOf(stat).length === 1;
    if (!only || stat.nchildren) {
      fill(this.node, box);
      this.shown = only ? this.tree(box) : new Viewer(box, this.client, this.host, { file, path });
    }
  }

  private tree(box: HTMLElement): { dispose(): void } {
    const { file, path, item } = this.target;
    const top = topNode();
    const node = new TreeNode(top, 0, file, path, { ...item, kind: 'group', name: path });
    const members = new Members(this.client, () => tree.update());
    const tree: TreeView = new TreeView(top, members, { select: () => undefined, open: n => this.host.openViewer(n.file, n.path) }, 'Members of ' + path);
    top.setMembers([node]);
    fill(box, tree.node);
    void tree.expand(node, true);
    return { dispose: () => { members.dispose(); tree.dispose(); } };
  }

  // Outputs are cleared without a word; what becomes of the kernel is the time to see whether ours was.
  private check(event: string): void {
    if (event !== 'files' || !this.node.isConnected) {
      this.off.forEach(f => f());
      if (!this.node.isConnected) {
        this.shown?.dispose();
      }
    }
  }
}
