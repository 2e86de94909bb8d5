// H5Web in a page. It is fetched when it is first asked for.

import { Client } from '../core/protocol';
import { Provider } from './provider';
import { App, createElement, createRoot, css, DataProvider } from './vendor';

export interface H5Web {
  /** Selects an object of the file. */
  go(path: string): void;
  dispose(): void;
}

/** Shows a file of the kernel in node; name is what it is called there. The client stays its owner's. */
export function openH5Web(node: HTMLElement, client: Client, file: string, name: string): H5Web {
  const provider = new Provider(client, file, name);
  const style = document.createElement('style');
  const page = document.createElement('div');
  style.textContent = css; // each of its rules names classes that nothing else has
  page.className = 'gofive-h5web-page';
  node.append(style, page);
  const root = createRoot(page);
  const off = client.on('engine', () => root.render(createElement('p', { className: 'gofive-trouble', role: 'alert' }, 'The engine has restarted: open the file in a cell again, and this from the panel.')));
  return {
    go: path => root.render(createElement(DataProvider, { api: provider }, createElement(App, { key: path, initialPath: path, disableDarkMode: true }))),
    dispose: () => {
      off();
      root.unmount();
      provider.dispose();
      style.remove();
      page.remove();
    }
  };
}
