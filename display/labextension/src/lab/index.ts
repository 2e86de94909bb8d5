import { ILabShell, ILayoutRestorer, JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { cellLanguage } from './language';
import { mimeFactory } from './mime';
import { Sidebar } from './sidebar';
import { Viewers } from './viewers';

/** The panel, the viewers and the renderer of our MIME type. */
const browse: JupyterFrontEndPlugin<void> = {
  id: 'gofive:browse',
  description: 'Browses the HDF5 files that a gofive kernel has open.',
  autoStart: true,
  requires: [INotebookTracker, IRenderMimeRegistry],
  optional: [ILabShell, ILayoutRestorer],
  activate: (app: JupyterFrontEnd, tracker: INotebookTracker, rendermime: IRenderMimeRegistry, lab: ILabShell | null, restorer: ILayoutRestorer | null) => {
    const sidebar = new Sidebar(app, tracker, new Viewers(app, lab, restorer), lab, restorer);
    rendermime.addFactory(mimeFactory(sidebar));
  }
};

/** Go as cells have it, with magics. */
const language: JupyterFrontEndPlugin<void> = {
  id: 'gofive:language',
  description: 'Highlights Go with magics.',
  autoStart: true,
  requires: [IEditorLanguageRegistry],
  activate: (_: JupyterFrontEnd, languages: IEditorLanguageRegistry) => cellLanguage(languages)
};

export default [browse, language];
