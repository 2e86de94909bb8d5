import { iconButton } from './button';
import { Details } from './details';
import { add, el, fill, set, shown } from './dom';
import { fileNode, topNode } from './filenode';
import { Follow } from './follow';
import { Host } from './host';
import { Members } from './members';
import { OpenBar } from './openbar';
import { Client, OpenFile } from './protocol';
import { Found, Search } from './search';
import { splitter } from './splitter';
import { TreeNode } from './treenode';
import { TreeView } from './treeview';
import { troubleLine } from './trouble';

/**
 * Panel shows the files that the kernel has open, as a tree, with what is known of the chosen object
 * below. It fills node, which it empties when disposed of; the client stays its owner's.
 */
export class Panel {
  private top = topNode();
  private named: OpenFile[] = []; // files that this page opened by their path
  private ours: OpenFile[] = []; // files that cells opened
  private members: Members;
  private tree: TreeView;
  private search: Search;
  private details: Details;
  private follow: Follow;
  private openBar: OpenBar;
  private followButton: HTMLButtonElement;
  private note = el('div', { class: 'gofive-note' });
  private off: (() => void)[] = [];

  constructor(private node: HTMLElement, private client: Client, host: Host) {
    this.members = new Members(client, () => this.tree.update());
    this.tree = new TreeView(this.top, this.members, { select: n => this.select(n), open: n => host.openViewer(n.file, n.path) }, 'HDF5 files');
    this.search = new Search(client, () => [...this.ours, ...this.named].map(f => f.file), f => void this.reveal(f), on => this.searching(on));
    this.details = new Details(client, host);
    this.follow = new Follow(client, () => this.refresh());
    this.openBar = new OpenBar(client, file => this.opened(file));
    this.followButton = iconButton('follow', 'Follow the chosen object as it is written', () => this.toggleFollow());
    this.build();
    this.listen();
  }

  dispose(): void {
    this.off.forEach(f => f());
    this.follow.dispose();
    this.members.dispose();
    this.details.clear();
    this.tree.dispose();
    fill(this.node);
    this.node.classList.remove('gofive', 'gofive-panel');
  }

  private build(): void {
    const bar = el('div', { class: 'gofive-bar', role: 'toolbar', 'aria-label': 'HDF5' },
      iconButton('open', 'Open a file by its path', () => this.openBar.toggle()),
      iconButton('refresh', 'Refresh', () => this.refresh()),
      this.followButton,
      iconButton('collapse', 'Collapse all', () => this.collapse()));
    set(this.followButton, 'aria-pressed', 'false');
    const upper = el('div', { class: 'gofive-pane' }, this.note, this.tree.node, this.search.results);
    this.node.classList.add('gofive', 'gofive-panel');
    fill(this.node, bar, this.openBar.node, this.search.node, upper, splitter(upper, this.details.node, 0.6), this.details.node);
  }

  private listen(): void {
    this.off.push(this.client.on('files', e => this.setFiles(e.files)));
    this.off.push(this.client.on('engine', () => this.lost()));
    this.off.push(this.client.on('close', e => this.ended(e.reason)));
    this.client.hello.then(h => this.setFiles(h.files)).catch(e => fill(this.note, troubleLine(e)));
  }

  private setFiles(files: OpenFile[]): void {
    this.ours = files;
    const before = [...this.top.listed()];
    const first = before.length === 0;
    const nodes = [...this.ours, ...this.named].map((f, i) => before.find(n => n.file === f.file) || fileNode(this.top, i, f));
    this.top.setMembers(nodes);
    shown(this.note, nodes.length === 0);
    fill(this.note, nodes.length === 0 && el('p', { class: 'gofive-hint' }, 'No file is open. Open one in a cell with h5.Open, or here with the plus sign.'));
    if (this.tree.selected && !nodes.includes(rootOf(this.tree.selected))) {
      this.forgetSelection();
    }
    this.tree.update();
    if (first && nodes.length > 0) {
      void this.tree.expand(nodes[0], true);
    }
  }

  private opened(file: string): void {
    if (!this.named.some(f => f.file === file)) {
      const path = file.replace(/^path:/, '');
      this.named.push({ file, name: path.slice(path.lastIndexOf('/') + 1), path, mode: 'r' });
    }
    this.setFiles(this.ours);
    const node = [...this.top.listed()].find(n => n.file === file)!;
    this.tree.select(node);
    void this.tree.expand(node, true);
  }

  // Ids of files end with the engine; paths can be named again.
  private lost(): void {
    this.top.setMembers([]);
    this.forgetSelection();
    this.setFiles([]);
  }

  private ended(reason: string): void {
    shown(this.note, true);
    fill(this.note, el('p', { class: 'gofive-hint', role: 'status' }, reason));
  }

  private forgetSelection(): void {
    this.tree.selected = null;
    this.follow.stop();
    this.details.clear();
  }

  private select(n: TreeNode): void {
    const setFilter = (filter: object) => void this.members.setFilter(n, filter).then(() => this.tree.expand(n, true));
    this.details.show({ file: n.file, path: n.path, item: n.item, filter: this.members.filterOf(n), setFilter });
    if (this.following) {
      this.startFollowing(n);
    }
  }

  private refresh(): void {
    this.members.refresh(this.top);
    this.tree.update();
    if (this.tree.selected) {
      this.select(this.tree.selected);
    }
  }

  private collapse(): void {
    for (const root of this.top.listed()) {
      root.setExpanded(false);
    }
    this.tree.update();
  }

  private get following(): boolean {
    return this.followButton.getAttribute('aria-pressed') === 'true';
  }

  private toggleFollow(): void {
    set(this.followButton, 'aria-pressed', String(!this.following));
    if (this.following && this.tree.selected) {
      this.startFollowing(this.tree.selected);
    } else {
      this.follow.stop();
    }
  }

  private startFollowing(n: TreeNode): void {
    this.follow.start(n.file, n.path).catch(e => add(this.details.node, troubleLine(e)));
  }

  private searching(on: boolean): void {
    shown(this.tree.node, !on);
  }

  private async reveal(f: Found): Promise<void> {
    const root = [...this.top.listed()].find(n => n.file === f.file);
    const node = root && (await this.members.find(root, f.path));
    if (!node) {
      return;
    }
    this.search.clear();
    for (let up = node.parent; up && up !== this.top; up = up.parent) {
      await this.tree.expand(up, true);
    }
    this.tree.select(node);
    this.tree.node.focus();
  }
}

function rootOf(n: TreeNode): TreeNode {
  return n.depth > 0 ? rootOf(n.parent!) : n;
}
