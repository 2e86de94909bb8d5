import { Client } from './protocol';
import { isGroup } from './item';
import { TreeNode } from './treenode';
import { isCancelled, troubleText } from './trouble';

/** What a group lists: those whose name matches, of some kinds, or with an attribute. */
export interface Filter {
  filter?: string;
  kinds?: string[];
  attribute?: string;
}

const page = 200;

/** Members lists what groups hold, page by page as it comes into view. */
export class Members {
  private pages = new Map<TreeNode, Set<number>>(); // listed, or on their way
  private filters = new Map<TreeNode, Filter>();
  private stop = new AbortController();

  /** changed is called when a tree has to be drawn anew. */
  constructor(private client: Client, private changed: () => void) {}

  /** Sees that the member at index will be there. */
  want(node: TreeNode, index: number): Promise<void> {
    const pages = this.pages.get(node) || new Set<number>();
    this.pages.set(node, pages);
    const number = Math.floor(index / page);
    if (pages.has(number) || node.error) {
      return Promise.resolve();
    }
    pages.add(number);
    return this.list(node, number * page);
  }

  /** Asks anew for what is in view, and forgets why lists failed. */
  refresh(node: TreeNode): void {
    this.pages.delete(node);
    node.error = '';
    for (const child of node.listed()) {
      this.refresh(child);
    }
  }

  filterOf(node: TreeNode): Filter {
    return this.filters.get(node) || {};
  }

  /** Lists only some members from now on. */
  async setFilter(node: TreeNode, filter: Filter): Promise<void> {
    this.filters.set(node, filter);
    this.pages.delete(node);
    node.forget();
    await this.want(node, 0);
  }

  /** Gives the node at a path below root, listing what is on the way; null when it is not there. */
  async find(root: TreeNode, path: string): Promise<TreeNode | null> {
    let node: TreeNode | null = root;
    for (const name of path.split('/').filter(Boolean)) {
      node = node && (await this.findMember(node, name));
    }
    return node;
  }

  dispose(): void {
    this.stop.abort();
  }

  private async findMember(node: TreeNode, name: string): Promise<TreeNode | null> {
    for (let offset = 0; ; offset += page) {
      await this.want(node, offset);
      for (const child of node.listed()) {
        if (child.item.name === name) {
          return child;
        }
      }
      if (node.error || offset + page >= node.total) {
        return null;
      }
    }
  }

  private async list(node: TreeNode, offset: number): Promise<void> {
    const asked = this.pages.get(node);
    try {
      const args = { file: node.file, path: node.path, offset, limit: page, sort: 'natural', ...this.filterOf(node) };
      const answer = await this.client.request('list', args, { signal: this.stop.signal });
      if (this.pages.get(node) === asked) {
        node.take(offset, answer.total, answer.items);
        if (isGroup(node.item)) {
          node.item.nchildren = answer.total || node.item.nchildren;
        }
      }
    } catch (e) {
      this.fail(node, e);
    }
    this.changed();
  }

  // Where nothing is known of a group one row tells why.
  private fail(node: TreeNode, e: unknown): void {
    if (!isCancelled(e)) {
      node.error = troubleText(e);
      if (node.total < 0) {
        node.setTotal(1);
      }
    }
  }
}
