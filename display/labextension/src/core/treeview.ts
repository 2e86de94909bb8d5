import { set, unique } from './dom';
import { isBroken } from './item';
import { Members } from './members';
import { TreeNode } from './treenode';
import { emptyRow, rowHeight, treeRow } from './treerow';
import { Typing } from './typing';
import { Viewport } from './viewport';

/** What a tree tells about its user. */
export interface TreeEvents {
  select(node: TreeNode): void;
  open(node: TreeNode): void;
}

/** TreeView draws the rows of a tree that are in view and moves about in it by mouse and keys. */
export class TreeView {
  readonly node: HTMLElement;
  selected: TreeNode | null = null;
  private viewport: Viewport;
  private ids = new Map<TreeNode, string>();
  private typing = new Typing();

  constructor(private top: TreeNode, private members: Members, private events: TreeEvents, label: string) {
    this.viewport = new Viewport(() => this.draw(), rowHeight);
    this.node = this.viewport.node;
    this.node.classList.add('gofive-branches');
    for (const [name, value] of Object.entries({ role: 'tree', tabindex: 0, 'aria-label': label })) {
      set(this.node, name, value);
    }
    set(this.viewport.layer, 'role', 'none');
    this.node.addEventListener('keydown', e => this.key(e));
    this.node.addEventListener('mousedown', e => e.button === 0 && this.press(e, e.detail));
    this.node.addEventListener('click', e => e.detail === 0 && this.press(e, 1)); // of assistive technology, without a button
  }

  /** Draws after a change of the tree. */
  update(): void {
    this.viewport.setLines(this.top.rows);
  }

  select(node: TreeNode, reveal = true): void {
    this.selected = node;
    if (reveal) {
      this.viewport.reveal(node.row());
    }
    this.update();
    this.events.select(node);
  }

  async expand(node: TreeNode, yes = !node.expanded): Promise<void> {
    if (!node.expandable || yes === node.expanded) {
      return;
    }
    node.setExpanded(yes);
    this.update();
    if (yes) {
      await this.members.want(node, 0);
    }
    this.update();
  }

  dispose(): void {
    this.viewport.dispose();
  }

  private draw(): void {
    const { first, count } = this.viewport.rows.window();
    const rows: HTMLElement[] = [];
    for (let i = first; i < first + count; i++) {
      const { node, parent, index } = this.top.at(i);
      if (parent !== this.top) {
        void this.members.want(parent, index);
      }
      const row = node ? treeRow(node, this.id(node), node === this.selected) : emptyRow(parent);
      row.style.top = (i - this.viewport.rows.top) * rowHeight + 'px';
      row.dataset.row = String(i);
      rows.push(row);
    }
    this.viewport.layer.replaceChildren(...rows);
    const at = this.selected ? this.selected.row() : -1;
    set(this.node, 'aria-activedescendant', at >= first && at < first + count ? this.id(this.selected!) : undefined);
  }

  private id(node: TreeNode): string {
    const id = this.ids.get(node) || unique();
    this.ids.set(node, id);
    return id;
  }

  // A row answers when the button goes down: members that arrive before it goes up draw the rows anew, and a
  // browser gives no click to an element that has been replaced.
  private press(e: MouseEvent, count: number): void {
    const target = e.target as Element;
    const row = target.closest<HTMLElement>('.gofive-row');
    const node = row?.dataset.row ? this.top.at(Number(row.dataset.row)).node : undefined;
    if (!node) {
      return;
    }
    if (target.closest('.gofive-twisty')) {
      void this.expand(node);
    } else if (count === 2) {
      this.open(node);
    } else {
      this.select(node, false);
    }
  }

  private open(node: TreeNode): void {
    if (node.expandable) {
      void this.expand(node);
    } else if (!isBroken(node.item)) {
      this.events.open(node);
    }
  }

  private key(e: KeyboardEvent): void {
    if (e.ctrlKey || e.metaKey || e.altKey) {
      return;
    }
    if (this.move(e.key)) {
      e.preventDefault();
      e.stopPropagation(); // the notebook has keys of its own
    }
  }

  private move(key: string): boolean {
    const at = this.selected ? this.selected.row() : -1;
    const steps: { [key: string]: number } = { ArrowDown: 1, ArrowUp: -1, PageDown: this.viewport.rows.page, PageUp: -this.viewport.rows.page, Home: -at - 1, End: this.top.rows };
    if (key in steps) {
      this.step(at + steps[key]);
    } else if (key === 'ArrowRight' && this.selected) {
      this.inwards(this.selected, at);
    } else if (key === 'ArrowLeft' && this.selected) {
      this.outwards(this.selected);
    } else if ((key === 'Enter' || key === ' ') && this.selected) {
      this.open(this.selected);
    } else if (key.length === 1 && key !== ' ') {
      this.type(key);
    } else {
      return false;
    }
    return true;
  }

  private step(row: number): void {
    const at = Math.min(Math.max(0, row), this.top.rows - 1);
    const node = at >= 0 ? this.top.at(at).node : undefined;
    if (node) {
      this.select(node);
    } else if (at >= 0) {
      this.viewport.reveal(at); // the place of a member that is being listed
    }
  }

  private inwards(node: TreeNode, at: number): void {
    if (node.expandable && !node.expanded) {
      void this.expand(node, true);
    } else if (node.expanded && node.rows > 0) {
      this.step(at + 1);
    }
  }

  private outwards(node: TreeNode): void {
    if (node.expanded) {
      void this.expand(node, false);
    } else if (node.parent && node.parent !== this.top) {
      this.select(node.parent);
    }
  }

  private type(key: string): void {
    const siblings = [...(this.selected?.parent || this.top).listed()];
    const found = this.typing.find(key, siblings.map(n => n.item.name), siblings.indexOf(this.selected!));
    if (found >= 0) {
      this.select(siblings[found]);
    }
  }
}
