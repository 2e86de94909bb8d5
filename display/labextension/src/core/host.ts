/** Host is what the core asks of the front end around it. */
export interface Host {
  /** Shows the object in the main area. file and path are those of the protocol. */
  openViewer(file: string, path: string): void;
  /** Puts Go code into a new cell of the notebook, without running it. */
  insertCode(code: string): void;
  /** Puts text on the clipboard. */
  copy(text: string): void;
  /** Offers a file for download. */
  save(name: string, type: string, data: BlobPart): void;
  /** Shows the file in H5Web, with the object selected; absent where H5Web is not. */
  openH5Web?(file: string, path: string): void;
  /** Opens a file of the server's own tree; absent where there is none. */
  openFile?(path: string): void;
}
