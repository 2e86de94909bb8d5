import { NotebookActions, NotebookPanel } from '@jupyterlab/notebook';

/** Puts a cell with code below the active one and makes it active. It is not run. */
export function insertCode(panel: NotebookPanel, code: string): void {
  NotebookActions.insertBelow(panel.content);
  panel.content.activeCell?.model.sharedModel.setSource(code);
}
