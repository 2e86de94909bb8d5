import { OpenFile } from './protocol';
import { TreeNode } from './treenode';

/** Gives the node that stands for an open file: its root group. */
export function fileNode(top: TreeNode, index: number, f: OpenFile): TreeNode {
  return new TreeNode(top, index, f.file, '/', { name: f.name, kind: 'file', role: f.mode });
}

/** Gives the node above all files, which is never drawn. */
export function topNode(): TreeNode {
  const top = new TreeNode(null, 0, '', '', { name: '', kind: 'file' });
  top.setExpanded(true);
  return top;
}
