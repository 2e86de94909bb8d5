import { LanguageSupport, StreamLanguage } from '@codemirror/language';
import { go } from '@codemirror/legacy-modes/mode/go';
import { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import { withMagics } from '../shell/mode';

/**
 * Teaches Lab's Go the magics. Cells are Go for Lab because kernel_info says so, which is right as well
 * where this extension is not there; so it is Go itself that learns. No file of Go has such lines.
 */
export function cellLanguage(languages: IEditorLanguageRegistry): void {
  const spec = languages.findByMIME('text/x-go');
  if (!spec) {
    return;
  }
  const mode = withMagics(go, copyGo);
  spec.support = new LanguageSupport(StreamLanguage.define(mode as any));
}

// A state of the mode for Go is flat but for its context, a list whose links never change once made,
// save the field align.
function copyGo(state: any): any {
  const copy = { ...state };
  if (copy.context) {
    copy.context = { ...copy.context };
  }
  return copy;
}
