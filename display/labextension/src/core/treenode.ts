import { joinPath } from './format';
import { isGroup, Item } from './item';

/**
 * TreeNode is an object of a tree whose members are known as far as they were asked for. A node that
 * stands for a member not yet listed does not exist: there is its place only.
 */
export class TreeNode {
  /** How many members there are; -1 as long as nobody asked. */
  total = -1;
  expanded = false;
  /** Why the members could not be listed. */
  error = '';
  /** The rows that the members take, below the node, when it is expanded. */
  rows = 0;
  private members = new Map<number, TreeNode>();
  private opened: TreeNode[] = []; // expanded members in their order

  constructor(readonly parent: TreeNode | null, public index: number, readonly file: string, public path: string, public item: Item) {}

  get depth(): number {
    return this.parent ? this.parent.depth + 1 : -1; // what is on top is never drawn
  }

  get expandable(): boolean {
    return isGroup(this.item) && this.item.nchildren !== 0;
  }

  member(index: number): TreeNode | undefined {
    return this.members.get(index);
  }

  /** The members that were listed, in their order. */
  *listed(): Iterable<TreeNode> {
    for (const index of [...this.members.keys()].sort((a, b) => a - b)) {
      yield this.members.get(index)!;
    }
  }

  /** Takes a page of members that begins at offset. Members known already keep what is below them. */
  take(offset: number, total: number, items: Item[]): void {
    items.forEach((item, i) => {
      const path = joinPath(this.path, item.name);
      const known = this.members.get(offset + i);
      if (known && known.path === path && known.expandable === isGroup(item)) {
        known.item = item;
      } else {
        this.put(new TreeNode(this, offset + i, this.file, path, item));
      }
    });
    this.setTotal(total);
  }

  /** Replaces all members; those that stay keep what is below them. */
  setMembers(nodes: TreeNode[]): void {
    for (const child of this.listed()) {
      if (!nodes.includes(child)) {
        child.setExpanded(false);
      }
    }
    nodes.forEach((child, i) => (child.index = i));
    this.members = new Map(nodes.map((child, i) => [i, child]));
    this.opened.sort((a, b) => a.index - b.index);
    this.setTotal(nodes.length);
  }

  /** Puts a member at its place, instead of the one there. */
  put(child: TreeNode): void {
    this.members.get(child.index)?.setExpanded(false);
    this.members.set(child.index, child);
  }

  setTotal(total: number): void {
    const before = Math.max(0, this.total);
    this.total = total;
    for (const [index, child] of this.members) {
      if (index >= total) {
        child.setExpanded(false);
        this.members.delete(index);
      }
    }
    this.grow(total - before);
  }

  setExpanded(yes: boolean): void {
    if (yes === this.expanded) {
      return;
    }
    this.expanded = yes;
    const siblings = this.parent?.opened;
    if (siblings && yes) {
      const at = siblings.findIndex(s => s.index > this.index);
      siblings.splice(at < 0 ? siblings.length : at, 0, this);
    } else if (siblings) {
      siblings.splice(siblings.indexOf(this), 1);
    }
    this.parent?.grow(yes ? this.rows : -this.rows);
  }

  /** Forgets the members: they are asked for anew. */
  forget(): void {
    this.setTotal(0);
    this.total = -1;
    this.error = '';
  }

  /** What is drawn in a row below the node: a member, or the place of one. */
  at(row: number): { node: TreeNode | undefined; parent: TreeNode; index: number } {
    let passed = 0; // rows below members that stand above
    for (const child of this.opened) {
      const own = child.index + passed;
      if (row <= own) {
        break;
      }
      if (row <= own + child.rows) {
        return child.at(row - own - 1);
      }
      passed += child.rows;
    }
    const index = row - passed;
    return { node: this.members.get(index), parent: this, index };
  }

  /** The row of the node below the top of its tree. */
  row(): number {
    if (!this.parent) {
      return -1;
    }
    let row = this.parent.row() + 1 + this.index;
    for (const sibling of this.parent.opened) {
      if (sibling.index < this.index) {
        row += sibling.rows;
      }
    }
    return row;
  }

  private grow(rows: number): void {
    this.rows += rows;
    if (this.expanded) {
      this.parent?.grow(rows);
    }
  }
}
