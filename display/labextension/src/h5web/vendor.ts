// What esbuild bundles, apart from our own code: so that its file changes with these packages alone.

export { App, DataProvider, DataProviderApi, DTypeClass, EntityKind, parseShape } from '@h5web/app';
export { default as css } from '@h5web/app/styles.css';
export { createElement } from 'react';
export { createRoot } from 'react-dom/client';
