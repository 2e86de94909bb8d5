import { withMagics } from '../shell/mode';

/** Defines the mode gofive, Go with magics, and gives it to the notebook. The mode for Go must be loaded. */
export function cellLanguage(codeMirror: any, jupyter: any): void {
  codeMirror.defineMode('gofive', (config: any) => {
    const go = codeMirror.getMode(config, 'go');
    return withMagics(go, state => codeMirror.copyState(go, state));
  });
  jupyter.notebook.set_codemirror_mode('gofive');
}
