// The nbextension gofive/main of Notebook 6 and nbclassic. The page's own modules are loaded by its loader.

import { IMPLEMENTATION } from '../shell/session';
import { cellLanguage } from './language';
import { renderOutputs } from './mime';
import { Sidebar } from './sidebar';
import { NotebookTransport } from './transport';

declare const requirejs: (modules: string[], ready: (...modules: any[]) => void) => void;

/** Jupyter calls it once in each page. */
export function load_ipython_extension(): void {
  requirejs(
    ['base/js/namespace', 'base/js/events', 'notebook/js/outputarea', 'codemirror/lib/codemirror', 'codemirror/mode/go/go'],
    (jupyter, events, outputArea, codeMirror) => start(jupyter, events, outputArea, codeMirror)
  );
}

function start(jupyter: any, events: any, outputArea: any, codeMirror: any): void {
  if (!jupyter.notebook) {
    return; // the page of files and the editor load extensions as well
  }
  addStyle(jupyter.notebook.base_url);
  const sidebar = new Sidebar(jupyter);
  renderOutputs(jupyter, outputArea, sidebar.host, sidebar.session);
  const button = addButton(jupyter, sidebar);
  const greet = (info: any, kernel: any) => {
    const ours = info?.implementation === IMPLEMENTATION;
    seen(button, ours);
    if (ours) {
      sidebar.session.connect(new NotebookTransport(kernel));
      cellLanguage(codeMirror, jupyter);
    } else {
      sidebar.session.disconnect();
      sidebar.hide();
    }
  };
  events.on('kernel_ready.Kernel', (_: any, data: any) => greet(data.kernel.info_reply, data.kernel));
  const gone = 'kernel_restarting.Kernel kernel_autorestarting.Kernel kernel_killed.Kernel kernel_dead.Kernel';
  events.on(gone, () => sidebar.session.disconnect());
  const kernel = jupyter.notebook.kernel;
  if (kernel?.info_reply?.implementation) {
    greet(kernel.info_reply, kernel);
  }
}

function addStyle(base: string): void {
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = base + 'nbextensions/gofive/main.css';
  document.head.append(link);
}

function addButton(jupyter: any, sidebar: Sidebar): HTMLElement {
  const action = { help: 'browse HDF5 files', icon: 'fa-sitemap', handler: () => sidebar.toggle() };
  const name = jupyter.keyboard_manager.actions.register(action, 'toggle-panel', 'gofive');
  const group: HTMLElement = jupyter.toolbar.add_buttons_group([{ action: name, label: 'HDF5' }])[0];
  seen(group, false);
  return group;
}

// The page's own style sheet shows groups of buttons that are hidden by their attribute.
function seen(group: HTMLElement, yes: boolean): void {
  group.style.display = yes ? '' : 'none';
}
